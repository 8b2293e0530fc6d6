package main

import (
	"bytes"
	"context"
	"encoding/json"
	"image"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/employment-passport/passport/internal/qr"
	"github.com/employment-passport/passport/internal/reading"
	"github.com/employment-passport/passport/passporttest"
)

// built is where "make pages" puts the wasm.
const built = "../../../internal/pagekit/built"

const token = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJkaWQ6d2ViOmVudGUuZXhhbXBsZSJ9.c2lnbmF0dXJlLW9mLW5vYm9keQ"

// samples is one file of each kind that a page may be given.
func samples(t *testing.T) map[string][]byte {
	t.Helper()
	text, _, err := qr.Encode("https://verify.example/v", []string{token}, qr.Options{})
	if err != nil {
		t.Fatal(err)
	}
	code, err := qr.PNG(text, qr.LevelM, 4)
	if err != nil {
		t.Fatal(err)
	}
	var white bytes.Buffer
	if err := png.Encode(&white, image.NewGray(image.Rect(0, 0, 90, 90))); err != nil {
		t.Fatal(err)
	}
	return map[string][]byte{
		"code.png":     code,
		"nothing.png":  white.Bytes(),
		"half.png":     code[:len(code)/2],
		"two.png":      append(append([]byte{}, code...), "%PDF-1.7"...),
		"both.pdf":     passporttest.PDF(t, code, token),
		"scan.pdf":     passporttest.PDF(t, code, ""),
		"attached.pdf": passporttest.PDF(t, nil, token),
		"odd.pdf":      passporttest.PDF(t, nil, "Please see "+token),
		"empty.pdf":    passporttest.PDF(t, nil, ""),
		"broken.pdf":   []byte("%PDF-1.7\nnothing"),
		"drawing.svg":  []byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`),
		"token.txt":    []byte(token + "\n"),
	}
}

// TestTheBrowserReadsAsTheCommandLine: the wasm gives the same bytes as the
// native build for every kind of file.
func TestTheBrowserReadsAsTheCommandLine(t *testing.T) {
	node, err := exec.LookPath("node")
	if err == nil {
		_, err = os.Stat(filepath.Join(built, "files.wasm.gz"))
	}
	switch {
	case err != nil && os.Getenv("CI") == "true":
		t.Fatalf("%v; it needs node and what \"make pages\" makes", err)
	case err != nil:
		t.Skipf("%v; it needs node and what \"make pages\" makes", err)
	}
	dir, where := t.TempDir(), built
	if where, err = filepath.Abs(where); err != nil {
		t.Fatal(err)
	}
	var want []string
	args := []string{"run.mjs", where}
	for name, data := range samples(t) {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
		native, err := json.Marshal(reading.Answered(context.Background(), name, data))
		if err != nil {
			t.Fatal(err)
		}
		args, want = append(args, file), append(want, string(native))
	}
	var talk strings.Builder
	cmd := exec.Command(node, args...)
	cmd.Stderr = &talk
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, talk.String())
	}
	got := strings.Split(strings.TrimSpace(string(out)), "\n")
	if len(got) != len(want) {
		t.Fatalf("%d answers to %d files: %s", len(got), len(want), talk.String())
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%s:\nwasm   %s\nnative %s", filepath.Base(args[i+2]), got[i], want[i])
		}
	}
	t.Log(talk.String())
}
