package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/employment-passport/passport/internal/pagekit"
	"github.com/employment-passport/passport/verifier/verifierweb"
)

// shippedHome is a home with an authority that recognises its body, its bundle
// and its anchor.
func shippedHome(t *testing.T) (home, bundle, anchor string) {
	t.Helper()
	home, command := newHome(t)
	anchor = command("trust", "init", "regione", "--did", "web", "--domain", "trust.example", "--title", "Regione Esempio", "--quiet")
	command("trust", "recognise", "did:web:ente.example", "--schema", "MicroCredential", "--quiet")
	bundle = filepath.Join(t.TempDir(), "trust.bundle")
	command("trust", "bundle", "--out", bundle, "--quiet")
	return home, bundle, anchor
}

// TestStickServesThePage: a folder that was written is served to this computer
// by its own root, and follows a newer bundle on the stick.
func TestStickServesThePage(t *testing.T) {
	home, bundle, anchor := shippedHome(t)
	stick := filepath.Join(t.TempDir(), "checker")
	if code := run([]string{"--home", home, "verify-page", "--out", stick, "--bundle", bundle, "--anchor", anchor, "--quiet"}, strings.NewReader(""), io.Discard, io.Discard); code != 0 {
		t.Fatalf("exit %d", code)
	}
	said, tell := io.Pipe()
	a := &app{in: strings.NewReader(""), out: tell, err: io.Discard, now: time.Now, lang: "en", json: true}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- a.verifyPage(ctx, verifyPageOptions{serve: true, from: stick, listen: "127.0.0.1:0"})
		_ = tell.Close()
	}()
	var at struct{ Listening, URL string }
	if err := json.NewDecoder(said).Decode(&at); err != nil {
		t.Fatal(err)
	}
	get := func(path, host string) (int, string, http.Header) {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+at.Listening+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if host != "" {
			r.Host = host
		}
		client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		answer, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = answer.Body.Close() }()
		body, err := io.ReadAll(answer.Body)
		if err != nil {
			t.Fatal(err)
		}
		return answer.StatusCode, string(body), answer.Header
	}
	if at.URL != "http://"+at.Listening+verifierweb.Path {
		t.Errorf("it shows %s", at.URL)
	}
	if status, body, h := get(verifierweb.Path, ""); status != http.StatusOK || !strings.Contains(body, "<html") || !strings.Contains(h.Get("Content-Security-Policy"), "'wasm-unsafe-eval'") {
		t.Errorf("page: %d %v", status, h)
	}
	if status, _, h := get("/", ""); status != http.StatusSeeOther || h.Get("Location") != verifierweb.Path {
		t.Errorf("/: %d to %s", status, h.Get("Location"))
	}
	if status, body, _ := get(verifierweb.Path+"/trust.json", ""); status != http.StatusOK || !strings.Contains(body, anchor) {
		t.Errorf("trust: %d %s", status, body)
	}
	// A stranger's name that leads here gets nothing.
	if status, _, _ := get(verifierweb.Path, "rebound.example"); status != http.StatusMisdirectedRequest {
		t.Errorf("a foreign name: %d", status)
	}
	for _, path := range []string{"/verify/..%2ftrust.json", "/verify//trust.json", "/api/v1/issuers", "/verify/README.txt"} {
		if status, _, _ := get(path, ""); status < 400 {
			t.Errorf("%s: %d", path, status)
		}
	}
	// Somebody puts a newer bundle on the stick: it is served at once.
	newer := []byte("newer")
	if err := os.WriteFile(filepath.Join(stick, pagekit.FreshBundle), newer, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, body, _ := get(verifierweb.Path+"/"+pagekit.FreshBundle, ""); body != string(newer) {
		t.Error("it serves the older bundle")
	}
	if err := os.Remove(filepath.Join(stick, pagekit.FreshBundle)); err != nil {
		t.Fatal(err)
	}
	if status, _, _ := get(verifierweb.Path+"/"+pagekit.FreshBundle, ""); status != http.StatusNotFound {
		t.Errorf("a bundle that is away: %d", status)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("it ends with %v", err)
	}
}

// TestPageRefusesAnExpiredBundle: it would say "unknown" to everything.
func TestPageRefusesAnExpiredBundle(t *testing.T) {
	_, bundle, anchor := shippedHome(t)
	var errs bytes.Buffer
	a := &app{out: io.Discard, err: &errs, lang: "en", now: func() time.Time { return time.Now().AddDate(0, 0, 40) }}
	err := a.verifyPage(t.Context(), verifyPageOptions{out: filepath.Join(t.TempDir(), "page"), bundle: bundle, anchor: anchor})
	if code := a.report(err); code != exitUsage || !strings.Contains(errs.String(), "ended on") {
		t.Errorf("%d %s", code, errs.String())
	}
}

// TestBundleAddressOpensNoOtherDoor: what stands in the address of newer bundles
// comes to stand in the page's policy, and adds no source to it.
func TestBundleAddressOpensNoOtherDoor(t *testing.T) {
	for address, want := range map[string]string{
		"https://trust.example/bundle": "https://trust.example", "https://Trust.example:8443/b?x=1": "https://Trust.example:8443", "https://[2001:db8::1]/b": "https://[2001:db8::1]",
		"https://a.example;script-src'unsafe-inline'/b": "", "https://a.example,b.example/b": "", "https://*/b": "", "http://a.example/b": "", "https://u@a.example/b": "", "": "",
	} {
		if got, err := originOf(address); got != want || (err == nil) != (want != "") {
			t.Errorf("%s: %q %v", address, got, err)
		}
	}
}
