package issuer_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"os"
	"sync"
	"testing"

	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/schema"
)

func (tx *faultyTx) PutRecord(kind issuer.RecordKind, key string, value []byte) error {
	if err := tx.f.strike(); err != nil {
		return err
	}
	return tx.Tx.PutRecord(kind, key, value)
}

// request is a context of a client's request.
func request(ctx context.Context, key, what string) context.Context {
	return issuer.Once(ctx, issuer.Request{Key: key, Hash: sha256.Sum256([]byte(what))})
}

// onceDesk is a desk with one template whose store can be broken.
func onceDesk(t *testing.T) (*desk, *faulty, issuer.Offer) {
	f := &faulty{}
	d := newBareDesk(t, func(s issuer.Store) issuer.Store {
		f.Store = s
		return f
	})
	body, err := os.ReadFile("../examples/templates/01-food-hygiene-it.json")
	must(t, err)
	r, err := d.AddTemplate(t.Context(), clerk, body, 20)
	must(t, err)
	return d, f, d.offer(t, r.Name, "")
}

// acts that Once covers: each returns the id of what came of it.
var onceActs = map[string]func(ctx context.Context, d *desk, o issuer.Offer, old string) (string, error){
	"issue": func(ctx context.Context, d *desk, o issuer.Offer, _ string) (string, error) {
		return idOf(d.Issue(ctx, clerk, o))
	},
	"raw": func(ctx context.Context, d *desk, _ issuer.Offer, _ string) (string, error) {
		return idOf(d.IssueRaw(ctx, clerk, issuer.RawOffer{Issuer: "ente", Document: []byte(rawDocument)}))
	},
	"reissue": func(ctx context.Context, d *desk, _ issuer.Offer, old string) (string, error) {
		return idOf(d.Reissue(ctx, clerk, old, nil))
	},
	"revoke": func(ctx context.Context, d *desk, _ issuer.Offer, old string) (string, error) {
		row, err := d.Revoke(ctx, clerk, old, issuer.Reason{Code: schema.HolderRequest})
		return row.ID, err
	},
	"rotate": func(ctx context.Context, d *desk, _ issuer.Offer, _ string) (string, error) {
		k, err := d.RotateKey(ctx, clerk, "ente", schema.KeyForCredentials)
		return k.KID, err
	},
}

func idOf(row *issuer.Issuance, err error) (string, error) {
	if err != nil {
		return "", err
	}
	return row.ID, nil
}

// A crash at each write of each act, with and without what a restart does: the
// repetition of the request is answered, with the same thing ever after, and
// the act has happened once.
func TestFaultR9OnceSurvivesACrashAtEveryWrite(t *testing.T) {
	for name, do := range onceActs {
		t.Run(name, func(t *testing.T) {
			for at := 1; ; at++ {
				d, f, o := onceDesk(t)
				old := ""
				if name == "revoke" || name == "reissue" {
					row, err := d.Issue(t.Context(), clerk, o)
					must(t, err)
					old = row.ID
				}
				ctx := request(t.Context(), "k", name)
				f.calls, f.breakAt = 0, at
				_, err := do(ctx, d, o, old)
				crashed := f.down
				if f.down, f.breakAt = false, 0; crashed && !errors.Is(err, errBroken) {
					t.Fatalf("write %d failed, and the act said %v", at, err)
				}
				if at%2 == 0 {
					must(t, d.Resume(t.Context()))
				}
				first, err := do(ctx, d, o, old)
				must(t, err)
				again, err := do(ctx, d, o, old)
				must(t, err)
				if again != first || first == "" {
					t.Errorf("write %d: first %s, then %s", at, first, again)
				}
				d.happenedOnce(t, name, at)
				if !crashed {
					return
				}
			}
		})
	}
}

// happenedOnce counts what the acts of a test have made.
func (d *desk) happenedOnce(t *testing.T, name string, at int) {
	t.Helper()
	issued, acts := d.sound(t), 0
	must(t, d.Audit(t.Context(), 1, func(e issuer.AuditEntry) bool {
		if e.Act == "revoke" || e.Act == "supersede" || e.Act == "key.retire" {
			acts++
		}
		return true
	}))
	want := map[string][2]int{"issue": {1, 0}, "raw": {1, 0}, "reissue": {2, 1}, "revoke": {1, 1}, "rotate": {0, 1}}[name]
	if issued != want[0] || acts != want[1] {
		t.Errorf("%s, write %d: %d credentials and %d acts, want %v", name, at, issued, acts, want)
	}
}

// One key is one request: another under it is refused, whatever it asks for.
func TestOnceRefusesAnotherRequest(t *testing.T) {
	d, _, o := onceDesk(t)
	first, err := d.Issue(request(t.Context(), "k", "a"), clerk, o)
	must(t, err)
	for name, do := range onceActs {
		_, err := do(request(t.Context(), "k", "b"), d, o, first.ID)
		var refused *issuer.Error
		if !errors.As(err, &refused) || refused.Code != issuer.CodeOtherRequest {
			t.Errorf("%s: %v", name, err)
		}
	}
	again, err := d.Issue(request(t.Context(), "k", "a"), clerk, o)
	must(t, err)
	if again.ID != first.ID || !again.Repeated {
		t.Errorf("repeated: %s after %s", again.ID, first.ID)
	}
	var mu sync.Mutex
	var crowd sync.WaitGroup
	got := map[string]int{}
	for range 16 {
		crowd.Go(func() {
			row, err := d.Issue(request(t.Context(), "crowd", "a"), clerk, o)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				t.Error(err)
				return
			}
			got[row.ID+row.Token]++
		})
	}
	crowd.Wait()
	if len(got) != 1 {
		t.Errorf("16 at once got %d credentials", len(got))
	}
}

// A request that was answered by a credential that was given up is done anew.
func TestOnceAfterALostKey(t *testing.T) {
	d, _, o := onceDesk(t)
	d.keys.mu.Lock()
	d.keys.away = issuer.ErrNoKey
	d.keys.mu.Unlock()
	if _, err := d.Issue(request(t.Context(), "k", "a"), clerk, o); !errors.Is(err, issuer.ErrNoKey) {
		t.Fatalf("issued without a key: %v", err)
	}
	d.keys.mu.Lock()
	d.keys.away = nil
	d.keys.mu.Unlock()
	row, err := d.Issue(request(t.Context(), "k", "a"), clerk, o)
	must(t, err)
	if again, err := d.Issue(request(t.Context(), "k", "a"), clerk, o); err != nil || again.ID != row.ID {
		t.Errorf("again: %v %v", again, err)
	}
	if issued := d.sound(t); issued != 1 {
		t.Errorf("%d credentials", issued)
	}
}
