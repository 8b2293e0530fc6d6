package main

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"github.com/employment-passport/passport/internal/did"
	"github.com/employment-passport/passport/internal/jose"
)

// hostile is what a malicious issuer writes into a title: escape sequences, a
// link, a line break, text that turns its direction, a formula.
const hostile = "=cmd|' /C calc'!A0\x1b[2J\x1b]8;;https://evil.example\x07\r\nVALID \u202egnorw\u2066\u200f\u0085"

// hostileToken is signed with a key in its own name, so that its fields are
// shown.
func hostileToken(t *testing.T) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	id, err := did.NewKey(crypto.PublicKey(&key.PublicKey))
	if err != nil {
		t.Fatal(err)
	}
	payload, err := json.Marshal(map[string]any{
		"@context": []string{"https://www.w3.org/ns/credentials/v2"}, "type": []string{"VerifiableCredential", "X"},
		"issuer": map[string]any{"id": id, "name": hostile}, "name": hostile,
		"credentialSubject": map[string]any{"identifier": []any{
			map[string]any{"type": "IdentityObject", "hashed": false, "identityHash": hostile, "identityType": "name"},
			map[string]any{"type": "IdentityObject", "hashed": false, "identityHash": "x", "identityType": hostile},
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	token, err := jose.Sign(context.Background(), jose.TypeVC, id+"#"+strings.TrimPrefix(id, "did:key:"), key, payload)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// TestStrangersTextIsNeutral: nothing that a document says moves the cursor,
// opens a link, starts a line or turns the reading direction (I05), and no
// spreadsheet takes it for a formula (I03).
func TestStrangersTextIsNeutral(t *testing.T) {
	file := filepath.Join(t.TempDir(), "\x1b[31mname.jwt")
	if err := os.WriteFile(file, []byte(hostileToken(t)+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"verify", file}, {"verify", file, file}, {"verify", file, "--csv"}, {"verify", file, "--lang", "el"}, {"inspect", file},
		{"verify", file + ".missing"},
	} {
		var out, errOut bytes.Buffer
		code := run(args, strings.NewReader(""), &out, &errOut)
		if want := map[bool]int{true: exitUsage, false: exitUnknown}[strings.HasSuffix(args[1], ".missing")]; args[0] == "verify" && code != want {
			t.Errorf("%q: exit %d, want %d: %s", args, code, want, errOut.String())
		}
		for _, r := range strings.ReplaceAll(out.String()+errOut.String(), "\r\n", "\n") {
			if unicode.IsControl(r) && r != '\n' || unicode.Is(unicode.Bidi_Control, r) {
				t.Errorf("%q lets %U through", args, r)
			}
		}
		for _, line := range strings.Split(out.String(), "\n") {
			if strings.HasPrefix(line, "VALID") {
				t.Errorf("%q: a document began a line", args)
			}
		}
	}
}

func TestCSVGuard(t *testing.T) {
	file := filepath.Join(t.TempDir(), "c.jwt")
	if err := os.WriteFile(file, []byte(hostileToken(t)), 0o600); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	run([]string{"verify", file, "--csv"}, strings.NewReader(""), &out, &out)
	rows, err := csv.NewReader(&out).ReadAll()
	if err != nil || len(rows) != 2 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	guarded := 0
	for _, cell := range rows[1] {
		if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
			t.Errorf("a formula: %q", cell)
		}
		if strings.HasPrefix(cell, "'=cmd") {
			guarded++
		}
	}
	if guarded == 0 {
		t.Error("the hostile name is not in the table at all")
	}
}

// TestJSONLines: --json of many inputs is one object a line whatever
// the documents say.
func TestJSONLines(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"a.jwt", "b.jwt"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(hostileToken(t)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if code := run([]string{"verify", dir, "--json"}, strings.NewReader(""), &out, &out); code != exitUnknown {
		t.Errorf("exit %d", code)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 2 {
		t.Fatalf("%d lines", len(lines))
	}
	for _, line := range lines {
		if err := json.Unmarshal([]byte(line), new(map[string]any)); err != nil {
			t.Errorf("%v: %s", err, line)
		}
	}
}
