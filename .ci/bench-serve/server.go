package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// server is the program while it runs.
type server struct {
	cmd     *exec.Cmd
	address string
	began   time.Duration // until it was ready
}

// start runs the program until it answers that it is ready. Pages that an
// earlier process has left in the cache of the machine stay there.
func (h *home) start(ctx context.Context) (*server, error) {
	cmd := exec.CommandContext(ctx, h.program, "serve", "--home", h.path("home"), "--listen", "127.0.0.1:0", "--json")
	cmd.Env = append(os.Environ(), "PASSPORT_PASSPHRASE_FILE="+h.path("passphrase"), "LC_ALL=C")
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	s := &server{cmd: cmd}
	start := time.Now()
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		s.kill()
		return nil, fmt.Errorf("serve did not start: %w", err)
	}
	var said struct{ Listening string }
	if err := json.Unmarshal([]byte(line), &said); err != nil {
		s.kill()
		return nil, err
	}
	s.address, s.began = said.Listening, time.Since(start)
	go func() { _, _ = io.Copy(io.Discard, out) }()
	for range 300 { // lists of a fresh home are signed in the first moments
		c, err := dial(s.address)
		if err != nil {
			return nil, err
		}
		status, _, err := c.do(request("GET", "/readyz", s.address, "", nil))
		closeAll([]*client{c})
		if err == nil && status == 200 {
			return s, nil
		}
		time.Sleep(100 * time.Millisecond)
	}
	s.kill()
	return nil, fmt.Errorf("serve is not ready")
}

// kill ends the process that was started here, and only that.
func (s *server) kill() {
	if s.cmd.ProcessState == nil {
		_ = s.cmd.Process.Kill()
		_ = s.cmd.Wait()
	}
}

// stop asks it to stop and waits.
func (s *server) stop() error {
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	return s.cmd.Wait()
}

// cpu is the processor time that the server has used.
func (s *server) cpu() time.Duration {
	data, err := os.ReadFile("/proc/" + strconv.Itoa(s.cmd.Process.Pid) + "/stat")
	if err != nil {
		return 0
	}
	_, after, _ := strings.Cut(string(data), ") ")
	fields := strings.Fields(after)
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * 10 * time.Millisecond // USER_HZ
}

// memory is what the server holds of its own and what it holds at all, in MiB.
// Pages of the store's file are mapped: the machine takes them back when it
// needs them.
func (s *server) memory() (own, all float64) {
	data, err := os.ReadFile("/proc/" + strconv.Itoa(s.cmd.Process.Pid) + "/status")
	if err != nil {
		return 0, 0
	}
	for line := range strings.Lines(string(data)) {
		name, value, _ := strings.Cut(line, ":")
		kib, _ := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 64)
		switch name {
		case "RssAnon":
			own = kib / 1024
		case "VmRSS":
			all = kib / 1024
		}
	}
	return own, all
}
