package issuer_test

import (
	"testing"
	"time"

	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/schema"
)

// A suspension in a list of the lost time comes back, its lifting is then ours
// again, and an older list of before the backup stops nobody.
func TestMergeOfSuspensions(t *testing.T) {
	d := newDesk(t)
	_, suspendable := d.templateNames(t)
	row := d.issue(t, suspendable, "MC-1")
	before, err := d.StatusList(t.Context(), row.SuspensionList)
	must(t, err)
	d.clock.pass(time.Minute)
	_, err = d.Suspend(t.Context(), clerk, "MC-1", issuer.Reason{Code: schema.Disputed}, time.Time{})
	must(t, err)
	suspended, err := d.StatusList(t.Context(), row.SuspensionList)
	must(t, err)

	// In this life it was lifted: the list that the world has is only older.
	d.clock.pass(time.Minute)
	_, err = d.Reinstate(t.Context(), clerk, "MC-1")
	must(t, err)
	must(t, d.HoldPublished(t.Context(), []string{before, suspended}))
	m, err := d.MergeLists(t.Context(), clerk, []string{before, suspended})
	must(t, err)
	if m.Lists != 1 || len(m.Suspended) != 0 {
		t.Errorf("an older list suspends: %+v", m)
	}
	must(t, d.AfterRestore(t.Context(), clerk, 0))
	if since, err := d.Unmerged(t.Context()); err != nil || since.IsZero() {
		t.Errorf("a restore leaves nothing to merge: %v, %v", since, err)
	}
	revocations, err := d.StatusList(t.Context(), row.StatusList)
	must(t, err)
	_, err = d.MergeLists(t.Context(), clerk, []string{suspended, revocations})
	must(t, err)
	if since, err := d.Unmerged(t.Context()); err != nil || !since.IsZero() {
		t.Errorf("merged, and still to merge: %v, %v", since, err)
	}
}

// A list signed with a key that is compromised, or with nobody's, brings
// nothing back and changes nothing.
func TestMergeRefusesStrangers(t *testing.T) {
	d := newDesk(t)
	plain, _ := d.templateNames(t)
	row := d.issue(t, plain, "MC-1")
	token, err := d.StatusList(t.Context(), row.StatusList)
	must(t, err)
	_, err = d.MergeLists(t.Context(), clerk, nil)
	refused(t, err, "merge_nothing")

	other := newDesk(t)
	theirs := other.issue(t, plain, "MC-1")
	_, err = other.Revoke(t.Context(), clerk, "MC-1", mistake)
	must(t, err)
	forged, err := other.StatusList(t.Context(), theirs.StatusList)
	must(t, err)
	_, err = d.MergeLists(t.Context(), clerk, []string{token, forged})
	refused(t, err, "merge_stranger")
	refused(t, d.HoldPublished(t.Context(), []string{forged}), "published_stranger")

	// Retired keys count, compromised ones do not.
	old, err := d.RotateKey(t.Context(), clerk, "ente", schema.KeyForStatus)
	must(t, err)
	_, err = d.MergeLists(t.Context(), clerk, []string{token})
	must(t, err)
	if old.KID == "" {
		t.Fatal("no new key")
	}
	_, err = d.CompromiseKey(t.Context(), clerk, "ente", "status-1")
	must(t, err)
	_, err = d.MergeLists(t.Context(), clerk, []string{token})
	refused(t, err, "merge_stranger")
	if got, err := d.Find(t.Context(), "MC-1"); err != nil || got.State != issuer.StateIssued {
		t.Errorf("%+v, %v", got, err)
	}
}
