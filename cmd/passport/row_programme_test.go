package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/internal/paper"
	"github.com/employment-passport/passport/schema"
)

// TestRowI6ProgrammeIsPrinted: the programme of a semester is one PDF in which
// every workshop stands with its day, hour, place and seats, in each pair of
// languages; and the workshop for which attendances are issued is one of them.
func TestRowI6ProgrammeIsPrinted(t *testing.T) {
	if _, err := exec.LookPath("pdftotext"); err != nil {
		t.Skip("pdftotext is not installed")
	}
	const file = "../../examples/programmes/bussola-2026-2.json"
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	p, err := paper.ParseProgramme(data)
	if err != nil || len(p.Workshops) < 5 {
		t.Fatalf("%d workshops, %v", len(p.Workshops), err)
	}
	s := &street{t: t, dir: t.TempDir()}
	t.Setenv("PASSPORT_HOME", filepath.Join(s.dir, "home"))
	free := map[string]string{"it": "Gratuito", "en": "Free", "es": "Gratuito", "el": "Δωρεάν", "pl": "Bezpłatnie"}
	for _, lang := range i18n.Languages {
		pdf := filepath.Join(s.dir, lang+".pdf")
		s.must("print", file, "--layout", "programme", "--lang-holder", lang, "--out", pdf)
		text, err := exec.Command("pdftotext", pdf, "-").Output() //nolint:gosec // a file of this test
		if err != nil {
			t.Fatal(err)
		}
		said := strings.Join(strings.Fields(string(text)), " ")
		for _, w := range p.Workshops {
			day, _ := schema.ParseDate(w.Date)
			says(t, said, w.Title, day.Time().Format("02/01/2006"), "ore "+w.From, w.Place)
			if w.Seats > 0 {
				says(t, said, "Posti: "+strconv.Itoa(w.Seats))
			}
		}
		says(t, said, p.Title, p.Period, p.Organiser, "Gratuito", free[lang])
	}
	isOfProgramme(t, p, "../../examples/templates/06-workshop-it.json", "../../examples/learners/06-giulia-rossi-workshop.json")
}

// isOfProgramme holds the example of an attendance to the programme.
func isOfProgramme(t *testing.T, p paper.Programme, template, learner string) {
	t.Helper()
	var course struct {
		Credential struct {
			CredentialSubject struct {
				Achievement struct {
					Name, Programme string
					HoursPlanned    float64
					Partners        []string
				}
			}
		}
	}
	var attended struct{ StartedOn string }
	readExample(t, template, &course)
	readExample(t, learner, &attended)
	a := course.Credential.CredentialSubject.Achievement
	if a.Programme != p.Title+", "+p.Period || !slices.Equal(a.Partners, p.Partners) {
		t.Errorf("%q with %v is not %q, %q with %v", a.Programme, a.Partners, p.Title, p.Period, p.Partners)
	}
	if !slices.ContainsFunc(p.Workshops, func(w paper.Workshop) bool {
		return w.Title == a.Name && w.Hours == a.HoursPlanned && w.Date == attended.StartedOn && w.Free
	}) {
		t.Errorf("no workshop %q of %g hours on %s", a.Name, a.HoursPlanned, attended.StartedOn)
	}
}

func readExample(t *testing.T, name string, v any) {
	t.Helper()
	data, err := os.ReadFile(name)
	if err == nil {
		err = json.Unmarshal(data, v)
	}
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}
