package issuerpublic

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/employment-passport/passport/internal/trust"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/schema"
	"github.com/employment-passport/passport/verifier"
)

// regione makes an authority that recognises both bodies.
func (h *home) regione() issuer.AuthorityRecord {
	h.t.Helper()
	a, err := h.issuer.InitAuthority(h.t.Context(), clerk, issuer.NewAuthority{Name: "regione", Title: "Regione Esempio", Domain: "trust.example"})
	must(h.t, err)
	for _, id := range []string{"did:web:ente.example", "did:web:regione.example%3A8443:scuole:uno"} {
		_, err := h.issuer.Recognise(h.t.Context(), clerk, "", issuer.Recognise{DID: id, Schemas: []string{"MicroCredential"}})
		must(h.t, err)
	}
	return a
}

// bundle fetches the bundle and opens it as a stranger does.
func (h *home) bundle(served http.Handler, anchor string) *trust.Bundle {
	h.t.Helper()
	r := get(served, http.MethodGet, "https://any.example/trust/bundle")
	if r.StatusCode != http.StatusOK {
		h.t.Fatalf("no bundle: %d", r.StatusCode)
	}
	b, err := trust.Open([]byte(bodyOf(h.t, r)), anchor, trust.Options{})
	must(h.t, err)
	return b
}

func TestAuthorityIsPublished(t *testing.T) {
	h := newHome(t)
	a := h.regione()
	row := h.issue("ente", false)
	p := h.opened()
	served := handler(p)
	first := h.bundle(served, a.Anchor)
	if _, _, err := first.StatusList(t.Context(), row.StatusList); err != nil {
		t.Errorf("its list: %v", err)
	}
	for url, kind := range map[string]string{
		"https://any.example/trust/regione/bundle":          "application/octet-stream",
		"https://any.example/trust/regione/recognition":     "application/vc+jwt",
		"https://any.example/trust/recognition":             "application/vc+jwt",
		"https://trust.example/.well-known/did.json":        "application/did+json",
		"https://trust.example/.well-known/recognition.jwt": "application/vc+jwt",
	} {
		if r := get(served, http.MethodGet, url); r.StatusCode != http.StatusOK || r.Header.Get("Content-Type") != kind {
			t.Errorf("%s: %d %s", url, r.StatusCode, r.Header.Get("Content-Type"))
		}
	}
	// A revocation soon after a bundle is in the list at once and in the bundle that
	// comes next; that it was signed again brings none.
	h.pass(settle)
	h.revoke(row)
	must(t, p.Publish(t.Context()))
	if h.bundle(served, a.Anchor).Origin().Seq != first.Origin().Seq {
		t.Error("a bundle for every revocation")
	}
	h.pass(bundleSettle)
	must(t, p.Publish(t.Context()))
	second := h.bundle(served, a.Anchor)
	if second.Origin().Seq <= first.Origin().Seq {
		t.Error("the revocation brings no bundle")
	}
	for range 3 {
		h.pass(bundleSettle)
		must(t, p.Publish(t.Context()))
	}
	if h.bundle(served, a.Anchor).Origin().Seq != second.Origin().Seq {
		t.Error("bundles without any change")
	}
	// A stolen key is told at once.
	keys, err := h.issuer.Keys(t.Context(), "scuola")
	must(t, err)
	_, err = h.issuer.CompromiseKey(t.Context(), clerk, "scuola", keys[0].KID)
	must(t, err)
	must(t, p.Publish(t.Context()))
	third := h.bundle(served, a.Anchor)
	e, err := third.Entity(t.Context(), "did:web:regione.example%3A8443:scuole:uno")
	must(t, err)
	if third.Origin().Seq <= second.Origin().Seq || e.Keys[0].State != schema.KeyCompromised {
		t.Errorf("the theft is not told: %+v", e.Keys[0].State)
	}
	// Without any change it is renewed, and not before.
	h.pass(time.Hour)
	must(t, p.Publish(t.Context()))
	h.pass(bundleRenew)
	must(t, p.Publish(t.Context()))
	if h.bundle(served, a.Anchor).Origin().Seq <= third.Origin().Seq {
		t.Error("not renewed")
	}
}

// The authority's key away, or a restart, leaves the bundle that was.
func TestBundleOutlivesItsKeyAndARestart(t *testing.T) {
	h := newHome(t)
	a := h.regione()
	h.issue("ente", false)
	p := h.opened()
	first := h.bundle(handler(p), a.Anchor)
	h.keys.setAway("regione", true)
	h.pass(bundleRenew)
	if p.Publish(t.Context()) == nil {
		t.Fatal("signed without a key")
	}
	if h.bundle(handler(p), a.Anchor).Origin().Seq != first.Origin().Seq || p.Fresh(h.clock()) == nil {
		t.Error("the bundle is not served as it was, or nobody is told")
	}
	again := h.open()
	if h.bundle(handler(again), a.Anchor).Origin().Seq != first.Origin().Seq {
		t.Error("the bundle is gone after a restart")
	}
	must(t, os.WriteFile(filepath.Join(h.dir, keptName(keptBundle("regione"))), []byte("half"), 0o600))
	if r := get(handler(h.open()), http.MethodGet, "https://any.example/trust/bundle"); r.StatusCode != http.StatusNotFound {
		t.Errorf("a damaged bundle is served: %d", r.StatusCode)
	}
}

// judge asks a home's own verifier.
func (h *home) judge(p *Public, row issuer.Issuance) *verifier.Report {
	h.t.Helper()
	sources := p.Trust(nil)
	v, err := verifier.New(verifier.Config{Keys: sources, StatusLists: sources, Recognition: sources, Now: h.clock})
	must(h.t, err)
	r, err := v.VerifyCredential(h.t.Context(), row.Token)
	must(h.t, err)
	return r
}

// In a home with an authority whom it recognises is its to say: a bundle that is
// missing brings nobody back who was withdrawn.
func TestAMissingBundleRecognisesNobody(t *testing.T) {
	h := newHome(t)
	row := h.issue("ente", false)
	h.regione()
	h.keys.setAway("regione", true)
	p := h.open()
	if p.Publish(t.Context()) == nil {
		t.Fatal("signed without a key")
	}
	if r := h.judge(p, row); r.Verdict != verifier.Unknown || r.Recognised == verifier.Yes {
		t.Errorf("without the bundle: %v %s", r.Verdict, r.Reason)
	}
	if r := h.judge(h.open(), row); r.Verdict != verifier.Unknown {
		t.Errorf("after a restart: %v %s", r.Verdict, r.Reason)
	}
	h.keys.setAway("regione", false)
	h.pass(time.Minute)
	must(t, p.Publish(t.Context()))
	if r := h.judge(p, row); r.Verdict != verifier.Valid {
		t.Errorf("with it: %v %s", r.Verdict, r.Reason)
	}
}

// A body's own word that its key was stolen counts before any bundle says so.
func TestAStolenKeyCountsBeforeTheBundleKnows(t *testing.T) {
	h := newHome(t)
	row := h.issue("ente", false)
	h.regione()
	p := h.opened()
	h.keys.setAway("regione", true)
	h.pass(time.Minute)
	_, err := h.issuer.CompromiseKey(t.Context(), clerk, "ente", row.KeyID)
	must(t, err)
	if p.Publish(t.Context()) == nil {
		t.Fatal("signed without a key")
	}
	if r := h.judge(p, row); r.Verdict != verifier.Invalid || r.Reason != verifier.CodeKeyCompromised {
		t.Errorf("%v %s", r.Verdict, r.Reason)
	}
}

// Of two authorities none is the one: what stood without a name would be served
// for ever, and older every day.
func TestASecondAuthorityEndsTheNamelessBundle(t *testing.T) {
	h := newHome(t)
	row := h.issue("ente", false)
	h.regione()
	p := h.opened()
	_, err := h.issuer.InitAuthority(t.Context(), clerk, issuer.NewAuthority{Name: "stato", Title: "Stato Esempio", Domain: "stato.example"})
	must(t, err)
	must(t, p.Publish(t.Context()))
	for url, want := range map[string]int{
		"https://any.example/trust/bundle": 404, "https://any.example/trust/recognition": 404,
		"https://any.example/trust/regione/bundle": 200, "https://any.example/trust/stato/bundle": 200,
	} {
		if r := get(handler(p), http.MethodGet, url); r.StatusCode != want {
			t.Errorf("%s: %d", url, r.StatusCode)
		}
	}
	if r := h.judge(p, row); r.Verdict != verifier.Unknown {
		t.Errorf("nobody says which of them counts: %v %s", r.Verdict, r.Reason)
	}
}

// A home's verifier believes what the home publishes, and says who recognises.
func TestTrust(t *testing.T) {
	h := newHome(t)
	row := h.issue("ente", false)
	p := h.opened()
	judge := func() *verifier.Report { return h.judge(p, row) }
	if r := judge(); r.Verdict != verifier.Valid || r.Authority.Name != "passport" || r.Authority.Anchor != "" {
		t.Errorf("by itself: %v %s %+v", r.Verdict, r.Reason, r.Authority)
	}
	a := h.regione()
	must(t, p.Publish(t.Context()))
	if r := judge(); r.Verdict != verifier.Valid || r.Authority.Anchor != a.Anchor {
		t.Errorf("by the authority: %v %s %+v", r.Verdict, r.Reason, r.Authority)
	}
	h.pass(time.Minute)
	h.revoke(row)
	must(t, p.Publish(t.Context()))
	if r := judge(); r.Verdict != verifier.Invalid || r.Reason != "revoked" {
		t.Errorf("the newest list does not count: %v %s", r.Verdict, r.Reason)
	}
}
