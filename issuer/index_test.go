package issuer_test

import (
	"fmt"
	"testing"

	"github.com/employment-passport/passport/internal/statuslist"
	"github.com/employment-passport/passport/issuer"
)

// fill pretends that all but left indexes of a list were given away.
func (d *desk) fill(t *testing.T, url string, left uint32) {
	t.Helper()
	must(t, d.store.Update(t.Context(), func(tx issuer.Tx) error {
		l, err := tx.StatusList(url)
		if err != nil {
			return err
		}
		l.Next = l.Entries - left
		return tx.PutStatusList(l)
	}))
}

// The next list is there, and published, before the old one is full; a batch
// that begins in one ends in the other, and no index is given twice.
func TestNextListOpensInTime(t *testing.T) {
	d := newDesk(t)
	plain, _ := d.templateNames(t)
	const first, second = "https://ente.example/status/1", "https://ente.example/status/2"
	d.fill(t, first, statuslist.MinEntries/10+1)
	d.issue(t, plain, "MC-1")
	lists, err := d.StatusLists(t.Context(), "ente")
	must(t, err)
	if len(lists) != 2 || lists[1].URL != second || lists[1].Purpose != statuslist.PurposeRevocation || lists[1].PermutationKey == lists[0].PermutationKey {
		t.Fatalf("lists %+v", lists)
	}
	d.list(t, second)

	d.fill(t, first, 3)
	offers := make([]issuer.Offer, 5)
	for n := range offers {
		offers[n] = d.offer(t, plain, fmt.Sprint("B-", n))
	}
	rows, err := d.IssueBatch(t.Context(), clerk, offers, nil)
	must(t, err)
	for n, row := range rows {
		want := first
		if n >= 3 {
			want = second
		}
		if row.StatusList != want {
			t.Errorf("credential %d stands in %s", n, row.StatusList)
		}
	}
	d.sound(t)
}

// P4, through the whole path: places are inside the list and say nothing about
// the order of issuing. P3: over restarts, too, each is given once.
func TestIndexesOfABatch(t *testing.T) {
	d := newDesk(t)
	plain, _ := d.templateNames(t)
	offers := make([]issuer.Offer, 300)
	for n := range offers {
		offers[n] = d.offer(t, plain, fmt.Sprint("N-", n))
	}
	rows, err := d.IssueBatch(t.Context(), clerk, offers[:200], nil)
	must(t, err)
	again, err := issuer.New(issuer.Config{Store: d.store, Keys: d.keys, Now: d.clock.Now})
	must(t, err)
	more, err := again.IssueBatch(t.Context(), clerk, offers[200:], nil)
	must(t, err)
	rising := 0
	rows = append(rows, more...)
	for n := 1; n < len(rows); n++ {
		if rows[n].StatusIndex > rows[n-1].StatusIndex {
			rising++
		}
	}
	if rising < 110 || rising > 190 {
		t.Errorf("%d of 299 indexes rise", rising)
	}
	if n := d.sound(t); n != 300 {
		t.Errorf("%d issued", n)
	}
}
