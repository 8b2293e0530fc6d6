package main

import (
	"encoding/base64"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/employment-passport/passport/internal/paper"
	"github.com/employment-passport/passport/internal/qr"
	"github.com/employment-passport/passport/wallet"
)

// TestWhatPaperRefusesHasItsOwnExit: a document that may not be printed is
// judged and refused; a panic on another core is a fault of the program, never
// "unknown".
func TestWhatPaperRefusesHasItsOwnExit(t *testing.T) {
	_, broken := soundCode(nil)
	if broken == nil {
		t.Fatal("packing the code of nothing gives no error")
	}
	for _, c := range []struct {
		err  error
		exit int
	}{
		{fmt.Errorf("urn:uuid:1: %w", paper.ErrForeign), exitInvalid},
		{fmt.Errorf("urn:uuid:1: %w", paper.ErrEnded), exitInvalid},
		{fmt.Errorf("booklet 3: %w", paper.ErrBroken), exitInternal},
		{broken, exitInternal},
	} {
		a := &app{out: io.Discard, err: io.Discard, lang: "en"}
		if got := a.report(paperFailure("", c.err)); got != c.exit {
			t.Errorf("%v: exit %d, want %d", c.err, got, c.exit)
		}
	}
}

// TestNoScreenCodeOnPaper: a presentation that only a screen can show is split,
// and of one credential alone it becomes a large code that paper is told of.
func TestNoScreenCodeOnPaper(t *testing.T) {
	noise := make([]byte, 720)
	for i, n := 0, uint32(7); i < len(noise); i++ {
		n = n*1664525 + 1013904223
		noise[i] = byte(n >> 24)
	}
	enc := base64.RawURLEncoding.EncodeToString
	token := enc([]byte(`{"alg":"ES256","typ":"vp+jwt"}`)) + "." + enc([]byte(`{"x":"`+enc(noise)+`"}`)) + "." + enc(noise[:64])
	screen := shower{base: defaultVerifyBase}
	drawn, fits, err := screen.pack([][]string{{token}})
	if err != nil || !fits || drawn[0].level != qr.LevelL {
		t.Fatalf("the test's token is not of a screen's size: %v, %v, %v", drawn, fits, err)
	}
	paper := shower{base: defaultVerifyBase, paper: true}
	if _, fits, err := paper.pack([][]string{{token}}); err != nil || fits {
		t.Errorf("a screen's code fits paper: %v", err)
	}
	if err := paper.alone(&wallet.Presented{Token: token, Shown: make([]wallet.Held, 1)}); err != nil {
		t.Fatal(err)
	}
	if c := paper.drawn[0]; len(paper.drawn) != 1 || !c.large || c.level != qr.LevelM || c.bytes <= qr.PaperCap {
		t.Errorf("%+v", paper.drawn)
	}
}

// TestPrintTellsWhatItRefuses: a foreign document and one that has ended are
// refused by the command in words, and no file is made.
func TestPrintTellsWhatItRefuses(t *testing.T) {
	s := newStreet(t, "01-food-hygiene-it.json")
	f, original := s.forger(), s.issue("ente", "food-hygiene", examplesDir+"01-amina-diallo.json")
	t.Setenv("PASSPORT_WALLET", filepath.Join(s.dir, "wallet.age"))
	s.must("wallet", "init")
	foreign := f.altered("foreign", original, func(doc, _ object) { doc["type"] = []string{"VerifiableCredential", "OpenBadgeCredential"} })
	ended := f.altered("ended", original, func(doc, subject object) {
		doc["validFrom"], doc["validUntil"] = "2025-11-18T00:00:00Z", "2025-12-01T00:00:00Z"
		subject["activityStartDate"], subject["activityEndDate"] = "2025-11-02T00:00:00Z", "2025-11-10T00:00:00Z"
	})
	out := filepath.Join(s.dir, "out.pdf")
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"print", foreign}, "not printed: it is not one of our documents"},
		{[]string{"wallet", "present", f.kept(foreign), "--format", "pdf"}, "is not one of our documents"},
		{[]string{"print", ended}, "the document is not valid and is not printed"},
		{[]string{"wallet", "present", f.kept(ended), "--format", "pdf"}, "not printed: this copy has ended"},
	} {
		code, _, talk := s.run(append(c.args, "--out", out)...)
		if _, err := os.Stat(out); code != exitInvalid || err == nil || !strings.Contains(talk, c.want) || !strings.Contains(talk, "hint: ") {
			t.Errorf("%v: exit %d, %v, %s", c.args, code, err, talk)
		}
	}
}
