package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/employment-passport/passport/internal/httpkit"
)

// servePassphrase is also a canary: it must be in no log.
const servePassphrase = "correct-horse-canary-battery"

// world is a service that runs, in this process, over a home of its own.
type world struct {
	t       *testing.T
	dir     string
	address string
	base    string
	log     *logText
	stop    func() error // once; returns what serve returned
	client  *http.Client
}

// logText is what a service writes to stderr.
type logText struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *logText) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *logText) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// newHome makes a home with one issuer and one template.
func newHome(t *testing.T) (dir string, command func(args ...string) string) {
	t.Helper()
	dir = t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("passphrase", servePassphrase+"\n")
	t.Setenv("LANG", "en")
	t.Setenv("LC_ALL", "en")
	t.Setenv("PASSPORT_PASSPHRASE_FILE", filepath.Join(dir, "passphrase"))
	home := filepath.Join(dir, "home")
	command = func(args ...string) string {
		t.Helper()
		var out, errs bytes.Buffer
		if code := run(append([]string{"--home", home}, args...), strings.NewReader(""), &out, &errs); code != 0 {
			t.Fatalf("%v: exit %d: %s%s", args, code, out.String(), errs.String())
		}
		return strings.TrimSpace(out.String())
	}
	command("init", "--work-factor", "1", "--quiet")
	command("issuer", "add", "ente", "--did", "web", "--domain", "ente.example", "--country", "IT", "--region", "ITF5", "--quiet")
	command("template", "add", "../../examples/templates/01-food-hygiene-it.json", "--quiet")
	return home, command
}

// startService runs a service over a home with settings over the file's.
func startService(t *testing.T, home, settings string) *world {
	t.Helper()
	if err := os.WriteFile(filepath.Join(home, configName), []byte("workFactor: 1\nlisten: 127.0.0.1:0\n"+settings), 0o600); err != nil {
		t.Fatal(err)
	}
	said, tell := io.Pipe()
	w := &world{t: t, dir: home, log: &logText{}, client: &http.Client{Timeout: 30 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	a := &app{in: strings.NewReader(""), out: tell, err: w.log, now: time.Now, home: home, lang: "en", json: true}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		err := a.serve(ctx, serveFlags{})
		_ = tell.CloseWithError(io.ErrUnexpectedEOF)
		ended <- err
	}()
	w.stop = sync.OnceValue(func() error { cancel(); return <-ended })
	t.Cleanup(func() { _ = w.stop() })
	var ready struct{ Listening, BaseURL string }
	if err := json.NewDecoder(said).Decode(&ready); err != nil {
		t.Fatalf("it does not start: %v: %v %s", err, w.stop(), w.log)
	}
	w.address, w.base = ready.Listening, ready.BaseURL
	return w
}

// newWorld is a service over a new home, with an officer's key.
func newWorld(t *testing.T, settings string) (w *world, key string) {
	t.Helper()
	home, command := newHome(t)
	key = command("apikey", "add", "moodle", "--issuer", "ente", "--role", "officer", "--quiet")
	return startService(t, home, settings), key
}

// ask sends a request; headers are name, value pairs, "Host" sets the host.
func (w *world) ask(method, path, body string, headers ...string) (*http.Response, string) {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), method, w.base+path, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	for n := 0; n+1 < len(headers); n += 2 {
		r.Header.Add(headers[n], headers[n+1])
		if headers[n] == "Host" {
			r.Host = headers[n+1]
		}
	}
	answer, err := w.client.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return answer, string(text)
}

// raw sends bytes as they are and returns everything that comes back.
func (w *world) raw(text string) string {
	w.t.Helper()
	conn, err := net.Dial("tcp", w.address)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
	if _, err := io.WriteString(conn, text); err != nil {
		w.t.Fatal(err)
	}
	answer, _ := io.ReadAll(conn)
	return string(answer)
}

// issueBody is the request that issues a credential to a person.
func issueBody(name, number string) string {
	return `{"issuer":"ente","template":"food-hygiene","learner":{"name":"` + name + `","birthDate":"1990-05-17","documentNumber":"` + number + `"}}`
}

const asJSON = "application/json"

// issue issues one and returns its id and token.
func (w *world) issue(key, name, number string) (id, token string) {
	w.t.Helper()
	answer, text := w.ask("POST", "/api/v1/credentials", issueBody(name, number), "Authorization", "Bearer "+key, "Content-Type", asJSON)
	var made struct{ ID, Token string }
	if err := json.Unmarshal([]byte(text), &made); err != nil || answer.StatusCode != http.StatusCreated {
		w.t.Fatalf("issue: %d %s", answer.StatusCode, text)
	}
	return made.ID, made.Token
}

// problem reads a refusal and holds it to its form.
func (w *world) problem(answer *http.Response, text string) httpkit.Problem {
	w.t.Helper()
	var p httpkit.Problem
	if err := json.Unmarshal([]byte(text), &p); err != nil || answer.Header.Get("Content-Type") != "application/problem+json" || p.Status != answer.StatusCode || p.Code == "" || p.Title == "" {
		w.t.Errorf("no problem: %d %s %.300s", answer.StatusCode, answer.Header.Get("Content-Type"), text)
	}
	return p
}

// handlerOf is the service's handler without a listener, for requests that no
// client would send.
func handlerOf(t *testing.T, home string, c config) (*service, http.Handler) {
	t.Helper()
	a := &app{in: strings.NewReader(""), out: io.Discard, err: io.Discard, now: time.Now, home: home, lang: "en"}
	h, err := a.openHouse(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.close(nil) })
	l := httptest.NewUnstartedServer(nil)
	t.Cleanup(l.Close)
	d := doors{main: l.Listener}
	s, err := newService(h, c, d.base(c))
	if err != nil {
		t.Fatal(err)
	}
	return s, s.handler
}

// recorded asks a handler under a host.
func recorded(h http.Handler, method, path, host string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, nil)
	r.Host = host
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}
