package report

import (
	"encoding/csv"
	"slices"
	"strings"
	"testing"

	"github.com/employment-passport/passport/internal/i18n"
)

// TestSheetOpensInColumns: with the sign and the mark that a spreadsheet of the
// language expects, every cell in its column and none of them a formula, not
// even in a spreadsheet that splits at the other sign.
func TestSheetOpensInColumns(t *testing.T) {
	inputs := []string{"résumé; it's \"Ana\".pdf", "=1+1.pdf", "a,=1+1", "a;@SUM(1)", `a,"=1+1"`, "a, +1", "plain, name.pdf"}
	for _, tongue := range i18n.BrowserTongues {
		comma, other := ';', ','
		if tongue.Code == "en" {
			comma, other = ',', ';'
		}
		var out strings.Builder
		table := NewSheet(&out, tongue.Code)
		for _, input := range inputs {
			if err := table.AddUnread(input, "why; and, so"); err != nil {
				t.Fatal(err)
			}
		}
		if err := table.End(); err != nil {
			t.Fatal(err)
		}
		text, marked := strings.CutPrefix(out.String(), "\ufeff")
		if !marked {
			t.Errorf("%s: no byte order mark", tongue.Code)
		}
		r := csv.NewReader(strings.NewReader(text))
		r.Comma = comma
		rows, err := r.ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(rows[0], columns) || len(rows) != len(inputs)+1 || rows[1][0] != inputs[0] || rows[7][0] != inputs[6] || rows[7][7] != "why; and, so" {
			t.Errorf("%s: %q", tongue.Code, rows)
		}
		split := strings.FieldsFunc(text, func(c rune) bool { return c == other || c == '\n' })
		for _, cell := range append(slices.Concat(rows...), split...) {
			if bare := strings.TrimLeft(cell, ` "`); bare != "" && strings.Contains("=+-@", bare[:1]) {
				t.Errorf("%s: a formula: %q", tongue.Code, cell)
			}
		}
	}
	var plain strings.Builder
	table := NewTable(&plain)
	if err := table.AddUnread("a,=1+1", "x"); err != nil || table.End() != nil || !strings.Contains(plain.String(), "\r\n\"a,=1+1\",unknown,") {
		t.Errorf("the command line's table: %q %v", plain.String(), err)
	}
}
