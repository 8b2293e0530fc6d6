package main

import (
	"encoding/json"
	"errors"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/employment-passport/passport/internal/qr"
	"github.com/employment-passport/passport/issuer/issuervci"
)

// TestPapersAreRead: a picture of the code, the printed PDF, the text of the code
// and the bare token lead to the same token; what is none of ours to nothing.
func TestPapersAreRead(t *testing.T) {
	_, command := newHome(t)
	dir := t.TempDir()
	path := func(name string) string { return filepath.Join(dir, name) }
	command("issue", "--issuer", "ente", "--template", "food-hygiene", "--learner", "../../examples/learners/01-amina-diallo.json", "--out", path("a.jwt"), "--quiet")
	command("qr", "encode", path("a.jwt"), "--out", path("a.png"), "--quiet")
	var listed struct{ ID string }
	if err := json.Unmarshal([]byte(command("list", "--json")), &listed); err != nil {
		t.Fatal(err)
	}
	command("print", listed.ID, "--out", path("a.pdf"), "--quiet")
	token := strings.TrimSpace(string(read(t, path("a.jwt"))))
	text, _, err := qr.Encode(defaultVerifyBase, []string{token}, qr.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for name, files := range map[string][][]byte{
		"picture": {read(t, path("a.png"))}, "pdf": {read(t, path("a.pdf"))}, "text": {[]byte(" " + text + "\n")}, "token": {[]byte(token)},
		"both sides": {read(t, path("a.png")), read(t, path("a.png"))},
	} {
		tokens, err := paperTokens(t.Context(), files)
		if err != nil || !slices.Contains(tokens, token) {
			t.Errorf("%s: %d tokens, %v", name, len(tokens), err)
		}
	}
	chunks, err := qr.EncodeChunks(defaultVerifyBase, []string{token}, 200)
	if err != nil || len(chunks) < 2 {
		t.Fatalf("%d parts, %v", len(chunks), err)
	}
	var parts [][]byte
	for _, c := range chunks {
		parts = append(parts, []byte(c))
	}
	if tokens, err := paperTokens(t.Context(), parts); err != nil || !slices.Contains(tokens, token) {
		t.Errorf("parts: %d tokens, %v", len(tokens), err)
	}
	for name, data := range map[string][]byte{"nothing": nil, "junk": []byte("hello"), "half a picture": read(t, path("a.png"))[:300], "half a code": parts[0], "an empty PDF": []byte("%PDF-1.7\n")} {
		if tokens, err := paperTokens(t.Context(), [][]byte{data}); err == nil || len(tokens) > 0 {
			t.Errorf("%s: %v", name, tokens)
		}
	}
	if _, err := paperTokens(t.Context(), nil); !errors.Is(err, qr.ErrNotPassport) {
		t.Errorf("no paper: %v", err)
	}
}

// TestANewPhoneOverTheService: a program states what was seen; the old copy is
// red for everybody, and what the new phone scans leads to the offer.
func TestANewPhoneOverTheService(t *testing.T) {
	home, command := newHome(t)
	key := command("apikey", "add", "desk", "--issuer", "ente", "--role", "officer", "--quiet")
	w := startService(t, home, "")
	id, token := w.issue(key, "Amina Diallo", "MC-1")
	say := func(body string) (int, string) {
		answer, text := w.ask("POST", "/api/v1/lost", body, "Authorization", "Bearer "+key, "Content-Type", asJSON)
		return answer.StatusCode, text
	}
	if status, text := say(`{"issuer":"ente","credentials":["` + id + `"],"seen":"","to":"wallet"}`); status != http.StatusUnprocessableEntity || !strings.Contains(text, "seen_missing") {
		t.Errorf("unseen: %d %s", status, text)
	}
	status, text := say(`{"issuer":"ente","credentials":["` + id + `"],"seen":"identity-card","to":"wallet"}`)
	var made struct{ Offers []issuervci.Made }
	if err := json.Unmarshal([]byte(text), &made); err != nil || status != http.StatusOK || len(made.Offers) != 1 {
		t.Fatalf("%d %s", status, text)
	}
	page, text := w.ask("GET", strings.TrimPrefix(made.Offers[0].Page, w.base)+"?lang=en", "")
	if page.StatusCode != http.StatusOK || !strings.Contains(text, `href="/wallet?lang=en#offer=`) || strings.Contains(text, "Amina") {
		t.Errorf("its page: %d %s", page.StatusCode, text)
	}
	if listed := command("list", "--json"); !strings.Contains(listed, `"status":"revoked"`) || strings.Contains(listed, `"status":"issued"`) {
		t.Error(listed)
	}
	w.eventually(func() bool {
		_, text := w.ask("POST", "/credentials/verify", `{"verifiableCredential":{"@context":"https://www.w3.org/ns/credentials/v2","type":"EnvelopedVerifiableCredential","id":"data:application/vc+jwt,`+token+`"}}`, "Content-Type", asJSON)
		return strings.Contains(text, `"revoked"`)
	})
}

// TestPaperHasRoom: a photograph is larger than what other acts may send, and has
// the limits of a sheet; the acts that follow have their own.
func TestPaperHasRoom(t *testing.T) {
	for place, want := range map[string]class{"/console/lost": classSheet, "/console/lost/urn:uuid:1": classAct, "/api/v1/lost": classAct} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://x"+place, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := classOf(r); got != want {
			t.Errorf("%s: %s", place, got)
		}
	}
}
