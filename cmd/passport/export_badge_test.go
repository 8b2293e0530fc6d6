package main

import (
	"bytes"
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/employment-passport/passport/internal/export"
)

// TestABadgeHidesNoPicture: a good badge put into the picture of a revoked code
// is judged with it.
func TestABadgeHidesNoPicture(t *testing.T) {
	s, good, revoked := twoPeople(t)
	data, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	token := strings.TrimSpace(string(data))
	code := drawn(t, codeOf(t, revoked))
	var baked, drawing bytes.Buffer
	if err := export.BakePNG(&baked, code, token); err != nil {
		t.Fatal(err)
	}
	svg := `<svg xmlns="http://www.w3.org/2000/svg"><image href="data:image/png;base64,` + base64.StdEncoding.EncodeToString(code) + `"/></svg>`
	if err := export.BakeSVG(&drawing, []byte(svg), token); err != nil {
		t.Fatal(err)
	}
	for name, picture := range map[string]string{"badge.png": baked.String(), "badge.svg": drawing.String()} {
		if exit, said := s.verify(s.write(name, picture), "en"); exit != exitInvalid {
			t.Errorf("%s: exit %d\n%s", name, exit, said)
		} else {
			says(t, said, "shown_other", "revoked")
		}
	}
	var own bytes.Buffer
	if err := export.BakePNG(&own, drawn(t, codeOf(t, good)), token); err != nil {
		t.Fatal(err)
	}
	if exit, said := s.verify(s.write("own.png", own.String()), "en"); exit != exitOK {
		t.Errorf("its own code: exit %d\n%s", exit, said)
	}
}

// TestTwoKindsInOneFile: of a file that opens as a picture and as a PDF nobody
// knows what the person sees.
func TestTwoKindsInOneFile(t *testing.T) {
	s, good, revoked := twoPeople(t)
	picture := drawn(t, codeOf(t, good))
	pdf, err := os.ReadFile(s.leaflet("inside.pdf", nil, attachment(t, revoked)))
	if err != nil {
		t.Fatal(err)
	}
	file := s.write("both.png", string(picture)+string(pdf))
	exit, _, talk := s.run("verify", file)
	if exit != exitUsage || !strings.Contains(talk, "a picture and a PDF at once") {
		t.Errorf("exit %d: %s", exit, talk)
	}
}

// TestPresentPrintsNoRevokedDocument: what the wallet knows to be revoked is not
// laid out on paper, as print refuses it.
func TestPresentPrintsNoRevokedDocument(t *testing.T) {
	s, good, revoked := twoPeople(t)
	t.Setenv("PASSPORT_WALLET", filepath.Join(s.dir, "wallet.age"))
	s.must("wallet", "init")
	bundle := filepath.Join(s.dir, "bundle")
	s.must("trust", "bundle", "--out", bundle)
	s.must("wallet", "import", good, revoked, "--bundle", bundle, "--anchor", s.anchor)
	out := filepath.Join(s.dir, "shown.pdf")
	exit, _, talk := s.run("wallet", "present", "MC-PZ-2026-0043", "--format", "pdf", "--out", out)
	if _, err := os.Stat(out); exit != exitInvalid || err == nil || !strings.Contains(talk, "is not printed") {
		t.Errorf("exit %d, %v: %s", exit, err, talk)
	}
	s.must("wallet", "present", "MC-PZ-2026-0042", "--format", "pdf", "--out", out)
}
