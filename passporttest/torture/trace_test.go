//go:build unix

package torture

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// strace wraps the server so that the kernel's answers are ours to choose.
func strace(t *testing.T, out *line, calls, inject string) []string {
	t.Helper()
	if _, err := exec.LookPath("strace"); err != nil {
		out.notHere(t, "needs strace")
	}
	wrap := []string{"strace", "-f", "--seccomp-bpf", "-qq", "-o", "/dev/null", "-e", "trace=" + calls, "-e", "inject=" + calls + ":" + inject}
	if err := sh(append(slices.Clone(wrap), "true")...); err != nil {
		out.notHere(t, firstLine(err.Error()))
	}
	return wrap
}

// TestFaultR4IOErrors has the n-th write or sync fail: nothing is acknowledged
// that is not there, a store whose sync failed writes no more until the next
// start, and that start is clean.
func TestFaultR4IOErrors(t *testing.T) {
	f := asked(t)
	for _, c := range []struct{ calls, error string }{
		{"fdatasync", "EIO"}, {"pwrite64", "ENOSPC"}, {"pwrite64", "EIO"}, {"fsync", "EIO"}, {"ftruncate", "ENOSPC"},
	} {
		t.Run(c.calls+" "+c.error, func(t *testing.T) {
			out := report(t, "R4 "+c.calls+" "+c.error)
			if !f.everything && (c.calls == "ftruncate" || c.calls == "pwrite64" && c.error == "EIO") {
				out.notHere(t, "in the long form only")
			}
			w, l := newWorld(t, built.program, t.TempDir()), newLedger()
			stopped := 0
			for n := range f.errorsAt {
				// The first of them belong to the start. Each later run fails later.
				at := fmt.Sprintf("error=%s:when=%d", c.error, 1+n*5)
				if f.everything {
					at = fmt.Sprintf("error=%s:when=%d", c.error, 1+n)
				}
				w.wrap = strace(t, out, c.calls, at)
				stopped += oneFault(w, l, out.cycles, c.error == "EIO")
				w.wrap = nil
				s := w.start()
				if lost := s.missing(l.since(out.cycles)); len(lost) > 0 {
					out.lost += len(lost)
					t.Errorf("%s: lost %v", at, lost)
				}
				c, err := s.issue(t.Context(), fmt.Sprint("afterwards-", n), nameOf(n))
				if err != nil {
					t.Errorf("%s: the next start does not issue: %v", at, err)
				}
				l.issued(c, out.cycles)
				s.kill()
				w.fsck()
				out.cycles++
			}
			finish(w, l, nil, out)
			out.note = fmt.Sprintf("%d stopped writing, %s", stopped, out.note)
		})
	}
}

// oneFault issues 20 times, and returns 1 when the store has stopped writing:
// then nothing may be acknowledged any more, and reading must go on.
func oneFault(w *world, l *ledger, cycle int, fatal bool) (stopped int) {
	w.Helper()
	s, err := w.tryStart()
	if err != nil {
		return 0 // the fault met the start, which refused
	}
	defer s.kill()
	failed := false
	for n := range 20 {
		c, err := s.issue(w.Context(), fmt.Sprintf("io-%d-%d", cycle, n), nameOf(n))
		var refused *refusal
		switch {
		case err == nil && failed && fatal:
			w.Error("the store went on after a sync had failed")
		case err == nil:
			l.issued(c, cycle)
		case !errors.As(err, &refused) || refused.Status < 500 || !strings.HasPrefix(refused.Type, "application/problem+json"):
			w.Errorf("a failed call is told as %v", err)
		default:
			failed = true
			if refused.Problem.Code == "store_stopped" {
				stopped = 1
			}
		}
	}
	if _, err := s.public(w.Context(), "/.well-known/did.json"); err != nil {
		w.Errorf("reading after a failed call: %v", err)
	}
	if fatal && failed && stopped == 0 {
		w.Error("a sync failed, and the store does not say that it has stopped")
	}
	return stopped
}

// TestFaultR11SlowDisk delays every sync: acts are slow, or told to come back,
// and verification does not notice.
func TestFaultR11SlowDisk(t *testing.T) {
	f, out := asked(t), report(t, "R11 slow disk, +200 ms a sync")
	w, l := newWorld(t, built.program, t.TempDir()), newLedger()
	quick := w.start()
	c, err := quick.issue(t.Context(), "first", nameOf(1))
	if err != nil {
		t.Fatal(err)
	}
	l.issued(c, 0)
	usual := verifying(t, quick, c.Token, f.slowFor/2)
	quick.stop()
	w.wrap = strace(t, out, "fdatasync", "delay_exit=200000")
	w.settings = []string{"PASSPORT_LIMITS_ACTING=32", "PASSPORT_LIMITS_WAIT=300ms"} // half of the clients must wait
	s := w.start()
	ctx, cancel := context.WithCancel(t.Context())
	working := s.clients(ctx, 64, 1, l, dice(t))
	slow := verifying(t, s, c.Token, f.slowFor)
	cancel()
	working.Wait()
	for status, n := range l.refused {
		if status != http.StatusServiceUnavailable && status != http.StatusTooManyRequests {
			t.Errorf("%d acts were refused with %d", n, status)
		}
	}
	if l.refused[http.StatusServiceUnavailable] == 0 || l.hurried > 0 {
		t.Errorf("%d were asked to come back, %d of them without saying when", l.refused[http.StatusServiceUnavailable], l.hurried)
	}
	s.kill()
	w.wrap, w.settings = nil, nil
	// Under ptrace every goroutine that waits in a traced call costs more; 64
	// clients share the cores with the verifications.
	if p99 := quantile(slow, 0.99); p99 > 500*time.Millisecond {
		t.Errorf("verification p99 %s", p99)
	}
	out.cycles = 1
	finish(w, l, nil, out)
	out.note = fmt.Sprintf("verify p50 %s, p99 %s (alone %s, %s), refused %v, %s", quantile(slow, 0.5), quantile(slow, 0.99),
		quantile(usual, 0.5), quantile(usual, 0.99), l.refused, out.note)
}

// verifying has two clients verify for a while and returns how long each took.
func verifying(t *testing.T, s *server, token string, span time.Duration) (all []time.Duration) {
	t.Helper()
	var mu sync.Mutex
	var clients sync.WaitGroup
	end := time.Now().Add(span)
	for range 2 {
		clients.Go(func() {
			for time.Now().Before(end) {
				took, err := s.verify(t.Context(), token)
				if err != nil {
					t.Errorf("verify: %v", err)
					return
				}
				mu.Lock()
				all = append(all, took)
				mu.Unlock()
				time.Sleep(5 * time.Millisecond)
			}
		})
	}
	clients.Wait()
	slices.Sort(all)
	return all
}

func quantile(sorted []time.Duration, q float64) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(len(sorted)-1, int(q*float64(len(sorted))))].Round(100 * time.Microsecond)
}
