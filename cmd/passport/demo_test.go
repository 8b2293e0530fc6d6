package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestDemo plays the story and holds it to its ending: the same sheet of paper
// is valid before the revocation and not valid after it.
func TestDemo(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "demo")
	var out, talk bytes.Buffer
	if code := run([]string{"demo", "--dir", dir, "--lang", "it"}, nil, &out, &talk); code != exitOK {
		t.Fatalf("exit code %d\n%s", code, talk.String())
	}
	before, after, found := strings.Cut(out.String(), "✖")
	if !found || !strings.HasPrefix(before, "✔") || !strings.Contains(after, "Amina Diallo") {
		t.Errorf("the verdicts before and after:\n%s", out.String())
	}
	for _, name := range []string{"passport.pdf", "certificate.pdf", "card.pdf", "cv.pdf", "passport.png", "paper.png", "paper.svg", "bundle", "verdict-before.json", "verdict-after.json", "issued/amina.jwt", "public/ente-lucania.example/.well-known/did.json"} {
		if info, err := os.Stat(filepath.Join(dir, filepath.FromSlash(name))); err != nil || info.Size() == 0 {
			t.Errorf("%s is missing or empty", name)
		}
	}
	if code := run([]string{"demo", "--dir", dir, "--quiet"}, nil, &out, &talk); code != exitOK {
		t.Errorf("a second demo in the same folder ends with %d\n%s", code, talk.String())
	}
}

// TestDemoKeepsStrangersFiles: a folder that no demo made is never cleared.
func TestDemoKeepsStrangersFiles(t *testing.T) {
	dir := t.TempDir()
	mine := filepath.Join(dir, "mine.txt")
	if err := os.WriteFile(mine, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	var out, talk bytes.Buffer
	if code := run([]string{"demo", "--dir", dir}, nil, &out, &talk); code != exitUsage {
		t.Errorf("exit code %d", code)
	}
	if _, err := os.Stat(mine); err != nil {
		t.Error(err)
	}
}
