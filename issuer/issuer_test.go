package issuer_test

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/boltstore"
	"github.com/employment-passport/passport/schema"
)

// ring is a keyring in memory.
type ring struct {
	mu   sync.Mutex
	keys map[string]crypto.Signer
	away error // what every use of a key answers while set
}

func newRing() *ring { return &ring{keys: map[string]crypto.Signer{}} }

func (r *ring) Create(_ context.Context, label string) (string, crypto.PublicKey, error) {
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
	if r.away != nil {
		return nil, r.away
	}
	key, ok := r.keys[uri]
	if !ok {
		return nil, fmt.Errorf("no key %s", uri)
	}
	return key, nil
}

// clock is a clock that tests set.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = t
}

func (c *clock) pass(d time.Duration) { c.set(c.Now().Add(d)) }

// desk is an issuer with a real store, one did:web body "ente" and every
// template of the examples.
type desk struct {
	*issuer.Issuer
	store issuer.Store
	keys  *ring
	clock *clock
	dir   string
}

const clerk issuer.Actor = "test"

var today = time.Date(2026, 11, 22, 9, 30, 0, 0, time.UTC)

func newDesk(t testing.TB) *desk {
	t.Helper()
	return newDeskOver(t, nil)
}

// newDeskOver lets a test stand between the issuer and its store.
func newDeskOver(t testing.TB, between func(issuer.Store) issuer.Store) *desk {
	t.Helper()
	d := newBareDesk(t, between)
	for _, file := range templates(t) {
		body, err := os.ReadFile(file)
		must(t, err)
		_, err = d.AddTemplate(t.Context(), clerk, body, 20)
		must(t, err)
	}
	return d
}

// newBareDesk has no templates.
func newBareDesk(t testing.TB, between func(issuer.Store) issuer.Store) *desk {
	t.Helper()
	d := &desk{keys: newRing(), clock: &clock{now: today}, dir: filepath.Join(t.TempDir(), "home")}
	must(t, boltstore.Create(d.dir))
	store, err := boltstore.Open(d.dir)
	must(t, err)
	t.Cleanup(func() { store.Close() })
	d.store = store
	if between != nil {
		d.store = between(store)
	}
	d.Issuer, err = issuer.New(issuer.Config{Store: d.store, Keys: d.keys, Now: d.clock.Now})
	must(t, err)
	_, err = d.AddIssuer(t.Context(), clerk, issuer.NewIssuer{
		Name: "ente", Title: "Ente Formazione Esempio", Country: "IT", Region: "ITF5",
		Method: "web", Domain: "ente.example",
	})
	must(t, err)
	return d
}

func templates(t testing.TB) []string {
	t.Helper()
	files, err := filepath.Glob("../examples/templates/*.json")
	must(t, err)
	if len(files) == 0 {
		t.Fatal("no templates in ../examples/templates")
	}
	return files
}

// the names of two templates of the examples, one of them suspendable.
func (d *desk) templateNames(t testing.TB) (plain, suspendable string) {
	t.Helper()
	all, err := d.Templates(t.Context())
	must(t, err)
	for _, r := range all {
		tpl, err := schema.ParseTemplate(r.Body)
		must(t, err)
		switch {
		case tpl.Type != schema.KindMicroCredential || tpl.NeedsBirth():
		case tpl.Suspendable && suspendable == "":
			suspendable = r.Name
		case !tpl.Suspendable && plain == "":
			plain = r.Name
		}
	}
	if plain == "" || suspendable == "" {
		t.Fatal("the examples need a plain and a suspendable template")
	}
	return plain, suspendable
}

// offer is one for a template's own specimen of a learner.
func (d *desk) offer(t testing.TB, template, number string) issuer.Offer {
	t.Helper()
	r, err := d.Template(t.Context(), template)
	must(t, err)
	tpl, err := schema.ParseTemplate(r.Body)
	must(t, err)
	l := schema.Specimen(tpl).Learner
	l.DocumentNumber = number
	return issuer.Offer{Issuer: "ente", Template: template, Learner: l}
}

func (d *desk) issue(t testing.TB, template, number string) issuer.Issuance {
	t.Helper()
	row, err := d.Issue(t.Context(), clerk, d.offer(t, template, number))
	must(t, err)
	return *row
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// refused asserts that err is the issuer's refusal with that code.
func refused(t testing.TB, err error, code string) {
	t.Helper()
	var e *issuer.Error
	if !errors.As(err, &e) || e.Code != code {
		t.Fatalf("got %v, want a refusal %s", err, code)
	}
}
