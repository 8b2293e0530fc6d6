package main

import (
	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/verifier/report"
)

// csvPrinter prints one line a credential, or one for an input without any.
type csvPrinter struct {
	app   *app
	table *report.Table
}

func newCSVPrinter(a *app) *csvPrinter { return &csvPrinter{app: a, table: report.NewTable(a.out)} }

func (p *csvPrinter) print(j judged) error {
	lang := i18n.Match(p.app.lang)
	if j.report == nil {
		return p.table.AddUnread(j.input, problemWords(lang, j.problem))
	}
	return p.table.Add(lang, j.input, j.report)
}

func (p *csvPrinter) end() error { return p.table.End() }
