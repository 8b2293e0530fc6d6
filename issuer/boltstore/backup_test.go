package boltstore_test

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/boltstore"
)

func (h *home) backup() []byte {
	h.t.Helper()
	var b bytes.Buffer
	_, err := h.store.Backup(h.t.Context(), &b, now())
	must(h.t, err)
	return b.Bytes()
}

// restore restores as the command does: it checks the register and opens new
// status lists.
func restore(t testing.TB, backup []byte, dir string, accept bool) error {
	t.Helper()
	_, err := boltstore.Restore(t.Context(), bytes.NewReader(backup), dir, boltstore.RestoreOptions{
		AcceptRollback: accept,
		Settle: func(ctx context.Context, s *boltstore.Store, above int) error {
			i := issuerOver(t, s, dir)
			checked, err := i.Fsck(ctx)
			if err == nil && len(checked.Findings) > 0 {
				err = errors.New(checked.Findings[0].Detail)
			}
			if err != nil {
				return err
			}
			return i.AfterRestore(ctx, clerk, above)
		},
	})
	return err
}

// Twenty backups made while others issue all restore to a store that holds
// (promise P18).
func TestHotBackups(t *testing.T) {
	h := newHome(t)
	ctx, stop := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	batches := make(chan struct{})
	wg.Go(func() {
		defer close(batches)
		for n := 0; ctx.Err() == nil; n += 5 {
			if _, err := h.tryIssue(ctx, n, 5); err != nil && ctx.Err() == nil {
				t.Error(err)
				return
			}
			select {
			case batches <- struct{}{}:
			default:
			}
		}
	})
	var backups [][]byte
	for range 20 {
		<-batches // one more was issued, and the next one is under way
		backups = append(backups, h.backup())
	}
	stop()
	wg.Wait()
	most := 0
	for n, b := range backups {
		dir := filepath.Join(t.TempDir(), "restored")
		if err := restore(t, b, dir, false); err != nil {
			t.Errorf("backup %d: %v", n, err)
			continue
		}
		r := &home{t: t, dir: dir}
		r.open()
		most = max(most, r.whole().Credentials)
		r.issue(100_000, 1) // its keys came with it
		r.close()
	}
	if most == 0 {
		t.Error("nothing was issued meanwhile")
	}
}

// places is every list and index ever given by a store.
func places(t testing.TB, h *home) (taken []string) {
	t.Helper()
	must(t, h.List(t.Context(), issuer.Filter{}, func(i issuer.Issuance) bool {
		taken = append(taken, i.StatusList+"#"+string(rune(i.StatusIndex)))
		return true
	}))
	return taken
}

// Yesterday's backup is refused until somebody says so, and then no index that
// was given since is given again (fault R8).
func TestRestoreOfAnOlderBackup(t *testing.T) {
	h := newHome(t)
	h.issue(1, 10)
	yesterday := h.backup()
	h.issue(11, 10)
	since := places(t, h)
	h.close()
	wantCode(t, restore(t, yesterday, h.dir, false), boltstore.RolledBack)
	h.open()
	if n := h.whole().Credentials; n != 20 {
		t.Errorf("a refused restore left %d credentials", n)
	}
	h.close()
	newest, err := os.ReadFile(filepath.Join(h.dir, boltstore.FileName))
	must(t, err)

	must(t, restore(t, yesterday, h.dir, true))
	h.open()
	if n := h.whole().Credentials; n != 10 {
		t.Errorf("restored %d credentials", n)
	}
	for _, row := range h.issue(500, 20) {
		if slices.Contains(since, row.StatusList+"#"+string(rune(row.StatusIndex))) {
			t.Errorf("%s: index %d of %s was given before", row.ID, row.StatusIndex, row.StatusList)
		}
		if slices.ContainsFunc(since, func(p string) bool { return strings.HasPrefix(p, row.StatusList+"#") }) {
			t.Errorf("%s stands in a list of before the restore", row.ID)
		}
	}
	h.whole()
	h.close()

	kept, err := os.ReadFile(filepath.Join(h.dir, boltstore.FileName+".replaced"))
	if err != nil || !bytes.Equal(kept, newest) {
		t.Errorf("what was replaced was not kept: %v", err)
	}
	// Put back over the restored one, it is older than its guard: two lives of
	// one store cannot both go on here.
	must(t, os.WriteFile(filepath.Join(h.dir, boltstore.FileName), newest, 0o600))
	_, err = boltstore.Open(h.dir)
	wantCode(t, err, boltstore.RolledBack)
}

// The disk is gone with its guard, and nobody can tell what was issued after
// the backup. Lists of two restores of one backup never have one URL.
func TestRestoreIntoAnEmptyHome(t *testing.T) {
	h := newHome(t)
	h.issue(1, 5)
	backup := h.backup()
	h.issue(6, 5)
	lost := places(t, h)
	h.close()
	lists := map[string]bool{}
	for range 3 {
		dir := filepath.Join(t.TempDir(), "new")
		must(t, restore(t, backup, dir, false))
		r := &home{t: t, dir: dir}
		r.open()
		row := r.issue(100, 1)[0]
		if lists[row.StatusList] || slices.ContainsFunc(lost, func(p string) bool { return strings.HasPrefix(p, row.StatusList+"#") }) {
			t.Errorf("list %s has been used in another life", row.StatusList)
		}
		lists[row.StatusList] = true
		r.whole()
		r.close()
	}
}

// A backup that is cut, changed, foreign or of another store changes nothing.
func TestBadBackups(t *testing.T) {
	h := newHome(t)
	h.issue(1, 5)
	good := h.backup()
	h.close()
	other := newHome(t)
	theirs := other.backup()
	other.close()
	before := listing(t, h.dir)
	wantCode(t, restore(t, theirs, h.dir, true), boltstore.OtherStore)
	for n := 0; n < len(good); n += len(good)/60 + 1 {
		wantCode(t, restore(t, good[:n], h.dir, true), boltstore.BackupBad)
		bad := bytes.Clone(good)
		bad[n] ^= 0x40
		if err := restore(t, bad, h.dir, true); err == nil {
			// A tar header has fields that mean nothing to us; what was put in
			// place must still be the backup's.
			h.open()
			h.whole()
			h.close()
			before = listing(t, h.dir)
		}
	}
	wantCode(t, restore(t, []byte("PK\x03\x04 a zip file"), h.dir, true), boltstore.BackupBad)
	wantCode(t, restore(t, nil, h.dir, true), boltstore.BackupBad)
	if after := listing(t, h.dir); after != before {
		t.Errorf("the home has changed:\n%s\nwas\n%s", after, before)
	}
}

// A home that is in use is not restored over.
func TestRestoreOverAnOpenHome(t *testing.T) {
	h := newHome(t)
	backup := h.backup()
	wantCode(t, restore(t, backup, h.dir, true), boltstore.Locked)
	h.whole()
}

// Neither the home nor its backup holds a key in the clear (threat T13).
func TestNoKeyInABackup(t *testing.T) {
	h := newHome(t)
	h.issue(1, 1)
	seen := map[string][]byte{"backup": h.backup()}
	h.close()
	must(t, filepath.WalkDir(h.dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			seen[path], err = os.ReadFile(path)
		}
		return err
	}))
	for name, data := range seen {
		for _, canary := range []string{"PRIVATE KEY", "AGE-SECRET-KEY", `"d":`, "pane e olio"} {
			if bytes.Contains(data, []byte(canary)) {
				t.Errorf("%s holds %q", name, canary)
			}
		}
	}
	if !bytes.Contains(seen["backup"], []byte("age-encryption.org/v1\n")) {
		t.Error("the backup holds no sealed keys")
	}
}

func FuzzUnpack(f *testing.F) {
	whole := smallBackup(f)
	f.Add(whole)
	f.Add(whole[:1024])
	f.Add(bytes.ReplaceAll(whole, []byte("passport.db"), []byte("../ssport.db")))
	f.Fuzz(func(t *testing.T, data []byte) {
		dir := t.TempDir()
		m, err := boltstore.Unpack(bytes.NewReader(data), filepath.Join(dir, "stage"))
		if err == nil && m.Format != "passport backup 1" {
			t.Errorf("read %+v", m)
		}
		if names, _ := filepath.Glob(dir + "/*"); len(names) > 1 {
			t.Errorf("unpacked outside the folder: %v", names)
		}
	})
}

// smallBackup has the form of a backup and no real store in it.
func smallBackup(t testing.TB) []byte {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	add := func(name, text string) {
		must(t, w.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: name, Size: int64(len(text)), Mode: 0o600}))
		_, err := w.Write([]byte(text))
		must(t, err)
	}
	add("passport.db", "x")
	add("manifest.json", `{"format":"passport backup 1","madeAt":"2026-11-22T09:30:00Z","marks":{"store":"S","schema":1,"generation":1,"auditSeq":0,`+
		`"auditHash":"","lists":{}},"files":[{"name":"passport.db","size":1,"sha256":"2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"}]}`)
	must(t, w.Close())
	_, err := boltstore.Unpack(bytes.NewReader(b.Bytes()), filepath.Join(t.TempDir(), "stage"))
	must(t, err) // the seed is good
	return b.Bytes()
}

func FuzzParseGuard(f *testing.F) {
	h := newHome(f)
	h.close()
	guard, err := os.ReadFile(filepath.Join(h.dir, boltstore.GuardName))
	must(f, err)
	f.Add(guard)
	f.Add(guard[:len(guard)-1])
	f.Add([]byte("passport guard 1\n{}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := boltstore.ParseGuard(data)
		if err == nil && (m.Store == "" || m.Generation == 0) {
			t.Errorf("read %+v", m)
		}
	})
}
