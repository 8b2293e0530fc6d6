package boltstore_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/boltstore"
)

// holds names the files below dir that hold some bytes.
func holds(t testing.TB, dir string, what []byte) (files []string) {
	t.Helper()
	must(t, filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if bytes.Contains(data, what) {
			files = append(files, filepath.Base(path))
		}
		return err
	}))
	return files
}

// The key of a person is in the file until they are erased, and then in none,
// free pages included.
func TestErasedKeyIsNowhere(t *testing.T) {
	h := newHome(t)
	row := h.issue(1, 12)[3]
	row, err := h.Find(t.Context(), row.ID)
	must(t, err)
	key := h.store.PersonKey(row.Person)
	if len(key) != 32 || len(holds(t, h.dir, key)) == 0 {
		t.Fatalf("a key of %d bytes, which is not in the file", len(key))
	}
	done, err := h.Erase(t.Context(), clerk, row.ID)
	must(t, err)
	if len(done.Credentials) != 12 { // all of them are Amina's
		t.Errorf("erased %d", len(done.Credentials))
	}
	if files := holds(t, h.dir, key); len(files) > 0 {
		t.Errorf("the key is still in %v", files)
	}
	h.whole()
	h.issue(20, 3) // goes on
	h.close()
	h.open()
	h.whole()
	h.close()
}

// Rows of a release before there were people lie open in the file; who is erased
// is gone from it all the same.
func TestEraseInAnOlderStore(t *testing.T) {
	h := oldHome(t)
	if files := holds(t, h.dir, []byte("Amina Diallo")); len(files) == 0 {
		t.Fatal("the older file does not have the name")
	}
	h.open()
	would, err := h.Erasable(t.Context(), "2026/4")
	must(t, err)
	if len(would.Credentials) != 10 || would.Person.Name != "Amina Diallo" {
		t.Errorf("would erase %+v", would)
	}
	rows := map[string]issuer.Issuance{}
	must(t, h.List(t.Context(), issuer.Filter{}, func(i issuer.Issuance) bool { rows[i.ID] = i; return true }))
	done, err := h.Erase(t.Context(), clerk, "2026/4")
	must(t, err)
	if len(done.Credentials) != 10 {
		t.Errorf("erased %d of 10", len(done.Credentials))
	}
	for _, word := range []string{"Amina", "Diallo", "2026/4", "row-4", rows[done.Credentials[0]].Token} {
		if files := holds(t, h.dir, []byte(word)); len(files) > 0 {
			t.Errorf("%.20s is still in %v", word, files)
		}
	}
	h.whole()
	h.close()
}

// An act on a row of an older release makes it the person's.
func TestTouchedRowsAreSealed(t *testing.T) {
	h := oldHome(t)
	h.open()
	row, err := h.Revoke(t.Context(), clerk, "2026/4", issuer.Reason{Code: "issued-in-error", Note: "a word"})
	must(t, err)
	now, err := h.Find(t.Context(), row.ID)
	must(t, err)
	if now.Person == "" || now.DocumentNumber != "2026/4" || now.Note != "a word" || now.Token != row.Token {
		t.Errorf("the row is %+v", now)
	}
	// What was issued before and what is issued now are one person's.
	h.issue(50, 1)
	fresh, err := h.Find(t.Context(), "2026/50")
	must(t, err)
	if fresh.Person != now.Person {
		t.Errorf("%s and %s", fresh.Person, now.Person)
	}
	repeated := h.issue(4, 1)
	if repeated[0].ID != row.ID || !repeated[0].Repeated {
		t.Errorf("its key leads to %+v", repeated[0].ID)
	}
	h.whole()
	h.close()
}

// Who was erased after a backup is erased again when that is restored, before
// anything is issued, by whatever the home remembers them.
func TestRestoreErasesAgain(t *testing.T) {
	h := newHome(t)
	h.issue(1, 5)
	backup := h.backup()
	done, err := h.Erase(t.Context(), clerk, "2026/2")
	must(t, err)
	h.close()
	must(t, restoreSettled(t, backup, h.dir))
	h.open()
	for _, id := range done.Credentials {
		row, err := h.Find(t.Context(), id)
		if err != nil || !row.Erased || row.LearnerName != "" {
			t.Errorf("%s is back: %+v, %v", id, row, err)
		}
	}
	h.whole()
	h.close()
	// The file of before the restore is kept aside, for whoever restored: it had
	// erased the person too.
	for _, word := range []string{"Amina", done.Credentials[0]} {
		t.Logf("%q is in %v", word, holds(t, h.dir, []byte(word)))
	}

	// An older backup of the restored store: the file remembers over two lives.
	must(t, restoreSettled(t, backup, h.dir))
	h.open()
	row, err := h.Find(t.Context(), done.Credentials[0])
	if err != nil || !row.Erased {
		t.Errorf("after a second restore: %+v, %v", row, err)
	}
	h.close()
}

// restoreSettled is restore as the command does it, rollback accepted.
func restoreSettled(t *testing.T, backup []byte, dir string) error {
	t.Helper()
	_, err := boltstore.Restore(t.Context(), bytes.NewReader(backup), dir, boltstore.RestoreOptions{
		AcceptRollback: true,
		Settle: func(ctx context.Context, s *boltstore.Store, above int) error {
			return issuerOver(t, s, dir).AfterRestore(ctx, clerk, above)
		},
	})
	return err
}

// A rewriting that was killed anywhere leaves a store that opens and holds, and
// finishes what was begun.
func TestKilledCompactionIsFinished(t *testing.T) {
	h := newHome(t)
	row := h.issue(1, 3)[0]
	row, err := h.Find(t.Context(), row.ID)
	must(t, err)
	key := h.store.PersonKey(row.Person)
	must(t, h.store.Update(t.Context(), func(tx issuer.Tx) error { return tx.ErasePerson(row.Person, now()) }))
	if len(holds(t, h.dir, key)) == 0 {
		t.Fatal("the key is gone before the file was rewritten")
	}
	h.close()
	killed := copyHome(t, h.dir) // after the act, before anything else
	h.open()
	if files := holds(t, h.dir, key); len(files) > 0 {
		t.Errorf("opening did not rewrite: the key is in %v", files)
	}
	h.close()

	// Killed while the new file was written: it is swept up.
	must(t, os.WriteFile(filepath.Join(killed, boltstore.FreshName), []byte("half a file"), 0o600))
	k := &home{t: t, dir: killed}
	k.open()
	if _, err := os.Stat(filepath.Join(killed, boltstore.FreshName)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the half file: %v", err)
	}
	// Killed after the rename, before the guard: the file is ahead, which it may.
	guard, err := os.ReadFile(filepath.Join(killed, boltstore.GuardName))
	must(t, err)
	must(t, k.store.Compact(t.Context()))
	k.close()
	must(t, os.WriteFile(filepath.Join(killed, boltstore.GuardName), guard, 0o600))
	k.open()
	if files := holds(t, killed, key); len(files) > 0 {
		t.Errorf("the key is in %v", files)
	}
	k.close()
	// And the file of before, put back, is older than its guard.
	old, err := os.ReadFile(filepath.Join(copyHome(t, killed), boltstore.FileName))
	must(t, err)
	k.open()
	must(t, k.store.Compact(t.Context()))
	k.close()
	must(t, os.WriteFile(filepath.Join(killed, boltstore.FileName), old, 0o600))
	_, err = boltstore.Open(killed)
	wantCode(t, err, boltstore.RolledBack)
}

// While the file is rewritten others read and write, a slow backup among them.
func TestCompactBesideReadersAndABackup(t *testing.T) {
	h := newHome(t)
	h.issue(1, 20)
	slow, fast := io.Pipe()
	backed := make(chan error, 1)
	var backup bytes.Buffer
	go func() {
		_, err := h.store.Backup(context.Background(), fast, now())
		backed <- errors.Join(err, fast.Close())
	}()
	if _, err := io.CopyN(&backup, slow, 700); err != nil { // it has begun
		t.Fatal(err)
	}
	writing := make(chan error, 1)
	ctx, stop := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer stop()
	go func() {
		var err error
		for n := 100; ctx.Err() == nil && err == nil; n++ {
			_, err = h.tryIssue(context.Background(), n, 1)
		}
		writing <- err
	}()
	for ctx.Err() == nil {
		if err := h.store.Compact(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := h.Find(t.Context(), "2026/7"); err != nil {
			t.Fatal(err)
		}
	}
	must(t, <-writing)
	_, err := io.Copy(&backup, slow)
	must(t, errors.Join(err, <-backed))
	h.whole()
	h.close()
	r := &home{t: t, dir: filepath.Join(t.TempDir(), "restored")}
	must(t, restore(t, backup.Bytes(), r.dir, false))
	r.open()
	if n := r.whole().Credentials; n != 20 {
		t.Errorf("the backup has %d credentials", n)
	}
	r.close()
}

// A second process that waited for the file that was replaced does not take it
// for the store.
func TestWaitingProcessFindsTheNewFile(t *testing.T) {
	h := newHome(t)
	h.issue(1, 3)
	opened := make(chan error, 1)
	go func() {
		s, err := boltstore.OpenWith(h.dir, boltstore.Options{Wait: 20 * time.Second})
		if err == nil {
			err = s.View(context.Background(), func(tx issuer.Tx) error {
				_, err := tx.FindIssuance("2026/9")
				return err
			})
			err = errors.Join(err, s.Close())
		}
		opened <- err
	}()
	time.Sleep(50 * time.Millisecond)
	must(t, h.store.Compact(t.Context()))
	h.issue(9, 1)
	h.close()
	must(t, <-opened)
}

func FuzzParseErased(f *testing.F) {
	f.Add([]byte("passport erased 1\n[]\nx\n"))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		all, err := boltstore.ParseErased(data)
		if err != nil && len(all) > 0 {
			t.Errorf("%d erasures of a file that does not read", len(all))
		}
	})
}
