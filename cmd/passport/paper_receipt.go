package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/internal/paper"
)

// checkedReport is what a receipt takes from the result of "verify --json", of
// this run or saved before: nothing that tells of whom a document speaks.
type checkedReport struct {
	Verdict   string     `json:"verdict"`
	CheckedAt *time.Time `json:"checkedAt"`
	AsOf      *time.Time `json:"asOf"`
	Amber     bool       `json:"amber"`
	Reason    string     `json:"reason"`
	Status    checkedAge `json:"status"`
	Authority *struct {
		Name string `json:"name"`
	} `json:"authority"`
	Checks      []checkedReason   `json:"checks"`
	Credentials []checkedDocument `json:"credentials"`
}

type checkedAge struct {
	AsOf *time.Time `json:"asOf"`
}

type checkedReason struct {
	Code       string            `json:"code"`
	Outcome    string            `json:"outcome"`
	Credential int               `json:"credential"`
	Args       map[string]string `json:"args"`
}

type checkedDocument struct {
	Number  int        `json:"number"`
	Verdict string     `json:"verdict"`
	Amber   bool       `json:"amber"`
	Reason  string     `json:"reason"`
	Status  checkedAge `json:"status"`
	Issuer  struct {
		Name         string `json:"name"`
		RecognisedAs string `json:"recognisedAs"`
	} `json:"issuer"`
	Content struct {
		Title    string `json:"title"`
		IssuedOn string `json:"issuedOn"`
	} `json:"content"`
}

// receiptWords are the arguments that a reason may bear on a receipt: days,
// bodies and counts, never what a document says of a person.
var receiptWords = []string{"authority", "issuer", "date", "from", "until", "status", "validUntil", "exp", "max"}

// receiptOf puts reports together into one receipt. The verdict, the moment of
// the check and the age of the status are those of one report: the worst, and
// of several such the one whose status is oldest.
func receiptOf(lang string, reports []checkedReport) paper.ReceiptData {
	worst := reports[0]
	for _, r := range reports[1:] {
		if worse(r.Verdict, worst.Verdict) || r.Verdict == worst.Verdict && r.Status.before(worst.Status) {
			worst = r
		}
	}
	d := paper.ReceiptData{
		Language: lang, Checked: *worst.CheckedAt, StatusAsOf: or(worst.Status.AsOf, time.Time{}),
		Result: paper.ReceiptResult{
			Verdict: worst.Verdict, Amber: worst.Amber, AsOf: or(worst.AsOf, *worst.CheckedAt), Reason: worst.because(lang, worst.Reason, 0),
		},
	}
	for _, r := range reports {
		if r.Authority != nil {
			d.Authority = oneLine(r.Authority.Name)
		}
		d.Shown = append(d.Shown, r.shown(lang, *r.CheckedAt)...)
	}
	return d
}

// before tells whether a status is older than another; none is the oldest.
func (c checkedAge) before(o checkedAge) bool {
	return o.AsOf != nil && (c.AsOf == nil || c.AsOf.Before(*o.AsOf))
}

// dated refuses a report that does not say when it was made, or calls something
// valid without a date: a receipt makes up none.
func (r checkedReport) dated() error {
	undated := r.CheckedAt == nil || r.Verdict == "valid" && r.AsOf == nil
	for _, c := range r.Credentials {
		undated = undated || c.Verdict == "valid" && c.Status.AsOf == nil
	}
	if undated {
		return fail(exitUsage, "receipt_undated")
	}
	return nil
}

// worse orders verdicts as the exit code of verify does: invalid, unknown, valid.
func worse(a, b string) bool {
	order := []string{"valid", "unknown", "invalid"}
	return slices.Index(order, a) > slices.Index(order, b)
}

// shown are the documents of a report, a forged one too, of which nothing is
// told but that it was there.
func (r checkedReport) shown(lang string, checked time.Time) (all []paper.ReceiptDocument) {
	seen := map[int]bool{}
	for _, c := range r.Credentials {
		seen[c.Number] = true
		all = append(all, paper.ReceiptDocument{
			Title: oneLine(c.Content.Title), Issuer: oneLine(firstOf(c.Issuer.RecognisedAs, c.Issuer.Name)), IssuedOn: oneLine(c.Content.IssuedOn),
			Result: paper.ReceiptResult{Verdict: c.Verdict, Amber: c.Amber, AsOf: or(c.Status.AsOf, checked), Reason: r.because(lang, c.Reason, c.Number)},
		})
	}
	for _, c := range r.Checks {
		if c.Credential == 0 || seen[c.Credential] || c.Outcome == "pass" {
			continue
		}
		seen[c.Credential] = true
		verdict := "unknown"
		if c.Outcome == "fail" {
			verdict = "invalid"
		}
		all = append(all, paper.ReceiptDocument{Result: paper.ReceiptResult{Verdict: verdict, AsOf: checked, Reason: c.words(lang)}})
	}
	return all
}

// because is the sentence of the check that decided.
func (r checkedReport) because(lang, code string, number int) string {
	for _, c := range r.Checks {
		if code != "" && c.Code == code && (number == 0 || c.Credential == 0 || c.Credential == number) {
			return c.words(lang)
		}
	}
	return ""
}

// words say the check with the arguments that a receipt may bear. A sentence
// that cannot do without another is left out: the verdict stands without it.
func (c checkedReason) words(lang string) string {
	args := map[string]string{}
	for _, name := range receiptWords {
		if value, ok := c.Args[name]; ok {
			args[name] = i18n.Date(lang, oneLine(value))
		}
	}
	if rule := "error." + c.Args["rule"]; i18n.Has(rule) {
		args["detail"] = i18n.T(lang, rule, nil)
	}
	key := "check." + c.Code
	if variant := key + "." + c.Args["case"]; i18n.Has(variant) {
		key = variant
	}
	words := i18n.T(lang, key, args)
	if !i18n.Has(key) || strings.ContainsAny(words, "{}") {
		return ""
	}
	return words
}

func or(t *time.Time, instead time.Time) time.Time {
	if t == nil {
		return instead
	}
	return *t
}

// receiptOfJudged is the receipt of what was judged in this run.
func (a *app) receiptOfJudged(all []judged) (paper.ReceiptData, error) {
	lang := i18n.Main(a.lang)
	var lines bytes.Buffer
	e := json.NewEncoder(&lines)
	for _, j := range all {
		if err := e.Encode(newReportJSON(lang, a.now(), j, false)); err != nil {
			return paper.ReceiptData{}, err
		}
	}
	reports, err := readReports(lines.Bytes())
	if err != nil {
		return paper.ReceiptData{}, err
	}
	return receiptOf(lang, reports), nil
}

// readReports reads what "verify --json" printed: one object, or one a line.
func readReports(data []byte) (reports []checkedReport, err error) {
	d := json.NewDecoder(bytes.NewReader(data))
	for {
		var r checkedReport
		if err := d.Decode(&r); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, fail(exitUsage, "receipt_form").wrap(err)
		}
		if !slices.Contains([]string{"valid", "invalid", "unknown"}, r.Verdict) {
			return nil, fail(exitUsage, "receipt_form")
		}
		if err := r.dated(); err != nil {
			return nil, err
		}
		reports = append(reports, r)
	}
	if len(reports) == 0 {
		return nil, fail(exitUsage, "receipt_form")
	}
	return reports, nil
}

// receiptPrinter is verify --receipt: it notes what is printed, and writes the
// receipt after the last.
type receiptPrinter struct {
	verifyPrinter
	app  *app
	file string
	all  []judged
}

func (a *app) withReceipt(o verifyOptions, p verifyPrinter) verifyPrinter {
	if o.receipt == "" {
		return p
	}
	return &receiptPrinter{verifyPrinter: p, app: a, file: o.receipt}
}

func (p *receiptPrinter) print(j judged) error {
	p.all = append(p.all, j)
	return p.verifyPrinter.print(j)
}

func (p *receiptPrinter) end() error {
	if err := p.verifyPrinter.end(); err != nil {
		return err
	}
	d, err := p.app.receiptOfJudged(p.all)
	if err != nil {
		return err
	}
	return p.app.putReceipt(p.file, d)
}

// printReceipt is print --layout receipt: the same from what verify --json
// printed before, with the moment of the check that it says.
func (a *app) printReceipt(o printOptions, args []string) error {
	if len(args) != 1 {
		return fail(exitUsage, "receipt_input")
	}
	data, err := a.readUpTo(args[0], maxSheet)
	if err != nil {
		return err
	}
	reports, err := readReports(data)
	if err != nil {
		return err
	}
	return a.putReceipt(o.out, receiptOf(i18n.Main(a.lang), reports))
}

func (a *app) putReceipt(file string, d paper.ReceiptData) error {
	out, err := a.openTarget(file)
	if err != nil {
		return err
	}
	defer out.drop()
	var pdf bytes.Buffer
	if err := paper.Receipt(&pdf, d, paper.Options{Now: a.now()}); err != nil {
		return err
	}
	return out.write(pdf.Bytes())
}
