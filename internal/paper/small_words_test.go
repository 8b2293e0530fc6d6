package paper

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestManyBookletsCarryTheirTokens: the file of a whole class can be verified as
// the PDF of one person can.
func TestManyBookletsCarryTheirTokens(t *testing.T) {
	if _, err := exec.LookPath("pdfdetach"); err != nil {
		t.Skip("pdfdetach is not installed")
	}
	two := [2]string{"it", ""}
	sheets := []Sheet{
		quick(t, 1, courses[0], person("Amina Diallo", ""), two), quick(t, 2, courses[1], person("Abdullah", ""), two),
		quick(t, 3, courses[2], person("Amina Diallo", ""), two),
	}
	sheets[1].Assertions = []string{"a.b.c"}
	var pdf bytes.Buffer
	if err := Booklets(&pdf, BookletsOf(sheets), Options{Now: today}); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "all.pdf")
	if err := os.WriteFile(file, pdf.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	if said, err := exec.Command("pdfdetach", "-saveall", "-o", dir, file).CombinedOutput(); err != nil || len(said) > 0 {
		t.Fatalf("%v: %s", err, said)
	}
	found, err := filepath.Glob(filepath.Join(dir, "*.jwt"))
	if err != nil || len(found) != 4 {
		t.Fatalf("%d files attached: %v", len(found), err)
	}
	var all []string
	for _, name := range found {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, string(data))
	}
	for _, s := range sheets {
		if !strings.Contains(strings.Join(all, "\n"), s.Token) {
			t.Errorf("the token of %s is not inside", s.Credential.View().Title)
		}
	}
}

func TestCurriculumCarriesTheTokensOfItsLines(t *testing.T) {
	s := quick(t, 1, courses[0], person("Amina Diallo", ""), [2]string{"it", ""})
	d := cvOf(t, "it", Booklet{Rows: []Sheet{s}}, 1)
	d.Tokens = []string{s.Token}
	d.Lines[0].About = "10/01/2026 – 03/02/2026 · 16 ore"
	d.Own = []CVSection{{"Chi sono", []CVItem{{Text: "Cuoca."}}}}
	p, err := drawnCV(d, Options{Now: today})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range p.placed {
		if m.text == "Cuoca." && m.ink.x > margin+tiny {
			t.Errorf("the summary stands at %.0f mm", m.ink.x)
		}
	}
	mustSay(t, p, d.Lines[0].About)
	var out bytes.Buffer
	if err := p.end(&out); err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(out.Bytes(), []byte("/Type /EmbeddedFile")) {
		t.Error("no token is attached")
	}
}

// bookletPage draws one person's booklet from the sheets.
func bookletPage(t *testing.T, sheets ...Sheet) *page {
	t.Helper()
	p, err := drawn(LayoutBooklet, sheets, Options{Now: today, InReadingOrder: true, measured: true})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestNoPassportBeforeItIsAwarded: a booklet of certificates has another name
// and bears the number of none of them on its cover.
func TestNoPassportBeforeItIsAwarded(t *testing.T) {
	two := [2]string{"it", "en"}
	rows := []Sheet{quick(t, 1, courses[0], person("Amina Diallo", ""), two), quick(t, 2, courses[1], person("Amina Diallo", ""), two)}
	p := bookletPage(t, rows...)
	mustSay(t, p, "I miei attestati", "My certificates", "Questi attestati sono di")
	mustNotSay(t, p, "Passaporto per l’occupazione", "Numero / Number")
	for _, m := range p.placed {
		if m.side == 1 && strings.Contains(m.text, "MC-PZ") {
			t.Errorf("the cover bears %q", m.text)
		}
	}
	awarded := bookletPage(t, append(rows, passportOf(t, rows, person("Amina Diallo", ""), two))...)
	mustSay(t, awarded, "Passaporto per l’occupazione", "EP-PZ-2026-0007")
	mustNotSay(t, awarded, "I miei attestati")
}

func TestBookletTellsOfAMissingScript(t *testing.T) {
	mustSay(t, bookletPage(t, hard(t)["no glyphs"]), "Vale la forma in lettere latine")
}

// TestSmallPaperDatesAStatusWithoutItsCode: where only the first of two codes is
// drawn, the day of the status stands in words.
func TestSmallPaperDatesAStatusWithoutItsCode(t *testing.T) {
	s := hard(t)["two codes"]
	mustSay(t, bookletPage(t, s), "Non revocato al 22/11/2026")
	cards, err := drawn(LayoutCard, []Sheet{s}, Options{Now: today})
	if err != nil {
		t.Fatal(err)
	}
	mustSay(t, cards, "Non revocato al 22/11/2026")
	mustNotSay(t, bookletPage(t, hard(t)["mononym"]), "Non revocato al")
}

// TestCardSaysWhoseAndWhich: a long name to its end, the title, the body and the
// number on one line each that may break.
func TestCardSaysWhoseAndWhich(t *testing.T) {
	for _, name := range []string{"Abdullah", "Maria Grazia D’Angelo degli Alessandri della Rovere"} {
		s := quick(t, 1, courses[11], person(name, ""), [2]string{"it", "en"})
		p, err := drawn(LayoutCard, []Sheet{s}, Options{Now: today})
		if err != nil {
			t.Fatal(err)
		}
		mustSay(t, p, name, courses[11].title, courses[11].body)
		whole := false
		for _, m := range p.placed {
			whole = whole || m.text == "MC-PZ-2026-0001"
			if m.cut {
				t.Errorf("%s: %q is cut", name, m.text)
			}
		}
		if !whole {
			t.Errorf("%s: the number is not there on one line", name)
		}
	}
}
