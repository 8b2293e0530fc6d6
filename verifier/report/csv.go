package report

import (
	"encoding/csv"
	"io"
	"strings"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/verifier"
)

var columns = []string{"input", "verdict", "asOf", "genuine", "recognised", "status", "holder", "reason", "title", "issuer", "name", "birthDate", "documentNumber", "id"}

// Table is CSV (RFC 4180) with one line a credential, a forged one too, or one
// for an input without any. Every line has all the columns.
type Table struct {
	w     *csv.Writer
	other string // the sign at which a spreadsheet of another language would split; "" is no matter
}

// NewTable writes the line of the names.
func NewTable(w io.Writer) *Table { return begin(&Table{w: csv.NewWriter(w)}) }

// NewSheet is a Table that is opened by a press: with the mark by which a
// spreadsheet knows UTF-8, and the sign between cells that it expects where
// people read lang. Outside of English a comma is the sign within numbers.
func NewSheet(w io.Writer, lang string) *Table {
	_, _ = io.WriteString(w, "\ufeff") // a builder's; End tells of any other
	t := &Table{w: csv.NewWriter(w), other: ";"}
	if lang != "en" {
		t.w.Comma, t.other = ';', ","
	}
	return begin(t)
}

func begin(t *Table) *Table {
	t.w.UseCRLF = true
	_ = t.w.Write(columns) // End tells
	return t
}

// Add writes the lines of one input.
func (t *Table) Add(lang, input string, r *verifier.Report) error {
	if len(r.Judged()) == 0 {
		return t.row(append([]string{input}, answers(lang, r, r.Judgement, 0)...)...)
	}
	shown := Readable(r)
	for _, one := range r.Judged() {
		cells := append([]string{input}, answers(lang, r, one.Judgement, one.Number)...)
		if c, ok := shown[one.Number]; ok { // of a forged one nothing may be told
			view := c.Document.View()
			cells = append(cells, view.Title, first(c.IssuedBy, c.Document.Issuer.Name), identityOf(c, "name"), identityOf(c, "ext:birthDate"), view.DocumentNumber, c.Document.ID)
		}
		if err := t.row(cells...); err != nil {
			return err
		}
	}
	return nil
}

// AddUnread writes the line of an input that could not be read; words say why.
func (t *Table) AddUnread(input, words string) error {
	return t.row(input, verifier.Unknown.String(), "", "", "", "", "", words)
}

// End writes what is left and tells what went wrong.
func (t *Table) End() error {
	t.w.Flush()
	return t.w.Error()
}

// Readable gives the credentials whose fields may be shown, by their number.
func Readable(r *verifier.Report) map[int]verifier.Credential {
	shown := make(map[int]verifier.Credential, len(r.Credentials()))
	for _, c := range r.Credentials() {
		shown[c.Number] = c
	}
	return shown
}

// answers about one credential, or about everything (number 0).
func answers(lang string, r *verifier.Report, j verifier.Judgement, number int) []string {
	reason := ""
	if c, ok := r.Because(number); ok {
		reason = Words(lang, c)
	}
	asOf := ""
	if at := Instant(j.AsOf); at != nil {
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

func (t *Table) row(cells ...string) error {
	line := make([]string, len(columns))
	for i, cell := range cells {
		line[i] = t.guard(i18n.OneLine(cell))
	}
	return t.w.Write(line)
}

// guard is guardCell for each piece that a spreadsheet may make of a cell: one of
// another language splits at the other sign, within quotes too.
func (t *Table) guard(cell string) string {
	if t.other == "" {
		return guardCell(cell)
	}
	pieces := strings.Split(cell, t.other)
	for i, piece := range pieces {
		if bare := strings.TrimLeft(piece, ` "`); guardCell(bare) != bare {
			pieces[i] = "'" + piece
		}
	}
	return strings.Join(pieces, t.other)
}

// guardCell keeps a spreadsheet from taking a stranger's text for a formula
// (OWASP ASVS 5.0, 1.2.10): a cell that starts like one gets a quote before it.
func guardCell(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r\x00'", rune(s[0])) {
		return "'" + s
	}
	return s
}
