package verifier

import (
	"fmt"
	"testing"
	"time"

	"github.com/employment-passport/passport/internal/statuslist"
)

// TestListCacheIsBounded: strangers choose how many lists there are and how
// long, and those of one signer push out nothing on another's shelf before all
// is full.
func TestListCacheIsBounded(t *testing.T) {
	var c listCache
	long := statuslist.New(16 << 20 * 8)
	for n := range 40 {
		c.add(fmt.Sprint(n/8), &verifiedList{
			token: fmt.Sprint(n), by: signer{id: fmt.Sprint(n % 2)},
			list: &statuslist.List{Bits: long, ValidFrom: time.Unix(int64(n), 0)},
		})
		if c.bytes > maxCachedBytes {
			t.Fatalf("%d bytes after %d lists", c.bytes, n+1)
		}
	}
	kept := 0
	for at, lists := range c.lists {
		kept += bytesOf(lists)
		if len(lists) == 0 || len(lists) > maxCopies {
			t.Errorf("%d lists at %v", len(lists), at)
		}
	}
	if kept != c.bytes || kept == 0 {
		t.Errorf("%d bytes are kept, counted were %d", kept, c.bytes)
	}
}

// TestListCacheKeepsRevocations: of too many copies those go whose revocations
// a newer one still tells.
func TestListCacheKeepsRevocations(t *testing.T) {
	var c listCache
	add := func(at int64, purpose string, bit int) *verifiedList {
		bits := statuslist.New(statuslist.MinEntries)
		if err := bits.Set(bit, true); err != nil {
			t.Fatal(err)
		}
		l := &verifiedList{token: fmt.Sprint(at), list: &statuslist.List{Bits: bits, Purposes: []string{purpose}, ValidFrom: time.Unix(at, 0)}}
		c.add("u", l)
		return l
	}
	only := add(1, purposeRevocation, 7)
	for at := range int64(10) {
		add(at+2, purposeRevocation, 9)
	}
	found := false
	for _, l := range c.at("u", voice{}) {
		found = found || l == only
	}
	if !found {
		t.Error("the one list that revokes 7 is gone")
	}
}
