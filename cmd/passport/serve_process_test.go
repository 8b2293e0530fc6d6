package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/employment-passport/passport/issuer/sockstore"
)

// process is a service as a program of its own.
type process struct {
	*world
	cmd  *exec.Cmd
	errs *logText
}

// startProcess starts the program, which is this one under its other name.
func startProcess(t *testing.T, home string) *process {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(home, configName), []byte("workFactor: 1\nlisten: 127.0.0.1:0\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	p := &process{cmd: exec.Command(self), errs: &logText{}}
	p.cmd.Args = []string{"passport", "--home", home, "serve", "--json"}
	p.cmd.Stderr = p.errs
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.cmd.Process.Kill() })
	var ready struct{ Listening, BaseURL string }
	if err := json.NewDecoder(out).Decode(&ready); err != nil {
		t.Fatalf("%v: %s", err, p.errs)
	}
	p.world = &world{t: t, dir: home, address: ready.Listening, base: ready.BaseURL, client: &http.Client{Timeout: 20 * time.Second}, log: p.errs}
	return p
}

// ends waits for the program and holds it to its exit code and time.
func (p *process) ends(within time.Duration) {
	p.t.Helper()
	done := make(chan error, 1)
	start := time.Now()
	go func() { done <- p.cmd.Wait() }()
	select {
	case err := <-done:
		if err != nil {
			p.t.Errorf("it ended with %v: %s", err, p.errs)
		}
	case <-time.After(within):
		p.t.Errorf("it has not ended after %s: %s", time.Since(start), p.errs)
		_ = p.cmd.Process.Kill()
		<-done //nolint:errcheck // what the kill made of it
	}
}

// TestServeStopsUnderLoad: SIGTERM while clients issue: what was answered is
// there, nothing is half done, and the exit code is 0.
func TestServeStopsUnderLoad(t *testing.T) {
	home, command := newHome(t)
	key := command("apikey", "add", "moodle", "--issuer", "ente", "--role", "officer", "--quiet")
	p := startProcess(t, home)
	var mu sync.Mutex
	var acknowledged []string
	var clients sync.WaitGroup
	for c := range 8 {
		clients.Go(func() {
			for n := 0; ; n++ {
				r, _ := http.NewRequest("POST", p.base+"/api/v1/credentials", strings.NewReader(issueBody("Amina Diallo", fmt.Sprintf("MC-%d-%d", c, n))))
				r.Header.Set("Authorization", "Bearer "+key)
				r.Header.Set("Content-Type", asJSON)
				answer, err := p.client.Do(r)
				if err != nil {
					return
				}
				var made struct{ ID string }
				err = json.NewDecoder(answer.Body).Decode(&made)
				_ = answer.Body.Close()
				if answer.StatusCode == http.StatusCreated && err == nil {
					mu.Lock()
					acknowledged = append(acknowledged, made.ID)
					mu.Unlock()
				}
			}
		})
	}
	time.Sleep(500 * time.Millisecond)
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	p.ends(drainTime)
	clients.Wait()
	list := command("list", "--json")
	for _, id := range acknowledged {
		if !strings.Contains(list, id) {
			t.Errorf("%s was answered and is not there", id)
		}
	}
	if len(acknowledged) < 20 || strings.Contains(list, `"pending"`) {
		t.Errorf("%d were issued; pending: %v", len(acknowledged), strings.Contains(list, `"pending"`))
	}
	t.Logf("%d credentials issued and kept", len(acknowledged))
	command("fsck", "--quiet")
}

// TestServeSecondSignal: a request that does not end is waited for, until
// somebody insists.
func TestServeSecondSignal(t *testing.T) {
	home, command := newHome(t)
	key := command("apikey", "add", "moodle", "--issuer", "ente", "--role", "officer", "--quiet")
	p := startProcess(t, home)
	slow, err := net.Dial("tcp", p.address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = slow.Close() }()
	fmt.Fprintf(slow, "POST /api/v1/credentials HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{", p.address, key)
	time.Sleep(200 * time.Millisecond)
	for n, wait := range []time.Duration{500 * time.Millisecond, 0} {
		if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		time.Sleep(wait)
		if n == 0 && p.cmd.Process.Signal(syscall.Signal(0)) != nil {
			t.Fatal("it did not wait for the request")
		}
	}
	p.ends(2 * time.Second)
}

// TestServeAfterKill: the socket that a killed server left is replaced, and the
// commands of the home work before and after.
func TestServeAfterKill(t *testing.T) {
	home, command := newHome(t)
	socket := filepath.Join(home, sockstore.FileName)
	p := startProcess(t, home)
	if err := p.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = p.cmd.Wait()
	if _, err := os.Lstat(socket); err != nil {
		t.Fatalf("no socket is left to replace: %v", err)
	}
	command("list", "--quiet")
	p = startProcess(t, home)
	command("list", "--quiet")
	if info, err := os.Lstat(socket); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the socket: %v %v", info, err)
	}
	if err := p.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	p.ends(drainTime)
	if _, err := os.Lstat(socket); !os.IsNotExist(err) {
		t.Errorf("the socket is left: %v", err)
	}
}

// TestThreatJ11AdminFromTheNetwork: what the socket understands is nothing to the
// address, and a browser that reaches it finds no protocol of ours.
func TestThreatJ11AdminFromTheNetwork(t *testing.T) {
	w, _ := newWorld(t, "")
	socket := filepath.Join(w.dir, sockstore.FileName)
	conn, err := net.Dial("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	_ = conn.SetDeadline(time.Now().Add(2 * time.Second))
	greeting := make([]byte, 256)
	n, err := conn.Read(greeting)
	_ = conn.Close()
	if err != nil || n == 0 {
		t.Fatalf("the socket says nothing: %v", err)
	}
	tcp, err := net.Dial("tcp", w.address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tcp.Close() }()
	_ = tcp.SetDeadline(time.Now().Add(headerTime + 20*time.Second))
	if _, err := tcp.Write(append(bytes.Clone(greeting[:n]), "\r\n\r\n"...)); err != nil {
		t.Fatal(err)
	}
	answer, _ := io.ReadAll(tcp)
	if !bytes.HasPrefix(answer, []byte("HTTP/1.1 400 ")) {
		t.Errorf("the address answers the socket's words: %.200q", answer)
	}
	if info, err := os.Lstat(socket); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info, err)
	}
	if info, err := os.Stat(w.dir); err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Errorf("the home is open to others: %v %v", info, err)
	}
}

// full is a file on a full disk.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, syscall.ENOSPC }

// TestFaultServiceThatNobodyHears: a service that cannot say where it answers
// ends; it does not go on where no signal reaches it.
func TestFaultServiceThatNobodyHears(t *testing.T) {
	home, _ := newHome(t)
	if err := os.WriteFile(filepath.Join(home, configName), []byte("workFactor: 1\nlisten: 127.0.0.1:0\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	a := &app{in: strings.NewReader(""), out: full{}, err: &logText{}, now: time.Now, home: home, lang: "en", json: true}
	ended := make(chan error, 1)
	go func() { ended <- a.serve(t.Context(), serveFlags{}) }()
	select {
	case err := <-ended:
		if !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("it ends with %v", err)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("it goes on")
	}
}
