package access_test

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
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/access"
	"github.com/employment-passport/passport/issuer/boltstore"
	"github.com/employment-passport/passport/schema"
)

const admin issuer.Actor = "cli:admin"

var today = time.Date(2026, 11, 22, 9, 30, 0, 0, time.UTC)

// world is a home with two bodies, "ente" and "scuola", and a service over it.
type world struct {
	*access.Service
	issuer *issuer.Issuer
	store  *counted
	ring   *ring
	clock  atomic.Int64
	dir    string
	t      testing.TB
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{t: t, dir: filepath.Join(t.TempDir(), "home"), ring: &ring{keys: map[string]crypto.Signer{}}}
	w.set(today)
	must(t, boltstore.Create(w.dir))
	store, err := boltstore.Open(w.dir)
	must(t, err)
	t.Cleanup(func() { store.Close() })
	w.store = &counted{Store: store}
	w.issuer, err = issuer.New(issuer.Config{Store: w.store, Keys: w.ring, Now: w.now, Erasers: []issuer.Eraser{access.Eraser()}})
	must(t, err)
	for _, name := range []string{"ente", "scuola"} {
		_, err = w.issuer.AddIssuer(t.Context(), admin, issuer.NewIssuer{Name: name, Title: name, Country: "IT", Method: "web", Domain: name + ".example"})
		must(t, err)
	}
	w.Service = w.service()
	return w
}

// service is another one over the same store, as another process has it.
func (w *world) service() *access.Service {
	s, err := access.New(access.Config{Issuer: w.issuer, Store: w.store, Now: w.now})
	must(w.t, err)
	return s
}

func (w *world) now() time.Time       { return time.Unix(0, w.clock.Load()).UTC() }
func (w *world) set(at time.Time)     { w.clock.Store(at.UnixNano()) }
func (w *world) pass(d time.Duration) { w.clock.Add(int64(d)) }

// log is the audit log as text, one entry a line.
func (w *world) log() string {
	var b strings.Builder
	must(w.t, w.issuer.Audit(w.t.Context(), 1, func(e issuer.AuditEntry) bool {
		fmt.Fprintln(&b, e.Actor, e.Act, e.Subject, e.Details)
		return true
	}))
	return b.String()
}

// wrote holds the log to contain lines.
func (w *world) wrote(lines ...string) {
	w.t.Helper()
	log := w.log()
	for _, line := range lines {
		if !strings.Contains(log, line+"\n") && !strings.Contains(log, line+" \n") {
			w.t.Errorf("the log lacks %q:\n%s", line, log)
		}
	}
}

// add makes a user of ente.
func (w *world) add(name string, role access.Role) {
	w.t.Helper()
	_, err := w.AddUser(w.t.Context(), admin, access.NewUser{Name: name, Grants: []access.Grant{{Issuer: "ente", Role: role}}})
	must(w.t, err)
}

// passkey is a proof of a made-up credential: what it proves the console knows.
func passkey(id string) access.Proof {
	return access.Proof{CredentialID: []byte(id), Credential: []byte(`{"id":"` + id + `"}`)}
}

// signedIn adds a user and signs them in by an invitation.
func (w *world) signedIn(name string, role access.Role) (cookie string) {
	w.t.Helper()
	w.add(name, role)
	code, _, err := w.Invite(w.t.Context(), admin, name, false)
	must(w.t, err)
	cookie, err = w.Redeem(w.t.Context(), code, passkey(name))
	must(w.t, err)
	return cookie
}

func person(name string, grants ...access.Grant) access.Principal {
	return access.Principal{ID: name, Name: name, Actor: issuer.Actor("user:" + name), Grants: grants}
}

func at(name string, role access.Role) access.Grant { return access.Grant{Issuer: name, Role: role} }

// template adds the food hygiene template and returns its name.
func (w *world) template() string {
	w.t.Helper()
	body, err := os.ReadFile("../../examples/templates/01-food-hygiene-it.json")
	must(w.t, err)
	r, err := w.issuer.AddTemplate(w.t.Context(), admin, body, 20)
	must(w.t, err)
	return r.Name
}

func learner(n int) schema.Learner {
	return schema.Learner{Name: "Amina Prova " + strings.Repeat("A", n), BirthDate: "1999", DocumentNumber: fmt.Sprintf("MC-%d", n), CompletedOn: "2026-11-20", Result: "Superato"}
}

func (w *world) fourEyes() {
	w.t.Helper()
	_, err := w.issuer.SetFourEyes(w.t.Context(), admin, "ente", true)
	must(w.t, err)
}

// issue signs one credential with the four-eyes rule kept.
func (w *world) issue(template string, n int) issuer.Issuance {
	w.t.Helper()
	row, err := w.issuer.Issue(issuer.Approved(w.t.Context(), "user:ben"), "user:anna", issuer.Offer{Issuer: "ente", Template: template, Learner: learner(n)})
	must(w.t, err)
	return *row
}

// refused holds an error to a code of issuer.Error.
func refused(t testing.TB, err error, code string) {
	t.Helper()
	var e *issuer.Error
	if !errors.As(err, &e) || e.Code != code {
		t.Errorf("got %v, want %s", err, code)
	}
}

func is(t testing.TB, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("got %v, want %v", err, want)
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// counted counts transactions.
type counted struct {
	issuer.Store
	views, updates atomic.Int64
}

func (c *counted) View(ctx context.Context, f func(issuer.Tx) error) error {
	c.views.Add(1)
	return c.Store.View(ctx, f)
}

func (c *counted) Update(ctx context.Context, f func(issuer.Tx) error) error {
	c.updates.Add(1)
	return c.Store.Update(ctx, f)
}

// ring is a keyring in memory.
type ring struct {
	mu   sync.Mutex
	keys map[string]crypto.Signer
	away error // what every use of a key answers while set
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
	if r.away != nil {
		return nil, r.away
	}
	return r.keys[uri], nil
}

func (r *ring) setAway(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.away = err
}
