package verifier_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"fmt"
	"testing"

	"github.com/employment-passport/passport/schema"
	"github.com/employment-passport/passport/verifier"
)

// A presentation that somebody else signed says nothing against a good component
// that lies beside it, and nothing against the passport.
func TestBadNeighbourFellsNoPassport(t *testing.T) {
	w := emptyWorld(t)
	w.mayAward()
	w.addList(revocations, "revocation", now.Add(-hour))
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	stolen := w.showAs(w.holderDID, key, []string{w.part(3)})
	v := w.verifier()
	passport, err := v.Verify(context.Background(), []string{w.award()}, verifier.HolderBinding{})
	must(t, err)
	folder, err := v.Verify(context.Background(), []string{w.part(1), stolen}, verifier.HolderBinding{})
	must(t, err)
	if folder.Verdict != verifier.Invalid {
		t.Fatalf("the neighbour is %s", folder.Verdict)
	}
	verifier.JudgeTogether(passport, folder)
	if c := check(t, passport, verifier.CodeComponents); passport.Verdict != verifier.Valid || c.Args["count"] != "1" {
		t.Errorf("the passport is %s for %s, %v", passport.Verdict, passport.Reason, c.Args)
	}
}

// What was suspended stays suspended when its copy runs out.
func TestSuspendedAndRunOutComponentFellsThePassport(t *testing.T) {
	w := newWorld(t)
	w.mayAward()
	w.addList(suspensions, "suspension", now.Add(-hour), index)
	r := w.judgeAll(w.award(), w.issue(set("id", partID(1)), suspendable, set("validUntil", "2026-11-21T00:00:00Z")))
	if p := r.Credentials()[0]; p.Verdict != verifier.Invalid || p.Reason != verifier.CodeComponentRevoked {
		t.Errorf("passport %s for %s", p.Verdict, p.Reason)
	}
}

// Whoever hides a revoked component and shows what says that it replaces it gains
// nothing: it is told, and all is not shown.
func TestSuccessorOfAnUnseenComponentDoesNotCount(t *testing.T) {
	w := emptyWorld(t)
	w.mayAward()
	w.addList(revocations, "revocation", now.Add(-hour), 102)
	composite, one, three := w.award(), w.part(1), w.part(3)
	mine := w.issue(set("id", partID(4)), replacing(partID(2)))
	home := w.body
	w.body = newBody(t, "did:web:altro.example")
	w.entities = append(w.entities, w.body.entity(t))
	w.addList("https://altro.example/status/1", "revocation", now.Add(-hour))
	strangers := w.issue(set("id", partID(5)), replacing(partID(2)), status(map[string]any{
		"id": fmt.Sprintf("https://altro.example/status/1#%d", index), "statusListCredential": "https://altro.example/status/1",
	}))
	w.body = home
	for name, successor := range map[string]string{"of the same body": mine, "of a stranger": strangers} {
		r := w.judgeAll(composite, one, three, successor)
		count, told := check(t, r, verifier.CodeComponents), check(t, r, verifier.CodeComponentReplaced)
		if r.Credentials()[0].Verdict != verifier.Valid || count.Outcome != verifier.Noted || count.Args["count"] != "2" || told.Args["case"] != "unseen" {
			t.Errorf("%s: %v %v, told %v", name, count.Outcome, count.Args, told.Args)
		}
	}
}

// A birth date written short hides no revoked component: it fells the passport
// that names it. A good one still does not count, and another year is somebody
// else.
func TestShortBirthDateHidesNoRevocation(t *testing.T) {
	for birth, reason := range map[string]string{
		"1994": verifier.CodeComponentRevoked, "1994-03": verifier.CodeComponentRevoked, "1994-04": "", "1999": "",
	} {
		w := emptyWorld(t)
		w.mayAward()
		w.addList(revocations, "revocation", now.Add(-hour), 101)
		paper := w.award(func(l *schema.Learner) { l.Holder, l.BirthDate = "", birth })
		r := w.judgeAll(paper, w.part(1, bearer), w.part(2, bearer))
		p := r.Credentials()[0]
		if (p.Verdict == verifier.Invalid) != (reason != "") || reason != "" && p.Reason != reason {
			t.Errorf("%s: passport %s for %s", birth, p.Verdict, p.Reason)
		}
		want := partID(2)
		if reason == "" {
			want = partID(1) + " " + partID(2)
		}
		if got := check(t, r, verifier.CodeComponentOther); got.Args["ids"] != want {
			t.Errorf("%s: somebody else's %v", birth, got.Args)
		}
	}
}

// One that may be the person's and was replaced by a valid one fells nothing.
func TestReplacedComponentOfAShortBirthDateFellsNothing(t *testing.T) {
	w := emptyWorld(t)
	w.mayAward()
	w.addList(revocations, "revocation", now.Add(-hour), 101)
	paper := w.award(func(l *schema.Learner) { l.Holder, l.BirthDate = "", "1994" })
	r := w.judgeAll(paper, w.part(1, bearer), w.part(4, bearer, replacing(partID(1))))
	if p := r.Credentials()[0]; p.Verdict != verifier.Valid {
		t.Errorf("passport %s for %s", p.Verdict, p.Reason)
	}
}
