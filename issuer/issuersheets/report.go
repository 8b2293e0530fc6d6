package issuersheets

import (
	"cmp"
	"encoding/csv"
	"errors"
	"io"
	"iter"
	"math"
	"net/http"
	"slices"

	"github.com/employment-passport/passport/internal/httpkit"
	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/issuer/access"
	"github.com/employment-passport/passport/issuer/sheet"
)

// report answers with a line for each row and each fault, in the sheet's order:
// what the command line writes with --report.
func (s *Service) report(w http.ResponseWriter, r *http.Request) error {
	if err := known(r.URL.Query()); err != nil {
		return err
	}
	j, _, err := s.find(r, access.ActRead)
	if err != nil {
		return err
	}
	if j.FilesGone {
		return refuse("sheet_files_gone")
	}
	lang := httpkit.Language(r)
	faults, err := s.faults(j.ID)
	if err != nil {
		return err
	}
	writeReport(w, lang, faults, func(yield func(sheet.ReportLine) bool) {
		err = s.eachRow(j, func(h handout) error {
			if !yield(sheet.ReportLine{Row: h.Row, Result: h.Result, ID: h.ID, Message: rowWords(lang, h.Result)}) {
				return errLeft
			}
			return nil
		})
	})
	if err != nil && !errors.Is(err, errLeft) {
		panic(http.ErrAbortHandler) // half a report must not pass for a whole one
	}
	return nil
}

// errLeft: the client has gone, and there is nobody to tell.
var errLeft = errors.New("the reader has left")

// writeReport answers with CSV that no spreadsheet program executes. Faults and
// rows come in the sheet's order each, and so do both together: a million rows
// need not stand in memory.
func writeReport(w http.ResponseWriter, lang string, faults []sheet.Fault, rows iter.Seq[sheet.ReportLine]) {
	slices.SortStableFunc(faults, func(a, b sheet.Fault) int { return cmp.Compare(a.Row, b.Row) })
	file(w, "text/csv; charset=utf-8; header=present", "report.csv")
	head := forPeople(lang, "row", "result", "column", "code", "message", "id")
	_ = sheet.StreamReport(table(w, lang), head, func(yield func(sheet.ReportLine) bool) { // a client that has left: there is nobody to tell
		until := func(row int) bool {
			for len(faults) > 0 && faults[0].Row < row {
				f := faults[0]
				faults = faults[1:]
				if !yield(sheet.ReportLine{Row: f.Row, Result: "fault", Column: f.Column, Code: f.Code, Message: faultWords(lang, f)}) {
					return false
				}
			}
			return true
		}
		for l := range rows {
			if !until(l.Row) || !yield(l) {
				return
			}
		}
		until(math.MaxInt)
	})
}

// table begins a CSV file as the spreadsheet program of a reader's language opens
// it by a double click: the byte order mark tells it UTF-8, and where the comma
// is in numbers, fields are parted by semicolons.
func table(w io.Writer, lang string) *csv.Writer {
	_, _ = io.WriteString(w, "\ufeff")
	out := csv.NewWriter(w)
	if lang != "en" {
		out.Comma = ';'
	}
	return out
}

// forPeople names columns in the reader's language, but for those that programs
// look for: result, code, id.
func forPeople(lang string, names ...string) []string {
	for n, name := range names {
		if key := "sheets.column." + name; i18n.Has(key) {
			names[n] = i18n.T(lang, key, nil)
		}
	}
	return names
}

// file says what comes and what it is to be called; never by a stranger's name.
func file(w http.ResponseWriter, kind, name string) {
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", `attachment; filename="`+name+`"`)
	h.Set("Cache-Control", "no-store")
}

func rowWords(lang, result string) string { return i18n.T(lang, "sheets.row."+result, nil) }

// faultWords says what is wrong. What no rule of a sheet says comes from the
// rules of the document.
func faultWords(lang string, f sheet.Fault) string {
	for _, key := range []string{"sheet.fault." + f.Code, "error." + f.Code} {
		if i18n.Has(key) {
			return i18n.T(lang, key, f.Args)
		}
	}
	return f.Code
}
