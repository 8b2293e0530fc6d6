package verifier_test

import (
	"context"
	"testing"

	"github.com/employment-passport/passport/verifier"
)

// TestVerdictComposite is the row of the table of verdicts "composite with a revoked
// component: INVALID, naming it; a superseded component counts through its
// successor".
func TestVerdictComposite(t *testing.T) {
	fallen := func(t *testing.T, revoked ...int) *world {
		w := emptyWorld(t)
		w.mayAward()
		w.addList(revocations, "revocation", now.Add(-hour), revoked...)
		return w
	}
	t.Run("composite with a revoked component", func(t *testing.T) {
		w := fallen(t, 102)
		r := w.judgeAll(w.award(), w.part(1), w.part(2), w.part(3))
		passport := r.Credentials()[0]
		if r.Verdict != verifier.Invalid || passport.Verdict != verifier.Invalid || passport.Reason != verifier.CodeComponentRevoked {
			t.Errorf("%s, passport %s for %s", r.Verdict, passport.Verdict, passport.Reason)
		}
		c := check(t, r, verifier.CodeComponentRevoked)
		if c.Args["ids"] != partID(2) || c.Args["names"] != "Igiene degli alimenti in cucina (LC-P2)" || c.Args["count"] != "1" {
			t.Errorf("named as %v", c.Args)
		}
		if r.Credentials()[1].Verdict != verifier.Valid || r.Credentials()[2].Reason != verifier.CodeRevoked {
			t.Error("the components are not judged each by itself")
		}
	})
	t.Run("a superseded component counts through its successor", func(t *testing.T) {
		w := fallen(t, 102)
		r := w.judgeAll(w.award(), w.part(1), w.part(2), w.part(3), w.part(4, replacing(partID(2))))
		passport := r.Credentials()[0]
		if passport.Verdict != verifier.Valid {
			t.Errorf("passport %s for %s", passport.Verdict, passport.Reason)
		}
		if c := check(t, r, verifier.CodeComponentReplaced); c.Args["ids"] != partID(2) {
			t.Errorf("named as %v", c.Args)
		}
	})
	t.Run("a chain of successors", func(t *testing.T) {
		w := fallen(t, 102, 104)
		old, next := w.part(2), w.part(4, replacing(partID(2)))
		last := w.part(5, replacing(partID(4)))
		if p := w.judgeAll(w.award(), old, next, last).Credentials()[0]; p.Verdict != verifier.Valid {
			t.Errorf("passport %s for %s", p.Verdict, p.Reason)
		}
		if p := w.judgeAll(w.award(), old, next).Credentials()[0]; p.Reason != verifier.CodeComponentRevoked {
			t.Errorf("the last of the chain is revoked, passport %s for %s", p.Verdict, p.Reason)
		}
	})
	t.Run("a chain that bites its tail", func(t *testing.T) {
		w := fallen(t, 102, 104)
		r := w.judgeAll(w.award(), w.part(2, replacing(partID(4))), w.part(4, replacing(partID(2))))
		if p := r.Credentials()[0]; p.Reason != verifier.CodeComponentRevoked {
			t.Errorf("passport %s for %s", p.Verdict, p.Reason)
		}
	})
	t.Run("the same in a presentation", func(t *testing.T) {
		w := fallen(t, 102)
		r, err := w.verifier().VerifyPresentation(context.Background(), w.show([]string{w.award(), w.part(1), w.part(2)}), verifier.HolderBinding{})
		must(t, err)
		if p := r.Credentials()[0]; p.Reason != verifier.CodeComponentRevoked || p.Holder != verifier.HolderLive {
			t.Errorf("passport %s for %s", p.Verdict, p.Reason)
		}
	})
	t.Run("the same in several codes", func(t *testing.T) {
		w := fallen(t, 102)
		composite, part := w.judgeAll(w.award()), w.judgeAll(w.part(2))
		if composite.Verdict != verifier.Valid {
			t.Fatalf("alone: %s for %s", composite.Verdict, composite.Reason)
		}
		verifier.JudgeTogether(composite, part)
		verifier.JudgeTogether(composite, part) // again, and nothing is told twice
		if composite.Verdict != verifier.Invalid || composite.Reason != verifier.CodeComponentRevoked || composite.Judged()[0].Verdict != verifier.Invalid {
			t.Errorf("together: %s for %s", composite.Verdict, composite.Reason)
		}
		n := 0
		for _, c := range composite.Checks {
			if c.Code == verifier.CodeComponentRevoked {
				n++
			}
		}
		if n != 1 {
			t.Errorf("told %d times", n)
		}
	})
}
