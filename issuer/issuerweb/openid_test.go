package issuerweb_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/employment-passport/passport/issuer/access"
	"github.com/employment-passport/passport/issuer/issuerweb"
)

// TestOpenIDStory: an identity is bound by an invitation, and signs in from then
// on.
func TestOpenIDStory(t *testing.T) {
	p := newProvider(t)
	w := newWorld(t, p.configured(""))
	code := w.invite("anna", officer("ente"))
	b := w.browser()
	if page := b.get("/console").is(t, http.StatusOK).body; !strings.Contains(page, "Sign in with Ente SSO") {
		t.Error(page)
	}
	// Nobody knows her yet.
	b.get(b.through(p, "/console/oidc/0")).is(t, http.StatusUnauthorized)

	callback := b.through(p, "/console/invite/"+code+"/oidc/0")
	b.get(callback).to(t, "/console/home")
	if page := b.get("/console/home").is(t, http.StatusOK).body; !strings.Contains(page, "Hello, anna") || !strings.Contains(page, "OpenID") {
		t.Error(page)
	}
	b.get(callback).is(t, http.StatusUnauthorized) // once
	b.post("/console/logout").to(t, "/console")
	b.get(b.through(p, "/console/oidc/0")).to(t, "/console/home")
	for _, want := range []string{"user:anna user.redeem anna openid", "user:anna signin anna openid", "nobody signin.fail  openid"} {
		if !strings.Contains(w.log(), want) {
			t.Errorf("the log lacks %q:\n%s", want, w.log())
		}
	}
	if strings.Contains(w.log(), "0001") || strings.Contains(w.log(), "@") {
		t.Error("the log says who somebody is elsewhere")
	}
}

// TestLogsTellNobodysSecret: neither the service's log nor the audit log has a
// code, a cookie, a challenge, a state or an address, whatever happened.
func TestLogsTellNobodysSecret(t *testing.T) {
	p := newProvider(t)
	w := newWorld(t, p.configured(""))
	var secrets []string
	code := w.invite("anna", officer("ente"))
	b := w.browser()
	secrets = append(secrets, code[15:], b.redeem(code).is(t, http.StatusNoContent).Cookies()[0].Value)
	good := b.assertion()
	b.do(http.MethodPost, "/console/login/finish", good).is(t, http.StatusNoContent)
	b.do(http.MethodPost, "/console/login/finish", good).is(t, http.StatusUnauthorized)
	callback, err := url.Parse(b.through(p, "/console/oidc/0"))
	must(t, err)
	secrets = append(secrets, callback.Query().Get("code"), callback.Query().Get("state"), clientSecret, "anna@ente.example")
	b.get(callback.String()).is(t, http.StatusUnauthorized)
	again := b.through(p, "/console/oidc/0")
	secrets = append(secrets, again[strings.Index(again, "code=")+5:][:20])
	p.set(func() { p.down = true })
	b.get(again).is(t, http.StatusBadGateway)
	b.get("/console/invite/"+code).is(t, http.StatusNotFound)
	if !strings.Contains(w.said.String(), "/console/invite/{code}") {
		t.Errorf("nothing was logged: %s", w.said)
	}
	for _, s := range secrets {
		if strings.Contains(w.said.String(), s) || strings.Contains(w.log(), s) {
			t.Errorf("a log has %q:\n%s\n%s", s, w.said, w.log())
		}
	}
}

// TestOpenIDKnowsAVerifiedAddress of a user's record, and no other.
func TestOpenIDKnowsAVerifiedAddress(t *testing.T) {
	p := newProvider(t)
	w := newWorld(t, p.configured("ente"))
	for name, email := range map[string]string{"anna": "anna@ente.example", "carla": "carla@region.example"} {
		grants := []access.Grant{officer("ente")}
		if name == "carla" {
			grants = []access.Grant{{Role: access.RegistryAdmin}}
		}
		_, err := w.access.AddUser(t.Context(), admin, access.NewUser{Name: name, Email: email, Grants: grants})
		must(t, err)
	}
	try := func(claims map[string]any, want int) {
		t.Helper()
		p.set(func() { p.claims = claims })
		b := w.browser()
		b.get(b.through(p, "/console/oidc/0")).is(t, want)
	}
	try(map[string]any{"email_verified": false}, http.StatusUnauthorized)
	try(map[string]any{"email_verified": nil}, http.StatusUnauthorized)
	try(map[string]any{"email": "carla@region.example"}, http.StatusUnauthorized) // not this body's to sign in
	try(map[string]any{"email": "nobody@ente.example"}, http.StatusUnauthorized)
	try(map[string]any{"email_verified": "true"}, http.StatusSeeOther)
	try(map[string]any{"email": "changed@ente.example"}, http.StatusSeeOther) // the subject is bound by now
	try(map[string]any{"sub": "0002"}, http.StatusUnauthorized)               // somebody else with the old address
}

// TestOpenIDAnswersThatProveNothing: what a provider, a stranger or another
// browser brings, changed in one place each.
func TestOpenIDAnswersThatProveNothing(t *testing.T) {
	p := newProvider(t)
	w := newWorld(t, p.configured(""))
	_, err := w.access.AddUser(t.Context(), admin, access.NewUser{Name: "anna", Email: "anna@ente.example", Grants: []access.Grant{officer("ente")}})
	must(t, err)
	stranger, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	for name, change := range map[string]func(){
		"nonce":          func() { p.claims = map[string]any{"nonce": "other"} },
		"no nonce":       func() { p.claims = map[string]any{"nonce": nil} },
		"audience":       func() { p.claims = map[string]any{"aud": "other"} },
		"two audiences":  func() { p.claims = map[string]any{"aud": []string{clientID, "other"}} },
		"party":          func() { p.claims = map[string]any{"azp": "other"} },
		"issuer":         func() { p.claims = map[string]any{"iss": "https://evil.example"} },
		"expired":        func() { p.claims = map[string]any{"exp": today.Unix() - 1} },
		"no subject":     func() { p.claims = map[string]any{"sub": ""} },
		"another's key":  func() { p.signer = stranger },
		"no signature":   func() { p.alg = "none" },
		"a shared key":   func() { p.alg = "HS256" },
		"another's code": func() { p.grants = map[string]url.Values{} },
	} {
		b := w.browser()
		callback := b.through(p, "/console/oidc/0")
		p.set(change)
		if a := b.get(callback); a.StatusCode != http.StatusUnauthorized {
			t.Errorf("%s: %d", name, a.StatusCode)
		}
		p.set(func() { p.claims, p.signer, p.alg = nil, nil, "" })
		b.get("/console/home").to(t, "/console")
	}

	b := w.browser()
	callback := b.through(p, "/console/oidc/0")
	w.browser().get(callback).is(t, http.StatusUnauthorized) // a browser that did not ask
	for old, changed := range map[string]string{"state=": "state=x", "code=": "cod=", "iss=https": "iss=http"} {
		if a := b.get(strings.Replace(callback, old, changed, 1)); a.StatusCode != http.StatusUnauthorized {
			t.Errorf("%s: %d", changed, a.StatusCode)
		}
		callback = b.through(p, "/console/oidc/0")
	}
	b.get(callback+"&state=x").is(t, http.StatusUnauthorized)
	late := b.through(p, "/console/oidc/0")
	w.pass(6 * time.Minute)
	b.get(late).is(t, http.StatusUnauthorized)
	p.set(func() { p.claims = map[string]any{"exp": w.now().Unix() + 60} })
	b.get(b.through(p, "/console/oidc/0")).to(t, "/console/home") // and what is right still is
}

func TestOpenIDProviderAway(t *testing.T) {
	p := newProvider(t)
	w := newWorld(t, p.configured(""))
	p.set(func() { p.down = true })
	b := w.browser()
	b.get("/console/oidc/0").is(t, http.StatusBadGateway)
	p.set(func() { p.down = false })
	callback := b.through(p, "/console/oidc/0")
	p.set(func() { p.down = true })
	b.get(callback).is(t, http.StatusBadGateway)
	for _, n := range []string{"1", "-1", "00", "x", "99999999999999999999"} {
		b.get("/console/oidc/"+n).is(t, http.StatusNotFound)
	}
}

// TestThreatG13RedirectURI: the address that a provider sends back to is ours,
// whatever the request says.
func TestThreatG13RedirectURI(t *testing.T) {
	p := newProvider(t)
	w := newWorld(t, p.configured(""))
	for _, query := range []string{"", "?redirect_uri=https://evil.example", "?next=//evil.example", "?redirect_uri=http://localhost@evil.example/console/oidc/callback/"} {
		to, err := url.Parse(w.browser().get("/console/oidc/0"+query).is(t, http.StatusSeeOther).Header.Get("Location"))
		must(t, err)
		q := to.Query()
		if got := q.Get("redirect_uri"); got != w.base.String()+"/console/oidc/callback/"+strings.TrimPrefix(p.server.URL, "https://") || len(q["redirect_uri"]) != 1 || to.Host != strings.TrimPrefix(p.server.URL, "https://") {
			t.Errorf("%s: sent to %s to come back to %s", query, to.Host, got)
		}
		if q.Get("code_challenge_method") != "S256" || len(q.Get("state")) < 43 || len(q.Get("nonce")) < 43 || q.Get("response_type") != "code" {
			t.Errorf("%v", q)
		}
	}
}

// TestOneProviderGetsNoCodeOfAnother: a provider that somebody chose sends them on
// to another one, which does not name itself (no RFC 9207), to get its code and
// sign in with it as them (RFC 9700, section 4.4).
func TestOneProviderGetsNoCodeOfAnother(t *testing.T) {
	honest, evil := newProvider(t), newProvider(t)
	w := newWorld(t, func(c *issuerweb.Config) {
		honest.configured("")(c)
		evil.configured("")(c)
		c.Providers = append(c.Providers, issuerweb.Provider{Name: "Honest", Issuer: honest.server.URL, ClientID: clientID, ClientSecret: clientSecret})
	})
	b := w.browser()
	back, err := url.Parse(b.through(evil, "/console/oidc/0"))
	must(t, err)
	to, err := url.Parse(w.browser().get("/console/oidc/1").is(t, http.StatusSeeOther).Header.Get("Location"))
	must(t, err)
	registered := to.Query().Get("redirect_uri")
	if registered == "" || strings.HasPrefix(back.String(), registered) {
		t.Fatalf("both send back to %s", registered)
	}
	evil.set(func() { evil.down = true }) // to be asked for a token would be 502
	b.get(registered+"?"+url.Values{"code": {"stolen"}, "state": {back.Query().Get("state")}}.Encode()).is(t, http.StatusUnauthorized)
}
