package boltstore_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/boltstore"
	"go.etcd.io/bbolt"
)

// Random damage of 16 bytes is told by open or by the checks, whenever it
// touches anything that the store means; nothing panics, and a read never
// returns something else than was written (fault R7).
func TestRandomDamageIsTold(t *testing.T) {
	h := newHome(t)
	h.issue(1, 25)
	for n := 1; n <= 25; n += 5 {
		_, err := h.Revoke(t.Context(), clerk, fmt.Sprintf("2026/%d", n), issuer.Reason{Code: "issued-in-error"})
		must(t, err)
	}
	h.close()
	want := contents(t, h.dir)
	path := filepath.Join(h.dir, boltstore.FileName)
	data, err := os.ReadFile(path)
	must(t, err)
	used := usedBytes(t, path)
	random := rand.New(rand.NewPCG(2026, 11))
	refused, found, harmless := 0, 0, 0
	for n := range 500 {
		at := random.IntN(int(used) - 16)
		spoilt := append([]byte(nil), data...)
		for k := range 16 {
			spoilt[at+k] = byte(random.Uint32())
		}
		must(t, os.WriteFile(path, spoilt, 0o600))
		s, err := boltstore.Open(h.dir)
		if err != nil {
			refused++
			continue
		}
		problems, err := s.Check(t.Context())
		var findings []issuer.Finding
		if err == nil && len(problems) == 0 {
			checked, fsckErr := issuerOver(t, s, h.dir).Fsck(t.Context())
			findings, err = checked.Findings, fsckErr
		}
		must(t, s.Close())
		switch {
		case err != nil || len(problems)+len(findings) > 0:
			found++
		case contents(t, h.dir) == want:
			harmless++ // free pages, or the header of the transaction before
		default:
			t.Errorf("damage %d at %d of %d was not told, and changed what is read", n, at, used)
		}
	}
	t.Logf("500 damages: %d refused at open, %d found by the checks, %d in unused bytes", refused, found, harmless)
	if refused+found < 100 {
		t.Error("too few damages were told for the test to mean anything")
	}
}

// contents is everything that a home's store says.
func contents(t testing.TB, dir string) string {
	t.Helper()
	s, err := boltstore.Open(dir)
	must(t, err)
	defer s.Close()
	var b strings.Builder
	must(t, s.View(context.Background(), func(tx issuer.Tx) error {
		err := tx.Issuances(issuer.Filter{}, func(i issuer.Issuance) bool { fmt.Fprintf(&b, "%+v\n", i); return true })
		if err != nil {
			return err
		}
		lists, err := tx.StatusListsOf("ente")
		if err != nil {
			return err
		}
		for _, l := range lists {
			bits, err := tx.StatusBits(l.URL)
			if err != nil {
				return err
			}
			fmt.Fprintf(&b, "%+v %x\n", l, bits)
		}
		keys, err := tx.KeysOf("ente")
		fmt.Fprintf(&b, "%+v\n", keys)
		if err != nil {
			return err
		}
		return tx.AuditFrom(1, func(e issuer.AuditEntry) bool { fmt.Fprintf(&b, "%+v\n", e); return true })
	}))
	return b.String()
}

func usedBytes(t testing.TB, path string) (used int64) {
	t.Helper()
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{ReadOnly: true})
	must(t, err)
	defer db.Close()
	must(t, db.View(func(tx *bbolt.Tx) error { used = tx.Size(); return nil }))
	return used
}

// A process killed at any moment has lost nothing that it acknowledged, and the
// next one opens at once (fault R1, short form).
func TestKilledProcessLosesNothing(t *testing.T) {
	dir := t.TempDir()
	must(t, boltstore.Create(dir))
	random := rand.New(rand.NewPCG(9, 9))
	acks, slow := uint64(0), 0
	for cycle := range 20 {
		acks = max(acks, killWriter(t, dir, time.Duration(5+random.IntN(60))*time.Millisecond))
		start := time.Now()
		s, err := boltstore.Open(dir)
		must(t, err)
		if time.Since(start) > 2*time.Second {
			slow++
		}
		last := lastEntry(t, s)
		if last < acks {
			t.Errorf("cycle %d: %d acknowledged, %d found", cycle, acks, last)
		}
		if problems, err := s.Check(t.Context()); err != nil || len(problems) > 0 {
			t.Errorf("cycle %d: %v %v", cycle, problems, err)
		}
		if err := issuerOver(t, s, dir).Audit(t.Context(), 1, func(issuer.AuditEntry) bool { return true }); err != nil {
			t.Errorf("cycle %d: %v", cycle, err)
		}
		must(t, s.Close())
	}
	if slow > 10 { // a busy machine makes some slow, not most
		t.Errorf("%d of 20 took more than two seconds to open", slow)
	}
	if acks < 20 {
		t.Errorf("only %d commits were acknowledged", acks)
	}
	t.Logf("%d acknowledged commits over 20 kills", acks)
}

// killWriter lets another process write for a while, kills it, and returns the
// last number that it acknowledged.
func killWriter(t *testing.T, dir string, after time.Duration) (last uint64) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "BOLTSTORE_CHILD=write "+dir)
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	lines := bufio.NewReader(out)
	first, err := lines.ReadString('\n') // it has opened the store
	must(t, err)
	time.AfterFunc(after, func() { _ = cmd.Process.Kill() })
	rest, _ := io.ReadAll(lines)
	_ = cmd.Wait()
	for _, line := range strings.SplitAfter(first+string(rest), "\n") {
		var n uint64
		// A line without its end was cut by the kill and acknowledges nothing.
		if _, err := fmt.Sscanf(line, "ack %d\n", &n); err == nil && strings.HasSuffix(line, "\n") {
			last = n
		}
	}
	return last
}

func lastEntry(t testing.TB, s *boltstore.Store) (seq uint64) {
	t.Helper()
	must(t, s.View(t.Context(), func(tx issuer.Tx) error {
		last, err := tx.LastAudit()
		if err == nil {
			seq = last.Seq
		}
		return nil
	}))
	return seq
}

// A full disk is a clean refusal, and writing goes on in the same process once
// there is room (fault R3). A limit on the size of files stands for the disk.
func TestFullDisk(t *testing.T) {
	dir := t.TempDir()
	must(t, boltstore.Create(dir))
	out, _ := child(t, "fill", dir)
	var acks, next uint64
	var problems string
	line := out[strings.LastIndex(strings.TrimSpace(out), "\n")+1:]
	if _, err := fmt.Sscanf(line, "acks %d next %d problems %s", &acks, &next, &problems); err != nil {
		t.Fatalf("%v in %q", err, out)
	}
	if !strings.Contains(out, "full: store full") || acks < 5 || next != acks+1 || problems != "[]" {
		t.Errorf("said %q", out)
	}
	s, err := boltstore.Open(dir)
	must(t, err)
	defer s.Close()
	if last := lastEntry(t, s); last != next {
		t.Errorf("%d entries, %d were acknowledged", last, next)
	}
}

// The same on a real small disk, where the machine lets us make one.
func TestFullTmpfs(t *testing.T) {
	dir := t.TempDir()
	mount := exec.Command("mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", dir)
	if err := mount.Run(); err != nil {
		t.Logf("no tmpfs of our own here (%v); TestFullDisk stands for it", err)
		return
	}
	t.Cleanup(func() { _ = exec.Command("umount", dir).Run() })
	must(t, boltstore.Create(dir))
	s, err := boltstore.Open(dir)
	must(t, err)
	defer s.Close()
	ballast := filepath.Join(dir, "ballast")
	must(t, os.WriteFile(ballast, make([]byte, 1<<20), 0o600))
	acks := uint64(0)
	for {
		seq, err := writeOne(s, 50_000)
		if err != nil {
			wantCode(t, err, boltstore.Full)
			break
		}
		acks = seq
	}
	if last := lastEntry(t, s); last != acks {
		t.Errorf("%d entries, %d were acknowledged", last, acks)
	}
	must(t, os.Remove(ballast))
	if seq, err := writeOne(s, 50_000); err != nil || seq != acks+1 {
		t.Errorf("after room was made: entry %d, %v", seq, err)
	}
	if problems, err := s.Check(t.Context()); err != nil || len(problems) > 0 {
		t.Errorf("%v %v", problems, err)
	}
}
