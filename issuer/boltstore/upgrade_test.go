package boltstore_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/boltstore"
	"go.etcd.io/bbolt"
)

// oldHome is a home as a release before composites left it, guard included.
func oldHome(t *testing.T) *home {
	t.Helper()
	h := newHome(t)
	h.issue(1, 10)
	h.close()
	makeOld(t, h.dir)
	guard := filepath.Join(h.dir, boltstore.GuardName)
	data, err := os.ReadFile(guard)
	must(t, err)
	marks, err := boltstore.ParseGuard(data)
	must(t, err)
	marks.Schema = 1
	must(t, os.WriteFile(guard, boltstore.GuardFile(marks), 0o600))
	return h
}

func makeOld(t *testing.T, dir string) {
	t.Helper()
	db, err := bbolt.Open(filepath.Join(dir, boltstore.FileName), 0o600, nil)
	must(t, err)
	must(t, db.Update(boltstore.MakeOld))
	must(t, db.Close())
}

// A store of the release before opens, keeps what it has, and takes composites.
func TestOlderStoreIsBroughtUpToDate(t *testing.T) {
	h := oldHome(t)
	before := copyHome(t, h.dir)
	h.open()
	h.issue(11, 1)
	c := issuer.Composite{ID: "urn:uuid:c", Definition: "d", Version: "1", Need: 1, Components: []issuer.Component{{ID: "urn:uuid:1", Requirement: "R1"}}}
	must(t, h.store.Update(t.Context(), func(tx issuer.Tx) error { return tx.PutComposite(c) }))
	h.close()
	h.open()
	if problems, err := h.store.Check(t.Context()); err != nil || len(problems) > 0 {
		t.Errorf("%v %v", problems, err)
	}
	must(t, h.store.View(t.Context(), func(tx issuer.Tx) error {
		found, err := tx.CompositesOf("urn:uuid:1")
		if err != nil || len(found) != 1 {
			t.Errorf("%d composites, %v", len(found), err)
		}
		return nil
	}))
	h.close()

	// Put back as it was, it is older than its guard: a release that knows no
	// composites cannot have gone on in between.
	data, err := os.ReadFile(filepath.Join(before, boltstore.FileName))
	must(t, err)
	must(t, os.WriteFile(filepath.Join(h.dir, boltstore.FileName), data, 0o600))
	_, err = boltstore.Open(h.dir)
	wantCode(t, err, boltstore.RolledBack)
}

// An older store that was rolled back is refused before anything in it changes.
func TestOlderStoreBehindItsGuard(t *testing.T) {
	h := oldHome(t)
	path, guard := filepath.Join(h.dir, boltstore.FileName), filepath.Join(h.dir, boltstore.GuardName)
	data, err := os.ReadFile(guard)
	must(t, err)
	marks, err := boltstore.ParseGuard(data)
	must(t, err)
	marks.Generation++
	must(t, os.WriteFile(guard, boltstore.GuardFile(marks), 0o600))
	before, err := os.ReadFile(path)
	must(t, err)
	_, err = boltstore.Open(h.dir)
	wantCode(t, err, boltstore.RolledBack)
	if after, err := os.ReadFile(path); err != nil || !bytes.Equal(before, after) {
		t.Errorf("the file has changed, %v", err)
	}
}

// A backup that a release before made restores with this one.
func TestBackupOfAnOlderStore(t *testing.T) {
	h := oldHome(t)
	old, err := boltstore.OpenUnchanged(h.dir)
	must(t, err)
	h.store = old
	backup := h.backup()
	must(t, old.Close())
	r := &home{t: t, dir: filepath.Join(t.TempDir(), "restored")}
	must(t, restore(t, backup, r.dir, false))
	r.open()
	if n := r.whole().Credentials; n != 10 {
		t.Errorf("%d credentials", n)
	}
	r.issue(11, 1)
	r.close()
}
