package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/employment-passport/passport/internal/paper"
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
