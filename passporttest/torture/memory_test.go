//go:build unix

package torture

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// bound is the memory that bombs may make the service use.
const bound = 256 << 20

// bombs are bodies that a verifier must refuse without unfolding them.
func bombs(token string) map[string][]byte {
	parts := strings.Split(token, ".")
	enveloped := func(token string) []byte {
		return []byte(`{"verifiableCredential":{"@context":"https://www.w3.org/ns/credentials/v2","type":"EnvelopedVerifiableCredential","id":"data:application/vc+jwt,` + token + `"}}`)
	}
	many := strings.Repeat(`{"@context":"https://www.w3.org/ns/credentials/v2","type":"EnvelopedVerifiableCredential","id":"data:application/vc+jwt,`+parts[0]+`.e30.AA"},`, 6000)
	return map[string][]byte{
		"a token of 64 KiB and more":  enveloped(parts[0] + "." + strings.Repeat("A", 70<<10) + "." + parts[2]),
		"a token of a megabyte":       enveloped(strings.Repeat("A", 900<<10)),
		"thousands of tokens":         []byte(`{"verifiablePresentation":{"verifiableCredential":[` + strings.TrimSuffix(many, ",") + `]}}`),
		"brackets without an end":     bytes.Repeat([]byte("["), 900<<10),
		"braces a hundred deep":       []byte(strings.Repeat(`{"a":`, 100_000) + "1" + strings.Repeat("}", 100_000)),
		"a number of a megabyte":      []byte(`{"verifiableCredential":` + strings.Repeat("9", 900<<10) + `}`),
		"one name a hundred thousand": []byte(`{` + strings.TrimSuffix(strings.Repeat(`"a":1,`, 100_000), ",") + `}`),
		"a string of escapes":         []byte(`{"verifiableCredential":"` + strings.Repeat(`\u0000`, 150<<10) + `"}`),
		"more than the limit":         bytes.Repeat([]byte(" "), 3<<20),
		"dots":                        enveloped(strings.Repeat(".", 800<<10)),
	}
}

// TestFaultR14Bombs throws bombs at the open endpoints within a memory cgroup
// where there is one: no answer takes long, nothing ends, memory stays bounded.
func TestFaultR14Bombs(t *testing.T) {
	asked(t)
	out := report(t, "R14 bombs in 256 MiB")
	w, l := newWorld(t, built.program, t.TempDir()), newLedger()
	s := w.start()
	where := cage(t, s.pid())
	c, err := s.issue(t.Context(), "one", nameOf(1))
	if err != nil {
		t.Fatal(err)
	}
	l.issued(c, 0)
	var mu sync.Mutex
	var throwers sync.WaitGroup
	slowest := map[string]time.Duration{}
	for range 8 {
		throwers.Go(func() {
			for range 5 {
				for name, bomb := range bombs(c.Token) {
					for _, path := range []string{"/credentials/verify", "/presentations/verify"} {
						begun := time.Now()
						if err := s.throw(t.Context(), path, bomb); err != nil {
							t.Errorf("%s at %s: %v", name, path, err)
							return
						}
						mu.Lock()
						slowest[name] = max(slowest[name], time.Since(begun))
						out.cycles++
						mu.Unlock()
					}
				}
			}
		})
	}
	slowlorises := s.slow(t, 200)
	throwers.Wait()
	if _, err := s.verify(t.Context(), c.Token); err != nil {
		t.Errorf("afterwards: %v", err)
	}
	slowlorises()
	worst := ""
	for name, took := range slowest {
		if worst == "" || took > slowest[worst] {
			worst = name
		}
	}
	peak := s.peak()
	if peak == 0 || peak > bound {
		t.Errorf("%d MiB of memory", peak>>20)
	}
	if log := w.log(); strings.Contains(log, "panic") || strings.Contains(log, "goroutine ") {
		t.Errorf("the server panicked\n%s", log)
	}
	s.stop()
	finish(w, l, nil, out)
	out.note = fmt.Sprintf("%d MiB at most (%s), slowest %s with 8 at once (%s)", peak>>20, where, slowest[worst].Round(time.Millisecond), worst)
}

// throw posts a bomb and wants a refusal.
func (s *server) throw(ctx context.Context, path string, bomb []byte) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.base+path, bytes.NewReader(bomb))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	err = s.answer(r, nil)
	var refused *refusal
	switch {
	case err == nil:
		return errors.New("accepted")
	case errors.As(err, &refused) && refused.Status >= 500 && refused.Status != http.StatusServiceUnavailable:
		return err
	case errors.As(err, &refused), strings.Contains(err.Error(), "reset by peer"), strings.Contains(err.Error(), "broken pipe"):
		return nil // a body over the limit may be cut off
	}
	return err
}

// slow opens connections that send a request a byte at a time.
func (s *server) slow(t *testing.T, n int) (end func()) {
	t.Helper()
	var all []net.Conn
	for range n {
		conn, err := net.Dial("tcp", strings.TrimPrefix(s.base, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(conn, "POST /credentials/verify HTTP/1.1\r\nHost: a\r\nX-")
		all = append(all, conn)
	}
	return func() {
		for _, conn := range all {
			_ = conn.Close()
		}
	}
}

// cage puts a process into a memory cgroup of its own, where that can be done.
func cage(t *testing.T, pid int) (where string) {
	t.Helper()
	dir := "/sys/fs/cgroup/memory/passport-torture-" + strconv.Itoa(os.Getpid())
	limit := "memory.limit_in_bytes"
	if _, err := os.Stat("/sys/fs/cgroup/cgroup.controllers"); err == nil {
		dir, limit = "/sys/fs/cgroup/passport-torture-"+strconv.Itoa(os.Getpid()), "memory.max"
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		return "measured, no cgroup here"
	}
	t.Cleanup(func() { _ = os.Remove(dir) })
	for name, value := range map[string]string{limit: strconv.Itoa(bound), "cgroup.procs": strconv.Itoa(pid)} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(value), 0o600); err != nil {
			return "measured, no cgroup here"
		}
	}
	return "in a cgroup"
}
