package boltstore_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/employment-passport/passport/issuer/boltstore"
)

// A restore that was killed leaves the folder that it unpacked into, with a
// whole register in it. The next opening and the next restore remove it; a
// store that somebody else has open removes nothing.
func TestKilledRestoreIsSweptUp(t *testing.T) {
	h := newHome(t)
	h.issue(1, 3)
	backup := h.backup()
	left := filepath.Join(h.dir, ".restore-123")
	leave := func() {
		must(t, os.MkdirAll(filepath.Join(left, "keys"), 0o700))
		must(t, os.WriteFile(filepath.Join(left, "passport.db"), backup, 0o600))
	}
	gone := func(when string) {
		if _, err := os.Lstat(left); !os.IsNotExist(err) {
			t.Errorf("%s, %s is still there: %v", when, left, err)
		}
	}
	leave()
	wantCode(t, restore(t, backup, h.dir, false), boltstore.Locked)
	if _, err := os.Lstat(left); err != nil {
		t.Error("removed while another process has the home")
	}
	h.close()
	h.open()
	gone("after an opening")
	h.close()
	leave()
	must(t, restore(t, backup, h.dir, false))
	gone("after a restore")
	h.open()
	h.whole()
}
