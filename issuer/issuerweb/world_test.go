package issuerweb_test

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/descope/virtualwebauthn"
	"github.com/go-chi/chi/v5"

	"github.com/employment-passport/passport/internal/httpkit"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/access"
	"github.com/employment-passport/passport/issuer/boltstore"
	"github.com/employment-passport/passport/issuer/issuerweb"
)

const admin issuer.Actor = "cli:admin"

var today = time.Date(2026, 11, 22, 9, 30, 0, 0, time.UTC)

// world is a console on a real server over a real store.
type world struct {
	t      testing.TB
	access *access.Service
	issuer *issuer.Issuer
	base   *url.URL
	clock  atomic.Int64
	said   *said // what was logged
	full   atomic.Bool
}

// disk is a store whose disk can be full.
type disk struct {
	issuer.Store
	full *atomic.Bool
}

func (d disk) Update(ctx context.Context, f func(issuer.Tx) error) error {
	if d.full.Load() {
		return issuer.ErrStoreFull
	}
	return d.Store.Update(ctx, f)
}

func newWorld(t testing.TB, change ...func(*issuerweb.Config)) *world {
	t.Helper()
	w := &world{t: t}
	w.clock.Store(today.UnixNano())
	dir := filepath.Join(t.TempDir(), "home")
	must(t, boltstore.Create(dir))
	opened, err := boltstore.Open(dir)
	must(t, err)
	t.Cleanup(func() { opened.Close() })
	store := disk{opened, &w.full}
	w.issuer, err = issuer.New(issuer.Config{Store: store, Keys: &ring{keys: map[string]crypto.Signer{}}, Now: w.now})
	must(t, err)
	for _, name := range []string{"ente", "scuola"} {
		_, err = w.issuer.AddIssuer(t.Context(), admin, issuer.NewIssuer{Name: name, Title: "Ente " + name, Country: "IT", Method: "web", Domain: name + ".example"})
		must(t, err)
	}
	w.access, err = access.New(access.Config{Issuer: w.issuer, Store: store, Now: w.now})
	must(t, err)

	server := httptest.NewUnstartedServer(nil)
	_, port, _ := strings.Cut(server.Listener.Addr().String(), ":")
	w.base = &url.URL{Scheme: "http", Host: "localhost:" + port}
	c := issuerweb.Config{Access: w.access, Issuer: w.issuer, Base: w.base, Now: w.now}
	for _, f := range change {
		f(&c)
	}
	console, err := issuerweb.New(c)
	must(t, err)
	r := chi.NewRouter()
	w.said = &said{}
	r.Use(httpkit.RequestIDs, httpkit.Log(slog.New(slog.NewTextHandler(w.said, &slog.HandlerOptions{Level: slog.LevelDebug})), w.now, nil))
	console.Routes(r)
	server.Config.Handler = r
	server.Start()
	t.Cleanup(server.Close)
	return w
}

// said is a log.
type said struct {
	mu sync.Mutex
	b  strings.Builder
}

func (s *said) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *said) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

func (w *world) now() time.Time       { return time.Unix(0, w.clock.Load()).UTC() }
func (w *world) pass(d time.Duration) { w.clock.Add(int64(d)) }

func (w *world) invite(name string, grants ...access.Grant) (code string) {
	w.t.Helper()
	_, err := w.access.AddUser(w.t.Context(), admin, access.NewUser{Name: name, Grants: grants})
	must(w.t, err)
	code, _, err = w.access.Invite(w.t.Context(), admin, name, false)
	must(w.t, err)
	return code
}

func officer(issuer string) access.Grant { return access.Grant{Issuer: issuer, Role: access.Officer} }

func (w *world) log() string {
	var b strings.Builder
	must(w.t, w.issuer.Audit(w.t.Context(), 1, func(e issuer.AuditEntry) bool {
		b.WriteString(e.Actor + " " + e.Act + " " + e.Subject + " " + e.Details + "\n")
		return true
	}))
	return b.String()
}

// browser keeps cookies, follows no redirects and says where it comes from.
type browser struct {
	w   *world
	c   *http.Client
	key virtualwebauthn.Credential
	aut virtualwebauthn.Authenticator
	rp  virtualwebauthn.RelyingParty
}

func (w *world) browser() *browser {
	jar, err := cookiejar.New(nil)
	must(w.t, err)
	return &browser{
		w: w, c: &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
		key: newKey(w.t), aut: virtualwebauthn.NewAuthenticator(),
		rp: virtualwebauthn.RelyingParty{Name: "Passport", ID: "localhost", Origin: w.base.String()},
	}
}

// newKey is a credential whose key the virtual authenticator can write: it leaves
// out leading zeros of a coordinate, which RFC 9053 section 7.1.1 forbids.
func newKey(t testing.TB) virtualwebauthn.Credential {
	t.Helper()
	for {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		must(t, err)
		if len(key.X.Bytes()) < 32 || len(key.Y.Bytes()) < 32 {
			continue
		}
		data, err := x509.MarshalPKCS8PrivateKey(key)
		must(t, err)
		return virtualwebauthn.NewCredentialWithImportedKey(virtualwebauthn.KeyTypeEC2, data)
	}
}

// answer is what came back.
type answer struct {
	*http.Response
	body string
}

func (b *browser) do(method, path, body string, header ...string) answer {
	b.w.t.Helper()
	place := path
	if !strings.HasPrefix(path, "http") {
		place = b.w.base.String() + path
	}
	r, err := http.NewRequestWithContext(context.Background(), method, place, strings.NewReader(body))
	must(b.w.t, err)
	if method == http.MethodPost {
		r.Header.Set("Origin", b.w.base.String())
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		r.Header.Set("Content-Type", "application/json")
	}
	for n := 0; n+1 < len(header); n += 2 {
		if r.Header.Set(header[n], header[n+1]); header[n+1] == "" {
			r.Header.Del(header[n])
		}
	}
	res, err := b.c.Do(r)
	must(b.w.t, err)
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	must(b.w.t, err)
	return answer{res, string(data)}
}

func (b *browser) get(path string) answer { b.w.t.Helper(); return b.do(http.MethodGet, path, "") }

func (b *browser) post(path string) answer { b.w.t.Helper(); return b.do(http.MethodPost, path, "{}") }

// is holds the answer to a status.
func (a answer) is(t testing.TB, status int) answer {
	t.Helper()
	if a.StatusCode != status {
		t.Fatalf("%s %s: %d, want %d\n%s", a.Request.Method, a.Request.URL.Path, a.StatusCode, status, a.body)
	}
	return a
}

// to holds the answer to a redirect to a path.
func (a answer) to(t testing.TB, path string) answer {
	t.Helper()
	if a.is(t, http.StatusSeeOther); a.Header.Get("Location") != path {
		t.Fatalf("sent to %s, want %s", a.Header.Get("Location"), path)
	}
	return a
}

// register makes a passkey for the options that an invitation asks with.
func (b *browser) register(options string) string {
	b.w.t.Helper()
	o, err := virtualwebauthn.ParseAttestationOptions(options)
	must(b.w.t, err)
	b.aut.Options.UserHandle = []byte(o.UserID)
	made := virtualwebauthn.CreateAttestationResponse(b.rp, b.aut, b.key, *o)
	b.aut.AddCredential(b.key)
	return made
}

// redeem takes an invitation with a new passkey.
func (b *browser) redeem(code string) answer {
	b.w.t.Helper()
	begin := b.post("/console/invite/"+code+"/begin").is(b.w.t, http.StatusOK)
	return b.do(http.MethodPost, "/console/invite/"+code+"/finish", b.register(begin.body))
}

// assertion answers a challenge with the passkey.
func (b *browser) assertion() string {
	b.w.t.Helper()
	o, err := virtualwebauthn.ParseAssertionOptions(b.post("/console/login/begin").is(b.w.t, http.StatusOK).body)
	must(b.w.t, err)
	b.key.Counter++
	return virtualwebauthn.CreateAssertionResponse(b.rp, b.aut, b.key, *o)
}

func (b *browser) login() answer {
	b.w.t.Helper()
	return b.do(http.MethodPost, "/console/login/finish", b.assertion())
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// ring is a keyring in memory.
type ring struct {
	mu   sync.Mutex
	keys map[string]crypto.Signer
}

func (r *ring) Create(_ context.Context, label string) (string, crypto.PublicKey, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return "", nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	uri := "mem:" + label + string(rune('a'+len(r.keys)))
	r.keys[uri] = key
	return uri, key.Public(), nil
}

func (r *ring) Signer(_ context.Context, uri string) (crypto.Signer, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.keys[uri], nil
}
