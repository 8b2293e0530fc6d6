package issuerweb_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"

	"github.com/employment-passport/passport/internal/fetch"
	"github.com/employment-passport/passport/issuer/issuerweb"
)

// provider is an OpenID provider on this machine: discovery, authorization with
// PKCE, token, keys. What it says in an ID token a test may change.
type provider struct {
	t      testing.TB
	server *httptest.Server
	key    *ecdsa.PrivateKey

	mu     sync.Mutex
	grants map[string]url.Values // code → what was asked for
	claims map[string]any        // over what is right; nil takes one out
	alg    string                // in place of ES256
	signer *ecdsa.PrivateKey     // in place of key
	down   bool
}

const (
	clientID     = "passport"
	clientSecret = "s3cret&+%"
)

func newProvider(t testing.TB) *provider {
	t.Helper()
	p := &provider{t: t, grants: map[string]url.Values{}}
	var err error
	p.key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		p.json(w, map[string]any{
			"issuer": p.server.URL, "authorization_endpoint": p.server.URL + "/authorize", "token_endpoint": p.server.URL + "/token",
			"jwks_uri": p.server.URL + "/keys", "id_token_signing_alg_values_supported": []string{"ES256", "HS256", "none"},
		})
	})
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, _ *http.Request) {
		p.json(w, map[string]any{"keys": []any{map[string]string{"kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": "1", "x": b64(p.key.X.FillBytes(make([]byte, 32))), "y": b64(p.key.Y.FillBytes(make([]byte, 32)))}}})
	})
	mux.HandleFunc("GET /authorize", func(w http.ResponseWriter, r *http.Request) {
		code := rand.Text()
		p.mu.Lock()
		p.grants[code] = r.URL.Query()
		p.mu.Unlock()
		back, err := url.Parse(r.URL.Query().Get("redirect_uri"))
		must(t, err)
		back.RawQuery = url.Values{"code": {code}, "state": {r.URL.Query().Get("state")}, "iss": {p.server.URL}}.Encode()
		http.Redirect(w, r, back.String(), http.StatusFound)
	})
	mux.HandleFunc("POST /token", p.token)
	p.server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		down := p.down
		p.mu.Unlock()
		if down {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(p.server.Close)
	return p
}

// set changes what the provider does.
func (p *provider) set(f func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f()
}

// token redeems a code once, for the client and the verifier that it was given
// for (RFC 6749 4.1.3, RFC 7636 4.6).
func (p *provider) token(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	asked, known := p.grants[r.FormValue("code")]
	delete(p.grants, r.FormValue("code"))
	id, secret, _ := r.BasicAuth()
	id, _ = url.QueryUnescape(id)
	secret, _ = url.QueryUnescape(secret)
	sum := sha256.Sum256([]byte(r.FormValue("code_verifier")))
	if !known || id != clientID || secret != clientSecret || asked.Get("code_challenge_method") != "S256" || asked.Get("code_challenge") != b64(sum[:]) || r.FormValue("redirect_uri") != asked.Get("redirect_uri") {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write([]byte(`{"error":"invalid_grant"}`))
		return
	}
	claims := map[string]any{
		"iss": p.server.URL, "aud": clientID, "sub": "0001", "nonce": asked.Get("nonce"), "email": "anna@ente.example", "email_verified": true,
		"iat": today.Unix(), "exp": today.Unix() + 300,
	}
	maps.Copy(claims, p.claims)
	maps.DeleteFunc(claims, func(_ string, v any) bool { return v == nil })
	p.json(w, map[string]any{"access_token": "a", "token_type": "Bearer", "expires_in": 60, "id_token": p.sign(claims)})
}

func (p *provider) sign(claims map[string]any) string {
	key, alg := p.key, "ES256"
	if p.signer != nil {
		key = p.signer
	}
	if p.alg != "" {
		alg = p.alg
	}
	header, err := json.Marshal(map[string]string{"alg": alg, "kid": "1", "typ": "JWT"})
	must(p.t, err)
	payload, err := json.Marshal(claims)
	must(p.t, err)
	text := b64(header) + "." + b64(payload)
	sum := sha256.Sum256([]byte(text))
	r, s, err := ecdsa.Sign(rand.Reader, key, sum[:])
	must(p.t, err)
	if alg == "none" {
		return text + "."
	}
	return text + "." + b64(append(r.FillBytes(make([]byte, 32)), s.FillBytes(make([]byte, 32))...))
}

func (p *provider) json(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	must(p.t, json.NewEncoder(w).Encode(v))
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// configured is a console whose people sign in at the provider, through the door
// of the house.
func (p *provider) configured(body string) func(*issuerweb.Config) {
	roots := x509.NewCertPool()
	roots.AddCert(p.server.Certificate())
	door := fetch.New(fetch.Config{Roots: roots, AllowLoopbackUnsafe: true})
	return func(c *issuerweb.Config) {
		c.Client = door.HTTP()
		c.Providers = []issuerweb.Provider{{Name: "Ente SSO", Issuer: p.server.URL, ClientID: clientID, ClientSecret: clientSecret, Body: body}}
	}
}

// through goes to the provider from a page of ours and comes back with the
// address that the provider sends to.
func (b *browser) through(p *provider, start string) (callback string) {
	b.w.t.Helper()
	out := b.get(start).is(b.w.t, http.StatusSeeOther).Header.Get("Location")
	c := p.server.Client()
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	r, err := c.Get(out)
	must(b.w.t, err)
	must(b.w.t, r.Body.Close())
	return r.Header.Get("Location")
}
