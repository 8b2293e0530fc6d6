package boltstore_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/boltstore"
)

// A backup that is made after an erasure has nothing of it, not even when the
// file could not be rewritten then.
func TestBackupAfterAnErasureHasNoKey(t *testing.T) {
	h := newHome(t)
	row, err := h.Find(t.Context(), h.issue(1, 3)[0].ID)
	must(t, err)
	key := h.store.PersonKey(row.Person)
	if !bytes.Contains(h.backup(), key) {
		t.Fatal("the key is not in a backup from before")
	}
	must(t, h.store.Update(t.Context(), func(tx issuer.Tx) error { return tx.ErasePerson(row.Person, now()) }))
	if len(holds(t, h.dir, key)) == 0 {
		t.Fatal("the key is in no free page")
	}
	if bytes.Contains(h.backup(), key) {
		t.Error("the backup has the key of who was erased before it")
	}
	h.close()
}

// A home that has lost its store and its guard, and remembers who was erased, has
// them erased again from the backup.
func TestHomeWithoutAStoreRemembersErasures(t *testing.T) {
	h := newHome(t)
	h.issue(1, 3)
	backup := h.backup()
	done, err := h.Erase(t.Context(), clerk, "2026/2")
	must(t, err)
	h.close()
	must(t, os.Remove(filepath.Join(h.dir, boltstore.FileName)))
	must(t, os.Remove(filepath.Join(h.dir, boltstore.GuardName)))
	must(t, restoreSettled(t, backup, h.dir))
	h.open()
	if row, err := h.Find(t.Context(), done.Credentials[0]); err != nil || !row.Erased {
		t.Errorf("who was erased is back: %+v, %v", row, err)
	}
	h.whole()
	h.close()
}

// An erasure for which there is room in the store, and none in the file beside
// it, stops nothing: what was stored is acknowledged, Compact says that it is not
// all, and the file is written as soon as there is room (fault R3).
func TestFaultR3EraseOnAFullDisk(t *testing.T) {
	h := newHome(t)
	row, err := h.Find(t.Context(), h.issue(1, 3)[0].ID)
	must(t, err)
	h.close()
	earlier := make([]issuer.Erasure, 60_000)
	for n := range earlier {
		earlier[n] = issuer.Erasure{Person: fmt.Sprintf("per-%026d", n), At: now(), Credentials: []string{fmt.Sprintf("urn:uuid:%036d", n)}}
	}
	text, err := boltstore.ErasedFile(earlier)
	must(t, err)
	must(t, os.WriteFile(filepath.Join(h.dir, boltstore.ErasedName), text, 0o600))
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), "BOLTSTORE_CHILD=erase "+h.dir, "PERSON="+row.Person)
	out, err := child.CombinedOutput()
	must(t, err)
	if !strings.HasSuffix(string(out), "written\n") {
		t.Errorf("%s", out)
	}
	text, err = os.ReadFile(filepath.Join(h.dir, boltstore.ErasedName))
	must(t, err)
	all, err := boltstore.ParseErased(text)
	if err != nil || len(all) != len(earlier)+1 || !bytes.Contains(text, []byte(row.Person)) {
		t.Errorf("the file remembers %d: %v", len(all), err)
	}
	h.open()
	h.whole()
	h.close()
}

// A damaged file of erasures is told: a restore would bring people back.
func TestCheckFindsADamagedMemory(t *testing.T) {
	h := newHome(t)
	h.issue(1, 3)
	_, err := h.Erase(t.Context(), clerk, "2026/2")
	must(t, err)
	h.whole()
	path := filepath.Join(h.dir, boltstore.ErasedName)
	text, err := os.ReadFile(path)
	must(t, err)
	text[len(text)/2] ^= 1
	must(t, os.WriteFile(path, text, 0o600))
	if problems, err := h.store.Check(t.Context()); err != nil || len(problems) != 1 || !strings.Contains(problems[0], boltstore.ErasedName) {
		t.Errorf("found %v, %v", problems, err)
	}
	h.close()
	h.open() // written again from the store's own table
	h.whole()
	h.close()
}

func eraseOnAFullDisk(s *boltstore.Store) {
	signal.Ignore(syscall.SIGXFSZ)
	var room syscall.Rlimit
	check(syscall.Getrlimit(syscall.RLIMIT_FSIZE, &room))
	check(syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 5 << 20, Max: room.Max}))
	write := func(key string) error {
		return s.Update(context.Background(), func(tx issuer.Tx) error { return tx.PutRecord(issuer.RecordSetting, key, nil) })
	}
	check(s.Update(context.Background(), func(tx issuer.Tx) error { return tx.ErasePerson(os.Getenv("PERSON"), now()) }))
	check(write("a"))
	if err := s.Compact(context.Background()); !strings.Contains(fmt.Sprint(err), "full") {
		fmt.Println("rewritten without room:", err)
	}
	check(write("b"))
	check(syscall.Setrlimit(syscall.RLIMIT_FSIZE, &room))
	check(write("c"))
	fmt.Println("written")
	check(s.Close())
}
