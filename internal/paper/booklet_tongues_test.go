package paper

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/employment-passport/passport/internal/i18n"
)

// TestRowM6EveryPaperSpeaksFiveLanguages: the same credential on every paper
// that this row concerns, in each language: the words are in the PDF as text,
// and no key of the catalogue shows as itself.
func TestRowM6EveryPaperSpeaksFiveLanguages(t *testing.T) {
	if _, err := exec.LookPath("pdftotext"); err != nil {
		t.Skip("pdftotext is not installed")
	}
	s := quick(t, 1, courses[0], person("Amina Diallo", ""), [2]string{"it", ""})
	for _, lang := range i18n.Languages {
		s.Languages = [2]string{lang, ""}
		b := Booklet{Rows: []Sheet{s}, Have: 1, Need: 20, Languages: s.Languages}
		for _, c := range []struct {
			name string
			draw func() (*page, error)
			keys []string
		}{
			{"A4", func() (*page, error) { return drawn(LayoutMicro, []Sheet{s}, Options{Now: today}) }, []string{"paper.kind.MicroCredential", "paper.given_to"}},
			{"booklet", func() (*page, error) {
				p := newPage("", lang, today)
				return p, drawBooklet(p, b, true)
			}, []string{"booklet.title.own", "booklet.use.show", "booklet.rights.correct"}},
			{"card", func() (*page, error) { return drawn(LayoutCard, []Sheet{s}, Options{Now: today}) }, []string{"card.scan"}},
			{"letter", func() (*page, error) {
				return drawnLetters([]RevocationLetter{letterOf("Amina Diallo", s.Languages)}, Options{Now: today})
			}, []string{"letter.title", "letter.reason.issued-in-error", "letter.free"}},
			{"receipt", func() (*page, error) { return drawnReceipt(receiptData(lang), Options{Now: today}) }, []string{"receipt.title", "receipt.no_data"}},
		} {
			p, err := c.draw()
			if err != nil {
				t.Fatalf("%s in %s: %v", c.name, lang, err)
			}
			text := textOf(t, p)
			for _, key := range c.keys {
				if words := squeezed(i18n.T(lang, key, nil)); !strings.Contains(text, words) {
					t.Errorf("%s in %s: no %q", c.name, lang, i18n.T(lang, key, nil))
				}
			}
			if key := bareKey.FindString(text); key != "" {
				t.Errorf("%s in %s: %s has no words", c.name, lang, key)
			}
		}
	}
}

// bareKey finds a key of the catalogue where words should be; a sentence that
// ends with one of these words goes on with a capital.
var bareKey = regexp.MustCompile(`\b(paper|booklet|card|letter|receipt|label)\.[a-z_]{3,}`)

// textOf is what a program reads in a PDF, without spaces.
func textOf(t *testing.T, p *page) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "paper.pdf")
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.end(f); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	text, err := exec.Command("pdftotext", "-raw", file, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	return squeezed(strings.ReplaceAll(string(text), "\n", ""))
}
