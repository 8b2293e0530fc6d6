package xlsx_test

import (
	"flag"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/issuer/sheet"
	"github.com/employment-passport/passport/issuer/sheet/xlsx"
	"github.com/xuri/excelize/v2"
)

var update = flag.Bool("update", false, "write the example anew")

const learners = "../../../examples/learners/"

func example(t testing.TB, name string) string {
	t.Helper()
	data, err := os.ReadFile(learners + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestExampleClass: the class of twelve is the same people in both forms.
func TestExampleClass(t *testing.T) {
	csv, err := sheet.Read(strings.NewReader(example(t, "class-12.csv")), options)
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(learners+"class-12.xlsx", classBook(t), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	book := read(t, []byte(example(t, "class-12.xlsx")))
	if len(book.Faults) != 0 || len(book.Rows) != 12 || len(csv.Rows) != 12 {
		t.Fatalf("%d and %d people, faults %v", len(book.Rows), len(csv.Rows), book.Faults)
	}
	for i, row := range csv.Rows {
		if book.Rows[i] != row {
			t.Errorf("%+v in CSV is %+v in the workbook", row, book.Rows[i])
		}
	}
}

// classBook makes a workbook as an office has it: dates are dates.
func classBook(t testing.TB) []byte {
	return made(t, func(f *excelize.File) {
		format := "dd/mm/yyyy"
		day, err := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
		if err != nil {
			t.Fatal(err)
		}
		for y, line := range strings.Split(strings.TrimSpace(example(t, "class-12.csv")), "\n") {
			for x, text := range strings.Split(strings.TrimSuffix(line, "\r"), ";") {
				at, _ := excelize.CoordinatesToCellName(x+1, y+1)
				if when, err := time.Parse("02/01/2006", text); err == nil {
					_ = f.SetCellValue("Sheet1", at, when)
					_ = f.SetCellStyle("Sheet1", at, at, day)
				} else if err := f.SetCellValue("Sheet1", at, text); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := f.SetSheetName("Sheet1", "Corso"); err != nil {
			t.Fatal(err)
		}
	})
}

// TestPlantedFaults: the class with 37 faults as a workbook. What only CSV can
// have wrong (a quote, an encoding) gives way to what only a workbook can.
func TestPlantedFaults(t *testing.T) {
	csv, err := sheet.Read(strings.NewReader(example(t, "faults-37.csv")), options)
	if err != nil {
		t.Fatal(err)
	}
	want := map[[2]any]string{}
	for _, f := range csv.Faults {
		want[[2]any{f.Row, f.Column}] = f.Code
	}
	want[[2]any{4, ""}] = "row_hidden"
	delete(want, [2]any{6, ""})
	want[[2]any{6, "Esito"}] = "cell_uncalculated"
	delete(want, [2]any{16, "Data fine"})
	want[[2]any{16, "Luogo di nascita"}] = "cell_merged"
	if len(want) != 37 {
		t.Fatalf("%d faults are planted", len(want))
	}

	s := read(t, made(t, faulty(t)))
	kinds := map[string]bool{}
	for _, f := range s.Faults {
		at := [2]any{f.Row, f.Column}
		if want[at] != f.Code {
			t.Errorf("row %d, column %q: %s, want %q", f.Row, f.Column, f.Code, want[at])
		}
		delete(want, at)
		kinds[f.Code] = true
		for _, lang := range i18n.Languages {
			words := i18n.T(lang, "sheet.fault."+f.Code, f.Args)
			if !i18n.Has("sheet.fault."+f.Code) && !i18n.Has("error."+f.Code) || strings.Contains(words, "{") {
				t.Errorf("%s: %s says %q", lang, f.Code, words)
			}
		}
	}
	if len(want) != 0 || len(s.Faults) != 37 || len(kinds) < 28 || s.FaultyRows != 36 || s.Learners != 10 {
		t.Errorf("%d faults of %d kinds, %d rows, %d people; not found: %v", len(s.Faults), len(kinds), s.FaultyRows, s.Learners, want)
	}
}

// faulty fills a workbook with the faulty class.
func faulty(t testing.TB) func(*excelize.File) {
	return func(f *excelize.File) {
		for y, line := range strings.Split(strings.TrimSpace(example(t, "faults-37.csv")), "\n") {
			for x, text := range strings.Split(strings.ToValidUTF8(line, ""), ";") {
				at, _ := excelize.CoordinatesToCellName(x+1, y+1)
				switch {
				case y == 5 && x == 7: // "Esito" in row 6
					text = ""
				case y == 3: // the stray quotes of row 4
					text = strings.Trim(text, `"`)
				case y == 15 && x == 9: // "Data fine" in row 16
					text = "18/11/2026"
				}
				if text == "" {
					continue
				}
				if err := f.SetCellStr("Sheet1", at, text); err != nil {
					t.Fatal(err)
				}
			}
		}
		for _, err := range []error{
			f.SetRowVisible("Sheet1", 4, false),
			f.SetCellFormula("Sheet1", "H6", `"Superato"`),
			f.MergeCell("Sheet1", "E16", "F16"),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
	}
}

// TestSeparatorsAndSigns: nothing in a cell of a workbook is cut apart.
func TestSeparatorsAndSigns(t *testing.T) {
	s := read(t, made(t, rows(t,
		[]any{"Nome", "Nato il", "Luogo di nascita"},
		[]any{"Ada", 1990, "Potenza; \"sopra\"\nla stazione"},
		[]any{"Rita", 1991, "=cmd|' /C calc'!A0"},
	)))
	if len(s.Rows) != 1 || s.Rows[0].Learner.BirthPlace != `Potenza; "sopra" la stazione` {
		t.Errorf("%+v", s.Rows)
	}
	if len(s.Faults) != 1 || s.Faults[0].Code != "cell_formula" {
		t.Errorf("%+v", s.Faults)
	}
}

var _ sheet.Source = (*xlsx.Workbook)(nil)
