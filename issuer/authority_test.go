package issuer_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/employment-passport/passport/internal/did"
	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/internal/trust"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/schema"
)

const enteDID = "did:web:ente.example"

// regione makes an authority in the desk's home.
func (d *desk) regione(t *testing.T) issuer.AuthorityRecord {
	t.Helper()
	a, err := d.InitAuthority(t.Context(), clerk, issuer.NewAuthority{Name: "regione", Title: "Regione Esempio", Domain: "trust.example"})
	must(t, err)
	return a
}

func (d *desk) recognise(t *testing.T, change ...func(*issuer.Recognise)) issuer.RecognitionRecord {
	t.Helper()
	r := issuer.Recognise{DID: enteDID, Schemas: []string{"MicroCredential"}}
	for _, f := range change {
		f(&r)
	}
	rec, err := d.Recognise(t.Context(), clerk, "", r)
	must(t, err)
	return rec
}

// bundle makes a bundle and opens it as a verifier with that anchor.
func (d *desk) bundle(t *testing.T, anchor string) *trust.Bundle {
	t.Helper()
	made, err := d.MakeBundle(t.Context(), clerk, "", issuer.BundleOptions{})
	must(t, err)
	b, err := trust.Open(made.Data, anchor, trust.Options{})
	must(t, err)
	return b
}

func refusedAs(t *testing.T, err error, want string) {
	t.Helper()
	var refused *issuer.Error
	if !errors.As(err, &refused) || refused.Code != want {
		t.Errorf("refused with %v, want %s", err, want)
	}
}

func TestAuthorityBundlesWhatItsHomeIssues(t *testing.T) {
	d := newDesk(t)
	a := d.regione(t)
	if rec := d.recognise(t); rec.Issuer != "ente" || rec.Name != "Ente Formazione Esempio" || rec.Country != "IT" {
		t.Errorf("a body of this home brings its own particulars: %+v", rec)
	}
	plain, _ := d.templateNames(t)
	row := d.issue(t, plain, "1")

	b := d.bundle(t, a.Anchor)
	if p := b.Problems(); len(p) > 0 {
		t.Errorf("left out: %v", p)
	}
	e, err := b.Entity(t.Context(), enteDID)
	must(t, err)
	if p := e.RecognizedTo[0]; p.Schema != "MicroCredential" || !p.From.Equal(today.Truncate(24*time.Hour)) || !p.Until.IsZero() {
		t.Errorf("permission %+v, want from today on", p)
	}
	var uses []schema.KeyUse
	for _, k := range e.Keys {
		uses = append(uses, k.Use)
	}
	if !slices.Equal(uses, []schema.KeyUse{schema.KeyForCredentials, schema.KeyForStatus}) {
		t.Errorf("keys for %v", uses)
	}
	if _, _, err := b.StatusList(t.Context(), row.StatusList); err != nil {
		t.Errorf("its status list: %v", err)
	}
	if o := b.Origin(); o.Authority.Name != "Regione Esempio" || o.Seq != today.Unix() || !o.Expires.Equal(today.Add(30*24*time.Hour)) {
		t.Errorf("origin %+v", o)
	}
}

// Two bundles in one second have two numbers, and a clock that went back does
// not lower them.
func TestBundleNumbersOnlyRise(t *testing.T) {
	d := newDesk(t)
	a := d.regione(t)
	first := d.bundle(t, a.Anchor).Origin().Seq
	second := d.bundle(t, a.Anchor).Origin().Seq
	d.clock.pass(-30 * time.Second)
	a2, err := d.MakeBundle(t.Context(), clerk, "", issuer.BundleOptions{})
	if err == nil && a2.Origin.Seq <= second {
		t.Errorf("number %d after %d", a2.Origin.Seq, second)
	}
	if second != first+1 {
		t.Errorf("%d after %d", second, first)
	}
}

// What happens to a key of this home shows in the next bundle.
func TestKeyStatesOfThisHomeAreReflected(t *testing.T) {
	d := newDesk(t)
	a := d.regione(t)
	d.recognise(t)
	d.clock.pass(24 * time.Hour)
	_, err := d.RotateKey(t.Context(), clerk, "ente", schema.KeyForCredentials)
	must(t, err)
	state := func(kid string) schema.KeyState {
		keys, err := d.bundle(t, a.Anchor).Keys(t.Context(), enteDID)
		must(t, err)
		for _, k := range keys {
			if k.KID == kid {
				return k.State
			}
		}
		return ""
	}
	if got := state(enteDID + "#key-1"); got != schema.KeyRetired {
		t.Errorf("after the rotation: %q", got)
	}
	_, err = d.CompromiseKey(t.Context(), clerk, "ente", enteDID+"#key-1")
	must(t, err)
	if got := state(enteDID + "#key-1"); got != schema.KeyCompromised {
		t.Errorf("after the theft: %q", got)
	}
	_, err = d.EndKey(t.Context(), clerk, "", enteDID, enteDID+"#key-1", schema.KeyRetired, "")
	refusedAs(t, err, "key_of_this_home")
}

func TestRecognitionHasItsWindows(t *testing.T) {
	d := newDesk(t)
	d.regione(t)
	day := func(s string) time.Time { u, err := time.Parse(time.DateOnly, s); must(t, err); return u }

	d.recognise(t, func(r *issuer.Recognise) { r.From = day("2026-03-01"); r.Until = day("2026-12-31") })
	rec := d.recognise(t) // extended: the beginning stays, the end opens
	if len(rec.Permissions) != 1 || !rec.Permissions[0].From.Equal(day("2026-03-01")) || !rec.Permissions[0].Until.IsZero() {
		t.Errorf("extended: %+v", rec.Permissions)
	}
	rec, err := d.Lapse(t.Context(), clerk, "", enteDID, time.Time{}, "contract ended")
	must(t, err)
	if rec.State != schema.EntityLapsed || !rec.Permissions[0].Until.Equal(day("2026-11-22")) {
		t.Errorf("lapsed: %+v", rec)
	}
	d.clock.pass(10 * 24 * time.Hour)
	rec = d.recognise(t) // again, after a gap: what was permitted in its time stays so
	if len(rec.Permissions) != 2 || rec.State != schema.EntityRecognised || !rec.Permissions[1].From.Equal(day("2026-12-02")) {
		t.Errorf("recognised again: %+v", rec)
	}
	_, err = d.Withdraw(t.Context(), clerk, "", enteDID, "sold credentials")
	must(t, err)
	_, err = d.Recognise(t.Context(), clerk, "", issuer.Recognise{DID: enteDID, Schemas: []string{"MicroCredential"}})
	refusedAs(t, err, "recognise_withdrawn")
	rec, err = d.Lapse(t.Context(), clerk, "", enteDID, time.Time{}, "")
	must(t, err)
	if rec.State != schema.EntityWithdrawn {
		t.Error("a withdrawal for cause does not become an orderly end")
	}
}

// Denied and reaffirmed travel as digests of the tokens.
func TestDeniedAndReaffirmed(t *testing.T) {
	d := newDesk(t)
	a := d.regione(t)
	d.recognise(t)
	plain, _ := d.templateNames(t)
	one, two := d.issue(t, plain, "1"), d.issue(t, plain, "2")
	n, err := d.ReaffirmIssuer(t.Context(), clerk, "", "ente")
	must(t, err)
	if n != 2 {
		t.Errorf("%d reaffirmed", n)
	}
	n, err = d.Deny(t.Context(), clerk, "", []string{one.Token, one.Token})
	must(t, err)
	if n != 1 {
		t.Errorf("%d denied", n)
	}
	b := d.bundle(t, a.Anchor)
	for token, denied := range map[string]bool{one.Token: true, two.Token: false} {
		digest, err := jose.Digest(token)
		must(t, err)
		if b.Denied(digest) != denied || !b.Reaffirmed(digest) {
			t.Errorf("denied %v, reaffirmed %v", b.Denied(digest), b.Reaffirmed(digest))
		}
	}
	_, err = d.Deny(t.Context(), clerk, "", []string{two.Token, "not a token"})
	refusedAs(t, err, "digest_token")
	if digest, _ := jose.Digest(two.Token); d.bundle(t, a.Anchor).Denied(digest) {
		t.Error("a refused act must change nothing")
	}
}

// T19: the keys of a body that issues elsewhere are pinned; a changed did
// document adds and retires, and never heals.
func TestKeysOfAForeignBodyArePinned(t *testing.T) {
	d := newDesk(t)
	a := d.regione(t)
	const foreign = "did:web:lodz.example:szkola"
	ring := newRing()
	document := func(names ...string) []byte {
		doc := did.Document{ID: foreign}
		for _, name := range names {
			signer, err := ring.Signer(context.Background(), name)
			if err != nil {
				var uri string
				uri, _, err = ring.Create(context.Background(), name)
				must(t, err)
				ring.keys[name] = ring.keys[uri]
				signer = ring.keys[name]
			}
			jwk, err := jose.NewJWK(signer.Public())
			must(t, err)
			kid := foreign + "#" + name
			doc.Methods = append(doc.Methods, did.VerificationMethod{ID: kid, Type: did.TypeJSONWebKey, Controller: foreign, Key: jwk})
			doc.Assertion = append(doc.Assertion, kid)
		}
		data, err := doc.MarshalJSON()
		must(t, err)
		return data
	}
	look := func(doc []byte) {
		d.recognise(t, func(r *issuer.Recognise) { r.DID, r.Document, r.Country = foreign, doc, "pl" })
	}
	states := func() string {
		keys, err := d.bundle(t, a.Anchor).Keys(t.Context(), foreign)
		must(t, err)
		var all []string
		for _, k := range keys {
			all = append(all, strings.TrimPrefix(k.KID, foreign+"#")+" "+string(k.Use)+" "+string(k.State))
		}
		return strings.Join(all, ", ")
	}
	_, err := d.Recognise(t.Context(), clerk, "", issuer.Recognise{DID: foreign, Schemas: []string{"MicroCredential"}})
	refusedAs(t, err, "recognise_document")

	look(document("key-1", "status-1"))
	if got, want := states(), "key-1 credential active, status-1 status active"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	_, err = d.EndKey(t.Context(), clerk, "", foreign, foreign+"#key-1", schema.KeyCompromised, "stolen")
	must(t, err)
	look(document("key-1", "key-2", "status-2"))
	want := "key-1 credential compromised, status-1 status retired, key-2 credential active, status-2 status active"
	if got := states(); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	_, err = d.EndKey(t.Context(), clerk, "", foreign, foreign+"#key-1", schema.KeyRetired, "")
	must(t, err)
	if got := states(); got != want {
		t.Errorf("nothing heals a stolen key: %s", got)
	}
}

func TestDelegationIsRenewedAndRunsOut(t *testing.T) {
	d := newDesk(t)
	first := d.regione(t)
	_, err := d.Delegate(t.Context(), clerk, "", issuer.Delegate{For: 91 * 24 * time.Hour})
	refusedAs(t, err, "delegation_too_long")

	d.clock.pass(91 * 24 * time.Hour)
	_, err = d.MakeBundle(t.Context(), clerk, "", issuer.BundleOptions{})
	refusedAs(t, err, "delegation_over")

	given, err := d.Delegate(t.Context(), clerk, "", issuer.Delegate{NewKey: true})
	must(t, err)
	if given.KID != "did:web:trust.example#sign-2" {
		t.Errorf("new key %s", given.KID)
	}
	anchor, _, err := d.RotateRoot(t.Context(), clerk, "", issuer.Delegate{})
	must(t, err)
	if anchor == first.Anchor {
		t.Error("the new root has the old fingerprint")
	}
	for _, pinned := range []string{first.Anchor, anchor} {
		if got := d.bundle(t, pinned).Origin().Authority.Anchor; got != pinned {
			t.Errorf("anchor %s", got)
		}
	}
}

// The root is used for delegations only: with it away everything daily works.
func TestTheRootCanSleepInASafe(t *testing.T) {
	d := newDesk(t)
	a := d.regione(t)
	d.recognise(t)
	for uri, key := range d.keys.keys {
		if jwk, err := jose.NewJWK(key.Public()); err == nil && jwk.Thumbprint() == a.Anchor {
			delete(d.keys.keys, uri)
		}
	}
	d.bundle(t, a.Anchor)
	must(t, d.PublishRecognition(t.Context(), clerk, "", 0, func(string, []byte) error { return nil }))
	_, err := d.Delegate(t.Context(), clerk, "", issuer.Delegate{})
	refusedAs(t, err, "authority_key")
}

func TestCloseNamesARecognisedDelegate(t *testing.T) {
	d := newDesk(t)
	d.regione(t)
	d.recognise(t)
	_, err := d.CloseBody(t.Context(), clerk, "", enteDID, "did:web:stranger.example", time.Time{}, "")
	refusedAs(t, err, "close_delegate")
	_, err = d.CloseBody(t.Context(), clerk, "", enteDID, enteDID, time.Time{}, "")
	refusedAs(t, err, "close_delegate")
	rec, err := d.CloseBody(t.Context(), clerk, "", enteDID, "", time.Time{}, "merged")
	must(t, err)
	if rec.State != schema.EntityClosed {
		t.Errorf("%+v", rec)
	}
}

// Every act stands in the audit log, and the chain holds.
func TestAuthorityActsAreAudited(t *testing.T) {
	d := newDesk(t)
	a := d.regione(t)
	d.recognise(t)
	d.bundle(t, a.Anchor)
	_, err := d.InitAuthority(t.Context(), clerk, issuer.NewAuthority{Name: "regione"})
	refusedAs(t, err, "authority_exists")
	var acts []string
	must(t, d.Audit(t.Context(), 1, func(e issuer.AuditEntry) bool {
		if strings.HasPrefix(e.Act, "authority.") {
			acts = append(acts, e.Act)
		}
		return true
	}))
	if want := []string{"authority.init", "authority.recognise", "authority.bundle"}; !slices.Equal(acts, want) {
		t.Errorf("audit: %v, want %v", acts, want)
	}
	_, _, err = d.VerifyAudit(t.Context())
	must(t, err)
}
