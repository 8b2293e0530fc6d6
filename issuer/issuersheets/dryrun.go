package issuersheets

import (
	"net/http"
	"os"
	"strings"

	"github.com/employment-passport/passport/internal/httpkit"
	"github.com/employment-passport/passport/issuer/sheet"
)

// DryRun is what a sheet would bring, at once and with nothing kept.
type DryRun struct {
	Ready      int         `json:"ready"`
	FaultyRows int         `json:"faultyRows"`
	Columns    []string    `json:"columns"`
	Ignored    []string    `json:"ignoredColumns,omitempty"`
	Faults     []FaultView `json:"faults"`
	More       bool        `json:"moreFaults,omitempty"` // than are told
}

// FaultView is one fault in the reader's language.
type FaultView struct {
	Row     int    `json:"row"`
	Column  string `json:"column,omitempty"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

// maxTold is how many faults a dry run tells as JSON; as CSV it tells all.
const maxTold = 1000

// dryRun judges a sheet and answers with its report: JSON, or CSV for whoever
// accepts that.
func (s *Service) dryRun(w http.ResponseWriter, r *http.Request, asked Request, body *upload) error {
	if asked.Delivery == "" {
		asked.Delivery = DeliverPrint
	}
	if _, err := s.Issuer.Body(r.Context(), asked.Issuer); err != nil {
		return err
	}
	o, err := s.options(r.Context(), asked, s.Now())
	if err != nil {
		return err
	}
	file, _, err := s.receive(body)
	if err != nil {
		return body.failure(err)
	}
	defer func() { _ = os.Remove(file) }()
	asCSV := strings.HasPrefix(r.Header.Get("Accept"), "text/csv")
	lang := httpkit.Language(r)
	var ready []int // numbers of rows: there may be a million
	var failed error
	summary, err := scan(r.Context(), file, asked.Worksheet, s.Dir, s.numbered(r.Context(), o, &failed), func(row sheet.Row) error {
		if asCSV {
			ready = append(ready, row.Number)
		}
		return nil
	})
	if err == nil {
		err = failed
	}
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	if asCSV {
		writeReport(w, lang, summary.Faults, func(yield func(sheet.ReportLine) bool) {
			for _, row := range ready {
				if !yield(sheet.ReportLine{Row: row, Result: "ready", Message: rowWords(lang, "ready")}) {
					return
				}
			}
		})
		return nil
	}
	httpkit.WriteJSON(w, http.StatusOK, dryRunOf(lang, summary))
	return nil
}

func dryRunOf(lang string, summary *sheet.Summary) DryRun {
	out := DryRun{
		Ready: summary.Learners, FaultyRows: summary.FaultyRows, Columns: summary.Used, Ignored: summary.Ignored,
		Faults: []FaultView{}, More: summary.TooManyFaults || len(summary.Faults) > maxTold,
	}
	for _, f := range summary.Faults[:min(len(summary.Faults), maxTold)] {
		out.Faults = append(out.Faults, FaultView{f.Row, f.Column, f.Code, faultWords(lang, f)})
	}
	return out
}
