package issuer_test

import (
	"strings"
	"testing"

	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/schema"
)

// A foreign component's successor counts only for the same person and the same
// requirement: one for somebody else and one of another course leave the
// passport to fall.
func TestHeirIsTheSamePersonsAndMeetsTheSame(t *testing.T) {
	for name, c := range map[string]struct {
		next   func(t *testing.T, d *desk, old issuer.Issuance) *issuer.Issuance
		stands bool
	}{
		"a new copy": {func(t *testing.T, d *desk, old issuer.Issuance) *issuer.Issuance {
			next, err := d.Reissue(t.Context(), clerk, old.ID, nil)
			must(t, err)
			return next
		}, true},
		"for somebody else": {func(t *testing.T, d *desk, old issuer.Issuance) *issuer.Issuance {
			next, err := d.Reissue(t.Context(), clerk, old.ID, &bruno)
			must(t, err)
			return next
		}, false},
		"of a course that meets something else": {func(t *testing.T, d *desk, old issuer.Issuance) *issuer.Issuance {
			d.changeCourse(t, 2, 9)
			next, err := d.Reissue(t.Context(), clerk, old.ID, nil)
			must(t, err)
			return next
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			w, d := newAwards(t, 2, 2), town(t)
			theirs := foreignTo(t, d, 2, amina)
			passport := w.award(t, w.twenty(t, amina)[0], theirs)
			next := c.next(t, d, theirs)
			told := w.review(t, issuer.Review{Judge: judged(issuer.StandingFallen), Pieces: pieces(t, *next)})
			now := w.now(t, passport.ID)
			if stands := now.State == issuer.StateIssued; stands != c.stands || (told[0].Successor != "") != c.stands {
				t.Errorf("the passport is %s; told %+v", now.State, told)
			}
			w.neverGreen(t)
		})
	}
}

// changeCourse lets the template of course n meet what course m is for.
func (d *desk) changeCourse(t testing.TB, n, m int) {
	t.Helper()
	_, err := d.AddTemplate(t.Context(), clerk, []byte(strings.ReplaceAll(string(course(t, n)), skill(n), skill(m))), 20)
	must(t, err)
}

// A copy of ours that meets something else than the old one did fells the
// passport too, and a spare one that does is a spare one no more.
func TestOwnSuccessorMustMeetTheSame(t *testing.T) {
	w := newAwards(t, 2, 2)
	all := w.twenty(t, amina)
	passport := w.award(t, all...)
	w.changeCourse(t, 1, 9)
	_, err := w.Reissue(t.Context(), clerk, all[0].ID, nil)
	must(t, err)
	if now := w.now(t, passport.ID); now.State != issuer.StateRevoked || now.SupersededBy != "" || now.Reason != string(schema.Superseded) {
		t.Errorf("the passport is %s, %s, replaced by %q", now.State, now.Reason, now.SupersededBy)
	}
	w.neverGreen(t)
}

func TestSpareThatMeetsNothingMoreIsNone(t *testing.T) {
	for name, reissue := range map[string]func(t *testing.T, w *awards, id string){
		"it meets something else": func(t *testing.T, w *awards, id string) {
			w.changeCourse(t, 1, 9)
			_, err := w.Reissue(t.Context(), clerk, id, nil)
			must(t, err)
		},
		"it is somebody else's": func(t *testing.T, w *awards, id string) {
			_, err := w.Reissue(t.Context(), clerk, id, &bruno)
			must(t, err)
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newAwards(t, 2, 2)
			all := append(w.twenty(t, amina), w.another(t, 1))
			passport := w.award(t, all...)
			named := parts(t, passport)["R01"]
			spare := all[0].ID
			if spare == named {
				spare = all[2].ID
			}
			reissue(t, w, spare)
			if now := w.now(t, passport.ID); now.State != issuer.StateIssued {
				t.Fatalf("the passport is %s", now.State)
			}
			_, err := w.Revoke(t.Context(), clerk, named, mistake)
			must(t, err)
			if now := w.now(t, passport.ID); now.State != issuer.StateRevoked || now.SupersededBy != "" {
				t.Errorf("the passport is %s, replaced by %q", now.State, now.SupersededBy)
			}
			w.neverGreen(t)
		})
	}
}
