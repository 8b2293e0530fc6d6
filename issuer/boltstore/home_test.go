package boltstore_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/employment-passport/passport/internal/keyring"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/boltstore"
	"github.com/employment-passport/passport/schema"
)

const clerk issuer.Actor = "test"

func now() time.Time { return time.Date(2026, 11, 22, 9, 30, 0, 0, time.UTC) }

// home is a whole home: store, sealed keys, configuration, one issuer and one
// template of the examples.
type home struct {
	t     testing.TB
	dir   string
	store *boltstore.Store
	*issuer.Issuer
}

func newHome(t testing.TB) *home {
	t.Helper()
	return homeAt(t, filepath.Join(t.TempDir(), "home"))
}

func homeAt(t testing.TB, dir string) *home {
	t.Helper()
	h := &home{t: t, dir: dir}
	must(t, boltstore.Create(h.dir))
	must(t, keyring.Create(filepath.Join(h.dir, "keys"), "pane e olio", 1))
	must(t, os.WriteFile(filepath.Join(h.dir, "config.yaml"), []byte("# empty\n"), 0o600))
	h.open()
	_, err := h.AddIssuer(t.Context(), clerk, issuer.NewIssuer{
		Name: "ente", Title: "Ente Esempio", Country: "IT", Region: "ITF5", Method: "web", Domain: "ente.example",
	})
	must(t, err)
	body, err := os.ReadFile("../../examples/templates/01-food-hygiene-it.json")
	must(t, err)
	_, err = h.AddTemplate(t.Context(), clerk, body, 20)
	must(t, err)
	return h
}

func (h *home) open() {
	h.t.Helper()
	store, err := boltstore.Open(h.dir)
	must(h.t, err)
	h.t.Cleanup(func() { _ = store.Close() })
	h.store, h.Issuer = store, issuerOver(h.t, store, h.dir)
}

func (h *home) close() { must(h.t, h.store.Close()) }

func issuerOver(t testing.TB, store issuer.Store, dir string) *issuer.Issuer {
	t.Helper()
	keys := keyring.Open(filepath.Join(dir, "keys"), func(context.Context) (string, error) { return "pane e olio", nil })
	i, err := issuer.New(issuer.Config{Store: store, Keys: keys, Now: now})
	must(t, err)
	return i
}

// issue signs n credentials, numbered from first.
func (h *home) issue(first, n int) []issuer.Issuance {
	h.t.Helper()
	rows, err := h.tryIssue(h.t.Context(), first, n)
	must(h.t, err)
	return rows
}

func (h *home) tryIssue(ctx context.Context, first, n int) ([]issuer.Issuance, error) {
	templates, err := h.Templates(ctx)
	if err != nil {
		return nil, err
	}
	offers := make([]issuer.Offer, n)
	for k := range offers {
		offers[k] = issuer.Offer{
			Issuer: "ente", Template: templates[0].Name, IdempotencyKey: fmt.Sprintf("row-%d", first+k),
			Learner: schema.Learner{
				Name: "Amina Diallo", GivenName: "Amina", FamilyName: "Diallo", BirthDate: "1991-04-07",
				DocumentNumber: fmt.Sprintf("2026/%d", first+k), CompletedOn: "2026-11-14",
			},
		}
	}
	return h.IssueBatch(ctx, clerk, offers, nil)
}

// whole runs both checks and wants them to find nothing.
func (h *home) whole() issuer.Checked {
	h.t.Helper()
	problems, err := h.store.Check(h.t.Context())
	must(h.t, err)
	checked, err := h.Fsck(h.t.Context())
	must(h.t, err)
	if len(problems)+len(checked.Findings) > 0 {
		h.t.Errorf("the store does not hold: %v %v", problems, checked.Findings)
	}
	return checked
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// wantCode wants a refusal with its code.
func wantCode(t testing.TB, err error, code boltstore.Code) {
	t.Helper()
	if !errors.Is(err, &boltstore.Error{Code: code}) {
		t.Errorf("got %v, want %s", err, code)
	}
}

func copyHome(t testing.TB, from string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "copy")
	must(t, os.CopyFS(to, os.DirFS(from)))
	return to
}
