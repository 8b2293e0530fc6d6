package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
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

// receiptOf puts reports together into one receipt.
func receiptOf(lang string, checked time.Time, reports []checkedReport) paper.ReceiptData {
	d := paper.ReceiptData{Language: lang, Checked: checked, Result: paper.ReceiptResult{Verdict: "unknown", AsOf: checked}}
	for n, r := range reports {
		one := paper.ReceiptResult{Verdict: r.Verdict, Amber: r.Amber, AsOf: or(r.AsOf, checked), Reason: r.because(lang, r.Reason, 0)}
		if n == 0 || worse(one.Verdict, d.Result.Verdict) {
			d.Result = one
		}
		if r.Authority != nil {
			d.Authority = neutral(r.Authority.Name)
		}
		if at := r.Status.AsOf; at != nil && (d.StatusAsOf.IsZero() || at.Before(d.StatusAsOf)) {
			d.StatusAsOf = *at
		}
		d.Shown = append(d.Shown, r.shown(lang, checked)...)
	}
	return d
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
			Title: neutral(c.Content.Title), Issuer: neutral(firstOf(c.Issuer.RecognisedAs, c.Issuer.Name)), IssuedOn: neutral(c.Content.IssuedOn),
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
			args[name] = isoDay(lang, neutral(value))
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
	lang := i18n.Match(a.lang)
	var lines bytes.Buffer
	e := json.NewEncoder(&lines)
	for _, j := range all {
		if err := e.Encode(newReportJSON(lang, j, false)); err != nil {
			return paper.ReceiptData{}, err
		}
	}
	reports, err := readReports(lines.Bytes())
	return receiptOf(lang, a.now(), reports), err
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
// printed before. The date of the check is the file's.
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
	checked := a.now()
	if info, err := os.Stat(args[0]); err == nil && args[0] != "-" {
		checked = info.ModTime()
	}
	return a.putReceipt(o.out, receiptOf(i18n.Match(a.lang), checked, reports))
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
