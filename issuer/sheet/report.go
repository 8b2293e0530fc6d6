package sheet

import (
	"encoding/csv"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// ReportLine is one line of a report: what became of a row, or a fault in it.
type ReportLine struct {
	Row     int
	Result  string // issued, unchanged, revoked, superseded, ready (not issued) or fault
	Column  string
	Code    string
	Message string // in the reader's language
	ID      string // of the credential
}

// reportHead names the columns; scripts read them.
var reportHead = []string{"row", "result", "column", "code", "message", "id"}

// WriteReport writes lines as CSV (UTF-8, commas). What came from the sheet
// cannot become a formula in the program that opens the report.
func WriteReport(w io.Writer, lines []ReportLine) error {
	return StreamReport(csv.NewWriter(w), reportHead, slices.Values(lines))
}

// StreamReport is WriteReport of lines that need not stand in memory, with a
// head of one's own.
func StreamReport(out *csv.Writer, head []string, lines iter.Seq[ReportLine]) error {
	if err := out.Write(head); err != nil {
		return err
	}
	for l := range lines {
		row := ""
		if l.Row > 0 {
			row = strconv.Itoa(l.Row)
		}
		record := []string{row, l.Result, l.Column, l.Code, l.Message, l.ID}
		for i, cell := range record {
			record[i] = Inert(cell)
		}
		if err := out.Write(record); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// Inert makes a cell that no spreadsheet program takes for a formula (OWASP
// ASVS 5.0, 1.2.10): a first character = + - @ tab, return, line feed, or a
// quote that would hide one, gets an apostrophe before it. Full-width forms
// of the signs count, as some programs fold them.
func Inert(cell string) string {
	first, _ := utf8.DecodeRuneInString(cell)
	if cell != "" && strings.ContainsRune("=+-@\t\r\n'＝＋－＠", first) {
		return "'" + cell
	}
	return cell
}
