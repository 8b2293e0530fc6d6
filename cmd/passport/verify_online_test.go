package main

import (
	"bytes"
	"context"
	"crypto/x509"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/employment-passport/passport/internal/fetch"
	"github.com/employment-passport/passport/verifier"
)

// web answers for every host and writes down what was asked for.
type webServer struct {
	mu    sync.Mutex
	pages map[string][]byte // host + path
	asked []string
	date  time.Time // HTTP Date; zero: now
}

func (w *webServer) ServeHTTP(out http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	defer w.mu.Unlock()
	host, _, _ := strings.Cut(r.Host, ":")
	w.asked = append(w.asked, host+r.URL.Path)
	page, ok := w.pages[host+r.URL.Path]
	if !w.date.IsZero() {
		out.Header().Set("Date", w.date.UTC().Format(http.TimeFormat))
	}
	if !ok {
		http.NotFound(out, r)
		return
	}
	out.Header().Set("Content-Type", "application/vc+jwt")
	_, _ = out.Write(page)
}

// client reaches the server under any name, through the one door.
func (w *webServer) client(t *testing.T) *fetch.Client {
	server := httptest.NewTLSServer(w)
	t.Cleanup(server.Close)
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	return fetch.New(fetch.Config{
		Roots: roots, Now: time.Now, AllowLoopbackUnsafe: true,
		Lookup: func(context.Context, string) ([]netip.Addr, error) {
			return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
		},
		Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, server.Listener.Addr().String())
		},
	})
}

// desk plays a command line in this process.
func desk(t *testing.T, line ...string) string {
	t.Helper()
	var out, errOut bytes.Buffer
	if code := run(line, strings.NewReader(""), &out, &errOut); code != exitOK {
		t.Fatalf("passport %v: exit %d: %s", line, code, errOut.String())
	}
	return strings.TrimSpace(out.String())
}

// TestOnline: what is fetched, for whom, and what an answer that does not stand
// up does: nothing. The server bears the one name of its certificate.
func TestOnline(t *testing.T) {
	const host = "example.com"
	dir := t.TempDir()
	t.Setenv("PASSPORT_HOME", filepath.Join(dir, "home"))
	t.Setenv("PASSPORT_PASSPHRASE_FILE", filepath.Join(dir, "passphrase"))
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(os.WriteFile(filepath.Join(dir, "passphrase"), []byte("correct horse battery staple\n"), 0o600))
	token, bundleFile := filepath.Join(dir, "one.jwt"), filepath.Join(dir, "trust.bundle")
	desk(t, "init", "--work-factor", "1")
	desk(t, "issuer", "add", "ente", "--did", "web", "--domain", host, "--country", "IT", "--region", "ITF5")
	desk(t, "template", "add", "../../examples/templates/01-food-hygiene-it.json")
	id := desk(t, "issue", "--issuer", "ente", "--template", "food-hygiene", "--learner", "../../examples/learners/01-amina-diallo.json", "--out", token)
	anchor := desk(t, "trust", "init", "regione", "--did", "did:web:regione.example")
	desk(t, "trust", "delegate")
	desk(t, "trust", "bundle", "--out", filepath.Join(dir, "empty.bundle"))
	desk(t, "trust", "recognise", "did:web:"+host, "--schema", "MicroCredential")
	desk(t, "trust", "bundle", "--out", bundleFile)
	desk(t, "revoke", id, "--reason", "issued-in-error")
	desk(t, "status", "publish", "--out", filepath.Join(dir, "site"))
	revoked, err := os.ReadFile(filepath.Join(dir, "site", host, "status", "1"))
	must(err)
	desk(t, "trust", "bundle", "--out", filepath.Join(dir, "newer.bundle"))
	newer, err := os.ReadFile(filepath.Join(dir, "newer.bundle"))
	must(err)
	text, err := os.ReadFile(token)
	must(err)
	tokens := strings.Fields(string(text))

	verify := func(t *testing.T, bundle string, w *webServer, bundleURL string) *verifier.Report {
		t.Helper()
		a := &app{out: new(bytes.Buffer), err: new(bytes.Buffer), now: time.Now, home: t.TempDir()}
		s := &verifySetup{app: a}
		s.cfg.Now = a.now
		must(s.openBundle(verifyOptions{bundle: bundle, anchor: anchor}))
		s.goOnline(context.Background(), w.client(t), bundleURL, anchor)
		must(s.build())
		r, err := s.verify(context.Background(), tokens)
		must(err)
		return r
	}
	listURL := host + "/status/1"
	for _, c := range []struct {
		name, bundle, bundleURL string
		web                     *webServer
		verdict                 verifier.Verdict
		reason                  string
		asked                   []string
	}{
		{"nobody answers", bundleFile, "", &webServer{}, verifier.Valid, "", []string{listURL}},
		{"a newer list revokes", bundleFile, "", &webServer{pages: map[string][]byte{listURL: revoked}}, verifier.Invalid, "revoked", []string{listURL}},
		{"a list of nonsense changes nothing", bundleFile, "", &webServer{pages: map[string][]byte{listURL: []byte("<html>")}}, verifier.Valid, "", []string{listURL}},
		{"an issuer that nobody recognises is asked nothing", filepath.Join(dir, "empty.bundle"), "", &webServer{pages: map[string][]byte{listURL: revoked}}, verifier.Unknown, "", nil},
		{"a newer bundle is taken", bundleFile, "https://" + host + "/bundle", &webServer{pages: map[string][]byte{host + "/bundle": newer}}, verifier.Invalid, "revoked", []string{host + "/bundle", listURL}},
		{"a bundle of nonsense is not", bundleFile, "https://" + host + "/bundle", &webServer{pages: map[string][]byte{host + "/bundle": []byte("x")}}, verifier.Valid, "", []string{host + "/bundle", listURL}},
		{"the clocks are hours apart", bundleFile, "https://" + host + "/bundle", &webServer{pages: map[string][]byte{host + "/bundle": []byte("x")}, date: time.Now().Add(3 * time.Hour)}, verifier.Unknown, "clock", []string{host + "/bundle", listURL}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := verify(t, c.bundle, c.web, c.bundleURL)
			if r.Verdict != c.verdict || c.reason != "" && r.Reason != c.reason {
				t.Errorf("%s for %q, want %s for %q: %+v", r.Verdict, r.Reason, c.verdict, c.reason, r.Checks)
			}
			if strings.Join(c.web.asked, " ") != strings.Join(c.asked, " ") {
				t.Errorf("asked %v, want %v", c.web.asked, c.asked)
			}
		})
	}

	// The fetched bundle stays for the next command with the same anchor.
	a := &app{out: new(bytes.Buffer), err: new(bytes.Buffer), now: time.Now, home: t.TempDir()}
	must(keepBundle(a.storedBundle(anchor), newer, nil, nil))
	s := &verifySetup{app: a}
	must(s.openBundle(verifyOptions{anchor: anchor}))
	if s.bundle == nil {
		t.Error("the kept bundle was not opened")
	}
}
