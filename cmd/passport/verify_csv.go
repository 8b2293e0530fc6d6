package main

import (
	"encoding/csv"
	"strings"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/verifier"
)

// csvPrinter prints one line a credential, or one for an input without any.
type csvPrinter struct {
	app *app
	w   *csv.Writer
}

func newCSVPrinter(a *app) *csvPrinter {
	p := &csvPrinter{app: a, w: csv.NewWriter(a.out)}
	p.w.UseCRLF = true
	_ = p.w.Write([]string{"input", "verdict", "asOf", "genuine", "recognised", "status", "holder", "reason", "title", "issuer", "name", "birthDate", "documentNumber", "id"})
	return p
}

func (p *csvPrinter) print(j judged) error {
	lang := i18n.Match(p.app.lang)
	if j.report == nil {
		return p.row(j.input, verifier.Unknown.String(), "", "", "", "", "", problemWords(lang, j.problem))
	}
	if len(j.report.Credentials()) == 0 {
		return p.row(append([]string{j.input}, p.answers(lang, j.report, j.report.Judgement)...)...)
	}
	for _, c := range j.report.Credentials() {
		view := c.Document.View()
		cells := append([]string{j.input}, p.answers(lang, j.report, c.Judgement)...)
		cells = append(cells, view.Title, firstOf(c.IssuedBy, c.Document.Issuer.Name), identityOf(c, "name"), identityOf(c, "ext:birthDate"), view.DocumentNumber, c.Document.ID)
		if err := p.row(cells...); err != nil {
			return err
		}
	}
	return nil
}

func (p *csvPrinter) answers(lang string, r *verifier.Report, j verifier.Judgement) []string {
	reason := ""
	for _, c := range r.Checks {
		if c.Code == j.Reason {
			reason = checkWords(lang, c)
			break
		}
	}
	asOf := ""
	if at := instant(j.AsOf); at != nil {
		asOf = *at
	}
	return []string{j.Verdict.String(), asOf, j.Genuine.String(), j.Recognised.String(), string(j.Status.State), string(j.Holder), reason}
}

func identityOf(c verifier.Credential, kind string) string {
	for _, i := range c.Compare {
		if i.Type == kind {
			return i.Value
		}
	}
	return ""
}

func (p *csvPrinter) row(cells ...string) error {
	for i, cell := range cells {
		cells[i] = guardCell(neutral(cell))
	}
	return p.w.Write(cells)
}

func (p *csvPrinter) end() error {
	p.w.Flush()
	return p.w.Error()
}

// guardCell keeps a spreadsheet from taking a stranger's text for a formula
// (OWASP ASVS 5.0, 1.2.10): a cell that starts like one gets a quote before it.
func guardCell(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r\x00'", rune(s[0])) {
		return "'" + s
	}
	return s
}
