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
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/employment-passport/passport/internal/did"
	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/schema"
)

// verifyDesk is an office with one credential issued and a bundle that
// recognises the issuer.
type verifyDesk struct{ dir, token, id, bundle, anchor string }

func newVerifyDesk(t *testing.T) verifyDesk {
	t.Helper()
	dir := t.TempDir()
	d := verifyDesk{dir: dir, bundle: filepath.Join(dir, "trust.bundle")}
	t.Setenv("PASSPORT_HOME", filepath.Join(dir, "home"))
	t.Setenv("PASSPORT_PASSPHRASE_FILE", filepath.Join(dir, "passphrase"))
	d.write(t, "passphrase", "correct horse battery staple\n")
	desk(t, "init", "--work-factor", "1")
	desk(t, "issuer", "add", "ente", "--did", "web", "--domain", "ente.example", "--country", "IT", "--region", "ITF5")
	desk(t, "template", "add", "../../examples/templates/01-food-hygiene-it.json")
	file := filepath.Join(dir, "one.jwt")
	d.id = desk(t, "issue", "--issuer", "ente", "--template", "food-hygiene", "--learner", "../../examples/learners/01-amina-diallo.json", "--out", file)
	d.anchor = desk(t, "trust", "init", "regione", "--did", "did:web:regione.example")
	desk(t, "trust", "delegate")
	desk(t, "trust", "recognise", "did:web:ente.example", "--schema", "MicroCredential")
	desk(t, "trust", "bundle", "--out", d.bundle)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	d.token = strings.Fields(string(text))[0]
	return d
}

func (d verifyDesk) write(t *testing.T, name, text string) string {
	t.Helper()
	file := filepath.Join(d.dir, name)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// verify plays the command and gives what it prints.
func (d verifyDesk) verify(t *testing.T, want int, args ...string) string {
	t.Helper()
	var out, errOut bytes.Buffer
	args = append([]string{"verify", "--bundle", d.bundle, "--anchor", d.anchor}, args...)
	if code := run(args, strings.NewReader(""), &out, &errOut); code != want {
		t.Errorf("passport %v: exit %d, want %d\n%s%s", args, code, want, out.String(), errOut.String())
	}
	return out.String()
}

// forged is the token with another signature.
func forged(token string) string { return token[:len(token)-8] + "AAAAAAAA" }

// TestAForgedDocumentHidesBehindNoGoodOne: a file with a good credential and a
// forged one has a line for each in the table, and says which is which to
// people.
func TestAForgedDocumentHidesBehindNoGoodOne(t *testing.T) {
	d := newVerifyDesk(t)
	file := d.write(t, "two.jwt", d.token+"\n"+forged(d.token)+"\n")
	rows, err := csv.NewReader(strings.NewReader(d.verify(t, exitInvalid, file, "--csv"))).ReadAll()
	if err != nil || len(rows) != 3 {
		t.Fatalf("%d rows of 3, %v", len(rows), err)
	}
	good, bad := rows[1], rows[2]
	if good[1] != "valid" || good[3] != "yes" || good[7] != "" || good[8] == "" || good[10] != "Amina Diallo" {
		t.Errorf("the good one: %q", good)
	}
	if bad[1] != "invalid" || bad[3] != "no" || bad[7] == "" || strings.Join(bad[8:], "") != "" {
		t.Errorf("the forged one must have a verdict, a reason and no field: %q", bad)
	}
	said := d.verify(t, exitInvalid, file, "--lang", "en")
	for _, line := range []string{"\n1. ", "\n2. Nothing of this document can be shown\n✖ NOT VALID", "✔ 1. signature: ", "✖ 2. signature_invalid: ", "✔ bundle: "} {
		if !strings.Contains(said, line) {
			t.Errorf("no %q in\n%s", line, said)
		}
	}
}

// TestReasonsOfSeveralStayApart: of two documents with reasons of their own
// each line of the table bears its own.
func TestReasonsOfSeveralStayApart(t *testing.T) {
	d := newVerifyDesk(t)
	unknown := hostileToken(t)
	file := d.write(t, "three.jwt", unknown+"\n"+forged(d.token)+"\n"+d.token+"\n")
	rows, err := csv.NewReader(strings.NewReader(d.verify(t, exitInvalid, file, "--csv", "--lang", "en"))).ReadAll()
	if err != nil || len(rows) != 4 {
		t.Fatalf("%d rows of 4, %v", len(rows), err)
	}
	for i, want := range [][2]string{{"unknown", "Genuine signature, unknown issuer."}, {"invalid", "signature"}, {"valid", ""}} {
		if row := rows[i+1]; row[1] != want[0] || !strings.Contains(row[7], want[1]) || want[1] == "" && row[7] != "" {
			t.Errorf("row %d: %q", i+1, row)
		}
	}
}

// TestStrangersTermIsNoKeyOfOurs: what a document says in place of a term is
// shown as text, and its escape sequences go nowhere.
func TestStrangersTermIsNoKeyOfOurs(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	id, err := did.NewKey(crypto.PublicKey(&key.PublicKey))
	if err != nil {
		t.Fatal(err)
	}
	payload, _ := json.Marshal(map[string]any{
		"@context": []string{"https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json", schema.ContextURL},
		"type":     []string{"VerifiableCredential", "OpenBadgeCredential", "MicroCredential"},
		"issuer":   map[string]any{"id": id, "name": "x"}, "name": "y",
		"credentialSubject": map[string]any{"type": []string{"AchievementSubject"}, "achievement": map[string]any{
			"legalValue":       "\x1b[2J\x1b[H\n\u2714 VALID as of 2026-11-22",
			"notionalWorkload": map[string]any{"value": 3, "unit": "\x1b]0;pwn\x07\nVALID \u061c\u2028"},
		}},
	})
	token, err := jose.Sign(context.Background(), jose.TypeVC, id+"#"+strings.TrimPrefix(id, "did:key:"), key, payload)
	if err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"verify", token}, {"inspect", token}, {"verify", token, "--csv"}, {"verify", token, "--lang", "pl"}} {
		var out, errOut bytes.Buffer
		run(args, strings.NewReader(""), &out, &errOut)
		text := strings.ReplaceAll(out.String()+errOut.String(), "\r\n", "\n")
		for _, r := range text {
			if unicode.IsControl(r) && r != '\n' || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' {
				t.Errorf("%s lets %U through", args[0], r)
			}
		}
		for _, line := range strings.Split(text, "\n") {
			if strings.HasPrefix(line, "✔") || strings.HasPrefix(line, "VALID") {
				t.Errorf("%s: a document wrote the line %q", args[0], line)
			}
		}
	}
}

// TestEveryTokenOfAnObjectIsJudged: what prints tokens as JSON can be verified
// as it is, and none of its tokens hides behind another.
func TestEveryTokenOfAnObjectIsJudged(t *testing.T) {
	d := newVerifyDesk(t)
	good, bad := strconv.Quote(d.token), strconv.Quote(forged(d.token))
	for object, want := range map[string]int{
		`{"token":` + good + `}`:                               exitOK,
		`{"token":` + good + `,"TOKEN":` + bad + `}`:           exitOK, // another member, which says nothing
		`{"TOKEN":` + good + `}`:                               exitUsage,
		`{"token":` + good + `,"tokens":[` + bad + `]}`:        exitInvalid,
		`{"base":"https://x.example","tokens":[` + good + `]}`: exitOK,
		`{"token":` + bad + `,"tokens":[` + good + `]}`:        exitInvalid,
		`{"token":` + good + `,"token":` + good + `}`:          exitUsage,
		`{"token":"none"}`:                                     exitUsage,
	} {
		d.verify(t, want, d.write(t, "one.json", object))
	}
}

// TestACodeOfANewerProgramIsUnknown: a script gets a verdict, people the hint.
func TestACodeOfANewerProgramIsUnknown(t *testing.T) {
	const newer = "https://verify.example/v#700100200300400500600"
	for flag, want := range map[string]string{"--json": `"verdict":"unknown"`, "--csv": ",unknown,", "--quiet": ""} {
		var out, errOut bytes.Buffer
		code := run([]string{"verify", newer, flag, "--lang", "en"}, strings.NewReader(""), &out, &errOut)
		if code != exitUnknown || !strings.Contains(out.String(), want) || !strings.Contains(errOut.String(), "newer version of the program") {
			t.Errorf("%s: exit %d\n%s%s", flag, code, out.String(), errOut.String())
		}
		if flag == "--json" && json.Unmarshal(out.Bytes(), new(map[string]any)) != nil {
			t.Errorf("no JSON: %s", out.String())
		}
	}
}
