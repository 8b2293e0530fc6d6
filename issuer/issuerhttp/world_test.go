package issuerhttp_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"github.com/employment-passport/passport/internal/httpkit"
	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/internal/qr"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/access"
	"github.com/employment-passport/passport/issuer/boltstore"
	"github.com/employment-passport/passport/issuer/issuerhttp"
	"github.com/employment-passport/passport/schema"
)

// ring is a keyring in memory.
type ring struct {
	mu   sync.Mutex
	keys map[string]crypto.Signer
	away bool
}

func (r *ring) Create(context.Context, string) (string, crypto.PublicKey, error) {
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
	if r.away {
		return nil, issuer.ErrNoKey
	}
	return r.keys[uri], nil
}

// world is the API over real HTTP and a real store, with two bodies that have
// nothing to do with each other, ente and altro, and a key for each role.
type world struct {
	*issuer.Issuer
	t      testing.TB
	api    *issuerhttp.API
	access *access.Service
	store  *boltstore.Store
	ring   *ring
	server *httptest.Server
	log    *bytes.Buffer
	keys   map[string]string // secrets by who bears them: "officer ente", …
	plain  string            // a template
	susp   string            // one whose credentials can be suspended
	large  bool              // what Budget says of every template

	dir     string
	between func(issuer.Store) issuer.Store
	change  func(*issuerhttp.Config)

	mu  sync.Mutex
	now time.Time
}

const clerk issuer.Actor = "test"

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

// roles are the bearers of a key: a role and a body, of which "" is the home.
var roles = []struct {
	name  string
	grant access.Grant
}{
	{"officer ente", access.Grant{Issuer: "ente", Role: access.Officer}},
	{"officer altro", access.Grant{Issuer: "altro", Role: access.Officer}},
	{"assessor ente", access.Grant{Issuer: "ente", Role: access.Assessor}},
	{"operator ente", access.Grant{Issuer: "ente", Role: access.Operator}},
	{"auditor ente", access.Grant{Issuer: "ente", Role: access.Auditor}},
	{"admin", access.Grant{Role: access.RegistryAdmin}},
	{"auditor", access.Grant{Role: access.Auditor}},
}

func newWorld(t testing.TB) *world { return newWorldWith(t, nil, nil) }

// newWorldWith lets a test stand between the issuer and its store, and change
// the configuration.
func newWorldWith(t testing.TB, between func(issuer.Store) issuer.Store, change func(*issuerhttp.Config)) *world {
	t.Helper()
	w := &world{
		t: t, ring: &ring{keys: map[string]crypto.Signer{}}, keys: map[string]string{}, log: &bytes.Buffer{},
		now: time.Date(2026, 11, 22, 9, 30, 0, 0, time.UTC),
	}
	w.dir = filepath.Join(t.TempDir(), "home")
	must(t, boltstore.Create(w.dir))
	w.between, w.change = between, change
	w.start(w.fill)
	return w
}

// start opens the store and serves it; prepare is run before anybody is served.
func (w *world) start(prepare func()) {
	t := w.t
	t.Helper()
	var err error
	w.store, err = boltstore.Open(w.dir)
	must(t, err)
	t.Cleanup(func() { w.store.Close() })
	store := issuer.Store(w.store)
	if w.between != nil {
		store = w.between(store)
	}
	w.Issuer, err = issuer.New(issuer.Config{Store: store, Keys: w.ring, Now: w.clock})
	must(t, err)
	w.access, err = access.New(access.Config{Issuer: w.Issuer, Store: store, Now: w.clock})
	must(t, err)
	prepare()
	c := issuerhttp.Config{Issuer: w.Issuer, Store: store, Access: w.access, Now: w.clock, Budget: w.budget, Print: w.print, FeedbackPerHour: 1000}
	c.Base, _ = url.Parse("https://passport.example")
	if w.change != nil {
		w.change(&c)
	}
	w.api, err = issuerhttp.New(c)
	must(t, err)
	w.server = httptest.NewServer(w.router())
	t.Cleanup(w.server.Close)
}

// restart ends the service and begins it anew over the same home.
func (w *world) restart() {
	w.server.Close()
	must(w.t, w.store.Close())
	w.start(func() { must(w.t, w.Resume(w.t.Context())) })
}

// router puts the API behind what every request of the service passes.
func (w *world) router() http.Handler {
	r := chi.NewRouter()
	words := func(lang, key string) string {
		if !i18n.Has(key) {
			return ""
		}
		return i18n.T(lang, key, nil)
	}
	log := slog.New(slog.NewTextHandler(&locked{to: w.log}, nil))
	r.Use(httpkit.RequestIDs, httpkit.WithWords(words), httpkit.SecurityHeaders(true), httpkit.Log(log, w.clock, nil), httpkit.Recover, httpkit.StrictPath, middleware.GetHead)
	r.NotFound(httpkit.NotFound)
	r.MethodNotAllowed(httpkit.MethodNotAllowed(r))
	w.api.Routes(r)
	return r
}

type locked struct {
	mu sync.Mutex
	to io.Writer
}

func (l *locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.to.Write(p)
}

// fill makes the bodies, two templates of the examples and the keys.
func (w *world) fill() {
	t := w.t
	for _, n := range []issuer.NewIssuer{
		{Name: "ente", Title: "Ente Formazione Esempio", Country: "IT", Region: "ITF5", Method: "web", Domain: "ente.example"},
		{Name: "altro", Title: "Altro Ente", Country: "IT", Method: "web", Domain: "altro.example"},
	} {
		_, err := w.AddIssuer(t.Context(), clerk, n)
		must(t, err)
	}
	files, err := filepath.Glob("../../examples/templates/*.json")
	must(t, err)
	for _, file := range files {
		body, err := os.ReadFile(file)
		must(t, err)
		tpl, err := schema.ParseTemplate(body)
		must(t, err)
		name := &w.plain
		if tpl.Suspendable {
			name = &w.susp
		}
		if *name != "" || tpl.Type != schema.KindMicroCredential || tpl.NeedsBirth() {
			continue // two are enough
		}
		*name = tpl.Name
		_, err = w.AddTemplate(t.Context(), clerk, body, 20)
		must(t, err)
	}
	for _, role := range roles {
		_, secret, err := w.access.AddAPIKey(t.Context(), clerk, access.NewAPIKey{Name: role.name, Grant: role.grant})
		must(t, err)
		w.keys[role.name] = secret
	}
}

func (w *world) budget(*schema.Template) (qr.Budget, error) {
	if w.large {
		return qr.Budget{Version: 40, Frame: 2900}, nil
	}
	return qr.Budget{Version: 20, Frame: 800, OnPaper: true, OnTarget: true}, nil
}

func (w *world) print(_ context.Context, out io.Writer, row issuer.Issuance, layout, _ string) error {
	if layout == "none" {
		return &issuer.Error{Code: "print_layout", Args: map[string]string{"layout": layout}}
	}
	_, err := fmt.Fprintf(out, "%%PDF-1.7 %s", row.ID)
	return err
}

// learner is the JSON of a learner file; the number may be empty.
func learner(name, number string) string {
	data, _ := json.Marshal(map[string]string{"name": name, "birthDate": "1994-03-12", "documentNumber": number})
	return strings.Replace(string(data), `"documentNumber":"",`, "", 1)
}

// issueJSON is the body of a request for one credential.
func (w *world) issueJSON(name, number string) string {
	return fmt.Sprintf(`{"issuer":"ente","template":%q,"learner":%s}`, w.plain, learner(name, number))
}

// answer is what came back.
type answer struct {
	t      testing.TB
	status int
	header http.Header
	body   []byte
}

// request is one request; who bears no key when empty.
type request struct {
	method, path, who, body string
	header                  map[string]string
}

func (w *world) do(r request) answer {
	w.t.Helper()
	req, err := http.NewRequestWithContext(w.t.Context(), r.method, w.server.URL+r.path, strings.NewReader(r.body))
	must(w.t, err)
	if r.who != "" {
		secret, ok := w.keys[r.who]
		if !ok {
			w.t.Fatalf("nobody is %q", r.who)
		}
		req.Header.Set("Authorization", "Bearer "+secret)
	}
	if r.body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for name, value := range r.header {
		req.Header.Set(name, value)
	}
	res, err := http.DefaultTransport.RoundTrip(req)
	must(w.t, err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	must(w.t, err)
	a := answer{w.t, res.StatusCode, res.Header, body}
	held(w.t, r, a)
	return a
}

func (w *world) get(who, path string) answer {
	return w.do(request{method: "GET", path: path, who: who})
}
func (w *world) post(who, path, body string) answer {
	return w.do(request{method: "POST", path: path, who: who, body: body})
}

// keyed is a POST with an Idempotency-Key.
func (w *world) keyed(who, path, key, body string) answer {
	return w.do(request{method: "POST", path: path, who: who, body: body, header: map[string]string{"Idempotency-Key": key}})
}

// is asserts the status, and the code of a problem where one is given.
func (a answer) is(status int, code ...string) answer {
	a.t.Helper()
	if a.status != status {
		a.t.Fatalf("status %d, want %d: %s", a.status, status, a.body)
	}
	if len(code) > 0 && a.str("code") != code[0] {
		a.t.Fatalf("code %s, want %s: %s", a.str("code"), code[0], a.body)
	}
	return a
}

// json is the body as an object.
func (a answer) json() map[string]any {
	a.t.Helper()
	var v map[string]any
	if err := json.Unmarshal(a.body, &v); err != nil {
		a.t.Fatalf("%v: %s", err, a.body)
	}
	return v
}

// str is a member of the body.
func (a answer) str(name string) string {
	a.t.Helper()
	s, _ := a.json()[name].(string)
	return s
}

// list is a member of the body that is a list of objects.
func (a answer) list(name string) []map[string]any {
	a.t.Helper()
	all, ok := a.json()[name].([]any)
	if !ok {
		a.t.Fatalf("no list %s: %s", name, a.body)
	}
	list := make([]map[string]any, len(all))
	for n, v := range all {
		list[n] = v.(map[string]any)
	}
	return list
}

// issue issues one credential as the officer of ente.
func (w *world) issue(name string) answer {
	w.t.Helper()
	return w.post("officer ente", "/api/v1/credentials", w.issueJSON(name, "")).is(http.StatusCreated)
}

func at(id string) string { return "/api/v1/credentials/" + id }

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func hasWords(key string) bool { return i18n.Has(key) }

// signedIn are the headers of a person who is an officer of ente, on our page.
func (w *world) signedIn(person string) map[string]string {
	w.t.Helper()
	if w.keys[person] == "" {
		w.keys[person] = w.session(person, access.Grant{Issuer: "ente", Role: access.Officer})
	}
	return map[string]string{"Cookie": w.keys[person], "Sec-Fetch-Site": "same-origin"}
}

// approve is what that person does to a proposal.
func (w *world) approve(person, place string) answer {
	w.t.Helper()
	return w.do(request{method: "POST", path: place, header: w.signedIn(person)})
}

// pass moves the clock on.
func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}
