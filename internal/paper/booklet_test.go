package paper

import (
	"strings"
	"testing"
	"time"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/internal/qr"
	"github.com/employment-passport/passport/schema"
)

// hardBooklets are the people and courses that break layouts, each with a
// booklet, a card and a curriculum.
func hardBooklets(t testing.TB) map[string]Booklet {
	t.Helper()
	all := map[string]Booklet{}
	for name, s := range hard(t) {
		all[name] = Booklet{
			Rows: []Sheet{s, s, s, s, s}, Have: 5, Need: 20, Languages: s.Languages,
			Contact: "Sportello per il lavoro e l’orientamento, via Giuseppe Garibaldi 128 bis, 85100 Potenza, lunedì, mercoledì e venerdì dalle 9 alle 13",
		}
	}
	return all
}

// TestNothingOverflowsOnSmallPaper measures every mark of booklets and cards:
// inside of its box and of its page, outside of every code, none over another,
// and what is cut bears its mark.
func TestNothingOverflowsOnSmallPaper(t *testing.T) {
	for name, b := range hardBooklets(t) {
		for _, lang := range []string{"el", "pl"} { // the longest words
			b.Languages[1] = lang
			for i := range b.Rows {
				b.Rows[i].Languages[1] = lang
			}
			booklet := newPage("", "it", today)
			booklet.measured = true
			if err := drawBooklet(booklet, b, false); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			cards, err := drawn(LayoutCard, b.Rows, Options{Now: today, measured: true})
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			neat(t, name+" in "+lang+", booklet", booklet, 4)
			neat(t, name+" in "+lang+", card", cards, 1)
		}
	}
}

// TestNothingOverflowsInLettersAndLists does the same for papers on A4 that
// have no credential of their own.
func TestNothingOverflowsInLettersAndLists(t *testing.T) {
	for name, b := range hardBooklets(t) {
		cv, err := drawnCV(cvOf(t, "el", b, 5), Options{Now: today, measured: true})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		neat(t, name+", curriculum", cv, 15)
		v := b.Rows[0].Credential.View()
		for _, lang := range i18n.Languages {
			l := letterOf(nameOf(b.Rows[0].Credential), [2]string{"it", lang})
			l.Title, l.Contact = v.Title, b.Contact
			letters, err := drawnLetters([]RevocationLetter{l}, Options{Now: today, measured: true})
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			neat(t, name+" in "+lang+", letter", letters, 15)
			if letters.side() != 1 {
				t.Errorf("%s in %s: the letter takes %d sides", name, lang, letters.side())
			}
			r := receiptData(lang)
			r.Shown[0].Title, r.Shown[0].Issuer = v.Title, v.AwardingBody
			receipt, err := drawnReceipt(r, Options{Now: today, measured: true})
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			neat(t, name+" in "+lang+", receipt", receipt, 15)
		}
	}
}

// TestLongLettersTurnTheSide: whatever the pair of languages, with the longest
// name, title and address a letter goes on overleaf and never off the sheet.
func TestLongLettersTurnTheSide(t *testing.T) {
	l := letterOf("Maximilian "+strings.Repeat("Wolfeschlegelsteinhausenberger", 2)+" de la Concepción y Bustamante", [2]string{})
	l.Title = strings.TrimSpace(strings.Repeat("Lavorare in sicurezza nei magazzini ", 5))
	l.Contact = strings.TrimSpace(strings.Repeat("Sportello per il lavoro, via Giuseppe Garibaldi 128 bis, 85100 Potenza, lunedì e venerdì 9–13; ", 3))
	l.Successor, l.Issuer.Name = "MC-PZ-2026-0043", strings.Repeat("Ente di formazione Aurora ", 4)
	turned := 0
	for _, pair := range [][2]string{{"it", "el"}, {"it", "pl"}, {"en", "es"}, {"el", "it"}, {"pl", "el"}} {
		for _, reason := range []schema.Reason{schema.AssessmentInvalid, schema.AccreditationWithdrawn, schema.Disputed, "something else"} {
			l.Languages, l.Reason = pair, reason
			for _, passport := range []bool{false, true} {
				if l.Passport, l.Component = passport, nil; passport {
					l.Component = &Piece{Title: l.Title, Number: "MC-PZ-2026-0001", Issuer: l.Issuer.Name}
				}
				p, err := drawnLetters([]RevocationLetter{l, l}, Options{Now: today})
				if err != nil {
					t.Fatal(err)
				}
				neat(t, strings.Join(pair[:], "+")+" "+string(reason), p, 15)
				turned += p.side() - 2
			}
		}
	}
	if turned == 0 {
		t.Error("no letter was long enough to tell")
	}
}

// neat checks all marks of a PDF; edges is the margin that stays white.
func neat(t *testing.T, name string, p *page, edges float64) {
	t.Helper()
	const hair = 0.05
	if err := p.pdf.Error(); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	for i, m := range p.placed {
		switch {
		case m.ink.x < m.within.x-hair || m.ink.y < m.within.y-hair || m.ink.x+m.ink.w > m.within.x+m.within.w+hair || m.ink.y+m.ink.h > m.within.y+m.within.h+hair:
			t.Errorf("%s: side %d: %q leaves its box: %+v in %+v", name, m.side, m.text, m.ink, m.within)
		case m.ink.x < edges-hair || m.ink.y < edges-hair || m.ink.x+m.ink.w > m.pageW-edges+hair || m.ink.y+m.ink.h > m.pageH-edges+hair:
			t.Errorf("%s: side %d: %q leaves the page: %+v", name, m.side, m.text, m.ink)
		case m.cut && !strings.HasSuffix(m.text, "…"):
			t.Errorf("%s: %q is cut without a mark", name, m.text)
		case !m.isCode && m.text != "" && m.size < max(m.least, smallest):
			t.Errorf("%s: %q is set in %.1f points", name, m.text, m.size)
		case m.isCode && m.moduleSize < qr.ModuleMM:
			t.Errorf("%s: modules of %.3f mm", name, m.moduleSize)
		}
		for _, other := range p.placed[i+1:] {
			if m.side == other.side && overlap(core(m), core(other)) {
				t.Errorf("%s: side %d: %.30q and %.30q overlap", name, m.side, m.text, other.text)
			}
		}
	}
}

// core is the room of a mark: of a text what its letters fill between the
// lines, of a code the code with its quiet zone.
func core(m placed) box {
	if m.isCode {
		return m.ink
	}
	letters := m.size * 0.95 * mmPerPoint
	return box{m.ink.x, m.ink.y + (m.ink.h-letters)/2, m.ink.w, letters}
}

// TestBookletSaysEverything: a booklet of twenty holds every title, number and
// code once, and the progress.
func TestBookletSaysEverything(t *testing.T) {
	b := Booklet{Languages: [2]string{"it", "pl"}, Have: 20, Need: 20}
	for i, c := range courses {
		b.Rows = append(b.Rows, quick(t, i+1, c, person("Łukasz Żółkiewicz", ""), b.Languages))
	}
	p := newPage("", "it", today)
	if err := drawBooklet(p, b, false); err != nil {
		t.Fatal(err)
	}
	if p.side() != 4 {
		t.Errorf("%d sides, want the four of two sheets", p.side())
	}
	said, codes := p.said(), 0
	for _, m := range p.placed {
		if m.isCode {
			codes++
		}
	}
	if codes != len(courses)+1 {
		t.Errorf("%d codes, want one a certificate and one on the cover", codes)
	}
	for i, c := range courses {
		if !strings.Contains(said, squeezed(c.title)) || !strings.Contains(said, squeezed(b.Rows[i].Credential.View().DocumentNumber)) {
			t.Errorf("%q is not there", c.title)
		}
	}
	for _, want := range []string{"Hai tutti gli attestati brevi: 20 su 20", "20 z 20", "Łukasz Żółkiewicz", "Puoi ritirare il consenso"} {
		if !strings.Contains(said, squeezed(want)) {
			t.Errorf("no %q", want)
		}
	}
}

// TestOneBookletAPerson: two people's credentials never share a booklet.
func TestOneBookletAPerson(t *testing.T) {
	two := [2]string{"it", ""}
	amina, abdullah := quick(t, 1, courses[0], person("Amina Diallo", ""), two), quick(t, 2, courses[1], person("Abdullah", ""), two)
	later := quick(t, 3, courses[2], person("Amina Diallo", ""), two)
	all := bookletsOf([]Sheet{amina, abdullah, later})
	if len(all) != 2 || len(all[0].Rows) != 2 || len(all[1].Rows) != 1 || nameOf(all[1].Rows[0].Credential) != "Abdullah" {
		t.Errorf("%d booklets: %+v", len(all), all)
	}
	if got := all[0].front(); got.Credential.ID != later.Credential.ID {
		t.Errorf("on the cover stands %s, not the newest", got.Credential.View().Title)
	}
}

// TestBookletStatesTheOldestStatus: one day stands for all that is in a booklet,
// so that it is the oldest, and none where one document has none.
func TestBookletStatesTheOldestStatus(t *testing.T) {
	one, two := quick(t, 1, courses[0], person("Amina Diallo", ""), [2]string{"it", ""}), quick(t, 2, courses[1], person("Amina Diallo", ""), [2]string{"it", ""})
	said := func() string {
		t.Helper()
		p, err := drawn(LayoutBooklet, []Sheet{one, two}, Options{Now: today, Progress: func(held []*schema.Credential) (int, int) { return len(held), 9 }})
		if err != nil {
			t.Fatal(err)
		}
		return p.said()
	}
	one.StatusAsOf = today.AddDate(0, 0, -5)
	if all := said(); !strings.Contains(all, squeezed("Stato al 17/11/2026")) || strings.Contains(all, squeezed("Stato al 22/11/2026")) || !strings.Contains(all, squeezed("2 attestati brevi su 9")) {
		t.Errorf("no status of the older day, or not two counted: %s", all)
	}
	one.StatusAsOf = time.Time{}
	if all := said(); strings.Contains(all, squeezed("Stato al")) || !strings.Contains(all, squeezed("La carta non mostra una revoca")) || !strings.Contains(all, squeezed("1 attestati brevi su 9")) {
		t.Errorf("a status for what has none: %s", all)
	}
}

// TestTwoPassportsAreBothThere: the newer stands on the cover, the other is a row.
func TestTwoPassportsAreBothThere(t *testing.T) {
	amina, lang := person("Amina Diallo", ""), [2]string{"it", ""}
	rows := []Sheet{quick(t, 1, courses[0], amina, lang), quick(t, 2, courses[1], amina, lang)}
	older, newer := passportOf(t, rows[:1], amina, lang), passportOf(t, rows, amina, lang)
	for _, sheets := range [][]Sheet{{older, newer}, {newer, older}} {
		all := bookletsOf(sheets)
		if len(all) != 1 || len(all[0].Rows) != 1 {
			t.Fatalf("%d booklets, %+v", len(all), all)
		}
		if all[0].Composite.Credential != newer.Credential || all[0].Rows[0].Credential != older.Credential || all[0].Have != 2 {
			t.Errorf("%d on the cover", all[0].Have)
		}
	}
}

// TestReceiptNamesNobody: whatever the caller fills in, the receipt's fields
// have no place for a person.
func TestReceiptNamesNobody(t *testing.T) {
	p, err := drawnReceipt(receiptData("it"), Options{Now: today})
	if err != nil {
		t.Fatal(err)
	}
	said := p.said()
	for _, want := range []string{"NON VALIDO al 19/11/2026", "Lo stato è di 3 giorni prima del controllo", "Lavorare in squadra", "Regione Esempio"} {
		if !strings.Contains(said, squeezed(want)) {
			t.Errorf("no %q", want)
		}
	}
	for _, m := range p.placed {
		if m.isCode {
			t.Error("a receipt bears a code")
		}
	}
}
