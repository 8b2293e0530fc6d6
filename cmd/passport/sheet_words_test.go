package main

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/issuer/sheet"
)

var update = flag.Bool("update", false, "write the expected files anew")

// TestFaultyClassSaysItsFaults holds the 37 messages of the faulty class, in
// each language, against examples/sheets-expected.
func TestFaultyClassSaysItsFaults(t *testing.T) {
	const examples = "../../examples/"
	data, err := os.ReadFile(examples + "learners/faults-37.csv")
	if err != nil {
		t.Fatal(err)
	}
	s, err := sheet.Read(bytes.NewReader(data), sheet.Options{Now: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range i18n.Languages {
		a := &app{lang: lang}
		var lines []sheet.ReportLine
		for _, f := range s.Faults {
			message := a.sheetMessage(f)
			if message == f.Code || strings.Contains(message, "{") {
				t.Errorf("%s: %s has no words, or a value is missing: %q", lang, f.Code, message)
			}
			lines = append(lines, sheet.ReportLine{Row: f.Row, Result: "fault", Column: f.Column, Code: f.Code, Message: message})
		}
		var got bytes.Buffer
		if err := sheet.WriteReport(&got, lines); err != nil {
			t.Fatal(err)
		}
		golden := filepath.Join(examples, "sheets-expected", "faults-37."+lang+".csv")
		if *update {
			if err := os.WriteFile(golden, got.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if got.String() != string(want) {
			t.Errorf("%s differs from\n%s", golden, got.String())
		}
	}
}

func TestSheetFaultNamesRowAndColumn(t *testing.T) {
	a := &app{lang: "en"}
	got := a.sheetFault(sheet.Fault{Row: 27, Column: "Data fine", Code: "date_month_first", Args: map[string]string{"value": "11/18/2026"}})
	if want := "row 27, column “Data fine”: “11/18/2026” has the month first: write the day first, and check the other dates"; got != want {
		t.Errorf("%q", got)
	}
	if got := a.sheetFault(sheet.Fault{Row: 4, Code: "row_quote"}); !strings.HasPrefix(got, "row 4: a quote") {
		t.Errorf("%q", got)
	}
}
