package paper

import (
	"fmt"
	"strings"
	"testing"

	"github.com/employment-passport/passport/schema"
)

// paperOf draws one document and gives the page.
func paperOf(t *testing.T, s Sheet, o Options) *page {
	t.Helper()
	o.Now, o.measured = today, true
	p, err := drawn("", []Sheet{s}, o)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func mustSay(t *testing.T, p *page, words ...string) {
	t.Helper()
	said := p.said()
	for _, want := range words {
		if !strings.Contains(said, squeezed(want)) {
			t.Errorf("the paper does not say %q", want)
		}
	}
}

func mustNotSay(t *testing.T, p *page, words ...string) {
	t.Helper()
	said := p.said()
	for _, bad := range words {
		if strings.Contains(said, squeezed(bad)) {
			t.Errorf("the paper says %q", bad)
		}
	}
}

// TestAssessmentPrintsItsEvidence: what a skill rests on stands beside it.
func TestAssessmentPrintsItsEvidence(t *testing.T) {
	s := hard(t)["assessment"]
	refs := 0
	for _, skill := range s.Credential.View().Assessed.Skills {
		for _, ref := range skill.Refs {
			mustSay(t, hardPage(t, "assessment", s), ref)
			refs++
		}
	}
	if refs == 0 {
		t.Fatal("the example has no evidence")
	}
}

// TestNoAddressIsInvented: without a page that checks, the paper says in words how
// to check, in every language; it said "apri passport.example/v" before.
func TestNoAddressIsInvented(t *testing.T) {
	who := person("Amina Diallo", "")
	s := blankCode(t, payloadOf(t, 1, courses[0], who), [2]string{"it", "en"})
	mustSay(t, paperOf(t, s, Options{}), "apri verifica.example/v", "open verifica.example/v")
	s.VerifyBase = ""
	p := paperOf(t, s, Options{})
	mustSay(t, p, "Verifica: con il programma passport o presso l’ente.", "use the program passport, or ask the body")
	mustNotSay(t, p, "apri verifica", "verifica.example/v", "senza rete")
	network := hard(t)["membership"]
	network.VerifyBase = ""
	mustNotSay(t, hardPage(t, "membership without an address", network), "apri verifica", "verifica.example/v", "senza rete")
}

// TestNoNumberIsLost: a long one takes several lines, and one that cannot be
// typed everywhere says that the code counts.
func TestNoNumberIsLost(t *testing.T) {
	who := person("Amina Diallo", "")
	s := blankCode(t, payloadOf(t, 1, courses[0], who), [2]string{"it", "en"})
	for _, number := range []string{"MC-LONG-2026-000000000000000042", "ΠΑ-2026-044", strings.Repeat("N-", 60) + "7"} {
		raw := strings.ReplaceAll(string(s.Credential.Raw), "MC-PZ-2026-0001", number)
		long := blankCode(t, []byte(raw), s.Languages)
		long.ShortCode = ""
		p := paperOf(t, long, Options{})
		mustSay(t, p, "N. "+number, "Si controlla con il codice")
		for _, m := range p.placed {
			holds(t, m)
		}
		if len(number) > 60 {
			continue // no number to type is as long
		}
		long.ShortCode = number
		mustSay(t, paperOf(t, long, Options{}), "Numero del documento"+number)
	}
}

// TestNumberToTypeStaysOnOneLine: broken at a hyphen it would be typed wrong.
func TestNumberToTypeStaysOnOneLine(t *testing.T) {
	s := hard(t)["mononym"]
	s.ShortCode = "BDL-2026-2-07-0015-XYZ"
	for _, m := range paperOf(t, s, Options{}).placed {
		if m.text == s.ShortCode {
			return
		}
	}
	t.Error("the number to type is broken")
}

// TestOrganisationsHaveNoName: nobody compares a network's name with an ID, and
// no code of the lists stands for its words.
func TestOrganisationsHaveNoName(t *testing.T) {
	for _, name := range []string{"membership", "accreditation", "accreditation, Poland"} {
		p := hardPage(t, name, hard(t)[name])
		mustNotSay(t, p, "Confronta il nome", "Porównaj nazwisko")
	}
	accredited := hardPage(t, "accreditation", hard(t)["accreditation"])
	mustSay(t, accredited, "formazione continua", "formazione superiore", "persone in difficoltà", "rilascia: attestati con parte seconda", "ISCED-F 1013", "Basilicata")
	for _, m := range accredited.placed {
		if m.text == "FC" || m.text == "FS" || strings.HasSuffix(m.text, "parte-seconda") {
			t.Errorf("%q stands for words", m.text)
		}
	}
	mustSay(t, hardPage(t, "membership", hard(t)["membership"]), "Emilia-Romagna (ITH55)", "Rete territoriale per il lavoro (esempio)", "Valore legale: nessuno")
	mustNotSay(t, hardPage(t, "membership", hard(t)["membership"]), "non dichiarato")
}

func TestLabelIsNotSaidTwice(t *testing.T) {
	for value, want := range map[string]string{"Convenzione n. 41 del 2026": "n. 41 del 2026", "Convenzione": "Convenzione", "Convenzioni 4": "Convenzioni 4", "Convenzione Nord": "Convenzione Nord"} {
		if got := withoutLabel("Convenzione", value); got != want {
			t.Errorf("%q gives %q", value, got)
		}
	}
}

// TestNobodySignsAnEmptySide: wherever the text ends, what is signed stands
// above the lines to sign on, with the title and the number at its head.
func TestNobodySignsAnEmptySide(t *testing.T) {
	italian, greek, balance := hard(t)["internship"], hard(t)["internship in Greece"], hard(t)["assessment"]
	for more := range 24 {
		for name, s := range map[string]Sheet{"Italian": italian, "Greek": greek, "assessment": balance} {
			p := newPage("", "it", today)
			p.measured = true
			a, err := p.beginA4(&s, Options{})
			if err != nil {
				t.Fatal(err)
			}
			v := s.Credential.View()
			if d := v.Internship; d != nil {
				longer := *d
				for i := range more {
					longer.Activities = append(longer.Activities[:len(longer.Activities):len(longer.Activities)], schema.Activity{Description: fmt.Sprint("Riordina gli scaffali, ", i), Rating: "B"})
				}
				v.Internship = &longer
				a.internship(v)
			} else {
				longer := *v.Assessed
				for i := range more {
					longer.Plan = append(longer.Plan[:len(longer.Plan):len(longer.Plan)], schema.PlanStep{Action: fmt.Sprint("Torna allo sportello, ", i)})
				}
				v.Assessed = &longer
				a.assessment(v)
			}
			last, marks := p.side(), 0
			for _, m := range p.placed {
				if m.side == last {
					marks++
				}
			}
			if last > 1 && marks < 8 { // four are the names of those who sign, in two languages
				t.Errorf("%s with %d more: %d marks on side %d", name, more, marks, last)
			}
			if err := a.finish(); err != nil {
				t.Fatal(err)
			}
			if last > 1 && strings.Count(p.said(), squeezed(v.DocumentNumber)) < last {
				t.Errorf("%s: a side does not bear the number", name)
			}
			for _, m := range p.placed {
				holds(t, m)
			}
		}
	}
}
