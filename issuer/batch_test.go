package issuer_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/employment-passport/passport/issuer"
)

// killed is a store that loses everything after so many transactions, as a
// process that is killed does.
type killed struct {
	issuer.Store
	left atomic.Int64
}

func (k *killed) Update(ctx context.Context, f func(issuer.Tx) error) error {
	if k.left.Add(-1) < 0 {
		return errBroken
	}
	return k.Store.Update(ctx, f)
}

// reopen is a new process over the same store and keys.
func (d *desk) reopen(t *testing.T) {
	t.Helper()
	var err error
	d.Issuer, err = issuer.New(issuer.Config{Store: d.store, Keys: d.keys, Now: d.clock.Now})
	must(t, err)
}

func (d *desk) sheet(t *testing.T, template string, size int) []issuer.Offer {
	offers := make([]issuer.Offer, size)
	for n := range offers {
		offers[n] = d.offer(t, template, fmt.Sprint("MC-", n))
		offers[n].IdempotencyKey = fmt.Sprint("row ", n)
	}
	return offers
}

// A sheet of 1 500 is killed after so many transactions, and one of its rows
// that were left pending is revoked. Run again, every other row is issued, each
// result is its own offer's, and a third run hands over the same.
func TestKilledSheetReportsEveryRow(t *testing.T) {
	for after := int64(1); after <= 3; after++ {
		d := newDesk(t)
		plain, _ := d.templateNames(t)
		offers := d.sheet(t, plain, 1500)
		k := &killed{Store: d.store}
		k.left.Store(after)
		dying, err := issuer.New(issuer.Config{Store: k, Keys: d.keys, Now: d.clock.Now})
		must(t, err)
		acknowledged, err := dying.IssueBatch(t.Context(), clerk, offers, nil)
		if !errors.Is(err, errBroken) || len(acknowledged) != len(offers) {
			t.Fatalf("after %d: %d results, %v", after, len(acknowledged), err)
		}

		d.reopen(t)
		struck := -1
		must(t, d.List(t.Context(), issuer.Filter{State: issuer.StatePending}, func(row issuer.Issuance) bool {
			_, err := fmt.Sscanf(row.DocumentNumber, "MC-%d", &struck)
			must(t, err)
			return false
		}))
		if struck < 0 {
			t.Fatalf("after %d: nothing was left pending", after)
		}
		_, err = d.Revoke(t.Context(), clerk, offers[struck].Learner.DocumentNumber, mistake)
		must(t, err)

		d.reopen(t)
		must(t, d.Resume(t.Context()))
		again, err := d.IssueBatch(t.Context(), clerk, offers, nil)
		must(t, err)
		third, err := d.IssueBatch(t.Context(), clerk, offers, nil)
		must(t, err)
		for n, row := range again {
			told := acknowledged[n].Token != ""
			switch {
			case row.DocumentNumber != offers[n].Learner.DocumentNumber, third[n].ID != row.ID:
				t.Fatalf("after %d: result %d is %s, then %s", after, n, row.DocumentNumber, third[n].DocumentNumber)
			case n == struck:
				if row.State != issuer.StateRevoked || row.Token != "" {
					t.Errorf("the revoked one is %s", row.State)
				}
			case row.Token == "" || row.State != issuer.StateIssued || row.Repeated != told || third[n].Token != row.Token:
				t.Fatalf("after %d: row %d is %s, repeated %v, told before %v", after, n, row.State, row.Repeated, told)
			}
		}
	}
}

// Whom somebody revoked while pending can be issued to anew, alone and by name;
// a reissue does not hang on it for ever.
func TestRevokedWhilePendingStandsInNobodysWay(t *testing.T) {
	d, f := newFaultyDesk(t)
	plain, _ := d.templateNames(t)
	o := d.offer(t, plain, "MC-1")
	o.IdempotencyKey = "the same"
	left := d.leavePending(t, f, o)
	_, err := d.Revoke(t.Context(), clerk, left.ID, mistake)
	must(t, err)
	row, err := d.Issue(t.Context(), clerk, o)
	must(t, err)
	if row.ID == left.ID || row.Token == "" || row.Repeated {
		t.Errorf("issued anew: %+v", row)
	}
}

// A reissued credential's row in a sheet is its latest copy.
func TestSheetHandsOverTheLatestCopy(t *testing.T) {
	d := newDesk(t)
	plain, _ := d.templateNames(t)
	offers := d.sheet(t, plain, 3)
	first, err := d.IssueBatch(t.Context(), clerk, offers, nil)
	must(t, err)
	fresh, err := d.Reissue(t.Context(), clerk, first[1].ID, nil)
	must(t, err)
	_, err = d.Revoke(t.Context(), clerk, first[2].ID, mistake)
	must(t, err)
	again, err := d.IssueBatch(t.Context(), clerk, offers, nil)
	must(t, err)
	if again[0].ID != first[0].ID || again[1].ID != fresh.ID || again[2].State != issuer.StateRevoked {
		t.Errorf("handed over %s %s %s", again[0].State, again[1].State, again[2].State)
	}
}

// compromising is a keyring whose key is called stolen while it signs.
type compromising struct {
	issuer.Store
	meanwhile func()
	seen      int
}

func (c *compromising) Update(ctx context.Context, f func(issuer.Tx) error) error {
	if c.seen++; c.seen == 2 && c.meanwhile != nil {
		c.meanwhile() // between record and settle
	}
	return c.Store.Update(ctx, f)
}

// A key that is called stolen between record and settle issues nothing.
func TestKeyStolenMeanwhile(t *testing.T) {
	d := newDesk(t)
	plain, _ := d.templateNames(t)
	c := &compromising{Store: d.store}
	c.meanwhile = func() {
		_, err := d.CompromiseKey(t.Context(), clerk, "ente", "#key-1")
		must(t, err)
	}
	slow, err := issuer.New(issuer.Config{Store: c, Keys: d.keys, Now: d.clock.Now})
	must(t, err)
	_, err = slow.Issue(t.Context(), clerk, d.offer(t, plain, "MC-1"))
	refused(t, err, "key_lost_meanwhile")
	row, err := d.Find(t.Context(), "MC-1")
	must(t, err)
	if row.State != issuer.StateVoid || row.Token != "" || !d.bit(t, row.StatusList, row.StatusIndex) {
		t.Errorf("it is %s", row.State)
	}
}

// One pending row whose key is gone stops neither the others nor the home, and
// a store that cannot be read voids nothing.
func TestOneMissingKeyStopsNobody(t *testing.T) {
	d, f := newFaultyDesk(t)
	d.secondBody(t)
	plain, _ := d.templateNames(t)
	o := d.offer(t, plain, "MC-1")
	o.Issuer = "zeta"
	lost := d.leavePending(t, f, o)
	whole := d.leavePendingBeside(t, f, d.offer(t, plain, "MC-2"), lost.ID)
	keys, err := d.Keys(t.Context(), "zeta")
	must(t, err)
	for _, k := range keys {
		d.keys.mu.Lock()
		delete(d.keys.keys, k.URI)
		d.keys.mu.Unlock()
	}
	var waiting *issuer.PendingError
	if err := d.Resume(t.Context()); !errors.As(err, &waiting) || len(waiting.IDs) != 1 || waiting.IDs[0] != lost.ID {
		t.Fatalf("Resume said %v", err)
	}
	for id, want := range map[string]issuer.State{lost.ID: issuer.StatePending, whole.ID: issuer.StateIssued} {
		if row, err := d.Find(t.Context(), id); err != nil || row.State != want {
			t.Errorf("%s is %s, want %s: %v", id, row.State, want, err)
		}
	}

	blind, err := issuer.New(issuer.Config{Store: keyless{d.store}, Keys: d.keys, Now: d.clock.Now})
	must(t, err)
	if err := blind.Resume(t.Context()); !errors.Is(err, errBroken) {
		t.Errorf("Resume over a store that cannot be read: %v", err)
	}
	if row, err := d.Find(t.Context(), lost.ID); err != nil || row.State != issuer.StatePending {
		t.Errorf("it is %s, %v", row.State, err)
	}
}

// leavePendingBeside is leavePending where another row is pending already.
func (d *desk) leavePendingBeside(t *testing.T, f *faulty, o issuer.Offer, other string) (left issuer.Issuance) {
	t.Helper()
	for at := 1; left.ID == ""; at++ {
		f.calls, f.breakAt = 0, at
		if _, err := d.Issue(t.Context(), clerk, o); !errors.Is(err, errBroken) {
			t.Fatalf("no pending row came about: %v", err)
		}
		f.down = false
		must(t, d.List(t.Context(), issuer.Filter{State: issuer.StatePending}, func(row issuer.Issuance) bool {
			if row.ID != other {
				left = row
			}
			return true
		}))
	}
	f.breakAt = 0
	return left
}

// keyless is a store that cannot read its keys.
type keyless struct{ issuer.Store }

func (k keyless) View(ctx context.Context, f func(issuer.Tx) error) error {
	return k.Store.View(ctx, func(tx issuer.Tx) error { return f(keylessTx{tx}) })
}

type keylessTx struct{ issuer.Tx }

func (keylessTx) KeysOf(string) ([]issuer.KeyRecord, error) { return nil, errBroken }
