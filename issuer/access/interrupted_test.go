package access_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/access"
	"github.com/employment-passport/passport/schema"
)

// TestFaultInterruptedApproval: the approver's process dies at every write that
// an approval makes. What was prepared is neither lost nor done twice: whoever
// approves after that, or the server's housekeeping, finishes it.
func TestFaultInterruptedApproval(t *testing.T) {
	for _, kind := range []access.Kind{access.KindIssue, access.KindRevoke, access.KindReissue} {
		for _, tend := range []bool{false, true} {
			interrupted := 0
			for at := 1; ; at++ {
				if !interrupt(t, kind, at, tend) {
					break
				}
				interrupted++
			}
			if interrupted < 3 {
				t.Errorf("%s: interrupted at %d writes only", kind, interrupted)
			}
		}
	}
}

// interrupt dies at the n-th write; false when there was none such.
func interrupt(t *testing.T, kind access.Kind, n int, tend bool) bool {
	w := newWorld(t)
	template := w.template()
	w.fourEyes()
	d := issuing(template, 1, 2)
	rows := 2
	if kind != access.KindIssue {
		row := w.issue(template, 1)
		d = access.Draft{Kind: kind, Issuer: "ente", Credential: row.ID}
		if kind == access.KindRevoke {
			d.Reason = schema.IssuedInError
		}
		rows = 1 + map[access.Kind]int{access.KindReissue: 1}[kind]
	}
	o := w.prepare(anna, d)
	dying := &dying{Store: w.store, left: n}
	i, err := issuer.New(issuer.Config{Store: dying, Keys: w.ring, Now: w.now})
	must(t, err)
	s, err := access.New(access.Config{Issuer: i, Store: dying, Now: w.now})
	must(t, err)
	_, err = s.Approve(t.Context(), ben, o.ID)
	if err == nil {
		return false
	}
	is(t, err, errDied)

	w.pass(5 * time.Minute)
	must(t, w.issuer.Resume(t.Context())) // as at every start
	if tend && n > 1 {
		must(t, w.Tend(t.Context()))
	} else {
		_, err = w.Approve(t.Context(), carla, o.ID)
		must(t, err)
	}
	done, err := w.Proposal(t.Context(), ben, o.ID)
	must(t, err)
	all := 0
	must(t, w.issuer.List(t.Context(), issuer.Filter{}, func(r issuer.Issuance) bool {
		if r.State != issuer.StateVoid {
			all++
		}
		return true
	}))
	if done.State != access.StateDone || all != rows {
		t.Errorf("%s dead at write %d: %s %s, %d rows instead of %d", kind, n, done.State, done.Code, all, rows)
	}
	if n > 1 && done.DecidedBy != ben.Actor {
		t.Errorf("finished in the name of %s", done.DecidedBy)
	}
	return true
}

var errDied = errors.New("the process died")

// dying is a store whose process dies at a write.
type dying struct {
	issuer.Store
	left int
}

func (d *dying) Update(ctx context.Context, f func(issuer.Tx) error) error {
	if d.left--; d.left <= 0 {
		return errDied
	}
	return d.Store.Update(ctx, f)
}

// TestAKeyThatIsAwayLeavesItTaken: nothing is decided by a keyring that does not
// answer.
func TestAKeyThatIsAwayLeavesItTaken(t *testing.T) {
	w := newWorld(t)
	o := w.prepare(anna, issuing(w.template(), 1))
	w.ring.setAway(errors.New("no answer"))
	if _, err := w.Approve(t.Context(), ben, o.ID); err == nil {
		t.Fatal("issued without a key")
	}
	_, err := w.Approve(t.Context(), carla, o.ID)
	refused(t, err, "proposal_taken")
	w.ring.setAway(nil)
	w.pass(3 * time.Minute)
	must(t, w.Tend(t.Context()))
	done, err := w.Proposal(t.Context(), ben, o.ID)
	must(t, err)
	if done.State != access.StateDone || len(done.Results) != 1 || w.issued() != 1 {
		t.Errorf("%+v, %d issued", done, w.issued())
	}
}
