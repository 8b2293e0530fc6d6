package boltstore_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/boltstore"
	"go.etcd.io/bbolt"
)

// Every bad home is refused with its own code, and nothing in it is changed
// (threats K04 to K07, T11; faults R5, R6).
func TestThreatK04ToK07BadHomes(t *testing.T) {
	good := newHome(t)
	good.issue(1, 40)
	good.close()
	size := func(t *testing.T, dir string, n int64) {
		must(t, os.Truncate(filepath.Join(dir, boltstore.FileName), n))
	}
	write := func(t *testing.T, dir, name string, data []byte) {
		must(t, os.WriteFile(filepath.Join(dir, name), data, 0o600))
	}
	for _, tt := range []struct {
		name  string
		spoil func(t *testing.T, dir string)
		want  boltstore.Code
	}{
		{"missing", func(t *testing.T, dir string) { must(t, os.Remove(filepath.Join(dir, boltstore.FileName))) }, boltstore.Missing},
		{"no folder", func(t *testing.T, dir string) { must(t, os.RemoveAll(dir)) }, boltstore.Missing},
		{"0 bytes", func(t *testing.T, dir string) { size(t, dir, 0) }, boltstore.Empty},
		{"100 bytes", func(t *testing.T, dir string) { size(t, dir, 100) }, boltstore.Truncated},
		{"4 KiB", func(t *testing.T, dir string) { size(t, dir, 4<<10) }, boltstore.Truncated},
		{"8 KiB", func(t *testing.T, dir string) { size(t, dir, 8<<10) }, boltstore.Truncated},
		{"16 KiB", func(t *testing.T, dir string) { size(t, dir, 16<<10) }, boltstore.Truncated},
		{"one page short", func(t *testing.T, dir string) { shorten(t, dir) }, boltstore.Truncated},
		{"another program's file", func(t *testing.T, dir string) {
			write(t, dir, boltstore.FileName, bytes.Repeat([]byte("SQLite format 3\x00"), 4096))
		}, boltstore.Foreign},
		{"another program's bbolt", func(t *testing.T, dir string) { foreignBolt(t, dir) }, boltstore.Foreign},
		{"a folder", func(t *testing.T, dir string) {
			must(t, os.Remove(filepath.Join(dir, boltstore.FileName)))
			must(t, os.Mkdir(filepath.Join(dir, boltstore.FileName), 0o700))
		}, boltstore.Foreign},
		{"a link", func(t *testing.T, dir string) {
			path := filepath.Join(dir, boltstore.FileName)
			must(t, os.Rename(path, path+".real"))
			must(t, os.Symlink(path+".real", path))
		}, boltstore.Foreign},
		{"another home's store", func(t *testing.T, dir string) {
			other := t.TempDir()
			must(t, boltstore.Create(other))
			data, err := os.ReadFile(filepath.Join(other, boltstore.FileName))
			must(t, err)
			write(t, dir, boltstore.FileName, data)
		}, boltstore.Foreign},
		{"an older schema", func(t *testing.T, dir string) { setSchema(t, dir, 0) }, boltstore.Older},
		{"a newer schema", func(t *testing.T, dir string) { setSchema(t, dir, 4) }, boltstore.Newer},
		{"both headers flipped", func(t *testing.T, dir string) { flip(t, dir, 40); flip(t, dir, 4096+40) }, boltstore.Damaged},
		{"no guard", func(t *testing.T, dir string) { must(t, os.Remove(filepath.Join(dir, boltstore.GuardName))) }, boltstore.GuardMissing},
		{"an empty guard", func(t *testing.T, dir string) { write(t, dir, boltstore.GuardName, nil) }, boltstore.GuardDamaged},
		{"a guard with a flipped digit", func(t *testing.T, dir string) {
			data, err := os.ReadFile(filepath.Join(dir, boltstore.GuardName))
			must(t, err)
			write(t, dir, boltstore.GuardName, bytes.Replace(data, []byte(`"generation":`), []byte(`"generation":1`), 1))
		}, boltstore.GuardDamaged},
		{"yesterday's file", func(t *testing.T, dir string) {
			before := copyHome(t, dir)
			later := &home{t: t, dir: dir}
			later.open()
			later.issue(1000, 1)
			later.close()
			data, err := os.ReadFile(filepath.Join(before, boltstore.FileName))
			must(t, err)
			write(t, dir, boltstore.FileName, data)
		}, boltstore.RolledBack},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := copyHome(t, good.dir)
			tt.spoil(t, dir)
			before := listing(t, dir)
			s, err := boltstore.Open(dir)
			wantCode(t, err, tt.want)
			if s != nil {
				t.Error("opened")
			}
			if after := listing(t, dir); after != before {
				t.Errorf("the home has changed:\n%s\nwas\n%s", after, before)
			}
			if boltstore.Create(dir) == nil && tt.want != boltstore.Missing {
				t.Error("made a store over what was there")
			}
		})
	}
}

// Losing one header page loses the last commit in plain bbolt, silently.
func TestLostCommitIsNoticed(t *testing.T) {
	h := newHome(t)
	h.issue(1, 3)
	h.close()
	for _, header := range []int64{0, 4096} {
		dir := copyHome(t, h.dir)
		flip(t, dir, header+40)
		s, err := boltstore.Open(dir)
		if err == nil {
			must(t, s.Close()) // the older header: nothing was lost
			continue
		}
		wantCode(t, err, boltstore.RolledBack)
		return
	}
	t.Error("either header could be lost unnoticed")
}

// A process that died between the commit and its guard leaves a guard that is
// behind; it catches up.
func TestGuardCatchesUp(t *testing.T) {
	h := newHome(t)
	guard := filepath.Join(h.dir, boltstore.GuardName)
	old, err := os.ReadFile(guard)
	must(t, err)
	h.issue(1, 1)
	h.close()
	must(t, os.WriteFile(guard, old, 0o600))
	must(t, os.WriteFile(guard+".new", []byte("half"), 0o600))
	h.open()
	h.whole()
	h.close()
	if now, err := os.ReadFile(guard); err != nil || bytes.Equal(now, old) {
		t.Errorf("the guard stayed behind: %v", err)
	}
}

// The second of two processes learns within two seconds which process has the
// store, and where (fault R5).
func TestSecondProcess(t *testing.T) {
	h := newHome(t)
	want := fmt.Sprintf("store locked: %s (process %d)", filepath.Join(h.dir, boltstore.FileName), os.Getpid())
	best := time.Hour
	for try := 0; try < 5 && best > 2*time.Second; try++ { // the fastest counts: the machine may be busy
		out, took := child(t, "open", h.dir)
		if !strings.Contains(out, want) {
			t.Errorf("after %s the second process said %q, want %q", took, out, want)
		}
		best = min(best, took)
	}
	if best > 2*time.Second {
		t.Errorf("the second process said it after %s", best)
	}
	h.issue(1, 1)
	h.close()
	if out, _ := child(t, "open", h.dir); !strings.Contains(out, "opened") {
		t.Errorf("once it is free the second process said %q", out)
	}
}

// TestWaitsForTheOtherProcess: a command that meets another one says so at once,
// and goes on when that one has finished.
func TestWaitsForTheOtherProcess(t *testing.T) {
	h := newHome(t)
	told := make(chan string, 1)
	go func() {
		<-told
		h.close()
	}()
	began := time.Now()
	s, err := boltstore.OpenWith(h.dir, boltstore.Options{Wait: 20 * time.Second, Waiting: func(pid string) {
		if pid != strconv.Itoa(os.Getpid()) || time.Since(began) > 10*time.Second {
			t.Errorf("told of process %s after %s", pid, time.Since(began))
		}
		told <- pid
	}})
	must(t, err)
	must(t, s.Close())
	h = newHome(t)
	calls := 0
	_, err = boltstore.OpenWith(h.dir, boltstore.Options{Wait: 300 * time.Millisecond, Waiting: func(string) { calls++ }})
	wantCode(t, err, boltstore.Locked)
	if calls != 1 {
		t.Errorf("told %d times", calls)
	}
}

func TestThreatK07ReadOnlyHome(t *testing.T) {
	h := newHome(t)
	h.close()
	for _, f := range []string{boltstore.FileName, boltstore.GuardName, "."} {
		must(t, os.Chmod(filepath.Join(h.dir, f), 0o500))
	}
	t.Cleanup(func() { _ = os.Chmod(h.dir, 0o700) })
	before := listing(t, h.dir)
	out := asNobody(t, h.dir)
	if !strings.Contains(out, "store readonly") {
		t.Errorf("said %q", out)
	}
	if listing(t, h.dir) != before {
		t.Error("the home has changed")
	}
}

func TestAnotherUsersHome(t *testing.T) {
	if os.Getuid() != 0 {
		return // only root can give a file away, and only root needs to be told
	}
	h := newHome(t)
	h.close()
	must(t, os.Chown(filepath.Join(h.dir, boltstore.FileName), 65534, 65534))
	_, err := boltstore.Open(h.dir)
	wantCode(t, err, boltstore.Owner)
}

// After a failed write whose outcome nobody knows the store writes no more; a
// full disk is no such failure (fault R4).
func TestFailedCommits(t *testing.T) {
	h := newHome(t)
	h.issue(1, 1)
	wantCode(t, h.store.FailedCommit(&os.PathError{Op: "write", Err: syscall.ENOSPC}), boltstore.Full)
	wantCode(t, h.store.FailedCommit(errors.New("file resize error: "+syscall.ENOSPC.Error())), boltstore.Full)
	h.issue(2, 1)
	wantCode(t, h.store.FailedCommit(syscall.EIO), boltstore.Stopped)
	_, err := h.tryIssue(t.Context(), 3, 1)
	wantCode(t, err, boltstore.Stopped)
	must(t, h.store.View(t.Context(), func(tx issuer.Tx) error {
		_, err := tx.IssuanceByKey("row-2")
		return err
	}))
}

// listing is every file of a home with its size and content's length of life.
func listing(t testing.TB, dir string) string {
	t.Helper()
	var b strings.Builder
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err.Error()
	}
	for _, e := range entries {
		data, _ := os.ReadFile(filepath.Join(dir, e.Name()))
		fmt.Fprintf(&b, "%s %d %x\n", e.Name(), len(data), sum(data))
	}
	return b.String()
}

func sum(data []byte) (s uint64) {
	for _, b := range data {
		s = s*1099511628211 + uint64(b)
	}
	return s
}

func flip(t testing.TB, dir string, at int64) {
	t.Helper()
	f, err := os.OpenFile(filepath.Join(dir, boltstore.FileName), os.O_RDWR, 0)
	must(t, err)
	defer f.Close()
	var b [1]byte
	_, err = f.ReadAt(b[:], at)
	must(t, err)
	b[0] ^= 0x10
	_, err = f.WriteAt(b[:], at)
	must(t, err)
}

// shorten cuts the last used page off.
func shorten(t testing.TB, dir string) {
	t.Helper()
	path := filepath.Join(dir, boltstore.FileName)
	db, err := bbolt.Open(path, 0o600, nil)
	must(t, err)
	var used int64
	must(t, db.View(func(tx *bbolt.Tx) error { used = tx.Size(); return nil }))
	must(t, db.Close())
	must(t, os.Truncate(path, used-4096))
}

func foreignBolt(t testing.TB, dir string) {
	t.Helper()
	path := filepath.Join(dir, boltstore.FileName)
	must(t, os.Remove(path))
	db, err := bbolt.Open(path, 0o600, nil)
	must(t, err)
	must(t, db.Update(func(tx *bbolt.Tx) error { _, err := tx.CreateBucket([]byte("cats")); return err }))
	must(t, db.Close())
}

func setSchema(t testing.TB, dir string, n int) {
	t.Helper()
	db, err := bbolt.Open(filepath.Join(dir, boltstore.FileName), 0o600, nil)
	must(t, err)
	must(t, db.Update(func(tx *bbolt.Tx) error { return boltstore.SetSchema(tx, n) }))
	must(t, db.Close())
}

// child runs this test binary as another process, see TestMain.
func child(t testing.TB, what string, args ...string) (out string, took time.Duration) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "BOLTSTORE_CHILD="+what+" "+strings.Join(args, " "))
	start := time.Now()
	text, _ := cmd.CombinedOutput()
	return string(text), time.Since(start)
}

// asNobody opens a home as a user who may not write there.
func asNobody(t testing.TB, dir string) string {
	t.Helper()
	if os.Getuid() != 0 {
		out, _ := child(t, "open", dir)
		return out
	}
	// The test's own folders are closed to others, and so is the binary.
	for d := dir; d != "/" && d != "."; d = filepath.Dir(d) {
		must(t, os.Chmod(d, 0o755))
	}
	for _, f := range []string{boltstore.FileName, boltstore.GuardName} {
		must(t, os.Chmod(filepath.Join(dir, f), 0o444))
		must(t, os.Chown(filepath.Join(dir, f), 65534, 65534))
	}
	binary := filepath.Join(t.TempDir(), "child")
	copyFile(t, os.Args[0], binary)
	for d := filepath.Dir(binary); d != "/" && d != "."; d = filepath.Dir(d) {
		must(t, os.Chmod(d, 0o755))
	}
	cmd := exec.Command(binary)
	cmd.Dir = "/"
	cmd.Env = []string{"BOLTSTORE_CHILD=open " + dir}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	out, _ := cmd.CombinedOutput()
	return string(out)
}

func copyFile(t testing.TB, from, to string) {
	t.Helper()
	in, err := os.Open(from)
	must(t, err)
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY, 0o755)
	must(t, err)
	_, err = io.Copy(out, in)
	must(t, err)
	must(t, out.Close())
}
