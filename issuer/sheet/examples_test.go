package sheet_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/employment-passport/passport/issuer/sheet"
	"github.com/employment-passport/passport/schema"
)

const learners = "../../examples/learners/"

var today = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

func read(t testing.TB, data string) *sheet.Sheet {
	t.Helper()
	s, err := sheet.Read(strings.NewReader(data), sheet.Options{Issuer: "ente", Template: "t", Now: today})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func example(t testing.TB, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(learners, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestExampleClasses(t *testing.T) {
	twelve := read(t, example(t, "class-12.csv"))
	if len(twelve.Rows) != 12 || len(twelve.Faults) != 0 {
		t.Fatalf("class of 12: %d learners, faults %v", len(twelve.Rows), twelve.Faults)
	}
	if got := strings.Join(twelve.Ignored, ","); got != "E-mail" {
		t.Errorf("ignored %q, want the e-mail column", got)
	}
	people := map[int]schema.Learner{}
	for _, r := range twelve.Rows {
		people[r.Number] = r.Learner
	}
	if p := people[3]; p.Name != "Abdullah" || p.FamilyName != "" || p.BirthDate != "1996" || p.NameOriginalScript != "عبد الله" {
		t.Errorf("the mononym of row 3 became %+v", p)
	}
	if p := people[5]; p.BirthDate != "1988-05" || p.NameOriginalScript != "Ελένη Παπαδοπούλου" {
		t.Errorf("row 5 became %+v", p)
	}
	if p := people[8]; p.GivenName != "Niccol\u00f2" {
		t.Errorf("decomposed letters of row 8 stayed: %q", p.GivenName)
	}

	many := read(t, example(t, "class-2000.csv"))
	if len(many.Rows) != 2000 || len(many.Faults) != 0 {
		t.Fatalf("class of 2000: %d learners, %d faults", len(many.Rows), len(many.Faults))
	}
	keys := map[string]bool{}
	for _, r := range many.Rows {
		keys[r.Key] = true
	}
	if len(keys) != 2000 {
		t.Errorf("%d different keys of 2000", len(keys))
	}
}

func TestExampleLearnersPass(t *testing.T) {
	files, err := filepath.Glob(learners + "*.json")
	if err != nil || len(files) < 5 {
		t.Fatalf("%d learner files, %v", len(files), err)
	}
	for i, file := range files {
		l, err := schema.ParseLearner([]byte(example(t, filepath.Base(file))))
		if err != nil {
			t.Errorf("%s: %v", file, err)
		}
		if i == 0 && len(l.BirthDate) < 4 {
			t.Errorf("%s, the first by name, has no birth year", file)
		}
	}
}

// TestPlantedFaults holds the place and the code of each of the 37 faults of
// the example; their words are held by the test of the command line.
func TestPlantedFaults(t *testing.T) {
	want := []sheet.Fault{
		{Row: 1, Column: "Nato il", Code: "column_twice"},
		{Row: 4, Code: "row_quote"},
		{Row: 6, Code: "row_encoding"},
		{Row: 7, Code: "row_wide"},
		{Row: 10, Code: "row_twice"},
		{Row: 11, Column: "Cognome", Code: "cell_control"},
		{Row: 12, Column: "Cognome", Code: "cell_damaged"},
		{Row: 13, Column: "Nome", Code: "cell_damaged"},
		{Row: 14, Column: "Numero attestato", Code: "cell_formula"},
		{Row: 15, Column: "Luogo di nascita", Code: "cell_formula"},
		{Row: 16, Column: "Data fine", Code: "cell_formula"},
		{Row: 17, Column: "Luogo di nascita", Code: "cell_long"},
		{Row: 19, Column: "Nome", Code: "name_missing"},
		{Row: 20, Column: "Nome", Code: "name_form"},
		{Row: 21, Column: "Cognome", Code: "name_form"},
		{Row: 22, Column: "Cognome", Code: "name_form"},
		{Row: 23, Column: "Data di nascita", Code: "date_form"},
		{Row: 24, Column: "Data fine", Code: "date_form"},
		{Row: 25, Column: "Data di nascita", Code: "date_impossible"},
		{Row: 26, Column: "Data fine", Code: "date_impossible"},
		{Row: 27, Column: "Data fine", Code: "date_month_first"},
		{Row: 28, Column: "Data di nascita", Code: "date_short_year"},
		{Row: 29, Column: "Data di nascita", Code: "date_serial"},
		{Row: 30, Column: "Data inizio", Code: "date_partial"},
		{Row: 31, Column: "Data fine", Code: "date_partial"},
		{Row: 33, Column: "Data fine", Code: "date_ahead"},
		{Row: 34, Column: "Data inizio", Code: "date_ahead"},
		{Row: 35, Column: "Data di nascita", Code: "birth_ahead"},
		{Row: 36, Column: "Data di nascita", Code: "date_old"},
		{Row: 37, Column: "Data fine", Code: "ends_before_start"},
		{Row: 38, Column: "Data inizio", Code: "before_birth"},
		{Row: 39, Column: "DID del titolare", Code: "holder_form"},
		{Row: 40, Column: "Numero attestato", Code: "number_rounded"},
		{Row: 41, Column: "Numero attestato", Code: "number_personal"},
		{Row: 43, Column: "Numero attestato", Code: "number_twice"},
		{Row: 44, Column: "Esito", Code: "result_failed"},
		{Row: 45, Column: "Data di nascita", Code: "bearer_without_birth"},
	}
	s := read(t, example(t, "faults-37.csv"))
	if len(s.Faults) != 37 || len(want) != 37 {
		t.Errorf("%d faults, want 37", len(s.Faults))
	}
	for i, f := range s.Faults {
		if i >= len(want) || f.Row != want[i].Row || f.Column != want[i].Column || f.Code != want[i].Code {
			t.Errorf("fault %d is row %d, column %q, %s", i, f.Row, f.Column, f.Code)
		}
	}
	if s.Learners != 10 || s.FaultyRows != 36 {
		t.Errorf("%d learners and %d faulty rows, want 10 and 36", s.Learners, s.FaultyRows)
	}
}
