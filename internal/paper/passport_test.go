package paper

import (
	"os"
	"strings"
	"testing"

	"github.com/employment-passport/passport/schema"
)

// definitionOfTwenty is the example that is shipped.
func definitionOfTwenty(t testing.TB) *schema.PassportDefinition {
	t.Helper()
	data, err := os.ReadFile("../../examples/definitions/passaporto-esempio.json")
	if err != nil {
		t.Fatal(err)
	}
	d, err := schema.ParseDefinition(data)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// passportSheet is a passport of the whole list, by the list's own references.
func passportSheet(t testing.TB, languages [2]string) (Sheet, *schema.PassportDefinition) {
	t.Helper()
	d := definitionOfTwenty(t)
	amina := person("Amina Diallo", "أمينة ديالو")
	rows := make([]Sheet, len(d.Requirements))
	for i := range rows {
		rows[i] = quick(t, i+1, courses[i], amina, languages)
	}
	raw := string(passportOf(t, rows, amina, languages).Credential.Raw)
	for i, r := range d.Requirements {
		raw = strings.Replace(raw, `"R`+pad(i+1)+`"`, `"`+r.Ref+`"`, 1)
	}
	raw = strings.Replace(raw, "urn:uuid:0f1b3c52-54a7-4b2a-9c57-3a1de0a6b001", d.ID, 1)
	return blankCode(t, []byte(raw), languages), d
}

func pad(n int) string { return string([]byte{byte('0' + n/10), byte('0' + n%10)}) }

// TestPassportNamesItsParts: each requirement by its words, the list with its
// version, and that the list is an example; without the list, the short names.
func TestPassportNamesItsParts(t *testing.T) {
	s, d := passportSheet(t, [2]string{"it", "en"})
	worded := paperOf(t, s, Options{Definition: func(ref schema.DefinitionRef) *schema.PassportDefinition {
		if ref.ID != d.ID {
			t.Errorf("asked for %q", ref.ID)
		}
		return d
	}})
	for _, r := range d.Requirements {
		mustSay(t, worded, r.Label["it"]+" ("+r.Ref+")", r.Label["en"])
	}
	mustSay(t, worded, d.Title["it"]+", versione 1", "Questo elenco è un esempio")
	if worded.side() > 2 {
		t.Errorf("%d sides", worded.side())
	}
	bare := paperOf(t, s, Options{})
	for _, r := range d.Requirements {
		mustSay(t, bare, r.Ref)
	}
	mustSay(t, bare, d.ID+", versione 1")
	for _, p := range []*page{worded, bare} {
		for _, m := range p.placed {
			holds(t, m)
		}
	}
}

// TestLetterOfAPassportBlamesNobody: it names the part that fell and its body,
// where they are known.
func TestLetterOfAPassportBlamesNobody(t *testing.T) {
	l := letterOf("Eleni Papadopoulou", [2]string{"it", "el"})
	l.Passport, l.Title = true, "Passaporto per l’occupazione"
	l.Component = &Piece{"Competenze digitali", "MC-PZ-2026-0041", "Scuola Digitale Lucana (esempio)"}
	p, err := drawnLetters([]RevocationLetter{l}, Options{Now: today})
	if err != nil {
		t.Fatal(err)
	}
	mustSay(t, p, "Competenze digitali, N. MC-PZ-2026-0041", "Lo ha rilasciato Scuola Digitale Lucana", "questo passaporto non vale più")
	mustNotSay(t, p, "per sbaglio", "L’errore è nostro", "solo questo attestato")
	if p.side() != 1 {
		t.Errorf("%d sides", p.side())
	}
	neat(t, "letter of a passport", p, 15)
}
