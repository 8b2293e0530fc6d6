package issuer_test

import (
	"strings"
	"testing"

	"github.com/employment-passport/passport/internal/trust"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/schema"
)

// published gives every file that Publish writes, and its error.
func (d *desk) published(t *testing.T) (map[string]string, error) {
	t.Helper()
	files := map[string]string{}
	err := d.Publish(t.Context(), func(path string, data []byte) error {
		files[path] = string(data)
		return nil
	})
	return files, err
}

// secondBody adds a body beside "ente", whose name comes after it.
func (d *desk) secondBody(t *testing.T) {
	t.Helper()
	_, err := d.AddIssuer(t.Context(), clerk, issuer.NewIssuer{Name: "zeta", Country: "IT", Method: "web", Domain: "zeta.example"})
	must(t, err)
}

// A body whose status key was stolen keeps nobody from publishing: the others'
// lists are written, and its own keys too, so that the world hears of it.
func TestStolenStatusKeyKeepsNobodyBack(t *testing.T) {
	d := newDesk(t)
	a := d.regione(t)
	d.secondBody(t)
	d.recognise(t)
	d.recognise(t, func(r *issuer.Recognise) { r.DID = "did:web:zeta.example" })
	_, err := d.CompromiseKey(t.Context(), clerk, "ente", "#status-1")
	must(t, err)

	files, err := d.published(t)
	refused(t, err, "no_active_key")
	if !strings.Contains(err.Error(), "ente") || strings.Contains(err.Error(), "zeta") {
		t.Errorf("told %v", err)
	}
	for _, file := range []string{"zeta.example/status/1", "zeta.example/.well-known/did.json", "ente.example/.well-known/did.json"} {
		if files[file] == "" {
			t.Errorf("%s was not written", file)
		}
	}
	if doc := files["ente.example/.well-known/did.json"]; strings.Contains(doc, "#status-1") || files["ente.example/status/1"] != "" {
		t.Errorf("still spoken for by the stolen key: %s", doc)
	}

	made, err := d.MakeBundle(t.Context(), clerk, "", issuer.BundleOptions{})
	must(t, err)
	if p := made.Problems; len(p) != 1 || p[0].Subject != "https://ente.example/status/1" || p[0].Code != "no_active_key" {
		t.Errorf("told %v", p)
	}
	b, err := trust.Open(made.Data, a.Anchor, trust.Options{})
	must(t, err)
	if _, _, err := b.StatusList(t.Context(), "https://zeta.example/status/1"); err != nil {
		t.Errorf("the other body's list: %v", err)
	}
	keys, err := b.Keys(t.Context(), enteDID)
	must(t, err)
	for _, k := range keys {
		if k.KID == enteDID+"#status-1" && k.State != schema.KeyCompromised {
			t.Errorf("the bundle calls the stolen key %s", k.State)
		}
	}
}

// A did:key is its key: once that is stolen the body has no lists any more, and
// nothing is amiss with the others. It can be withdrawn.
func TestStolenDIDKeyIsTheEndOfABody(t *testing.T) {
	d := newDesk(t)
	a := d.regione(t)
	body, err := d.AddIssuer(t.Context(), clerk, issuer.NewIssuer{Name: "demo", Country: "PL", Method: "key", StatusBase: "https://demo.example"})
	must(t, err)
	d.recognise(t, func(r *issuer.Recognise) { r.DID = body.DID })
	keys, err := d.Keys(t.Context(), "demo")
	must(t, err)
	_, err = d.CompromiseKey(t.Context(), clerk, "demo", keys[0].KID)
	must(t, err)
	files, err := d.published(t)
	must(t, err)
	if files["demo.example/status/1"] != "" || files["ente.example/status/1"] == "" {
		t.Error("want the lists of the others and none of this body")
	}
	_, err = d.Withdraw(t.Context(), clerk, "", body.DID, "key stolen")
	must(t, err)
	e, err := d.bundle(t, a.Anchor).Entity(t.Context(), body.DID)
	if err != nil || e.State != schema.EntityWithdrawn {
		t.Errorf("it is %s, %v", e.State, err)
	}
}

// What an authority pinned of a body elsewhere can be made worse by its
// history, and by its coming to this home, and never better.
func TestHistoryMakesNoKeyBetter(t *testing.T) {
	d := newDesk(t)
	a := d.regione(t)
	d.clock.pass(48 * 3600e9)
	_, err := d.RotateKey(t.Context(), clerk, "ente", schema.KeyForCredentials)
	must(t, err)
	history, err := d.KeyHistory(t.Context(), "ente")
	must(t, err)
	other := newDesk(t) // an authority elsewhere
	other.regione(t)
	elsewhere := func(history string) map[string]issuer.RecognisedKey {
		rec, err := other.Recognise(t.Context(), clerk, "", issuer.Recognise{
			DID: "did:web:faraway.example", Schemas: []string{"MicroCredential"},
			Document: []byte(strings.ReplaceAll(history, enteDID, "did:web:faraway.example")),
		})
		must(t, err)
		keys := map[string]issuer.RecognisedKey{}
		for _, k := range rec.Keys {
			keys[strings.TrimPrefix(k.KID, "did:web:faraway.example")] = k
		}
		return keys
	}
	first := elsewhere(string(history))["#key-1"]
	wide := strings.NewReplacer("2026-11-22", "2020-01-01", "2026-11-24", "2039-12-31").Replace(string(history))
	if got := elsewhere(wide)["#key-1"]; !got.From.Equal(first.From) || !got.Until.Equal(first.Until) || got.State != schema.KeyRetired {
		t.Errorf("a wider window was believed: %+v", got)
	}
	narrow := strings.Replace(string(history), "2026-11-24", "2026-11-23", 1)
	if got := elsewhere(narrow)["#key-1"]; !got.Until.Before(first.Until) {
		t.Errorf("a narrower window was not taken over: %+v", got)
	}

	// The same home, which once had pinned its own body's key as stolen.
	must(t, d.store.Update(t.Context(), func(tx issuer.Tx) error {
		keys, err := tx.KeysOf("ente")
		if err != nil {
			return err
		}
		return tx.PutRecognition("regione", issuer.RecognitionRecord{
			DID: enteDID, Name: "Ente", State: schema.EntityRecognised,
			Keys: []issuer.RecognisedKey{{KID: keys[0].KID, JWK: keys[0].JWK, Use: keys[0].Use, State: schema.KeyCompromised}},
		})
	}))
	d.recognise(t)
	b := d.bundle(t, a.Anchor)
	if p := b.Problems(); len(p) > 0 {
		t.Errorf("left out: %v", p)
	}
	keys, err := b.Keys(t.Context(), enteDID)
	must(t, err)
	if len(keys) != 3 || keys[0].State != schema.KeyCompromised {
		t.Errorf("%d keys, the first is %s", len(keys), keys[0].State)
	}
}
