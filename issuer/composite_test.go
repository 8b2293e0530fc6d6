package issuer_test

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/employment-passport/passport/internal/statuslist"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/schema"
)

// Row M2: when one of twenty is revoked, the passport is revoked in the same
// act, with its bit, its entry in the log and the reason of what fell.
func TestRowM2AwardFallsWithAComponent(t *testing.T) {
	w := newAwards(t, 20, 20)
	all := w.twenty(t, amina)
	passport := w.award(t, all...)
	_, err := w.Revoke(t.Context(), clerk, all[4].ID, issuer.Reason{Code: schema.AccreditationWithdrawn})
	must(t, err)
	now := w.now(t, passport.ID)
	if now.State != issuer.StateRevoked || now.Reason != string(schema.AccreditationWithdrawn) || !w.bit(t, now.StatusList, now.StatusIndex) {
		t.Errorf("the passport is %s, %s", now.State, now.Reason)
	}
	w.neverGreen(t)
	var acts []string
	must(t, w.Audit(t.Context(), 1, func(e issuer.AuditEntry) bool {
		if e.Subject == passport.ID {
			acts = append(acts, e.Act)
		}
		return true
	}))
	if want := []string{"issue.pending", "composite.components", "issue.done", "composite.fell", "revoke"}; !slices.Equal(acts, want) {
		t.Errorf("the log says %v", acts)
	}
}

// A component that is reissued counts through its successor, and so does the
// successor's successor; when the last one is revoked the passport falls.
func TestSupersededComponentKeepsThePassport(t *testing.T) {
	w := newAwards(t, 2, 2)
	all := w.twenty(t, amina)
	passport := w.award(t, all...)
	second, err := w.Reissue(t.Context(), clerk, all[0].ID, nil)
	must(t, err)
	third, err := w.Reissue(t.Context(), clerk, second.ID, nil)
	must(t, err)
	if now := w.now(t, passport.ID); now.State != issuer.StateIssued {
		t.Fatalf("the passport is %s", now.State)
	}
	w.neverGreen(t)

	// Reissued, the passport names the copy that counts today.
	fresh, err := w.Reissue(t.Context(), clerk, passport.ID, nil)
	must(t, err)
	if named := parts(t, *fresh); named["R01"] != third.ID || named["R02"] != all[1].ID {
		t.Errorf("it names %v", named)
	}
	if now := w.now(t, passport.ID); now.State != issuer.StateSuperseded || now.SupersededBy != fresh.ID {
		t.Errorf("the old passport is %s by %s", now.State, now.SupersededBy)
	}
	_, err = w.Revoke(t.Context(), clerk, third.ID, mistake)
	must(t, err)
	if now := w.now(t, fresh.ID); now.State != issuer.StateRevoked {
		t.Errorf("the passport is %s", now.State)
	}
	w.neverGreen(t)
}

// A spare credential of the same course takes the place of one that falls, and
// 21 of 24 are still enough where 20 are asked for.
func TestPassportIsAwardedAgainWhenEnoughIsLeft(t *testing.T) {
	for name, tt := range map[string]struct {
		courses, min int
		spare        bool
	}{
		"another of the same course": {3, 3, true},
		"more than the minimum":      {3, 2, false},
	} {
		t.Run(name, func(t *testing.T) {
			w := newAwards(t, tt.courses, tt.min)
			all := w.twenty(t, amina)
			if tt.spare {
				w.clock.pass(24 * time.Hour)
				all = append(all, w.another(t, 1))
			}
			passport := w.award(t, all...)
			before := parts(t, passport)
			if tt.spare && before["R01"] != all[3].ID {
				t.Fatalf("the newest does not count: %v", before)
			}
			_, err := w.Revoke(t.Context(), clerk, before["R01"], mistake)
			must(t, err)
			was := w.now(t, passport.ID)
			if was.State != issuer.StateRevoked || was.SupersededBy == "" {
				t.Fatalf("the passport is %s, replaced by %q", was.State, was.SupersededBy)
			}
			now := w.now(t, was.SupersededBy)
			after := parts(t, now)
			if now.State != issuer.StateIssued || now.Supersedes != passport.ID || after["R02"] != before["R02"] || now.DocumentNumber != passport.DocumentNumber {
				t.Errorf("the new one is %s and names %v", now.State, after)
			}
			if left, has := after["R01"], tt.spare; has && left != all[0].ID || !has && left != "" {
				t.Errorf("R01 is %q now", left)
			}
			w.neverGreen(t)

			// There is no second spare one.
			_, err = w.Revoke(t.Context(), clerk, after["R02"], mistake)
			must(t, err)
			if last := w.now(t, now.ID); last.State != issuer.StateRevoked || last.SupersededBy != "" {
				t.Errorf("the last passport is %s, replaced by %q", last.State, last.SupersededBy)
			}
			w.neverGreen(t)
		})
	}
}

// The key is away: the revocation is not held up, and whoever has the key next
// finishes the new passport, unless that has lost its ground meanwhile.
func TestRevocationWaitsForNoKey(t *testing.T) {
	for _, loses := range []bool{false, true} {
		t.Run(fmt.Sprint("loses more ", loses), func(t *testing.T) {
			w := newAwards(t, 3, 2)
			all := w.twenty(t, amina)
			passport := w.award(t, all...)
			w.keys.away = errors.New("no token in the slot")
			_, err := w.Revoke(t.Context(), clerk, all[0].ID, mistake)
			must(t, err)
			if now := w.now(t, passport.ID); now.State != issuer.StateRevoked || now.SupersededBy != "" {
				t.Fatalf("the passport is %s", now.State)
			}
			if loses {
				_, err = w.Revoke(t.Context(), clerk, all[1].ID, mistake)
				must(t, err)
			}
			w.neverGreen(t)
			w.keys.away = nil
			must(t, w.Resume(t.Context()))
			next := w.now(t, passport.ID).SupersededBy
			if loses != (next == "") {
				t.Errorf("replaced by %q", next)
			}
			w.neverGreen(t)
		})
	}
}

// A suspended component takes nothing away for good: the passport stands and
// the desk is told, and while it is suspended nothing is awarded on it.
func TestSuspendedComponent(t *testing.T) {
	d := newDesk(t)
	_, suspendable := d.templateNames(t)
	w := newAwardsOver(t, d, 2, 2)
	record, err := d.Template(t.Context(), "course-01")
	must(t, err)
	body := bytes.Replace(record.Body, []byte(`"name":"course-01"`), []byte(`"name":"course-03","suspendable":true`), 1)
	_, err = d.AddTemplate(t.Context(), clerk, body, 20)
	must(t, err)
	var told []string
	d.Issuer, err = issuer.New(issuer.Config{Store: d.store, Keys: d.keys, Now: d.clock.Now, Notice: func(code string, _ map[string]string) { told = append(told, code) }})
	must(t, err)
	one, two := w.another(t, 3), w.another(t, 2)
	if !one.Suspendable() {
		t.Fatalf("%s is suspendable, and this is not", suspendable)
	}
	passport := w.award(t, one, two)
	_, err = w.Suspend(t.Context(), clerk, one.ID, issuer.Reason{Code: schema.Disputed}, time.Time{})
	must(t, err)
	if now := w.now(t, passport.ID); now.State != issuer.StateIssued || !slices.Equal(told, []string{"award.suspended"}) {
		t.Errorf("the passport is %s, the desk heard %v", now.State, told)
	}
	_, err = w.Revoke(t.Context(), clerk, passport.ID, mistake)
	must(t, err)
	_, err = w.Award(t.Context(), clerk, w.offerOf(t, one, two))
	refused(t, err, "award_component_ended")
	_, err = w.Reinstate(t.Context(), clerk, one.ID)
	must(t, err)
	w.award(t, one, two)
	w.neverGreen(t)
}

// An award that was revoked by itself leaves the way free for another.
func TestEndedAwardLeavesTheWayFree(t *testing.T) {
	w := newAwards(t, 2, 2)
	all := w.twenty(t, amina)
	passport := w.award(t, all...)
	_, err := w.Revoke(t.Context(), clerk, passport.ID, mistake)
	must(t, err)
	again := w.award(t, all...)
	if again.ID == passport.ID || again.Repeated {
		t.Error("the ended passport came back")
	}
	w.neverGreen(t)
}

// A passport revoked for a lost component comes back with that component's
// successor.
func TestPassportAfterALostComponent(t *testing.T) {
	w := newAwards(t, 2, 2)
	all := w.twenty(t, amina)
	passport := w.award(t, all...)
	_, err := w.Revoke(t.Context(), clerk, all[0].ID, issuer.Reason{Code: schema.LostOrCompromised})
	must(t, err)
	_, err = w.Reissue(t.Context(), clerk, passport.ID, nil)
	refused(t, err, "award_incomplete")
	found, err := w.Reissue(t.Context(), clerk, all[0].ID, nil)
	must(t, err)
	fresh, err := w.Reissue(t.Context(), clerk, passport.ID, nil)
	must(t, err)
	if named := parts(t, *fresh); named["R01"] != found.ID {
		t.Errorf("it names %v", named)
	}
	w.neverGreen(t)
}

// A wrong clock writes no passport, and revokes all the same.
func TestFallWithAWrongClock(t *testing.T) {
	w := newAwards(t, 3, 2)
	all := w.twenty(t, amina)
	passport := w.award(t, all...)
	w.clock.set(today.AddDate(-3, 0, 0))
	_, err := w.Revoke(t.Context(), clerk, all[0].ID, mistake)
	must(t, err)
	if now := w.now(t, passport.ID); now.State != issuer.StateRevoked || now.SupersededBy != "" {
		t.Errorf("the passport is %s, replaced by %q", now.State, now.SupersededBy)
	}
	w.neverGreen(t)
	w.clock.set(today)
	_, err = w.Reissue(t.Context(), clerk, passport.ID, nil)
	must(t, err)
	w.neverGreen(t)
}

// A lost phone: the components are reissued to the person's new key, and the
// passport of the old key ends with the first of them; it comes back with the
// new particulars once all are there.
func TestPassportOfALostPhone(t *testing.T) {
	w := newAwards(t, 2, 2)
	lost, found := amina, amina
	lost.Holder = "did:key:zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169"
	found.Holder = "did:key:zDnaerx9CtbPJ1q36T5Ln5wYt3MQYeGRG5ehnPAmxcf5mDZpv"
	all := w.twenty(t, lost)
	o := w.offerOf(t, all...)
	o.Learner = lost
	passport, err := w.Award(t.Context(), clerk, o)
	must(t, err)
	_, err = w.Reissue(t.Context(), clerk, all[0].ID, &found)
	must(t, err)
	if now := w.now(t, passport.ID); now.State != issuer.StateRevoked {
		t.Errorf("the passport of the lost key is %s", now.State)
	}
	w.neverGreen(t)
	_, err = w.Reissue(t.Context(), clerk, passport.ID, &found)
	refused(t, err, "award_other_person")
	_, err = w.Reissue(t.Context(), clerk, all[1].ID, &found)
	must(t, err)
	_, err = w.Reissue(t.Context(), clerk, passport.ID, nil)
	refused(t, err, "award_other_person")
	fresh, err := w.Reissue(t.Context(), clerk, passport.ID, &found)
	must(t, err)
	if len(parts(t, *fresh)) != 2 || w.now(t, passport.ID).SupersededBy != fresh.ID {
		t.Error("it did not come back")
	}
	w.neverGreen(t)
}

// Whose the other bodies' credentials are, their holder shows: a passport that
// rests on one is not given to other particulars on a word.
func TestForeignComponentsKeepThePerson(t *testing.T) {
	w := newAwards(t, 2, 2)
	own, theirs := w.twenty(t, amina)[0], foreign(t, 2)
	passport := w.award(t, own, theirs)
	other := amina
	other.Name, other.GivenName = "Awa Diallo", "Awa"
	_, err := w.Reissue(t.Context(), clerk, passport.ID, &other)
	refused(t, err, "award_bring_again")
	fresh, err := w.Reissue(t.Context(), clerk, passport.ID, nil)
	must(t, err)
	if parts(t, *fresh)["R02"] != theirs.ID {
		t.Error("the other body's credential is lost")
	}
}

// What a restore has lost comes back from the published lists, and passports
// that rest on it fall with it.
func TestMergedRevocationFellsThePassport(t *testing.T) {
	w := newAwards(t, 3, 2)
	all := w.twenty(t, amina)
	passport := w.award(t, all...)
	other := w.twenty(t, amina)
	alone := w.offerOf(t, other[0], other[1])
	second, err := w.Award(t.Context(), clerk, alone)
	must(t, err)
	// The world's list, as this store would have signed it before it was lost.
	list, err := w.StatusLists(t.Context(), "ente")
	must(t, err)
	before := map[string][]byte{}
	must(t, w.store.Update(t.Context(), func(tx issuer.Tx) error {
		data, err := tx.StatusBits(list[0].URL)
		must(t, err)
		before[list[0].URL] = slices.Clone(data)
		bits := statuslist.FromBytes(data)
		must(t, bits.Set(int(all[0].StatusIndex), true))
		must(t, bits.Set(int(other[1].StatusIndex), true))
		return tx.PutStatusBits(list[0].URL, bits.Bytes())
	}))
	world, err := w.StatusList(t.Context(), list[0].URL)
	must(t, err)
	must(t, w.store.Update(t.Context(), func(tx issuer.Tx) error { return tx.PutStatusBits(list[0].URL, before[list[0].URL]) }))
	w.neverGreen(t)

	merged, err := w.MergeLists(t.Context(), clerk, []string{world})
	must(t, err)
	if len(merged.Revoked) != 2 {
		t.Fatalf("%d came back", len(merged.Revoked))
	}
	if now := w.now(t, passport.ID); now.State != issuer.StateRevoked || now.SupersededBy == "" {
		t.Errorf("the passport with one to spare is %s, replaced by %q", now.State, now.SupersededBy)
	}
	if now := w.now(t, second.ID); now.State != issuer.StateRevoked || now.SupersededBy != "" {
		t.Errorf("the passport without is %s, replaced by %q", now.State, now.SupersededBy)
	}
	w.neverGreen(t)
}

// Fsck finds what no act of ours leaves behind: a passport that stands on a
// revoked component, one that names others than the register, one without a row.
func TestFsckReadsComposites(t *testing.T) {
	w := newAwards(t, 2, 2)
	all := w.twenty(t, amina)
	passport := w.award(t, all...)
	w.neverGreen(t)
	must(t, w.store.Update(t.Context(), func(tx issuer.Tx) error {
		row, err := tx.Issuance(all[0].ID)
		must(t, err)
		row.State, row.Reason = issuer.StateRevoked, string(mistake.Code)
		must(t, tx.PutIssuance(row))
		data, err := tx.StatusBits(row.StatusList)
		must(t, err)
		bits := statuslist.FromBytes(data)
		must(t, bits.Set(int(row.StatusIndex), true))
		must(t, tx.PutStatusBits(row.StatusList, bits.Bytes()))
		c, err := tx.Composite(passport.ID)
		must(t, err)
		c.ID = "urn:uuid:00000000-0000-4000-8000-000000000000"
		must(t, tx.PutComposite(c))
		c.ID = passport.ID
		c.Components[1].Requirement = "R09"
		return tx.PutComposite(c)
	}))
	checked, err := w.Fsck(t.Context())
	must(t, err)
	found := map[string]bool{}
	for _, f := range checked.Findings {
		if f.Code != "composite" {
			t.Errorf("%+v", f)
		}
		found[f.Detail] = true
	}
	for _, want := range []string{"no row in the register", "its token names other components", "stands, and its component " + all[0].ID + " is revoked"} {
		if !found[want] {
			t.Errorf("not found: %s, but %v", want, found)
		}
	}
}

// The new passport loses a component before it was ever signed: what is signed
// in the end replaces the one that the world knows.
func TestReplacementFallsBeforeItIsSigned(t *testing.T) {
	w := newAwards(t, 4, 2)
	all := w.twenty(t, amina)
	passport := w.award(t, all...)
	w.keys.away = errors.New("no token in the slot")
	for _, row := range all[:2] {
		_, err := w.Revoke(t.Context(), clerk, row.ID, mistake)
		must(t, err)
	}
	w.neverGreen(t)
	w.keys.away = nil
	must(t, w.Resume(t.Context()))
	next := w.now(t, w.now(t, passport.ID).SupersededBy)
	if named := parts(t, next); next.State != issuer.StateIssued || next.Supersedes != passport.ID || len(named) != 2 || named["R03"] == "" || named["R04"] == "" {
		t.Errorf("%s replaces %s and names %v", next.State, next.Supersedes, named)
	}
	w.neverGreen(t)
	again, err := w.Reissue(t.Context(), clerk, next.ID, nil)
	must(t, err)
	if again.Repeated || again.Supersedes != next.ID {
		t.Errorf("reissued as %+v", again)
	}
}
