package issuer_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/employment-passport/passport/issuer"
)

// judged answers for every component of another body.
func judged(s issuer.Standing) issuer.Judge {
	return func(context.Context, issuer.Component) (issuer.Judged, error) {
		return issuer.Judged{Standing: s, Code: "a_code", AsOf: today}, nil
	}
}

func (w *awards) review(t testing.TB, r issuer.Review) []issuer.Reviewed {
	t.Helper()
	told, _, err := w.ReviewComposites(t.Context(), clerk, r)
	must(t, err)
	return told
}

// Only what has fallen for good ends a passport; what nobody knows and what is
// suspended is told and changes nothing.
func TestReviewEndsOnlyWhatHasFallen(t *testing.T) {
	w := newAwards(t, 3, 3)
	own := w.twenty(t, amina)
	passport := w.award(t, own[0], own[1], foreign(t, 3))
	for standing, n := range map[issuer.Standing]int{issuer.StandingGood: 0, issuer.StandingUnknown: 1, issuer.StandingSuspended: 1} {
		if told := w.review(t, issuer.Review{Judge: judged(standing)}); len(told) != n {
			t.Errorf("standing %d: told %+v", standing, told)
		}
		if now := w.now(t, passport.ID); now.State != issuer.StateIssued {
			t.Fatalf("standing %d: the passport is %s", standing, now.State)
		}
	}
	w.review(t, issuer.Review{Judge: judged(issuer.StandingFallen), DryRun: true})
	if now := w.now(t, passport.ID); now.State != issuer.StateIssued {
		t.Fatalf("after a dry run the passport is %s", now.State)
	}
	told := w.review(t, issuer.Review{Judge: judged(issuer.StandingFallen)})
	if now := w.now(t, passport.ID); len(told) != 1 || told[0].Replacement != "" || now.State != issuer.StateRevoked || now.Reason != issuer.ReasonComponent || now.Note != "component "+told[0].Component.ID {
		t.Errorf("the passport is %s, %s; told %+v", now.State, now.Reason, told)
	}
	if told := w.review(t, issuer.Review{Judge: judged(issuer.StandingFallen)}); len(told) != 0 {
		t.Errorf("what has ended is told again: %+v", told)
	}
	w.neverGreen(t)
}

// A foreign component was replaced, and the review comes before its holder: the
// passport ends without a word against the assessment, the notice names what
// fell, and with the new copy the passport is awarded again.
func TestReviewBeforeTheNewCopyComes(t *testing.T) {
	d, w := town(t), newAwards(t, 2, 2)
	var told []map[string]string
	var err error
	w.Issuer, err = issuer.New(issuer.Config{Store: w.store, Keys: w.keys, Now: w.clock.Now, Notice: func(_ string, args map[string]string) { told = append(told, args) }})
	must(t, err)
	own, theirs := w.twenty(t, amina)[0], foreignTo(t, d, 2, amina)
	passport := w.award(t, own, theirs)
	next, err := d.Reissue(t.Context(), clerk, theirs.ID, nil)
	must(t, err)
	w.review(t, issuer.Review{Judge: judged(issuer.StandingFallen)})
	now := w.now(t, passport.ID)
	if now.State != issuer.StateRevoked || now.Reason != issuer.ReasonComponent || len(told) != 1 || told[0]["component"] != theirs.ID {
		t.Errorf("the passport is %s, %s; told %v", now.State, now.Reason, told)
	}
	again := w.award(t, own, *next)
	if named := parts(t, again); again.State != issuer.StateIssued || again.ID == passport.ID || named["R02"] != next.ID {
		t.Errorf("%s names %v", again.State, named)
	}
	w.neverGreen(t)
}

// A crash at each write of a review: the passport stands with nothing written, or
// has ended; a second review finishes what the first began.
func TestReviewSurvivesACrashAtEveryWrite(t *testing.T) {
	theirs := foreign(t, 3)
	for at := 1; ; at++ {
		d, f := newBareFaultyDesk(t)
		w := newAwardsOver(t, d, 3, 2)
		own := w.twenty(t, amina)
		passport := w.award(t, own[0], own[1], theirs)
		f.calls, f.breakAt = 0, at
		_, _, err := w.ReviewComposites(t.Context(), clerk, issuer.Review{Judge: judged(issuer.StandingFallen)})
		broke := f.down
		f.down, f.breakAt = false, 0
		w.neverGreen(t)
		if err != nil && !errors.Is(err, errBroken) {
			t.Fatalf("write %d: %v", at, err)
		}
		must(t, w.Resume(t.Context()))
		w.review(t, issuer.Review{Judge: judged(issuer.StandingFallen)})
		now := w.now(t, passport.ID)
		if now.State != issuer.StateRevoked || now.SupersededBy == "" {
			t.Errorf("write %d: the passport is %s, replaced by %q", at, now.State, now.SupersededBy)
		} else if named := parts(t, w.now(t, now.SupersededBy)); len(named) != 2 || named["R03"] != "" {
			t.Errorf("write %d: the new one names %v", at, named)
		}
		w.neverGreen(t)
		w.sound(t)
		if !broke {
			must(t, err)
			return
		}
	}
}

// The register alone speaks of what is this home's own: no judge is asked, and
// a foreign credential that uses the id of one of ours does not fall with it.
func TestOwnAndForeignAreToldApart(t *testing.T) {
	w := newAwards(t, 2, 2)
	own := w.twenty(t, amina)
	passport := w.award(t, own[0], own[1])
	asked := 0
	w.review(t, issuer.Review{Judge: func(context.Context, issuer.Component) (issuer.Judged, error) {
		asked++
		return issuer.Judged{Standing: issuer.StandingFallen}, nil
	}})
	if now := w.now(t, passport.ID); asked != 0 || now.State != issuer.StateIssued {
		t.Errorf("asked %d times, the passport is %s", asked, now.State)
	}

	theirs := foreign(t, 2)
	ours, err := w.IssueRaw(t.Context(), clerk, issuer.RawOffer{
		Issuer: "ente", Document: []byte(strings.Replace(rawDocument, `"type":[`, `"id":"`+theirs.ID+`","type":[`, 1)),
	})
	must(t, err)
	second := w.award(t, own[0], theirs)
	_, err = w.Revoke(t.Context(), clerk, ours.ID, mistake)
	must(t, err)
	if now := w.now(t, second.ID); ours.ID != theirs.ID || now.State != issuer.StateIssued {
		t.Errorf("the passport fell with a namesake: it is %s", now.State)
	}
}
