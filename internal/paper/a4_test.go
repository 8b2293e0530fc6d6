package paper

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/internal/qr"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// TestNothingOverflows measures every mark on every A4: inside of its box, of
// the margins, and outside of the quiet zone of every code; and what is cut
// bears its mark.
func TestNothingOverflows(t *testing.T) {
	for name, s := range hard(t) {
		t.Run(name, func(t *testing.T) {
			p := hardPage(t, name, s)
			if len(p.placed) < 20 {
				t.Fatalf("only %d marks; was anything drawn?", len(p.placed))
			}
			for _, m := range p.placed {
				holds(t, m)
				for _, code := range p.placed {
					if code.isCode && !m.isCode && m.side == code.side && overlap(m.ink, code.ink) {
						t.Errorf("%q stands in the quiet zone of a code", m.text)
					}
				}
			}
			for i, m := range p.placed {
				for _, other := range p.placed[i+1:] {
					if !m.isCode && !other.isCode && m.side == other.side && overlap(m.ink, other.ink) {
						t.Errorf("%q and %q overlap on side %d", m.text, other.text, m.side)
					}
				}
			}
		})
	}
}

// holds checks one mark against its box and its page.
func holds(t *testing.T, m placed) {
	t.Helper()
	const hair = 0.05 // mm
	if m.ink.x < m.within.x-hair || m.ink.y < m.within.y-hair ||
		m.ink.x+m.ink.w > m.within.x+m.within.w+hair || m.ink.y+m.ink.h > m.within.y+m.within.h+hair {
		t.Errorf("%q leaves its box: %+v in %+v", m.text, m.ink, m.within)
	}
	edges := margin
	if m.isCode {
		edges = margin - qr.QuietZone*m.moduleSize
	}
	if m.ink.x < edges-hair || m.ink.x+m.ink.w > m.pageW-edges+hair || m.ink.y < edges-hair || m.ink.y+m.ink.h > m.pageH-edges+hair {
		t.Errorf("%q leaves the page: %+v", m.text, m.ink)
	}
	if m.cut && !strings.HasSuffix(m.text, "…") {
		t.Errorf("%q is cut without a mark", m.text)
	}
	if !m.isCode && m.text != "" && m.size < max(m.least, smallest) {
		t.Errorf("%q is set in %.1f points", m.text, m.size)
	}
	if m.isCode && m.moduleSize < qr.ModuleMM {
		t.Errorf("modules of %.3f mm", m.moduleSize)
	}
}

func overlap(a, b box) bool {
	const hair = 0.3 // descenders of one line reach into the next one's room
	return a.x+a.w > b.x+hair && b.x+b.w > a.x+hair && a.y+a.h > b.y+hair && b.y+b.h > a.y+hair
}

// TestEverythingIsSaid: a long outcome and a long name are there to the last
// word, over as many lines and sides as that takes.
func TestEverythingIsSaid(t *testing.T) {
	for name, s := range hard(t) {
		p := hardPage(t, name, s)
		said := p.said()
		if strings.Contains(said, "paper.") {
			t.Errorf("%s: a key of the catalogue without words in %s", name, said)
		}
		v := s.Credential.View()
		for _, want := range append(append([]string{nameOf(s.Credential), v.DocumentNumber, s.ShortCode, s.KeyFingerprint}, v.Outcomes...), v.Result) {
			if !strings.Contains(said, squeezed(want)) {
				t.Errorf("%s: the paper does not say %q", name, want)
			}
		}
	}
}

// said is all text of a PDF without spaces and hyphens, which wrapping adds.
func (p *page) said() string {
	var all strings.Builder
	for _, m := range p.placed {
		if !m.isCode {
			all.WriteString(squeezed(m.text))
		}
	}
	return all.String()
}

func squeezed(s string) string {
	return strings.NewReplacer(" ", "", "-", "", "\u00a0", "").Replace(clean(s))
}

// TestRowM6SameCredentialInFiveLanguages: the words are there in each, and no
// key of the catalogue shows as itself.
func TestRowM6SameCredentialInFiveLanguages(t *testing.T) {
	s := quick(t, 1, courses[0], person("Amina Diallo", ""), [2]string{"it", ""})
	seen := map[string]string{}
	for _, lang := range i18n.Languages {
		s.Languages = [2]string{lang, ""}
		p, err := drawn(LayoutMicro, []Sheet{s}, Options{Now: today})
		if err != nil {
			t.Fatal(err)
		}
		said := p.said()
		if strings.Contains(said, "paper.") {
			t.Errorf("%s: a key without words in %s", lang, said)
		}
		if want := squeezed(i18n.T(lang, "paper.kind.MicroCredential", nil)); !strings.Contains(said, want) {
			t.Errorf("%s: no %q", lang, want)
		}
		for other, text := range seen {
			if text == said {
				t.Errorf("%s reads as %s", lang, other)
			}
		}
		seen[lang] = said
	}
}

// TestRowM10NoItalianNoticeElsewhere: the words of Italian law stand on Italian
// paper only.
func TestRowM10NoItalianNoticeElsewhere(t *testing.T) {
	for _, c := range []struct {
		template, learner string
		italian           bool
	}{
		{"10-skills-assessment-it.json", "10-amina-diallo-bilancio.json", true},
		{"17-accreditation-pl.json", "17-szkola-zawodowa.json", false},
	} {
		s := example(t, c.template, c.learner, [2]string{"it", "pl"})
		s.PublicAdministration = true
		p, err := drawn("", []Sheet{s}, Options{Now: today})
		if err != nil {
			t.Fatal(err)
		}
		notice := squeezed("non può essere prodotto agli organi della pubblica amministrazione")
		if has := strings.Contains(p.said(), notice); has != c.italian {
			t.Errorf("%s: the Italian notice is printed: %v", c.template, has)
		}
	}
}

func TestSameInputSameBytes(t *testing.T) {
	s := quick(t, 1, courses[0], person("Amina Diallo", "أمينة ديالو"), [2]string{"it", "en"})
	var first, second bytes.Buffer
	for _, w := range []*bytes.Buffer{&first, &second} {
		if err := Render(w, LayoutMicro, []Sheet{s}, Options{Now: today}); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Error("two renderings differ")
	}
	if !bytes.Contains(first.Bytes(), []byte("/Lang (it)")) {
		t.Error("the PDF does not tell its language")
	}
}

// TestStrangersTextStaysText: no name becomes an action, an operator or a link,
// wherever a PDF has room for a text.
func TestStrangersTextStaysText(t *testing.T) {
	for _, name := range []string{"it) /OpenAction <</S /JavaScript /JS (app.alert(1))>> /X (", "it)\r/AA <</O 1 0 R>>", `a) Tj ET /JS (app.alert(1))`, "(((", `\`, "<</OpenAction", "ש\u202eabc", "😀 Emoji", "ខ្មែរ", "x\x00y\x1b[31m"} {
		p := newPage(name, name, today)
		p.sheet(a4Width, a4Height)
		p.text(box{20, 20, 100, 10}, name, style{})
		p.attach([]attachment{{name, name, []byte(name)}})
		p.pdf.SetCompression(false)
		var out bytes.Buffer
		if err := p.end(&out); err != nil {
			t.Fatalf("%q: %v", name, err)
		}
		// A sound reader takes the file in and finds the catalogue's own entries only.
		onlyOurs(t, name, out.Bytes())
		for _, m := range p.placed {
			if strings.ContainsFunc(m.text, func(r rune) bool { return r < ' ' || r >= 0x202A && r <= 0x202E || r > 0xFFFF }) {
				t.Errorf("%q is drawn as %q", name, m.text)
			}
		}
	}
}

// onlyOurs reads a PDF as a stranger does: its catalogue has the entries that we
// write and no other, and a language that we speak.
func onlyOurs(t *testing.T, name string, file []byte) {
	t.Helper()
	model.ConfigPath = "disable" // of the library: no folder of settings
	doc, err := pdfcpu.ReadWithContext(t.Context(), bytes.NewReader(file), model.NewDefaultConfiguration())
	if err != nil {
		t.Fatalf("%q: %v", name, err)
	}
	root, err := doc.Catalog()
	if err != nil {
		t.Fatalf("%q: %v", name, err)
	}
	for entry := range root {
		if !slices.Contains([]string{"Type", "Pages", "Lang", "Names"}, entry) {
			t.Errorf("%q: the catalogue has %s", name, entry)
		}
	}
	if lang, _ := root["Lang"].(types.StringLiteral); !i18n.Speaks(string(lang)) {
		t.Errorf("%q: the language is %v", name, root["Lang"])
	}
}

// TestLanguageOfADocumentIsNoInjection: what a token calls its language reaches
// the PDF on every paper as one of ours.
func TestLanguageOfADocumentIsNoInjection(t *testing.T) {
	const hostile = "it) /OpenAction <</S /JavaScript /JS (app.alert(1))>> /X ("
	s := quick(t, 1, courses[0], person("Amina Diallo", ""), [2]string{hostile, hostile})
	for _, layout := range []Layout{"", LayoutBooklet, LayoutCard} {
		var out bytes.Buffer
		if err := Render(&out, layout, []Sheet{s}, Options{Now: today}); err != nil {
			t.Fatal(err)
		}
		onlyOurs(t, string(layout), out.Bytes())
	}
	var many bytes.Buffer
	if err := Booklets(&many, BookletsOf([]Sheet{s}), Options{Now: today}); err != nil {
		t.Fatal(err)
	}
	onlyOurs(t, "booklets", many.Bytes())
	var out bytes.Buffer
	if err := CV(&out, CVData{Language: hostile, Name: "Amina"}, Options{Now: today}); err != nil {
		t.Fatal(err)
	}
	onlyOurs(t, "curriculum", out.Bytes())
}

// TestArabicIsJoinedAndTurned: letters take the shapes of their places and run
// from the right; what is Latin between them does not.
func TestArabicIsJoinedAndTurned(t *testing.T) {
	joined, alone := shapedSpan("بب", plain), shapedSpan("ب", plain)
	if joined.width >= 2*alone.width {
		t.Errorf("two letters are %d wide, one is %d: they are not joined", joined.width, alone.width)
	}
	if lamAlef := shapedSpan("لا", plain); len(lamAlef.shaped) != 1 {
		t.Errorf("lam and alef are %d shapes, want their ligature", len(lamAlef.shaped))
	}
	var order []string
	for _, s := range spansOf(clean("Nome: أمينة ديالو (IT)"), regular) {
		order = append(order, strings.TrimSpace(s.text))
	}
	if len(order) < 3 || order[0] != "Nome:" || order[1] != "أمينة ديالو" {
		t.Errorf("drawn in the order %q", order)
	}
	if canDraw("রহিমা") || !canDraw("Ελένη أمينة Żółć") {
		t.Error("canDraw does not know the faces")
	}
}

// TestNameWithoutGlyphsSaysSo: the Latin form stands alone, and the paper tells why.
func TestNameWithoutGlyphsSaysSo(t *testing.T) {
	p, err := drawn("", []Sheet{hard(t)["no glyphs"]}, Options{Now: today})
	if err != nil {
		t.Fatal(err)
	}
	if said := p.said(); !strings.Contains(said, squeezed(i18n.T("it", "paper.no_latin_form", nil))) || strings.ContainsRune(said, noGlyph) {
		t.Error("the missing script is not told")
	}
}

// TestTooLongIsCutWithAMark: a box that can hold one line holds one.
func TestTooLongIsCutWithAMark(t *testing.T) {
	f := fitting(strings.Repeat("parola ", 40), 50, 6, style{size: 20})
	if !f.cut || len(f.lines) != 1 || !strings.HasSuffix(f.lines[0], "…") || f.size != minSize || f.width > 50 {
		t.Errorf("%+v", f)
	}
	if f := fitting("breve", 50, 6, style{}); f.cut || f.broken || f.lines[0] != "breve" {
		t.Errorf("%+v", f)
	}
	if f := measure("Wolfeschlegelsteinhausenberger", 30, style{}); !f.broken || !strings.HasSuffix(f.lines[0], "-") {
		t.Errorf("%+v", f)
	}
}

// TestDeclaredSkillsSaySo: what nobody checked bears one dot and its word.
func TestDeclaredSkillsSaySo(t *testing.T) {
	s := example(t, "10-skills-assessment-it.json", "10-amina-diallo-bilancio.json", [2]string{"it", "en"})
	p, err := drawn(LayoutAssessment, []Sheet{s}, Options{Now: today})
	if err != nil {
		t.Fatal(err)
	}
	said := p.said()
	for _, word := range []string{"autodichiarata,livello3su4", "selfdeclared,level3of4", "valutata,livello2su4", "osservata", "documentata"} {
		if !strings.Contains(said, word) {
			t.Errorf("the paper does not say %s", word)
		}
	}
}

func TestWrongLayoutIsRefused(t *testing.T) {
	s := quick(t, 1, courses[0], person("Amina Diallo", ""), [2]string{"it", ""})
	for layout, want := range map[Layout]error{LayoutAttendance: ErrKind, "poster": ErrLayout} {
		if err := Render(&bytes.Buffer{}, layout, []Sheet{s}, Options{Now: today}); !errors.Is(err, want) {
			t.Errorf("%s: %v", layout, err)
		}
	}
	if err := Render(&bytes.Buffer{}, LayoutMicro, nil, Options{}); !errors.Is(err, ErrNothing) {
		t.Error(err)
	}
	if err := Render(&bytes.Buffer{}, LayoutMicro, []Sheet{s}, Options{Logo: []byte("no picture")}); !errors.Is(err, ErrLogo) {
		t.Error(err)
	}
}

// BenchmarkA4 is one certificate where the faces are still to be read, as in
// every run of the command: less than 300 ms.
func BenchmarkA4(b *testing.B) {
	s := specimen(b, 1, courses[0], person("Amina Diallo", "أمينة ديالو"), [2]string{"it", "en"})
	for b.Loop() {
		for i, f := range typefaces {
			typefaces[i] = &typeface{name: f.name, bytes: f.bytes}
		}
		if err := Render(io.Discard, LayoutMicro, []Sheet{s}, Options{Now: today}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/1000/float64(b.N), "ms")
}

// TestBothCodesStandOnThePage: a status that does not fit the credential's code
// has one of its own, with its caption whole.
func TestBothCodesStandOnThePage(t *testing.T) {
	s := hard(t)["two codes"]
	p := hardPage(t, "two codes", s)
	codes := 0
	for _, m := range p.placed {
		if m.isCode {
			codes++
		}
		if m.cut {
			t.Errorf("%q is cut", m.text)
		}
	}
	if said := p.said(); codes != 2 || !strings.Contains(said, squeezed(s.QR[0].Caption)) || !strings.Contains(said, "Stato") {
		t.Errorf("%d codes; %s", codes, said)
	}
}
