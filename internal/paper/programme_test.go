package paper

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/png"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/schema"
)

func exampleProgramme(t testing.TB) Programme {
	t.Helper()
	data, err := os.ReadFile("../../examples/programmes/bussola-2026-2.json")
	if err != nil {
		t.Fatal(err)
	}
	p, err := ParseProgramme(data)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// repeats of the example make a calendar of many sides.
const repeats = 7

// hardProgrammes are calendars that break layouts.
func hardProgrammes(t testing.TB) map[string]Programme {
	t.Helper()
	one := exampleProgramme(t)
	of := func(text string) Programme {
		p := one
		p.Title, p.Period, p.Place, p.Organiser, p.Partners = text, text, text, text, []string{text, text}
		p.Notes = strings.TrimSpace(strings.Repeat(text+"\n", 2000/(len([]rune(text))+1)))
		p.Workshops = slices.Repeat([]Workshop{{Date: "2026-09-30", From: "09:30", Hours: 23.75, Title: text, Place: text, Seats: maxSeats, Free: true}}, 7)
		return p
	}
	many := one
	many.Workshops = slices.Repeat(one.Workshops, repeats)
	bare := Programme{Title: "A", Period: "B", Organiser: "C", Workshops: []Workshop{{Date: "2026-11-22", From: "00:00", Hours: 1, Title: "D", Place: "E"}}}
	return map[string]Programme{
		"the example":     one,
		"56 workshops":    many,
		"bare":            bare,
		"200 wide":        of(strings.Repeat("W", maxProgrammeText)),
		"long words":      of(strings.TrimSpace(strings.Repeat("Wolfeschlegelsteinhausenberger ", 6))),
		"many words":      of(strings.TrimSpace(strings.Repeat("Capire i contratti ", 10))),
		"other alphabets": of("Κέντρο εργασίας, Łódź, ورشة العمل, рынок труда"),
	}
}

// TestNothingOverflowsInProgrammes measures every mark in every language: inside
// of its box and of the margins, none over another, 12 points and more, and nothing
// is cut.
func TestNothingOverflowsInProgrammes(t *testing.T) {
	for name, p := range hardProgrammes(t) {
		for _, second := range i18n.Languages {
			drawn, err := drawnProgramme(p, [2]string{"it", second}, Options{Now: today})
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			neat(t, name+" in "+second, drawn, margin)
			for _, m := range drawn.placed {
				if m.cut || m.size < minSize {
					t.Errorf("%s in %s: %.30q in %.1f points, cut: %v", name, second, m.text, m.size, m.cut)
				}
			}
		}
	}
}

// TestProgrammeSaysEverything: each workshop with its day and hour in both
// languages; and each side bears the body, the title and its number.
func TestProgrammeSaysEverything(t *testing.T) {
	p := hardProgrammes(t)["56 workshops"]
	drawn, err := drawnProgramme(p, [2]string{"it", "el"}, Options{Now: today})
	if err != nil {
		t.Fatal(err)
	}
	said, total := drawn.said(), drawn.side()
	for _, w := range p.Workshops {
		if n := strings.Count(said, squeezed(w.Title)); n != repeats {
			t.Errorf("%q stands there %d times", w.Title, n)
		}
	}
	for _, want := range []string{"Martedì 10/11/2026", "Τρίτη 10/11/2026", "ore 09:30", "ώρα 18:00", "1 ora · Gratuito", "2,5 ore · Posti: 12 · Gratuito", "2,5 ώρες · Θέσεις: 12 · Δωρεάν", p.Period, p.Place, "Per iscriverti passa allo sportello", p.Partners[1]} {
		if !strings.Contains(said, squeezed(want)) {
			t.Errorf("no %q", want)
		}
	}
	for n := 1; n <= total; n++ {
		var side strings.Builder
		for _, m := range drawn.placed {
			if m.side == n {
				side.WriteString(m.text + "\n")
			}
		}
		for _, want := range []string{p.Organiser, p.Title + "\n", fmt.Sprintf("Pagina %d di %d", n, total), "Laboratorio\nΕργαστήριο"} {
			if !strings.Contains(side.String(), want) {
				t.Errorf("no %q on side %d of %d", want, n, total)
			}
		}
	}
}

// TestProgrammeHasALogo beside the body's name; what is no picture is refused.
func TestProgrammeHasALogo(t *testing.T) {
	p := hardProgrammes(t)["200 wide"]
	var logo bytes.Buffer
	if err := png.Encode(&logo, image.NewGray(image.Rect(0, 0, 120, 40))); err != nil {
		t.Fatal(err)
	}
	drawn, err := drawnProgramme(p, [2]string{"it", "en"}, Options{Now: today, Logo: logo.Bytes()})
	if err != nil {
		t.Fatal(err)
	}
	neat(t, "with a logo", drawn, margin)
	if _, err := drawnProgramme(p, [2]string{"it", "en"}, Options{Now: today, Logo: []byte("no picture")}); !errors.Is(err, ErrLogo) {
		t.Errorf("no picture: %v", err)
	}
}

// programmeWith is a good file with one text of it replaced.
func programmeWith(old, instead string) string {
	const good = `{"title":"T","period":"P","organiser":"O","workshops":[{"date":"2026-11-10","from":"09:30","hours":3,"title":"B","place":"L","seats":15},{"date":"2026-02-28","from":"14:00","hours":0.25,"title":"A","place":"L","free":true}]}`
	return strings.Replace(good, old, instead, 1)
}

// TestProgrammeIsSorted by day and hour, whatever the order of the file, and a
// workshop without a place is at the programme's.
func TestProgrammeIsSorted(t *testing.T) {
	p, err := ParseProgramme([]byte(programmeWith("", "")))
	if err != nil || len(p.Workshops) != 2 || p.Workshops[0] != (Workshop{"2026-02-28", "14:00", 0.25, "A", "L", 0, true}) || p.Workshops[1].Seats != 15 {
		t.Errorf("%+v, %v", p, err)
	}
	p, err = ParseProgramme([]byte(programmeWith(`"title":"B","place":"L"`, `"title":"B"`)))
	if faults := schema.FaultsOf(err); len(faults) != 1 || faults[0].Pointer != "/workshops/0/place" {
		t.Errorf("%+v, %v", p, err)
	}
	text := strings.Replace(programmeWith(`"title":"B","place":"L"`, `"title":"B"`), `"period"`, `"place":"Qui","period"`, 1)
	if p, err = ParseProgramme([]byte(text)); err != nil || p.Workshops[1].Place != "Qui" {
		t.Errorf("%+v, %v", p, err)
	}
}

func TestProgrammeFaults(t *testing.T) {
	for _, c := range []struct{ old, instead, code, pointer string }{
		{`{"title"`, `["title"`, "programme_json", ""},
		{`"T"`, `"T","title":"U"`, "programme_json", ""},
		{`"T"`, `"T","sub/title":"U"`, "programme_unknown", "/sub~1title"},
		{`"seats"`, `"seat"`, "programme_unknown", "/workshops/0/seat"},
		{`"title":"T",`, ``, "programme_missing", "/title"},
		{`"hours":3,`, ``, "programme_missing", "/workshops/0/hours"},
		{`"T"`, `7`, "programme_form", "/title"},
		{`"T"`, `"…"`, "programme_form", "/title"},
		{`"T"`, `"T\nT"`, "programme_form", "/title"},
		{`"T"`, `"` + strings.Repeat("T", maxProgrammeText+1) + `"`, "programme_long", "/title"},
		{`"T"`, `"T","language":"fr"`, "programme_language", "/language"},
		{`"T"`, `"T","partners":["A",null]`, "programme_form", "/partners/1"},
		{`"T"`, `"T","partners":{}`, "programme_form", "/partners"},
		{`"T"`, `"T","partners":[` + strings.Repeat(`"A",`, maxPartners) + `"A"]`, "programme_many", "/partners"},
		{`{"date"`, `3,{"date"`, "programme_form", "/workshops/0"},
		{"2026-02-28", "2026-02-29", "programme_date", "/workshops/1/date"},
		{"2026-11-10", "2026-11", "programme_date", "/workshops/0/date"},
		{"09:30", "9:30", "programme_time", "/workshops/0/from"},
		{"09:30", "24:00", "programme_time", "/workshops/0/from"},
		{`:3,`, `:0,`, "programme_hours", "/workshops/0/hours"},
		{`:3,`, `:0.3,`, "programme_hours", "/workshops/0/hours"},
		{`:3,`, `:"3",`, "programme_hours", "/workshops/0/hours"},
		{`:3,`, `:24.25,`, "programme_hours", "/workshops/0/hours"},
		{`:15`, `:0`, "programme_seats", "/workshops/0/seats"},
		{`:15`, `:1.5`, "programme_seats", "/workshops/0/seats"},
		{`:15`, `:10001`, "programme_seats", "/workshops/0/seats"},
		{`:true`, `:"sì"`, "programme_form", "/workshops/1/free"},
	} {
		_, err := ParseProgramme([]byte(programmeWith(c.old, c.instead)))
		if faults := schema.FaultsOf(err); len(faults) != 1 || faults[0].Code != c.code || faults[0].Pointer != c.pointer || !i18n.Has("error."+c.code) {
			t.Errorf("%s instead of %s: %v, want %s at %s", c.instead, c.old, err, c.code, c.pointer)
		}
	}
	for _, list := range []string{``, `,"workshops":[]`} {
		_, err := ParseProgramme([]byte(`{"title":"T","period":"P","organiser":"O"` + list + `}`))
		if faults := schema.FaultsOf(err); len(faults) != 1 || faults[0].Code != "programme_missing" || faults[0].Pointer != "/workshops" {
			t.Errorf("no workshops: %v", err)
		}
	}
	if _, err := ParseProgramme(make([]byte, MaxProgramme+1)); !schema.FaultsOf(err).Has("programme_size") {
		t.Errorf("a large file: %v", err)
	}
}

// What the reader lets through is in order, is read the same again, and can be
// printed.
func FuzzParseProgramme(f *testing.F) {
	f.Add([]byte(programmeWith("", "")))
	f.Add([]byte(programmeWith(`"T"`, `"T","notes":"a\nb","partners":["ورشة"],"language":"el","place":"L"`)))
	f.Add([]byte(programmeWith("2026-02-28", "2026-02-30")))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := ParseProgramme(data)
		if err != nil {
			if schema.FaultsOf(err) == nil {
				t.Fatalf("%T is not faults", err)
			}
			return
		}
		for i, w := range p.Workshops[1:] {
			if before := p.Workshops[i]; w.Date+w.From < before.Date+before.From {
				t.Fatalf("%v after %v", w, before)
			}
		}
		again, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		if q, err := ParseProgramme(again); len(again) <= MaxProgramme && (err != nil || fmt.Sprint(q) != fmt.Sprint(p)) {
			t.Fatalf("%s: %v", again, err)
		}
		if _, err := drawnProgramme(p, [2]string{p.Language, "pl"}, Options{Now: today}); err != nil {
			t.Fatalf("%s: %v", again, err)
		}
	})
}
