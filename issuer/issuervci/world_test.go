package issuervci

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/employment-passport/passport/examples"
	"github.com/employment-passport/passport/internal/did"
	"github.com/employment-passport/passport/internal/httpkit"
	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/internal/oid4vci"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/access"
	"github.com/employment-passport/passport/issuer/boltstore"
	"github.com/employment-passport/passport/issuer/issuerhttp"
	"github.com/employment-passport/passport/schema"
)

var today = time.Date(2026, 11, 22, 9, 30, 0, 0, time.UTC)

const clerk issuer.Actor = "user:anna"

// ring is a keyring in memory.
type ring struct {
	mu   sync.Mutex
	keys map[string]crypto.Signer
}

func (r *ring) Create(_ context.Context, _ string) (string, crypto.PublicKey, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return "", nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	uri := fmt.Sprintf("mem:%d", len(r.keys))
	r.keys[uri] = key
	return uri, key.Public(), nil
}

func (r *ring) Signer(_ context.Context, uri string) (crypto.Signer, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.keys[uri], nil
}

type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// world is a server with two bodies, "ente" and "altro", over a real store.
type world struct {
	t     testing.TB
	dir   string
	keys  *ring
	clock *clock
	log   *bytes.Buffer

	store  *boltstore.Store
	issuer *issuer.Issuer
	offers *Offers
	access *access.Service
	server *httptest.Server
}

const (
	hygiene = "food-hygiene"
	digital = "digital-basics"
)

func newWorld(t testing.TB) *world {
	t.Helper()
	w := newHome(t)
	for _, name := range []string{"ente", "altro"} {
		_, err := w.issuer.AddIssuer(t.Context(), clerk, issuer.NewIssuer{
			Name: name, Title: "Ente Formazione " + name, Country: "IT", Region: "ITF5", Method: "web", Domain: name + ".example",
		})
		must(t, err)
	}
	for _, file := range []string{"01-food-hygiene-it.json", "02-digital-basics-it.json"} {
		body, err := examples.Files.ReadFile("templates/" + file)
		must(t, err)
		_, err = w.issuer.AddTemplate(t.Context(), clerk, body, 20)
		must(t, err)
	}
	return w
}

// newHome is a server without bodies.
func newHome(t testing.TB) *world {
	t.Helper()
	w := &world{t: t, dir: filepath.Join(t.TempDir(), "home"), keys: &ring{keys: map[string]crypto.Signer{}}, clock: &clock{now: today}, log: &bytes.Buffer{}}
	must(t, boltstore.Create(w.dir))
	w.open()
	t.Cleanup(func() { w.server.Close(); w.store.Close() })
	return w
}

// open opens the store and serves it. The address of the server is that of the
// protocol, as behind a proxy.
func (w *world) open() {
	w.t.Helper()
	var err error
	w.store, err = boltstore.Open(w.dir)
	must(w.t, err)
	w.issuer, err = issuer.New(issuer.Config{Store: w.store, Keys: w.keys, Now: w.clock.Now, Erasers: []issuer.Eraser{Eraser}})
	must(w.t, err)
	w.access, err = access.New(access.Config{Issuer: w.issuer, Store: w.store, Now: w.clock.Now})
	must(w.t, err)
	api, err := issuerhttp.New(issuerhttp.Config{Issuer: w.issuer, Store: w.store, Access: w.access, Now: w.clock.Now})
	must(w.t, err)
	r := chi.NewRouter()
	log := slog.New(slog.NewTextHandler(w.log, nil))
	r.Use(httpkit.RequestIDs, httpkit.SecurityHeaders(false), httpkit.Log(log, w.clock.Now, nil), httpkit.StrictPath)
	w.server = httptest.NewServer(r)
	w.offers, err = NewOffers(Config{Issuer: w.issuer, Store: w.store, Base: w.server.URL, Now: w.clock.Now})
	must(w.t, err)
	s, err := New(ServiceConfig{Offers: w.offers, Access: w.access, Authenticate: api.Authenticate})
	must(w.t, err)
	s.Routes(r)
}

// restart is a new process over the same home.
func (w *world) restart() {
	w.t.Helper()
	w.server.Close()
	must(w.t, w.store.Close())
	w.open()
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func learner(t testing.TB, file string) schema.Learner {
	t.Helper()
	data, err := examples.Files.ReadFile("learners/" + file)
	must(t, err)
	l, err := schema.ParseLearner(data)
	must(t, err)
	return l
}

func (w *world) amina() schema.Learner { return learner(w.t, "01-amina-diallo.json") }

// offered is an offer of the first template.
func (w *world) offered(change ...func(*NewOffer)) *Made {
	w.t.Helper()
	n := NewOffer{Issuer: "ente", Items: []Item{{Template: hygiene, Learner: w.amina()}}}
	for _, c := range change {
		c(&n)
	}
	made, err := w.offers.Make(w.t.Context(), clerk, n)
	must(w.t, err)
	return made
}

func withTxCode(n *NewOffer) { n.TxCode = true }
func held(n *NewOffer)       { n.Hold = true }

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func (a answer) member(name string) string {
	var m map[string]any
	_ = json.Unmarshal(a.body, &m)
	s, _ := m[name].(string)
	return s
}

// is fails unless the answer has that status and, where there is one, that error.
func (a answer) is(t testing.TB, status int, code string) answer {
	t.Helper()
	if a.status != status || code != "" && a.member("error") != code {
		t.Fatalf("got %d %s, want %d %s", a.status, a.body, status, code)
	}
	return a
}

func (w *world) do(method, path, kind, token string, body string) answer {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), method, w.server.URL+path, strings.NewReader(body))
	must(w.t, err)
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := http.DefaultClient.Do(r)
	must(w.t, err)
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	must(w.t, err)
	if len(res.Cookies()) > 0 {
		w.t.Errorf("%s %s sets a cookie", method, path)
	}
	return answer{res.StatusCode, res.Header, data}
}

func (w *world) get(path string) answer { w.t.Helper(); return w.do("GET", path, "", "", "") }

func (w *world) post(path, token string, v any) answer {
	w.t.Helper()
	data, err := json.Marshal(v)
	must(w.t, err)
	return w.do("POST", path, "application/json", token, string(data))
}

func (w *world) form(path string, form url.Values) answer {
	w.t.Helper()
	return w.do("POST", path, "application/x-www-form-urlencoded", "", form.Encode())
}

// redeem changes the code of an offer into a token.
func (w *world) redeem(made *Made) answer {
	w.t.Helper()
	return w.form("/oid4vci/ente/token", oid4vci.TokenRequest{Code: codeIn(w.t, made), TxCode: made.TxCode}.Form())
}

func (w *world) token(made *Made) string {
	w.t.Helper()
	return w.redeem(made).is(w.t, 200, "").member("access_token")
}

func codeIn(t testing.TB, made *Made) string {
	t.Helper()
	o, _, err := oid4vci.ParseLink(made.Whole)
	must(t, err)
	return o.Grants.PreAuthorized.Code
}

func (w *world) nonce() string {
	w.t.Helper()
	return w.do("POST", "/oid4vci/ente/nonce", "", "", "").is(w.t, 200, "").member("c_nonce")
}

// holder is a wallet's key.
type holder struct {
	key *ecdsa.PrivateKey
	did string
	kid string
}

func newHolder(t testing.TB) holder {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	name, err := did.NewKey(key.Public())
	must(t, err)
	return holder{key, name, name + "#" + strings.TrimPrefix(name, "did:key:")}
}

func (h holder) jwk(t testing.TB) jose.JWK {
	t.Helper()
	k, err := jose.NewJWK(h.key.Public())
	must(t, err)
	return k
}

// sign makes a token with whatever header and claims a test wants.
func (h holder) sign(t testing.TB, header, claims map[string]any) string {
	t.Helper()
	enc := func(v any) string {
		data, err := json.Marshal(v)
		must(t, err)
		return base64.RawURLEncoding.EncodeToString(data)
	}
	signed := enc(header) + "." + enc(claims)
	sum := sha256.Sum256([]byte(signed))
	r, s, err := ecdsa.Sign(rand.Reader, h.key, sum[:])
	must(t, err)
	return signed + "." + base64.RawURLEncoding.EncodeToString(append(r.FillBytes(make([]byte, 32)), s.FillBytes(make([]byte, 32))...))
}

// proof is an honest one.
func (w *world) proof(h holder, nonce string) string {
	w.t.Helper()
	header, claims := w.proofParts(h, nonce)
	return h.sign(w.t, header, claims)
}

func (w *world) proofParts(h holder, nonce string) (header, claims map[string]any) {
	return map[string]any{"alg": "ES256", "typ": "openid4vci-proof+jwt", "kid": h.kid},
		map[string]any{"aud": w.offers.Identifier("ente"), "iat": w.clock.Now().Unix(), "nonce": nonce}
}

func request(template string, proofs ...string) map[string]any {
	return map[string]any{"credential_configuration_id": template, "proofs": map[string]any{"jwt": proofs}}
}

// claim asks for credentials for keys.
func (w *world) claim(token, template string, holders ...holder) answer {
	w.t.Helper()
	nonce := w.nonce()
	var proofs []string
	for _, h := range holders {
		proofs = append(proofs, w.proof(h, nonce))
	}
	return w.post("/oid4vci/ente/credential", token, request(template, proofs...))
}

func credentials(t testing.TB, a answer) []string {
	t.Helper()
	r, err := oid4vci.ParseCredentialResponse(a.is(t, 200, "").body)
	must(t, err)
	var out []string
	for _, c := range r.Credentials {
		out = append(out, c.Credential)
	}
	return out
}
