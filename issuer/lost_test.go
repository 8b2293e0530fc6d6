package issuer_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/boltstore"
)

// secondLife is the home as a backup of this moment would bring it back.
func (d *desk) secondLife(t *testing.T) *desk {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "second")
	must(t, os.CopyFS(dir, os.DirFS(d.dir)))
	store, err := boltstore.Open(dir)
	must(t, err)
	t.Cleanup(func() { store.Close() })
	second := &desk{keys: d.keys, clock: d.clock, dir: dir, store: store}
	second.Issuer, err = issuer.New(issuer.Config{Store: store, Keys: d.keys, Now: d.clock.Now})
	must(t, err)
	return second
}

func (d *desk) addZeta(t *testing.T) {
	t.Helper()
	_, err := d.AddIssuer(t.Context(), clerk, issuer.NewIssuer{Name: "zeta", Title: "Zeta", Country: "IT", Region: "ITF5", Method: "web", Domain: "zeta.example"})
	must(t, err)
}

func (d *desk) issueByZeta(t *testing.T, number string) issuer.Issuance {
	t.Helper()
	plain, _ := d.templateNames(t)
	o := d.offer(t, plain, number)
	o.Issuer = "zeta"
	row, err := d.Issue(t.Context(), clerk, o)
	must(t, err)
	return *row
}

// Two copies of one list lie in the folder: the lost life's, which revokes, and
// a newer one that was published carelessly after the restore. The revocation
// in either counts.
func TestMergeKeepsTheRevocationOfAnOlderCopy(t *testing.T) {
	first := newDesk(t)
	plain, _ := first.templateNames(t)
	row := first.issue(t, plain, "MC-1")
	second := first.secondLife(t)
	first.clock.pass(time.Hour)
	_, err := first.Revoke(t.Context(), clerk, "MC-1", mistake)
	must(t, err)
	lost, err := first.StatusList(t.Context(), row.StatusList)
	must(t, err)
	first.clock.pass(time.Hour)
	must(t, second.AfterRestore(t.Context(), clerk, 0))
	first.clock.pass(time.Hour)
	careless, err := second.StatusList(t.Context(), row.StatusList)
	must(t, err)

	_, err = second.MergeLists(t.Context(), clerk, []string{lost, careless})
	must(t, err)
	got, err := second.Find(t.Context(), "MC-1")
	must(t, err)
	if got.State != issuer.StateRevoked {
		t.Errorf("MC-1 is %s", got.State)
	}
}

// A gap is filled when every list that was open before it has been merged, not
// when one has.
func TestOneMergedListDoesNotSilenceTheOthers(t *testing.T) {
	first := newDesk(t)
	first.addZeta(t)
	plain, _ := first.templateNames(t)
	row, other := first.issue(t, plain, "MC-1"), first.issueByZeta(t, "Z-1")
	second := first.secondLife(t)
	first.clock.pass(time.Hour)
	_, err := first.Revoke(t.Context(), clerk, "Z-1", mistake)
	must(t, err)
	lists := map[string]string{}
	for _, url := range []string{row.StatusList, other.StatusList} {
		lists[url], err = first.StatusList(t.Context(), url)
		must(t, err)
	}
	first.clock.pass(time.Hour)
	must(t, second.AfterRestore(t.Context(), clerk, 1))

	for _, step := range []struct {
		url  string
		left bool
	}{{row.StatusList, true}, {other.StatusList, false}} {
		_, err = second.MergeLists(t.Context(), clerk, []string{lists[step.url]})
		must(t, err)
		since, err := second.Unmerged(t.Context())
		must(t, err)
		if since.IsZero() == step.left {
			t.Errorf("after %s: unmerged since %v", step.url, since)
		}
	}
}

// A body that was added after the backup, and is added again after the restore,
// gets names that the lost life cannot have given.
func TestABodyAddedAgainGetsOtherNames(t *testing.T) {
	first := newDesk(t)
	second := first.secondLife(t)
	first.clock.pass(time.Hour)
	first.addZeta(t)
	lost := first.issueByZeta(t, "Z-1")
	must(t, second.AfterRestore(t.Context(), clerk, 1))
	second.addZeta(t)
	again := second.issueByZeta(t, "Z-1")
	if again.StatusList == lost.StatusList || again.KeyID == lost.KeyID {
		t.Errorf("given twice: %s %s", again.StatusList, again.KeyID)
	}
}

// One act with the clock a month ahead must keep no revocation, denial or
// withdrawal from the people who verify offline.
func TestAClockOnceAheadHoldsNoBadNewsBack(t *testing.T) {
	d := newDesk(t)
	d.regione(t)
	d.recognise(t)
	plain, _ := d.templateNames(t)
	row := d.issue(t, plain, "MC-1")
	right := d.clock.Now()
	d.clock.pass(30 * 24 * time.Hour)
	d.issue(t, plain, "MC-2")
	d.clock.set(right.Add(time.Hour))

	_, err := d.Revoke(t.Context(), clerk, "MC-1", mistake)
	must(t, err)
	_, err = d.StatusList(t.Context(), row.StatusList)
	must(t, err)
	_, err = d.MakeBundle(t.Context(), clerk, "", issuer.BundleOptions{})
	must(t, err)
	_, err = d.Deny(t.Context(), clerk, "", []string{row.Token})
	must(t, err)
	_, err = d.Withdraw(t.Context(), clerk, "", enteDID, "fraud")
	must(t, err)
	must(t, d.AfterRestore(t.Context(), clerk, 1))
}
