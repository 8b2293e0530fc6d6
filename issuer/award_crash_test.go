package issuer_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/employment-passport/passport/issuer"
)

// newBareFaultyDesk is newFaultyDesk without templates.
func newBareFaultyDesk(t *testing.T) (*desk, *faulty) {
	f := &faulty{}
	return newBareDesk(t, func(s issuer.Store) issuer.Store {
		f.Store = s
		return f
	}), f
}

// A crash at each write of Award: the passport is there once or not at all, and
// what it is made of is stored with it.
func TestAwardSurvivesACrashAtEveryWrite(t *testing.T) {
	for at := 1; ; at++ {
		d, f := newBareFaultyDesk(t)
		w := newAwardsOver(t, d, 2, 2)
		offer := w.offerOf(t, w.twenty(t, amina)...)
		f.calls, f.breakAt = 0, at
		_, err := w.Award(t.Context(), clerk, offer)
		if !f.down {
			must(t, err)
			if at < 8 {
				t.Fatalf("only %d writes", at-1)
			}
			return
		}
		if !errors.Is(err, errBroken) {
			t.Fatalf("write %d failed, and Award said %v", at, err)
		}
		f.down, f.breakAt = false, 0
		must(t, w.Resume(t.Context()))
		before := w.sound(t) - 2
		w.neverGreen(t)
		again, err := w.Award(t.Context(), clerk, offer)
		must(t, err)
		if issued := w.sound(t) - 2; issued != 1 || again.Repeated != (before == 1) {
			t.Errorf("write %d: %d passports after Resume, %d after a repetition", at, before, issued)
		}
		w.neverGreen(t)
	}
}

// A crash at each write of a revocation: the component and the passport are both
// revoked or both not, and a new passport comes about once or not at all.
func TestFallSurvivesACrashAtEveryWrite(t *testing.T) {
	for _, left := range []int{2, 1} { // what the definition asks of two
		for at := 1; ; at++ {
			d, f := newBareFaultyDesk(t)
			w := newAwardsOver(t, d, 2, left)
			all := w.twenty(t, amina)
			passport := w.award(t, all...)
			f.calls, f.breakAt = 0, at
			_, err := w.Revoke(t.Context(), clerk, all[0].ID, mistake)
			broke := f.down
			f.down, f.breakAt = false, 0
			w.neverGreen(t)
			component, composite := w.now(t, all[0].ID), w.now(t, passport.ID)
			if component.Ended() != composite.Ended() || component.Ended() != (err == nil) {
				t.Errorf("write %d: the component is %s, the passport %s, and Revoke said %v", at, component.State, composite.State, err)
			}
			must(t, w.Resume(t.Context()))
			w.neverGreen(t)
			w.sound(t)
			if next := w.now(t, passport.ID).SupersededBy; component.Ended() && (next != "") != (left == 1) {
				t.Errorf("write %d: replaced by %q", at, next)
			}
			if !broke {
				must(t, err)
				break
			}
		}
	}
}

// A crash at each write of a component's reissue: the passport stands on the one
// copy that is good.
func TestSuccessionSurvivesACrashAtEveryWrite(t *testing.T) {
	for at := 1; ; at++ {
		d, f := newBareFaultyDesk(t)
		w := newAwardsOver(t, d, 2, 2)
		all := w.twenty(t, amina)
		passport := w.award(t, all...)
		f.calls, f.breakAt = 0, at
		_, err := w.Reissue(t.Context(), clerk, all[0].ID, nil)
		broke := f.down
		f.down, f.breakAt = false, 0
		w.neverGreen(t)
		must(t, w.Resume(t.Context()))
		w.neverGreen(t)
		w.sound(t)
		if now := w.now(t, passport.ID); now.State != issuer.StateIssued {
			t.Errorf("write %d: the passport is %s", at, now.State)
		}
		if !broke {
			must(t, err)
			return
		}
	}
}

// Awards, reissues and revocations at once leave no passport on what has fallen.
func TestPassportsInACrowd(t *testing.T) {
	w := newAwards(t, 4, 3)
	var people [][]issuer.Issuance
	var offers []issuer.AwardOffer
	for n := range 8 {
		of := amina
		of.Name, of.GivenName = "Amina "+string(rune(0x41+n)), ""
		of.FamilyName = ""
		rows := w.twenty(t, of)
		o := w.offerOf(t, rows...)
		o.Learner = of
		people, offers = append(people, rows), append(offers, o)
	}
	var wg sync.WaitGroup
	for n := range people {
		wg.Go(func() { _, _ = w.Award(context.Background(), clerk, offers[n]) })
		wg.Go(func() { _, _ = w.Revoke(context.Background(), clerk, people[n][n%4].ID, mistake) })
		wg.Go(func() { _, _ = w.Reissue(context.Background(), clerk, people[n][(n+1)%4].ID, nil) })
	}
	wg.Wait()
	w.neverGreen(t)
}
