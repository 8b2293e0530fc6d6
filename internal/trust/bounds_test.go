package trust_test

import (
	"context"
	"testing"

	"github.com/employment-passport/passport/internal/trust"
	"github.com/employment-passport/passport/schema"
)

// limited adds to a bundle a second signing key whose delegation is for Greece
// alone, and a recognition list by it.
func limited(t *testing.T, w *world, entities ...schema.Entity) (change func(*trust.Contents), sign func(trust.Contents) []byte) {
	t.Helper()
	key, kid := newKey(t), authorityDID+"#sign-2"
	delegation := w.delegate(func(d *trust.Delegation) {
		d.KID, d.Key, d.Countries = kid, key.Public(), []string{"GR"}
	})
	list, err := trust.Recognition{Issuer: authorityDID, Name: "Regione Esempio", ValidFrom: now, ValidUntil: now.AddDate(0, 0, 30), Entities: entities}.
		Sign(context.Background(), kid, key)
	if err != nil {
		t.Fatal(err)
	}
	change = func(c *trust.Contents) {
		c.Chain, c.Recognition = append(c.Chain, delegation), append(c.Recognition, list)
	}
	sign = func(c trust.Contents) []byte {
		packed, err := trust.Build(context.Background(), kid, key, c)
		if err != nil {
			t.Fatal(err)
		}
		return packed.Data
	}
	return change, sign
}

// A delegation for one country condemns no key of another's body: neither under
// that body's name, nor under a body of its own that is said to hold the key.
func TestADelegationCondemnsOnlyWhomItIsFor(t *testing.T) {
	w := newWorld(t)
	compromised := func(e schema.Entity) schema.Entity {
		e.Keys = append([]schema.Key(nil), e.Keys...)
		e.Keys[0].State, e.Keys[0].CompromisedAt = schema.KeyCompromised, now
		return e
	}
	sameName := compromised(w.forli.Entity)
	asGreek := sameName
	asGreek.Country = "GR"
	athens := newBody(t, "did:web:athina.example", "Κέντρο Αθήνα", "GR")
	ofItsOwn := athens.Entity
	stolen := w.forli.Keys[0]
	stolen.KID, stolen.State, stolen.CompromisedAt = athens.DID+"#key-2", schema.KeyCompromised, now
	ofItsOwn.Keys = append(append([]schema.Key(nil), ofItsOwn.Keys...), stolen)

	for name, row := range map[string]struct {
		entity   schema.Entity
		problems []string
	}{
		"in its own country's name":          {sameName, []string{"entity limit"}},
		"said to be of the delegate's":       {asGreek, []string{"entity duplicate"}},
		"in the hands of a body of its own":  {ofItsOwn, nil},
		"its own body, whom it may speak of": {compromised(athens.Entity), nil},
	} {
		change, _ := limited(t, w, row.entity)
		b := w.open(change)
		wantProblems(t, b, row.problems...)
		if got := keysOf(t, b, w.forli.DID)[w.forli.DID+"#key-1"].State; got != schema.KeyActive {
			t.Errorf("%s: the key is %s", name, got)
		}
		if name != "its own body, whom it may speak of" {
			continue
		}
		if got := keysOf(t, b, athens.DID)[athens.DID+"#key-1"].State; got != schema.KeyCompromised {
			t.Errorf("%s: the key is %s", name, got)
		}
	}

	// The other way round: a delegation without bounds speaks of everybody.
	change, _ := limited(t, w, athens.Entity)
	b := w.open(change, func(c *trust.Contents) {
		lodz := w.lodz.Entity
		stolen := athens.Keys[0]
		stolen.KID, stolen.State, stolen.CompromisedAt = lodz.DID+"#key-9", schema.KeyCompromised, now
		lodz.Keys = append(append([]schema.Key(nil), lodz.Keys...), stolen)
		c.Recognition[0] = w.recognise(w.forli.Entity, lodz)
	})
	if got := keysOf(t, b, athens.DID)[athens.DID+"#key-1"].State; got != schema.KeyCompromised {
		t.Errorf("told by a delegation without bounds, the key is %s", got)
	}
}

// Digests are of documents, and nobody sees of whose: a key whose delegation
// has bounds signs them only where every body of the bundle lies within.
func TestDigestsByALimitedKey(t *testing.T) {
	w := newWorld(t)
	athens := newBody(t, "did:web:athina.example", "Κέντρο Αθήνα", "GR")
	change, sign := limited(t, w, athens.Entity)
	digest := [][16]byte{{1}}
	for name, row := range map[string]struct {
		change func(*trust.Contents)
		code   string
	}{
		"none":                        {func(*trust.Contents) {}, ""},
		"denied, bodies of elsewhere": {func(c *trust.Contents) { c.Denied = digest }, trust.CodeLimit},
		"reaffirmed, the same":        {func(c *trust.Contents) { c.Reaffirmed = digest }, trust.CodeLimit},
		"denied, its own bodies only": {func(c *trust.Contents) { c.Denied, c.Recognition = digest, c.Recognition[1:] }, ""},
	} {
		c := w.contents()
		change(&c)
		row.change(&c)
		if _, err := trust.Open(sign(c), w.anchor, trust.Options{}); code(err) != row.code {
			t.Errorf("%s: %v, want code %q", name, err, row.code)
		}
	}
}
