package issuer_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/issuer"
)

var errBroken = errors.New("the disk is broken")

// faulty breaks the n-th write of a store: that call fails, and so does every
// transaction that begins after it, until it is mended. It stands for a crash
// there as well: what is durable then is all that a restart finds.
type faulty struct {
	issuer.Store
	breakAt int // counts down; 0 is never
	calls   int
	down    bool
}

func (f *faulty) Update(ctx context.Context, do func(issuer.Tx) error) error {
	if f.down {
		return errBroken
	}
	return f.Store.Update(ctx, func(tx issuer.Tx) error {
		if err := do(&faultyTx{tx, f}); err != nil {
			return err
		}
		return f.strike() // the commit itself
	})
}

func (f *faulty) strike() error {
	f.calls++
	if f.breakAt != 0 && f.calls == f.breakAt {
		f.down = true
		return errBroken
	}
	return nil
}

type faultyTx struct {
	issuer.Tx
	f *faulty
}

func (tx *faultyTx) PutIssuance(i issuer.Issuance) error {
	if err := tx.f.strike(); err != nil {
		return err
	}
	return tx.Tx.PutIssuance(i)
}

func (tx *faultyTx) PutStatusList(l issuer.StatusList) error {
	if err := tx.f.strike(); err != nil {
		return err
	}
	return tx.Tx.PutStatusList(l)
}

func (tx *faultyTx) PutStatusBits(url string, bits []byte) error {
	if err := tx.f.strike(); err != nil {
		return err
	}
	return tx.Tx.PutStatusBits(url, bits)
}

func (tx *faultyTx) AppendAudit(e issuer.AuditEntry) error {
	if err := tx.f.strike(); err != nil {
		return err
	}
	return tx.Tx.AppendAudit(e)
}

func (tx *faultyTx) PutComposite(c issuer.Composite) error {
	if err := tx.f.strike(); err != nil {
		return err
	}
	return tx.Tx.PutComposite(c)
}

func (tx *faultyTx) PutDefinition(id, version, token string) error {
	if err := tx.f.strike(); err != nil {
		return err
	}
	return tx.Tx.PutDefinition(id, version, token)
}

// newFaultyDesk is a desk whose store can be broken.
func newFaultyDesk(t *testing.T) (*desk, *faulty) {
	f := &faulty{}
	d := newDeskOver(t, func(s issuer.Store) issuer.Store {
		f.Store = s
		return f
	})
	return d, f
}

// sound asserts what must hold after any crash: the chain is whole, no index is
// given twice, every issued row has a token that reads, nothing is pending.
func (d *desk) sound(t *testing.T) (issued int) {
	t.Helper()
	_, _, err := d.VerifyAudit(t.Context())
	must(t, err)
	taken := map[string]string{}
	must(t, d.List(t.Context(), issuer.Filter{}, func(row issuer.Issuance) bool {
		place := fmt.Sprint(row.StatusList, "#", row.StatusIndex)
		if other, twice := taken[place]; twice {
			t.Errorf("%s is of %s and %s", place, other, row.ID)
		}
		taken[place] = row.ID
		switch row.State {
		case issuer.StatePending:
			t.Errorf("%s is still pending", row.ID)
		case issuer.StateVoid:
		default:
			issued++
			if _, _, err := jose.ParseUnverified(row.Token); err != nil {
				t.Errorf("%s: %v", row.ID, err)
			}
		}
		return true
	}))
	return issued
}

// A crash at each write of Issue: afterwards the credential is there once or
// not at all, and a repetition under the same key always gives exactly one.
func TestIssueSurvivesACrashAtEveryWrite(t *testing.T) {
	for at := 1; ; at++ {
		d, f := newFaultyDesk(t)
		plain, _ := d.templateNames(t)
		o := d.offer(t, plain, "MC-1")
		o.IdempotencyKey = "the same"
		f.calls, f.breakAt = 0, at
		_, err := d.Issue(t.Context(), clerk, o)
		if !f.down {
			must(t, err)
			if at < 6 {
				t.Fatalf("only %d writes", at-1)
			}
			return
		}
		if !errors.Is(err, errBroken) {
			t.Fatalf("write %d failed, and Issue said %v", at, err)
		}
		f.down, f.breakAt = false, 0
		must(t, d.Resume(t.Context()))
		before := d.sound(t)
		again, err := d.Issue(t.Context(), clerk, o)
		must(t, err)
		if issued := d.sound(t); issued != 1 || again.Repeated != (before == 1) {
			t.Errorf("write %d: %d credentials after Resume, %d after a repetition", at, before, issued)
		}
	}
}

// The same without Resume: the repetition itself finishes a pending row.
func TestRepetitionFinishesWhatIsPending(t *testing.T) {
	d, f := newFaultyDesk(t)
	plain, _ := d.templateNames(t)
	o := d.offer(t, plain, "MC-1")
	o.IdempotencyKey = "the same"
	pending := d.leavePending(t, f, o)
	row, err := d.Issue(t.Context(), clerk, o)
	must(t, err)
	if row.ID != pending.ID || row.StatusIndex != pending.StatusIndex || row.Token == "" {
		t.Errorf("the pending row was %s, issued is %s", pending.ID, row.ID)
	}
	d.sound(t)
}

// leavePending fails the last write of an issuing, after the signature.
func (d *desk) leavePending(t *testing.T, f *faulty, o issuer.Offer) (left issuer.Issuance) {
	t.Helper()
	for f.breakAt = 1; ; f.breakAt++ {
		f.calls = 0
		_, err := d.Issue(t.Context(), clerk, o)
		if !errors.Is(err, errBroken) {
			t.Fatalf("no pending row came about: %v", err)
		}
		f.down = false
		must(t, d.List(t.Context(), issuer.Filter{State: issuer.StatePending}, func(row issuer.Issuance) bool {
			left = row
			return false
		}))
		if left.ID != "" {
			f.breakAt = 0
			return left
		}
	}
}

// P2: the final write after the signature fails. There is a record, it can be
// revoked, and its index is never given again.
func TestWhatMayHaveBeenSignedCanBeRevoked(t *testing.T) {
	d, f := newFaultyDesk(t)
	plain, _ := d.templateNames(t)
	pending := d.leavePending(t, f, d.offer(t, plain, "MC-1"))
	got, err := d.Revoke(t.Context(), clerk, "MC-1", mistake)
	must(t, err)
	if got.ID != pending.ID || !d.bit(t, pending.StatusList, pending.StatusIndex) {
		t.Error("a pending credential was not revoked")
	}
	must(t, d.Resume(t.Context()))
	if got, err = d.Find(t.Context(), "MC-1"); err != nil || got.State != issuer.StateRevoked {
		t.Errorf("after Resume it is %s, %v", got.State, err)
	}
	for n := range 20 {
		if row := d.issue(t, plain, fmt.Sprint("N-", n)); row.StatusIndex == pending.StatusIndex {
			t.Fatal("the index was given again")
		}
	}
}

// R17: the key is away. Nothing half is left behind, and it works again later.
func TestKeyAway(t *testing.T) {
	d, f := newFaultyDesk(t)
	plain, _ := d.templateNames(t)
	d.keys.away = errors.New("no token in the slot")
	_, err := d.Issue(t.Context(), clerk, d.offer(t, plain, "MC-1"))
	if !errors.Is(err, d.keys.away) {
		t.Fatalf("got %v", err)
	}
	if n := d.sound(t); n != 0 {
		t.Errorf("%d credentials without a key", n)
	}
	d.keys.away = nil
	d.leavePending(t, f, d.offer(t, plain, "MC-2"))
	d.keys.away = errors.New("no token in the slot")
	if err := d.Resume(t.Context()); !errors.Is(err, d.keys.away) {
		t.Errorf("Resume without a key: %v", err)
	}
	d.keys.away = nil
	must(t, d.Resume(t.Context()))
	if row, err := d.Find(t.Context(), "MC-2"); err != nil || row.State != issuer.StateIssued {
		t.Errorf("MC-2 is %s, %v", row.State, err)
	}
	d.issue(t, plain, "MC-3")
	d.sound(t)
}

// A pending row whose day no key in use covers is voided: every verifier would
// refuse it.
func TestResumeVoidsWhatNoKeyCovers(t *testing.T) {
	d, f := newFaultyDesk(t)
	plain, _ := d.templateNames(t)
	pending := d.leavePending(t, f, d.offer(t, plain, "MC-1"))
	d.clock.pass(48 * time.Hour)
	_, err := d.RotateKey(t.Context(), clerk, "ente", "credential")
	must(t, err)
	must(t, d.Resume(t.Context()))
	row, err := d.Find(t.Context(), pending.ID)
	must(t, err)
	if row.State != issuer.StateVoid || !d.bit(t, row.StatusList, row.StatusIndex) {
		t.Errorf("it is %s", row.State)
	}
}

// A crash at each write of a reissue: the old copy is superseded exactly when
// the new one is issued.
func TestReissueSurvivesACrashAtEveryWrite(t *testing.T) {
	for at := 1; ; at++ {
		d, f := newFaultyDesk(t)
		plain, _ := d.templateNames(t)
		old := d.issue(t, plain, "MC-1")
		f.calls, f.breakAt = 0, at
		_, err := d.Reissue(t.Context(), clerk, old.ID, nil)
		if !f.down {
			must(t, err)
			return
		}
		f.down, f.breakAt = false, 0
		must(t, d.Resume(t.Context()))
		fresh := d.sound(t) - 1
		now, err := d.Find(t.Context(), old.ID)
		must(t, err)
		if superseded := now.State == issuer.StateSuperseded; superseded != (fresh == 1) {
			t.Errorf("write %d: the old copy is %s beside %d new ones", at, now.State, fresh)
		}
	}
}

// Ctrl-C in the middle of a sheet: what was begun is finished, and the same
// sheet run again issues exactly the missing ones.
func TestInterruptedSheet(t *testing.T) {
	d := newDesk(t)
	plain, _ := d.templateNames(t)
	var err error
	d.Issuer, err = issuer.New(issuer.Config{Store: d.store, Keys: d.keys, Now: d.clock.Now, BatchSize: 10})
	must(t, err)
	offers := make([]issuer.Offer, 95)
	for n := range offers {
		offers[n] = d.offer(t, plain, fmt.Sprint("MC-", n))
		offers[n].IdempotencyKey = fmt.Sprint("row ", n)
	}
	ctx, cancel := context.WithCancel(t.Context())
	first, err := d.IssueBatch(ctx, clerk, offers, func(done, total int) {
		if done == 30 {
			cancel()
		}
	})
	if len(first) != len(offers) {
		t.Fatalf("%d results for %d offers", len(first), len(offers))
	}
	first = slices.DeleteFunc(first, func(row issuer.Issuance) bool { return row.ID == "" }) // not come to
	if !errors.Is(err, context.Canceled) || len(first) < 30 || len(first) == len(offers) {
		t.Fatalf("%d issued, %v", len(first), err)
	}
	if n := d.sound(t); n != len(first) {
		t.Errorf("%d issued, %d in the register", len(first), n)
	}
	second, err := d.IssueBatch(t.Context(), clerk, offers, nil)
	must(t, err)
	repeated := 0
	for n, row := range second {
		if row.Repeated {
			repeated++
		}
		if row.DocumentNumber != offers[n].Learner.DocumentNumber || n < len(first) && row.ID != first[n].ID {
			t.Fatalf("row %d is %s", n, row.DocumentNumber)
		}
	}
	if repeated != len(first) || d.sound(t) != len(offers) {
		t.Errorf("%d repeated of %d, %d in all", repeated, len(first), d.sound(t))
	}
}

// A sheet with one learner who cannot have the document issues nothing, and
// says which one it was.
func TestFaultyOfferStopsTheSheet(t *testing.T) {
	d := newDesk(t)
	plain, _ := d.templateNames(t)
	offers := []issuer.Offer{d.offer(t, plain, "A"), d.offer(t, plain, "B"), d.offer(t, plain, "C")}
	offers[1].Learner.BirthDate = "2999-01-01"
	_, err := d.IssueBatch(t.Context(), clerk, offers, nil)
	var faulty *issuer.OfferError
	if !errors.As(err, &faulty) || faulty.Offer != 1 {
		t.Errorf("got %v", err)
	}
	if n := d.sound(t); n != 0 {
		t.Errorf("%d issued", n)
	}
}
