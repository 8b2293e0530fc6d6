package main

import (
	"encoding/json"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/employment-passport/passport/issuer/sockstore"
	"github.com/go-chi/chi/v5"
)

// TestServeStory: one home, its service, a program that issues over HTTP, the
// commands of the home beside it, and the end.
func TestServeStory(t *testing.T) {
	home, command := newHome(t)
	key := command("apikey", "add", "moodle", "--issuer", "ente", "--role", "officer", "--quiet")
	w := startService(t, home, "")
	id, token := w.issue(key, "Amina Diallo", "MC-1")
	if list := command("list", "--json"); !strings.Contains(list, id) {
		t.Errorf("the command does not see it: %s", list)
	}
	// What is issued or revoked is in the list that is published next, not before.
	judged := func(status int, word string) {
		deadline := time.Now().Add(time.Minute)
		for {
			answer, text := w.ask("POST", "/credentials/verify", `{"verifiableCredential":{"@context":"https://www.w3.org/ns/credentials/v2","type":"EnvelopedVerifiableCredential","id":"data:application/vc+jwt,`+token+`"}}`, "Content-Type", asJSON)
			if answer.StatusCode == status && strings.Contains(text, word) {
				return
			}
			if time.Now().After(deadline) {
				t.Fatalf("not %d %s, still %d %.300s", status, word, answer.StatusCode, text)
			}
			time.Sleep(100 * time.Millisecond)
		}
	}
	judged(200, `"valid"`)
	command("revoke", id, "--reason", "issued-in-error", "--quiet")
	judged(400, `"revoked"`)
	if _, text := w.ask("GET", "/metrics", ""); !regexp.MustCompile(`passport_acts_total\{act="revoke"\} 1`).MatchString(text) || !strings.Contains(text, `passport_verifications_total{verdict="valid"} `) || !strings.Contains(text, `passport_verifications_total{verdict="invalid"} 1`) {
		t.Errorf("metrics: %s", text)
	}
	if err := w.stop(); err != nil {
		t.Errorf("stopped with %v", err)
	}
	if _, err := os.Lstat(filepath.Join(home, sockstore.FileName)); !os.IsNotExist(err) {
		t.Errorf("the socket is left: %v", err)
	}
	if list := command("list", "--status", "revoked", "--json"); !strings.Contains(list, id) {
		t.Errorf("after the end: %s", list)
	}
	command("audit", "--verify", "--quiet")
	command("fsck", "--quiet")
}

// TestServeRefusesToStart: with a sentence, and without touching the home.
func TestServeRefusesToStart(t *testing.T) {
	home, _ := newHome(t)
	taken := startService(t, home, "")
	taken.settled("ente.example", "/status/1")
	for _, c := range []struct {
		name, home string
		args       []string
		exit       int
		says       string
	}{
		{"http for the world", home, []string{"--base-url", "http://passport.example.org"}, exitUsage, "baseURL must begin with https"},
		{"a path", home, []string{"--base-url", "https://example.org/passport"}, exitUsage, "baseURL"},
		{"no address", home, []string{"--listen", "8080"}, exitUsage, "listen must be an address with a port"},
		{"a level", home, []string{"--log-level", "loud"}, exitUsage, "logLevel must be one of these"},
		{"no home", filepath.Join(t.TempDir(), "none"), nil, exitUsage, "passport init"},
		{"a second server", home, []string{"--listen", "127.0.0.1:0"}, exitUsage, "already open in process"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var out, errs strings.Builder
			start := time.Now()
			if code := run(append([]string{"--home", c.home, "serve"}, c.args...), strings.NewReader(""), &out, &errs); code != c.exit || !strings.Contains(errs.String(), c.says) {
				t.Errorf("exit %d: %s", code, errs.String())
			}
			if took := time.Since(start); took > 10*time.Second {
				t.Errorf("it took %s", took)
			}
		})
	}
	if answer, _ := taken.ask("GET", "/readyz", ""); answer.StatusCode != 200 {
		t.Errorf("the first server: %d", answer.StatusCode)
	}
}

// TestServePortTaken: an address that is in use is told, and the home is free
// again.
func TestServePortTaken(t *testing.T) {
	one, _ := newWorld(t, "")
	home, command := newHome(t)
	var out, errs strings.Builder
	if code := run([]string{"--home", home, "serve", "--listen", one.address}, strings.NewReader(""), &out, &errs); code != exitUsage || !strings.Contains(errs.String(), "cannot listen on "+one.address) {
		t.Errorf("exit %d: %s", code, errs.String())
	}
	command("list", "--quiet")
}

// TestServeMetricsElsewhere: with an address of their own, metrics are there and
// nowhere else.
func TestServeMetricsElsewhere(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	elsewhere := l.Addr().String()
	_ = l.Close()
	w, _ := newWorld(t, "metricsListen: "+elsewhere+"\n")
	if answer, _ := w.ask("GET", "/metrics", ""); answer.StatusCode != 404 {
		t.Errorf("on the main address: %d", answer.StatusCode)
	}
	w.base = "http://" + elsewhere
	if answer, text := w.ask("GET", "/metrics", ""); answer.StatusCode != 200 || !strings.Contains(text, "\npassport_list_age_seconds ") {
		t.Errorf("%d %.200s", answer.StatusCode, text)
	}
	if answer, _ := w.ask("GET", "/openapi.json", ""); answer.StatusCode != 404 {
		t.Errorf("something else is there: %d", answer.StatusCode)
	}
}

// TestServeReadiness: what readyz says is what is so.
func TestServeReadiness(t *testing.T) {
	home, _ := newHome(t)
	s, h := handlerOf(t, home, defaultConfig())
	now := time.Now()
	s.house.app.now = func() time.Time { return now }
	if err := s.public.Publish(t.Context()); err != nil {
		t.Fatal(err)
	}
	ready := func() (int, readiness) {
		w := recorded(h, "GET", "/readyz", s.base.Host)
		var r readiness
		if err := json.Unmarshal(w.Body.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		return w.Code, r
	}
	if code, r := ready(); code != 200 || !r.Ready || len(r.Reasons) != 0 {
		t.Errorf("%d %+v", code, r)
	}
	if err := s.house.bolt.Close(); err != nil {
		t.Fatal(err)
	}
	if code, r := ready(); code != 200 {
		t.Errorf("within %s it is asked again: %d %+v", readyFor, code, r)
	}
	now = now.Add(2 * readyFor)
	if code, r := ready(); code != 503 || r.Ready || !slices.Contains(r.Reasons, notStore) {
		t.Errorf("with a closed store: %d %+v", code, r)
	}
	close(s.stopping)
	if code, r := ready(); code != 503 || !slices.Contains(r.Reasons, notStay) {
		t.Errorf("stopping: %d %+v", code, r)
	}
	if w := recorded(h, "GET", "/healthz", s.base.Host); w.Code != 200 {
		t.Errorf("healthz: %d", w.Code)
	}
}

// TestServedDocumentIsTheRoutes: every route is described and every description
// is a route, but for pages, which people read, and files, which are named by
// others' addresses.
func TestServedDocumentIsTheRoutes(t *testing.T) {
	home, _ := newHome(t)
	s, _ := handlerOf(t, home, defaultConfig())
	var document struct {
		OpenAPI string
		Paths   map[string]map[string]json.RawMessage
	}
	if err := json.Unmarshal(s.document, &document); err != nil || !strings.HasPrefix(document.OpenAPI, "3.1") {
		t.Fatalf("%v %q", err, document.OpenAPI)
	}
	described, routed := map[string]bool{}, map[string]bool{}
	for path, item := range document.Paths {
		for method := range item {
			if slices.Contains([]string{"get", "post", "put", "patch", "delete"}, method) {
				described[strings.ToUpper(method)+" "+unnamed(path)] = true
			}
		}
	}
	err := chi.Walk(s.router, func(method, route string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		if method == "OPTIONS" || method == "HEAD" || strings.HasPrefix(route, "/console") || slices.Contains([]string{"/verify", "/v", "/wallet"}, route) || strings.HasSuffix(route, "/*") {
			return nil // pages for people
		}
		routed[method+" "+unnamed(route)] = true
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for at := range routed {
		if !described[at] {
			t.Errorf("not described: %s", at)
		}
	}
	for at := range described {
		if !routed[at] && !s.answers(at) {
			t.Errorf("no such route: %s", at)
		}
	}
	if len(routed) < 30 {
		t.Errorf("%d routes; are all parts mounted?", len(routed))
	}
}

// answers tells whether a described path is one of the public files, which one
// route serves for all hosts.
func (s *service) answers(at string) bool {
	method, path, _ := strings.Cut(at, " ")
	path = strings.ReplaceAll(path, "{}", "x")
	rctx := chi.NewRouteContext()
	return s.router.Match(rctx, method, path) && strings.HasSuffix(rctx.RoutePattern(), "/*")
}

var placeholder = regexp.MustCompile(`\{[^}]*\}`)

// unnamed is a path without the names of its parameters.
func unnamed(path string) string { return placeholder.ReplaceAllString(path, "{}") }
