//go:build unix

package torture

import (
	"bufio"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// startLimit is how long a server may take to answer. It is held by the median
// of a test's starts: on a machine that does other things too one may have to
// wait for its turn.
const startLimit = 2 * time.Second

// server is one run of "passport serve".
type server struct {
	w       *world
	cmd     *exec.Cmd
	base    string
	client  *http.Client
	started time.Duration
	ready   time.Time
	gone    chan struct{} // closed once it has ended
}

// start runs a server and waits until it says where it answers.
func (w *world) start() *server {
	w.Helper()
	s, err := w.tryStart()
	if err != nil {
		w.Fatalf("serve: %v\n%s", err, w.log())
	}
	if len(w.wrap) == 0 {
		w.starts = append(w.starts, s.started)
	}
	return s
}

func (w *world) tryStart() (*server, error) {
	log, err := os.OpenFile(w.logs, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	defer func() { _ = log.Close() }()
	line := append(append([]string{}, w.wrap...), w.program, "serve", "--json")
	s := &server{w: w, cmd: exec.Command(line[0], line[1:]...), gone: make(chan struct{})}
	s.cmd.Env, s.cmd.Stderr = w.env(), log
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	begun := time.Now()
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	w.Cleanup(s.kill)
	var ready struct{ Listening string }
	said, err := bufio.NewReader(out).ReadBytes('\n')
	s.ready = time.Now()
	s.started = s.ready.Sub(begun)
	go func() { _ = s.cmd.Wait(); close(s.gone) }()
	if err != nil {
		<-s.gone
		return nil, errors.New(s.cmd.ProcessState.String())
	}
	if err := json.Unmarshal(said, &ready); err != nil {
		return nil, err
	}
	s.base = "http://" + ready.Listening
	s.client = &http.Client{
		Timeout:   20 * time.Second,
		Transport: &http.Transport{MaxIdleConnsPerHost: 128, DialContext: (&net.Dialer{Timeout: 2 * time.Second}).DialContext},
	}
	return s, nil
}

// pid is the server's own, under a wrapper too.
func (s *server) pid() int {
	if len(s.w.wrap) == 0 {
		return s.cmd.Process.Pid
	}
	children, _ := os.ReadFile("/proc/" + strconv.Itoa(s.cmd.Process.Pid) + "/task/" + strconv.Itoa(s.cmd.Process.Pid) + "/children")
	pid, err := strconv.Atoi(strings.TrimSpace(string(children)))
	if err != nil {
		return s.cmd.Process.Pid
	}
	return pid
}

func (s *server) signal(sig syscall.Signal) {
	s.w.Helper()
	if err := syscall.Kill(s.pid(), sig); err != nil {
		s.w.Errorf("%s: %v", sig, err)
	}
}

// kill is kill -9, of the server and of what wraps it, which are a group of
// their own. Twice is no error.
func (s *server) kill() {
	select {
	case <-s.gone:
	default:
		_ = syscall.Kill(-s.cmd.Process.Pid, syscall.SIGKILL)
		s.wait(10 * time.Second)
	}
	if s.client != nil {
		s.client.CloseIdleConnections()
	}
}

// wait returns whether the server has ended within a time.
func (s *server) wait(limit time.Duration) bool {
	select {
	case <-s.gone:
		return true
	case <-time.After(limit):
		return false
	}
}

// stop asks the server to end, and wants it to do so in order.
func (s *server) stop() (took time.Duration) {
	s.w.Helper()
	begun := time.Now()
	s.signal(syscall.SIGTERM)
	if !s.wait(15 * time.Second) {
		s.w.Errorf("the server did not end\n%s", s.w.log())
		s.kill()
	}
	if code := s.cmd.ProcessState.ExitCode(); code != 0 {
		s.w.Errorf("the server ended with %d\n%s", code, s.w.log())
	}
	s.client.CloseIdleConnections()
	return time.Since(begun)
}

// peak is the most memory that the server has had, in bytes.
func (s *server) peak() int64 {
	status, _ := os.ReadFile("/proc/" + strconv.Itoa(s.pid()) + "/status")
	_, after, _ := strings.Cut(string(status), "VmHWM:")
	kib, _ := strconv.ParseInt(strings.TrimSpace(strings.SplitN(after, "kB", 2)[0]), 10, 64)
	return kib << 10
}
