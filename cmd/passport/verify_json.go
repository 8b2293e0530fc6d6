package main

import (
	"encoding/json"
	"time"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/verifier/report"
)

// newReportJSON is what verify prints with --json: the report of the service,
// with the input where there are many, and what only a printed code tells.
func newReportJSON(lang string, now time.Time, j judged, named bool) (out report.Report) {
	if j.report == nil {
		out = report.Unjudged(now, j.problem.code, problemWords(lang, j.problem))
	} else {
		out = report.New(lang, now, j.report)
	}
	if named {
		out.Input = j.input
	}
	for _, base := range j.foreign {
		out.Note(lang, report.BaseCheck(base))
	}
	return out
}

func problemWords(lang string, f *failure) string {
	if key := "error." + f.code; i18n.Has(key) {
		return oneLine(i18n.T(lang, key, f.args))
	}
	return oneLine(f.Error())
}

// jsonPrinter prints one object a line.
type jsonPrinter struct {
	app  *app
	many bool
}

func (p *jsonPrinter) print(j judged) error {
	e := json.NewEncoder(p.app.out)
	e.SetEscapeHTML(false)
	return e.Encode(newReportJSON(i18n.Match(p.app.lang), p.app.now(), j, p.many))
}

func (p *jsonPrinter) end() error { return nil }
