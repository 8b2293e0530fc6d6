package main

import (
	"encoding/csv"
	"strings"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/verifier"
)

var csvColumns = []string{"input", "verdict", "asOf", "genuine", "recognised", "status", "holder", "reason", "title", "issuer", "name", "birthDate", "documentNumber", "id"}

// csvPrinter prints one line a credential, a forged one too, or one for an
// input without any. Every line has all the columns.
type csvPrinter struct {
	app *app
	w   *csv.Writer
}

func newCSVPrinter(a *app) *csvPrinter {
	p := &csvPrinter{app: a, w: csv.NewWriter(a.out)}
	p.w.UseCRLF = true
	_ = p.w.Write(csvColumns)
	return p
}

func (p *csvPrinter) print(j judged) error {
	lang := i18n.Match(p.app.lang)
	if j.report == nil {
		return p.row(j.input, verifier.Unknown.String(), "", "", "", "", "", problemWords(lang, j.problem))
	}
	if len(j.report.Judged()) == 0 {
		return p.row(append([]string{j.input}, p.answers(lang, j.report, j.report.Judgement, 0)...)...)
	}
	shown := readable(j.report)
	for _, one := range j.report.Judged() {
		cells := append([]string{j.input}, p.answers(lang, j.report, one.Judgement, one.Number)...)
		if c, ok := shown[one.Number]; ok { // of a forged one nothing may be told
			view := c.Document.View()
			cells = append(cells, view.Title, firstOf(c.IssuedBy, c.Document.Issuer.Name), identityOf(c, "name"), identityOf(c, "ext:birthDate"), view.DocumentNumber, c.Document.ID)
		}
		if err := p.row(cells...); err != nil {
			return err
		}
	}
	return nil
}

// readable gives the credentials whose fields may be shown, by their number.
func readable(r *verifier.Report) map[int]verifier.Credential {
	shown := make(map[int]verifier.Credential, len(r.Credentials()))
	for _, c := range r.Credentials() {
		shown[c.Number] = c
	}
	return shown
}

// answers about one credential, or about everything (number 0).
func (p *csvPrinter) answers(lang string, r *verifier.Report, j verifier.Judgement, number int) []string {
	reason := ""
	if c, ok := r.Because(number); ok {
		reason = checkWords(lang, c)
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
	line := make([]string, len(csvColumns))
	for i, cell := range cells {
		line[i] = guardCell(neutral(cell))
	}
	return p.w.Write(line)
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
