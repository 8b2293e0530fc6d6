package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/employment-passport/passport/internal/pagekit"
	"github.com/employment-passport/passport/internal/trust"
	"github.com/employment-passport/passport/verifier"
	"github.com/employment-passport/passport/verifier/verifierweb"
)

// TestVerifyPageShipsWhatTheServiceBelieves: without an authority the page trusts
// nobody; once there is one, it has its root and the bundle that is published.
func TestVerifyPageShipsWhatTheServiceBelieves(t *testing.T) {
	home, command := newHome(t)
	w := startService(t, home, "")
	answer, text := w.ask("GET", "/verify", "")
	if answer.StatusCode != http.StatusOK || !strings.Contains(text, "<html lang=") || answer.Header.Get("Set-Cookie") != "" {
		t.Fatalf("/verify: %d %.300s", answer.StatusCode, text)
	}
	if csp := answer.Header.Get("Content-Security-Policy"); strings.Contains(csp, "unsafe-inline") || !strings.Contains(csp, "script-src 'self' 'wasm-unsafe-eval'") || len(answer.Header.Values("Content-Security-Policy")) != 1 {
		t.Errorf("policy %q", csp)
	}
	if got := answer.Header.Get("Permissions-Policy"); !strings.Contains(got, "camera=(self)") {
		t.Errorf("no camera: %s", got)
	}
	if answer, _ := w.ask("GET", "/verify/trust.json", ""); answer.StatusCode != http.StatusNotFound {
		t.Errorf("a root that nobody made: %d", answer.StatusCode)
	}

	anchor := command("trust", "init", "regione", "--did", "web", "--domain", "trust.example", "--title", "Regione Esempio", "--quiet")
	command("trust", "recognise", "did:web:ente.example", "--schema", "MicroCredential", "--quiet")
	w.eventually(func() bool {
		answer, text := w.ask("GET", "/verify/trust.json", "")
		return answer.StatusCode == http.StatusOK && strings.Contains(text, anchor)
	})
	_, beside := w.ask("GET", "/verify/"+pagekit.FreshBundle, "")
	_, published := w.ask("GET", "/trust/bundle", "")
	if beside == "" || beside != published {
		t.Error("the bundle beside the page is not the one that is published")
	}
	for _, asset := range regexp.MustCompile(`(?:src|href)="(verify/[^"]+)"`).FindAllStringSubmatch(text, -1) {
		if answer, _ := w.ask("GET", "/"+asset[1], ""); answer.StatusCode != http.StatusOK && !strings.HasSuffix(asset[1], ".wasm.gz") {
			t.Errorf("the page names %s: %d", asset[1], answer.StatusCode)
		}
	}
	worker, _ := w.ask("GET", "/verify/sw.js", "")
	if worker.Header.Get("Service-Worker-Allowed") != verifierweb.Short || !strings.HasPrefix(worker.Header.Get("Content-Type"), "text/javascript") {
		t.Errorf("service worker: %d %v", worker.StatusCode, worker.Header)
	}
	_, text = w.ask("GET", verifierweb.Path, "")
	if answer, short := w.ask("GET", verifierweb.Short, ""); answer.StatusCode != http.StatusOK || short != text {
		t.Errorf("the short address has another page: %d %v", answer.StatusCode, answer.Header)
	}
	if answer, _ := w.ask("GET", "/wallet", ""); answer.StatusCode != http.StatusOK || !strings.Contains(answer.Header.Get("Content-Type"), "text/html") {
		t.Errorf("/wallet: %d %v", answer.StatusCode, answer.Header)
	}
}

// TestVerifyPageShipsThePinnedBundle: of another authority, as it is in the
// operator's file, and newer ones of it.
func TestVerifyPageShipsThePinnedBundle(t *testing.T) {
	home, bundle, anchor := shippedHome(t)
	other, _ := newHome(t)
	data, err := os.ReadFile(bundle)
	if err != nil {
		t.Fatal(err)
	}
	_ = home
	w := startService(t, other, "bundle: "+bundle+"\nanchor: "+anchor+"\n")
	if _, text := w.ask("GET", "/verify/trust.json", ""); !strings.Contains(text, anchor) || !strings.Contains(text, "Regione Esempio") {
		t.Errorf("trust: %s", text)
	}
	if _, body := w.ask("GET", "/verify/"+pagekit.FreshBundle, ""); !bytes.Equal([]byte(body), data) {
		t.Error("it ships another bundle")
	}
}

// eventually waits for what the service does by itself: a bundle comes 15 s after
// the last one, and later where making one takes long.
func (w *world) eventually(done func() bool) {
	w.t.Helper()
	for deadline := time.Now().Add(60 * time.Second); !done(); time.Sleep(100 * time.Millisecond) {
		if time.Now().After(deadline) {
			w.t.Fatal("it does not come")
		}
	}
}

// TestARevocationReachesTheBundleWithoutARestart: whoever asks for a newer list
// after a revocation gets one, from both places, and the service's own answer is
// by it too.
func TestARevocationReachesTheBundleWithoutARestart(t *testing.T) {
	home, command := newHome(t)
	key := command("apikey", "add", "moodle", "--issuer", "ente", "--role", "officer", "--quiet")
	anchor := command("trust", "init", "regione", "--did", "web", "--domain", "trust.example", "--quiet")
	command("trust", "recognise", "did:web:ente.example", "--schema", "MicroCredential", "--quiet")
	w := startService(t, home, "")
	id, token := w.issue(key, "Amina Diallo", "MC-1")
	open := func(path string) *trust.Bundle {
		_, text := w.ask("GET", path, "")
		b, err := trust.Open([]byte(text), anchor, trust.Options{})
		if err != nil {
			return nil
		}
		return b
	}
	says := func(b *trust.Bundle) verifier.Verdict {
		v, err := verifier.New(verifier.Config{Keys: b, StatusLists: b, Recognition: b, Now: time.Now})
		if err != nil {
			t.Fatal(err)
		}
		r, err := v.VerifyCredential(t.Context(), token)
		if err != nil {
			t.Fatal(err)
		}
		return r.Verdict
	}
	var first *trust.Bundle
	w.eventually(func() bool { first = open("/trust/bundle"); return first != nil && says(first) == verifier.Valid })
	answer, text := w.ask("POST", "/api/v1/credentials/"+id+"/revoke", `{"reason":"issued-in-error"}`, "Authorization", "Bearer "+key, "Content-Type", asJSON)
	if answer.StatusCode/100 != 2 {
		t.Fatalf("revoke: %d %s", answer.StatusCode, text)
	}
	for _, path := range []string{"/trust/bundle", "/verify/" + pagekit.FreshBundle} {
		w.eventually(func() bool {
			b := open(path)
			return b != nil && b.Origin().Seq > first.Origin().Seq && says(b) != verifier.Valid
		})
	}
	if answer, text = w.ask("POST", "/api/v1/verify", `{"tokens":["`+token+`"]}`, "Content-Type", asJSON); answer.StatusCode != http.StatusOK || !strings.Contains(text, `"revoked"`) {
		t.Errorf("the service itself has not heard: %s", text)
	}
}

// TestWhoMayReadFromElsewhere: public files are for pages of every origin and
// without a cookie; the console, the API and the pages themselves are not.
func TestWhoMayReadFromElsewhere(t *testing.T) {
	home, command := newHome(t)
	key := command("apikey", "add", "moodle", "--issuer", "ente", "--role", "officer", "--quiet")
	command("trust", "init", "regione", "--did", "web", "--domain", "trust.example", "--quiet")
	command("trust", "recognise", "did:web:ente.example", "--schema", "MicroCredential", "--quiet")
	w := startService(t, home, "")
	id, _ := w.issue(key, "Amina Diallo", "MC-1")
	w.eventually(func() bool { answer, _ := w.ask("GET", "/trust/bundle", ""); return answer.StatusCode == http.StatusOK })
	const elsewhere = "https://wallet.elsewhere.example"
	for _, path := range []string{
		"/status/1", "/status/1/assertions/" + strings.Repeat("A", 43), "/.well-known/did.json", "/trust/bundle", "/trust/regione/recognition",
		"/schemas/micro/1", "/.well-known/openid-credential-issuer/ente", "/oid4vci/ente/offers/nothing",
	} {
		answer, text := w.ask("GET", path, "", "Host", "ente.example", "Origin", elsewhere)
		if answer.StatusCode == http.StatusMisdirectedRequest {
			answer, text = w.ask("GET", path, "", "Origin", elsewhere)
		}
		if answer.Header.Get("Access-Control-Allow-Origin") != "*" || answer.Header.Get("Access-Control-Allow-Credentials") != "" || answer.Header.Get("Set-Cookie") != "" {
			t.Errorf("%s: %d %v %.100s", path, answer.StatusCode, answer.Header, text)
		}
	}
	for path, wants := range map[string]string{"/oid4vci/ente/token": "POST", "/oid4vci/ente/nonce": "POST", "/oid4vci/ente/credential": "POST", "/oid4vci/ente/deferred": "POST", "/oid4vci/ente/notification": "POST"} {
		answer, _ := w.ask("OPTIONS", path, "", "Origin", elsewhere, "Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "authorization,content-type")
		if answer.StatusCode != http.StatusNoContent || answer.Header.Get("Access-Control-Allow-Origin") != "*" || !strings.Contains(answer.Header.Get("Access-Control-Allow-Methods"), wants) ||
			!strings.Contains(answer.Header.Get("Access-Control-Allow-Headers"), "Authorization") || !strings.Contains(answer.Header.Get("Access-Control-Allow-Headers"), "Content-Type") {
			t.Errorf("%s: %d %v", path, answer.StatusCode, answer.Header)
		}
		answer, _ = w.ask("POST", path, "{}", "Origin", elsewhere, "Content-Type", asJSON)
		if answer.Header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%s refuses without saying so to the page: %d", path, answer.StatusCode)
		}
	}
	for _, closed := range [][2]string{
		{"GET", "/api/v1/credentials"}, {"GET", "/api/v1/credentials/" + id}, {"OPTIONS", "/api/v1/credentials"}, {"POST", "/api/v1/credentials"},
		{"GET", "/api/v1/offers"}, {"GET", "/console"}, {"OPTIONS", "/console/login/begin"}, {"POST", "/console/login/begin"}, {"GET", "/console/lost"},
		{"GET", "/verify"}, {"GET", "/wallet"}, {"GET", "/claim/x"}, {"GET", "/metrics"},
	} {
		answer, _ := w.ask(closed[0], closed[1], "", "Origin", elsewhere, "Authorization", "Bearer "+key, "Access-Control-Request-Method", "POST")
		if answer.Header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s %s may be read from elsewhere", closed[0], closed[1])
		}
	}
}

// TestPrintedCodesLeadToOwnPage: a service with a short address of its own prints
// codes that a phone's camera opens there; a long one, http and none do not fit.
func TestPrintedCodesLeadToOwnPage(t *testing.T) {
	for _, c := range []struct{ verify, base, want string }{
		{"", "", ""},
		{"", "https://pass.example.org", "https://pass.example.org/verify"},
		{"", "https://pass.example.org/", "https://pass.example.org/verify"},
		{"", "https://passport.example.org", "https://passport.example.org/v"}, // with /verify 35 characters
		{"", "https://passport.example-of-many.org", ""},
		{"", "http://localhost:8080", ""},
		{"https://v.example/p", "https://pass.example.org", "https://v.example/p"},
	} {
		if got := (config{VerifyBase: c.verify, BaseURL: c.base}).linkBase(); got != c.want {
			t.Errorf("%+v: %q", c, got)
		}
	}
	home, command := newHome(t)
	command("trust", "init", "first", "--did", "key", "--quiet")
	if err := os.WriteFile(filepath.Join(home, configName), []byte("workFactor: 1\nbaseURL: https://pass.example.org\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	token := filepath.Join(t.TempDir(), "a.jwt")
	command("issue", "--issuer", "ente", "--template", "food-hygiene", "--learner", "../../examples/learners/01-amina-diallo.json", "--out", token, "--quiet")
	var drawn struct{ Texts []string }
	if err := json.Unmarshal([]byte(command("qr", "encode", token, "--json")), &drawn); err != nil || len(drawn.Texts) != 1 || !strings.HasPrefix(drawn.Texts[0], "https://pass.example.org/verify#1") {
		t.Errorf("%v %v", drawn, err)
	}
}
