//go:build unix

package torture

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// disk is a file system of its own for one test.
type disk struct {
	*testing.T
	image, dir string
	options    []string // of mounting; the next one the next time
}

// mounts tells why no file system can be mounted here, or nothing.
func mounts(needs ...string) (why string) {
	if runtime.GOOS != "linux" || os.Getuid() != 0 {
		return "needs root on Linux"
	}
	for _, program := range append(needs, "mount", "umount") {
		if _, err := exec.LookPath(program); err != nil {
			return "needs " + program
		}
	}
	return ""
}

func sh(line ...string) error {
	if out, err := exec.Command(line[0], line[1:]...).CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", strings.Join(line, " "), err, out)
	}
	return nil
}

func (d *disk) must(line ...string) {
	d.Helper()
	if err := sh(line...); err != nil {
		d.Fatal(err)
	}
}

// newImage makes an image and mounts it over a loop device.
func newImage(t *testing.T, out *line, kind string) *disk {
	t.Helper()
	if why := mounts("mkfs."+kind, "xfs_io"); why != "" {
		out.notHere(t, why)
	}
	d := &disk{T: t, image: filepath.Join(t.TempDir(), "image"), dir: t.TempDir(), options: []string{"loop"}}
	if kind == "ext4" { // how long what nobody asked to keep may stay in memory
		d.options = []string{"loop,commit=1", "loop,commit=5", "loop,commit=1000"}
	}
	d.must("truncate", "-s", "320M", d.image)
	d.must("mkfs."+kind, "-q", d.image)
	if err := d.mount(); err != nil {
		out.notHere(t, err.Error())
	}
	t.Cleanup(func() { _ = sh("umount", "-l", d.dir) })
	return d
}

func (d *disk) mount() error {
	options := d.options[0]
	d.options = append(d.options[1:], options)
	return sh("mount", "-o", options, d.image, d.dir)
}

// cut is a power cut: what the disk has not been told to keep is gone.
func (d *disk) cut() { d.must("xfs_io", "-x", "-c", "shutdown", d.dir) }

// again mounts the disk as the next start of the machine does.
func (d *disk) again() {
	d.Helper()
	d.must("umount", d.dir)
	if err := d.mount(); err != nil {
		d.Fatal(err)
	}
}

// TestFaultR2PowerCut cuts the power under 8 clients: what was acknowledged is
// there. The build that does not sync must be caught by the same eyes.
func TestFaultR2PowerCut(t *testing.T) {
	f := asked(t)
	t.Run("ext4", func(t *testing.T) { cuts(t, "ext4", f.cuts) })
	t.Run("xfs", func(t *testing.T) { cuts(t, "xfs", f.cutsXFS) })
	t.Run("control", func(t *testing.T) {
		out := report(t, "R2 control, a build without syncs")
		choose := dice(t)
		for cycle := range f.control {
			d := newImage(t, out, "ext4")
			w, l := newWorld(t, built.control, d.dir), newLedger()
			d.must("sync", "-f", d.dir) // the home itself is there
			lost, err := oneCut(w, d, l, cycle, 100+choose.IntN(200), choose.IntN)
			out.cycles++
			out.acks += l.count()
			if out.lost += len(lost); err != nil || len(lost) > 0 {
				out.note = fmt.Sprintf("caught in cycle %d", cycle+1)
				if err != nil {
					out.note += ": " + firstLine(err.Error())
				}
				return
			}
			d.must("umount", d.dir)
		}
		t.Errorf("%d power cuts did not find that nothing was synced: the harness is blind", f.control)
	})
}

func cuts(t *testing.T, kind string, n int) {
	out := report(t, "R2 power cut, "+kind)
	if n == 0 {
		out.notHere(t, "in the long form only")
	}
	d := newImage(t, out, kind)
	w, l, choose := newWorld(t, built.program, d.dir), newLedger(), dice(t)
	out.least = 5 * n
	for cycle := range n {
		if lost, err := oneCut(w, d, l, cycle, 20+choose.IntN(280), choose.IntN); err != nil || len(lost) > 0 {
			out.lost += len(lost)
			t.Fatalf("cycle %d: %v, lost %v\n%s", cycle, err, lost, w.log())
		}
		out.cycles++
	}
	finish(w, l, nil, out)
}

func firstLine(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	return s[:min(len(s), 120)]
}

// oneCut plays one cycle. err is a store that does not come back.
func oneCut(w *world, d *disk, l *ledger, cycle, millis int, choose func(int) int) (lost []string, err error) {
	w.Helper()
	s := w.start()
	ctx, cancel := context.WithCancel(w.Context())
	defer cancel()
	working := s.clients(ctx, 8, cycle, l, dice(w.T))
	before := l.count()
	time.Sleep(time.Duration(millis) * time.Millisecond)
	for n := 0; n < 100 && l.count() < before+5; n++ { // a cut with nothing to lose shows nothing
		time.Sleep(20 * time.Millisecond)
	}
	d.cut()
	time.Sleep(time.Duration(choose(20)) * time.Millisecond)
	s.kill()
	cancel()
	working.Wait()
	d.again()
	if s, err = w.tryStart(); err != nil {
		return nil, fmt.Errorf("%w: %s", err, lastLine(w.log()))
	}
	lost = s.missing(l.since(cycle))
	s.kill()
	if cycle%5 > 0 {
		return lost, nil
	}
	if out, errs, exit := w.try("fsck"); exit != 0 {
		return lost, fmt.Errorf("fsck: exit %d: %s%s", exit, out, errs)
	}
	return lost, nil
}

func lastLine(s string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	for _, l := range lines {
		if strings.Contains(l, "passport: error") {
			return l
		}
	}
	return lines[len(lines)-1]
}

// TestFaultR3DiskFull fills the disk under the store: no act is acknowledged,
// reading and verifying go on, and acts do too once there is room.
func TestFaultR3DiskFull(t *testing.T) {
	asked(t)
	out := report(t, "R3 disk full")
	if why := mounts(); why != "" {
		out.notHere(t, why)
	}
	d := &disk{T: t, dir: t.TempDir()}
	if err := sh("mount", "-t", "tmpfs", "-o", "size=8m", "none", d.dir); err != nil {
		out.notHere(t, err.Error())
	}
	t.Cleanup(func() { _ = sh("umount", "-l", d.dir) })
	w, l := newWorld(t, built.program, d.dir), newLedger()
	s := w.start()
	issue := func(key string) error {
		c, err := s.issue(t.Context(), key, nameOf(1))
		if err == nil {
			l.issued(c, out.cycles)
		}
		return err
	}
	for n := range 10 {
		if err := issue(fmt.Sprint("before-", n)); err != nil {
			t.Fatal(err)
		}
	}
	known := l.since(0)[0]
	var slowest time.Duration
	for out.cycles < 3 {
		fill(t, filepath.Join(d.dir, "filler"))
		full, refused := 0, &refusal{}
		for n := 0; full < 5; n++ {
			err := issue(fmt.Sprintf("full-%d-%d", out.cycles, n))
			switch {
			case err == nil && n < 5000: // the store's file has room of its own
				continue
			case !errors.As(err, &refused):
				t.Fatalf("a full disk, and: %v\n%s", err, w.log())
			case refused.Status != http.StatusInsufficientStorage && refused.Status != http.StatusServiceUnavailable, !strings.HasPrefix(refused.Type, "application/problem+json"):
				t.Errorf("a full disk is told as %v", refused)
			}
			full++
			if err := s.holds(known); err != nil {
				t.Errorf("reading on a full disk: %v", err)
			}
			if _, err := s.verify(t.Context(), known.Token); err != nil {
				t.Errorf("verifying on a full disk: %v", err)
			}
			if _, err := s.public(t.Context(), "/status/1"); err != nil {
				t.Errorf("the list on a full disk: %v", err)
			}
		}
		if err := os.Remove(filepath.Join(d.dir, "filler")); err != nil {
			t.Fatal(err)
		}
		slowest = max(slowest, w.soon(5*time.Second, "issuing again", func() bool { return issue(fmt.Sprint("after-", out.cycles)) == nil }))
		out.cycles++
	}
	s.stop()
	finish(w, l, nil, out)
	out.note = fmt.Sprintf("issues again after %s, %s", slowest.Round(time.Millisecond), out.note)
}

// fill takes all the room there is.
func fill(t *testing.T, name string) {
	t.Helper()
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	for size := 1 << 20; size > 0; size /= 2 {
		for {
			if _, err := f.Write(make([]byte, size)); err != nil {
				break
			}
		}
	}
}
