package trust_test

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"fmt"
	"testing"
	"time"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/internal/trust"
)

const quarter = 90 * 24 * time.Hour

func TestDelegationsThatCannotBeGiven(t *testing.T) {
	w := newWorld(t)
	for name, row := range map[string]struct {
		change func(*trust.Delegation)
		code   string
	}{
		"over-long":           {func(d *trust.Delegation) { d.Expires = d.IssuedAt.Add(quarter + time.Second) }, trust.CodeDelegation},
		"over before it is":   {func(d *trust.Delegation) { d.Expires = d.IssuedAt }, trust.CodeDates},
		"without an end":      {func(d *trust.Delegation) { d.Expires = time.Time{} }, trust.CodeDates},
		"of no known use":     {func(d *trust.Delegation) { d.Use = "everything" }, trust.CodeDelegation},
		"to the root itself":  {func(d *trust.Delegation) { d.Key = w.root.Public() }, trust.CodeDelegation},
		"under another's DID": {func(d *trust.Delegation) { d.KID = "did:web:other.example#sign-1" }, trust.CodeKid},
		"to no key":           {func(d *trust.Delegation) { d.Key = nil }, trust.CodeKey},
	} {
		if _, err := trust.SignDelegation(context.Background(), w.root, w.delegation(row.change)); code(err) != row.code {
			t.Errorf("%s: %v, want code %q", name, err, row.code)
		}
	}
	if w.delegate(func(d *trust.Delegation) { d.Expires = d.IssuedAt.Add(quarter) }) == "" {
		t.Error("90 days are allowed")
	}
}

// rawDelegation signs what SignDelegation would not.
func rawDelegation(t *testing.T, w *world, change func(map[string]any)) string {
	t.Helper()
	p := map[string]any{
		"iss": authorityDID, "iat": now.Unix() - 60, "exp": now.Unix() + 3600, "use": "sign",
		"kid": authorityDID + "#sign-1", "key": jwk(t, w.daily.Public()), "root": jwk(t, w.root.Public()),
	}
	change(p)
	return sign(t, jose.TypeDelegation, authorityDID+"#root", w.root, marshal(t, p))
}

func jwk(t *testing.T, pub crypto.PublicKey) any {
	t.Helper()
	k, err := jose.NewJWK(pub)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestChainsThatDoNotHold(t *testing.T) {
	w := newWorld(t)
	stranger := newKey(t)
	byStranger, err := trust.SignDelegation(context.Background(), stranger, w.delegation())
	if err != nil {
		t.Fatal(err)
	}
	for name, row := range map[string]struct {
		chain []string
		code  string
	}{
		"foreign: another root gave it":  {[]string{byStranger}, trust.CodeAnchor},
		"it names the root, unsigned by": {[]string{rawForged(t, w, stranger)}, trust.CodeAnchor},
		"over when the bundle was made": {[]string{w.delegate(func(d *trust.Delegation) {
			d.IssuedAt, d.Expires = now.Add(-quarter), now.Add(-time.Second)
		})}, trust.CodeDelegation},
		"not yet given": {[]string{w.delegate(func(d *trust.Delegation) { d.IssuedAt = now.Add(time.Second) })}, trust.CodeDelegation},
		"over-long": {[]string{rawDelegation(t, w, func(p map[string]any) {
			p["exp"] = now.Add(quarter + time.Hour).Unix()
		})}, trust.CodeAnchor},
		"without an end":             {[]string{rawDelegation(t, w, func(p map[string]any) { delete(p, "exp") })}, trust.CodeAnchor},
		"of a use to come":           {[]string{rawDelegation(t, w, func(p map[string]any) { p["use"] = "archive" })}, trust.CodeAnchor},
		"a bundle as a delegation":   {[]string{string(gunzip(t, w.bundle().Data))}, trust.CodeAnchor},
		"for another name":           {[]string{w.delegate(func(d *trust.Delegation) { d.KID = authorityDID + "#sign-2" })}, trust.CodeChain},
		"for another key, same name": {[]string{w.delegate(func(d *trust.Delegation) { d.Key = stranger.Public() })}, trust.CodeSignature},
		"one name for two keys, the other first": {[]string{
			w.delegate(func(d *trust.Delegation) { d.Key = stranger.Public() }), w.delegate(),
		}, trust.CodeSignature},
	} {
		t.Run(name, func(t *testing.T) {
			p := w.bundle(func(c *trust.Contents) { c.Chain = row.chain })
			if _, err := trust.Open(p.Data, w.anchor, trust.Options{}); code(err) != row.code {
				t.Errorf("%v (code %q), want code %q", err, code(err), row.code)
			}
		})
	}
}

// rawForged names the pinned root and is signed by somebody else.
func rawForged(t *testing.T, w *world, by *ecdsa.PrivateKey) string {
	t.Helper()
	return sign(t, jose.TypeDelegation, authorityDID+"#root", by, marshal(t, map[string]any{
		"iss": authorityDID, "iat": now.Unix() - 60, "exp": now.Unix() + 3600, "use": "sign",
		"kid": authorityDID + "#sign-1", "key": jwk(t, w.daily.Public()), "root": jwk(t, w.root.Public()),
	}))
}

// A link that fails is told and blinds nobody to the others.
func TestOneBadLinkIsLeftOut(t *testing.T) {
	w := newWorld(t)
	b := w.open(func(c *trust.Contents) {
		c.Chain = append([]string{rawForged(t, w, newKey(t)), "not a token"}, c.Chain...)
	})
	wantProblems(t, b, "delegation signature", "delegation signature")
}

// Of a renewed delegation the one counts that was alive, and of two the one
// that lives longest.
func TestRenewal(t *testing.T) {
	w := newWorld(t)
	old := w.delegate(func(d *trust.Delegation) { d.IssuedAt, d.Expires = now.Add(-80*24*time.Hour), now.Add(10*24*time.Hour) })
	renewed := w.delegate(func(d *trust.Delegation) { d.Expires = d.IssuedAt.Add(quarter) })
	for name, chain := range map[string][]string{"in order": {old, renewed}, "out of order": {renewed, old}} {
		b := w.open(func(c *trust.Contents) { c.Chain = chain })
		if got := b.Origin().Expires; !got.Equal(now.Add(trust.DefaultLife)) {
			t.Errorf("%s: expires %v", name, got)
		}
	}
}

// Who pinned the first root still finds the way after two rotations; who pinned
// a later one does not need what was before; an old root gives nothing more.
func TestRootRotation(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	first := w.root
	roots := []*ecdsa.PrivateKey{first, newKey(t), newKey(t)}
	var chain []string
	for n, next := range roots[1:] {
		token, err := trust.SignDelegation(ctx, roots[n], trust.Delegation{
			Authority: authorityDID, Use: trust.UseRoot, KID: authorityDID + "#root-next",
			Key: next.Public(), IssuedAt: now.Add(time.Duration(n-10) * 24 * time.Hour),
		})
		if err != nil {
			t.Fatal(err)
		}
		w.root = roots[n]
		w.daily = newKey(t)
		before := w.delegate(func(d *trust.Delegation) {
			d.KID, d.IssuedAt = fmt.Sprintf("%s-old-%d", d.KID, n), now.Add(-20*24*time.Hour)
		})
		chain = append(chain, before, token)
	}
	w.root, w.daily = roots[2], newKey(t)
	chain = append(chain, w.delegate())
	p := w.bundle(func(c *trust.Contents) {
		c.Chain = chain
		c.Recognition = []string{w.recognise(w.forli.Entity, w.lodz.Entity)}
	})
	for n, root := range roots {
		b, err := trust.Open(p.Data, thumbprint(t, root.Public()), trust.Options{})
		if err != nil {
			t.Errorf("pinned root %d: %v", n+1, err)
			continue
		}
		wantProblems(t, b)
		if got := b.Origin().Authority.Anchor; got != thumbprint(t, root.Public()) {
			t.Errorf("the report must name the root that was pinned, got %s", got)
		}
	}

	t.Run("an old root delegates after it handed over", func(t *testing.T) {
		w.root, w.daily = first, newKey(t)
		late := w.delegate(func(d *trust.Delegation) { d.KID = authorityDID + "#sign-late" })
		packed, err := trust.Build(ctx, authorityDID+"#sign-late", w.daily, trust.Contents{
			Authority: authorityDID, Seq: 1, IssuedAt: now, NextUpdate: now, Expires: now.Add(time.Hour),
			Chain: append(chain[:len(chain):len(chain)], late),
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := trust.Open(packed.Data, thumbprint(t, first.Public()), trust.Options{}); code(err) != trust.CodeChain {
			t.Errorf("%v, want code %q", err, trust.CodeChain)
		}
	})
}
