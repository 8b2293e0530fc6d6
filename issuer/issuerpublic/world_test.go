package issuerpublic

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/internal/statuslist"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/boltstore"
	"github.com/employment-passport/passport/schema"
	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
)

// ring is a keyring in memory. Keys that are away cannot be had.
type ring struct {
	mu   sync.Mutex
	keys map[string]crypto.Signer
	away map[string]bool // by label
	of   map[string]string
}

func (r *ring) Create(_ context.Context, label string) (string, crypto.PublicKey, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return "", nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	uri := fmt.Sprintf("mem:%d", len(r.keys))
	r.keys[uri], r.of[uri] = key, label
	return uri, key.Public(), nil
}

var errAway = errors.New("the key is away")

func (r *ring) Signer(_ context.Context, uri string) (crypto.Signer, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for label := range r.away {
		if strings.Contains(r.of[uri], label) {
			return nil, errAway
		}
	}
	return r.keys[uri], nil
}

func (r *ring) setAway(label string, away bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.away, label)
	if away {
		r.away[label] = true
	}
}

// home is a store with two bodies, ente and scuola, the second below a path, and
// one course.
type home struct {
	t      testing.TB
	issuer *issuer.Issuer
	store  *boltstore.Store
	keys   *ring
	dir    string // of the kept files

	mu  sync.Mutex
	now time.Time
}

const clerk issuer.Actor = "test"

// newHome has the bodies of those names, or both.
func newHome(t testing.TB, only ...string) *home {
	t.Helper()
	h := &home{
		t: t, keys: &ring{keys: map[string]crypto.Signer{}, away: map[string]bool{}, of: map[string]string{}},
		now: time.Date(2026, 11, 22, 9, 30, 0, 0, time.UTC), dir: filepath.Join(t.TempDir(), "public"),
	}
	store := filepath.Join(t.TempDir(), "home")
	must(t, boltstore.Create(store))
	var err error
	h.store, err = boltstore.Open(store)
	must(t, err)
	t.Cleanup(func() { _ = h.store.Close() })
	h.issuer, err = issuer.New(issuer.Config{Store: h.store, Keys: h.keys, Now: h.clock})
	must(t, err)
	for _, one := range []issuer.NewIssuer{
		{Name: "ente", Title: "Ente Formazione Esempio", Country: "IT", Region: "ITF5", Method: "web", Domain: "ente.example"},
		{Name: "scuola", Title: "Scuola Esempio", Country: "IT", Method: "web", Domain: "regione.example:8443/scuole/uno"},
	} {
		if len(only) > 0 && !slices.Contains(only, one.Name) {
			continue
		}
		_, err := h.issuer.AddIssuer(t.Context(), clerk, one)
		must(t, err)
	}
	files, err := filepath.Glob("../../examples/templates/*.json")
	must(t, err)
	for _, file := range files {
		body, err := os.ReadFile(file)
		must(t, err)
		_, err = h.issuer.AddTemplate(t.Context(), clerk, body, 20)
		must(t, err)
	}
	return h
}

func (h *home) clock() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now
}

func (h *home) pass(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = h.now.Add(d)
}

// open is a run of the public side, which ends with the test.
func (h *home) open() *Public {
	h.t.Helper()
	p, err := New(Config{Issuer: h.issuer, Store: h.store, Now: h.clock, Dir: h.dir})
	must(h.t, err)
	h.t.Cleanup(func() { _ = p.Close() })
	return p
}

// opened is open with everything published.
func (h *home) opened() *Public {
	h.t.Helper()
	p := h.open()
	must(h.t, p.Publish(h.t.Context()))
	return p
}

// issue signs one credential; suspendable or not.
func (h *home) issue(body string, suspendable bool) issuer.Issuance {
	h.t.Helper()
	all, err := h.issuer.Templates(h.t.Context())
	must(h.t, err)
	for _, r := range all {
		tpl, err := schema.ParseTemplate(r.Body)
		must(h.t, err)
		if tpl.Type != schema.KindMicroCredential || tpl.NeedsBirth() || tpl.Suspendable != suspendable {
			continue
		}
		learner := schema.Specimen(tpl).Learner
		learner.DocumentNumber = ""
		row, err := h.issuer.Issue(h.t.Context(), clerk, issuer.Offer{Issuer: body, Template: r.Name, Learner: learner})
		must(h.t, err)
		return *row
	}
	h.t.Fatal("no such template")
	return issuer.Issuance{}
}

func (h *home) revoke(row issuer.Issuance) {
	h.t.Helper()
	_, err := h.issuer.Revoke(h.t.Context(), clerk, row.ID, issuer.Reason{Code: schema.IssuedInError})
	must(h.t, err)
}

// handler is the router of a run.
func handler(p *Public) http.Handler {
	r := chi.NewRouter()
	r.Use(middleware.GetHead)
	p.Routes(r)
	return r
}

// get asks for a URL of the home, with headers as name, value pairs.
func get(h http.Handler, method, url string, headers ...string) *http.Response {
	r := httptest.NewRequest(method, url, nil)
	for n := 0; n < len(headers); n += 2 {
		r.Header.Set(headers[n], headers[n+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func bodyOf(t testing.TB, r *http.Response) string {
	t.Helper()
	data, err := io.ReadAll(r.Body)
	must(t, err)
	return string(data)
}

// list fetches a status list and checks it as the world does.
func (h *home) list(p http.Handler, url string) *statuslist.List {
	h.t.Helper()
	r := get(p, http.MethodGet, url)
	if r.StatusCode != http.StatusOK || r.Header.Get("Content-Type") != "application/vc+jwt" {
		h.t.Fatalf("%s: %d %s", url, r.StatusCode, r.Header.Get("Content-Type"))
	}
	l, err := h.check(bodyOf(h.t, r))
	must(h.t, err)
	return l
}

func (h *home) check(token string) (*statuslist.List, error) {
	_, payload, err := jose.Verify(context.Background(), jose.TypeVC, token, func(_ context.Context, header jose.Header, _ []byte) (crypto.PublicKey, error) {
		for _, body := range []string{"ente", "scuola"} {
			keys, err := h.issuer.Keys(context.Background(), body)
			if err != nil {
				continue // not in this home
			}
			for _, k := range keys {
				if k.KID == header.Kid && k.Signs(schema.KeyForStatus) {
					jwk, err := jose.ParseJWK(k.JWK)
					return jwk.Public(), err
				}
			}
		}
		return nil, errors.New("no such key")
	})
	if err != nil {
		return nil, err
	}
	return statuslist.ParseCredential(payload)
}

func bit(t testing.TB, l *statuslist.List, index uint32) bool {
	t.Helper()
	set, err := l.Bits.Get(int(index))
	must(t, err)
	return set
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
