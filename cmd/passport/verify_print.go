package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/schema"
	"github.com/employment-passport/passport/verifier"
	"github.com/employment-passport/passport/verifier/report"
	"golang.org/x/term"
)

// verifyPrinter shows results as they come; end is called once after the last.
type verifyPrinter interface {
	print(j judged) error
	end() error
}

func (a *app) verifyPrinter(o verifyOptions, many bool) verifyPrinter {
	switch {
	case a.json:
		return &jsonPrinter{app: a, many: many}
	case o.csv:
		return newCSVPrinter(a)
	}
	return &humanPrinter{app: a, lang: i18n.Match(a.lang), many: many, at: o.at, colour: isTerminal(a.out) && os.Getenv("NO_COLOR") == ""}
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// humanPrinter writes for people. A colour never stands alone: the word, the
// shape and the date go with it.
type humanPrinter struct {
	app    *app
	lang   string
	many   bool
	at     string // the day or time asked about, "" for now
	colour bool
	w      *bufio.Writer
	shown  int

	parts report.Parts // of the input that is shown
}

const (
	green  = "\x1b[32m"
	amber  = "\x1b[33m"
	red    = "\x1b[31m"
	grey   = "\x1b[90m"
	normal = "\x1b[0m"
)

func (p *humanPrinter) print(j judged) error {
	p.w = bufio.NewWriter(p.app.out)
	if p.shown > 0 {
		fmt.Fprintln(p.w)
	}
	p.shown++
	if p.many {
		fmt.Fprintf(p.w, "%s\n", oneLine(j.input))
	}
	if j.report == nil {
		p.headline(verifier.Judgement{}, p.t("verdict.unreadable"))
		fmt.Fprintf(p.w, "  %s\n", problemWords(p.lang, j.problem))
		return p.w.Flush()
	}
	p.headline(j.report.Judgement, report.Headline(p.lang, j.report.Judgement))
	if p.at != "" {
		fmt.Fprintf(p.w, "  %s\n", report.Asked(p.lang, p.at))
	}
	p.reason(j.report, 0)
	p.parts = j.parts
	p.answers(j.report)
	p.credentials(j.report)
	p.checks(j)
	fmt.Fprintf(p.w, "\n%s\n", p.t("verdict.not_suitability"))
	return p.w.Flush()
}

func (p *humanPrinter) end() error { return nil }

func (p *humanPrinter) t(key string) string {
	return i18n.T(p.lang, key, nil)
}

func (p *humanPrinter) headline(j verifier.Judgement, words string) {
	shape, colour := "?", grey
	switch {
	case j.Verdict == verifier.Valid && j.Amber:
		shape, colour = "✔", amber
	case j.Verdict == verifier.Valid:
		shape, colour = "✔", green
	case j.Verdict == verifier.Invalid:
		shape, colour = "✖", red
	}
	if p.colour {
		fmt.Fprintf(p.w, "%s%s %s%s\n", colour, shape, words, normal)
		return
	}
	fmt.Fprintf(p.w, "%s %s\n", shape, words)
}

// reason says in one sentence why, unless all is well: of a credential by its
// number, of everything with 0.
func (p *humanPrinter) reason(r *verifier.Report, number int) {
	if c, ok := r.Because(number); ok {
		fmt.Fprintf(p.w, "  %s\n", report.Sentence(p.lang, c))
	}
}

func (p *humanPrinter) answers(r *verifier.Report) {
	fmt.Fprintln(p.w)
	p.line("answer.genuine", p.t("answer."+r.Genuine.String()))
	p.line("answer.recognised", p.t("answer."+r.Recognised.String()))
	status := p.t("status." + string(r.Status.State))
	if !r.Status.AsOf.IsZero() {
		status = i18n.List(p.lang, status, i18n.T(p.lang, "status.as_of", map[string]string{"date": report.Moment(p.lang, r.Status.AsOf)}))
	}
	p.line("answer.status", status)
	p.line("answer.holder", report.HolderAnswer(p.lang, nil, r))
	if r.Audience != "" {
		p.line("answer.audience", oneLine(r.Audience))
	}
	if r.Authority.Name != "" {
		p.line("answer.authority", oneLine(r.Authority.Name)+" ("+r.Authority.Anchor+")")
	}
}

// line prints a value that may be a stranger's.
func (p *humanPrinter) line(key, value string) {
	if value = oneLine(value); value != "" {
		fmt.Fprintf(p.w, "  %s: %s\n", p.t(key), value)
	}
}

// term words a value of a closed set; whatever else a document says in its
// place is shown as it is.
func (p *humanPrinter) term(set, value string) string {
	if key := set + "." + value; i18n.Has(key) {
		return p.t(key)
	}
	return oneLine(value)
}

// credentials shows each credential that was met. Of several, each bears its
// own number and verdict; of a forged one that is all there is to tell.
func (p *humanPrinter) credentials(r *verifier.Report) {
	shown, several := report.Readable(r), len(r.Judged()) > 1
	for _, one := range r.Judged() {
		c, ok := shown[one.Number]
		if !ok && !several {
			continue // the headline has said it
		}
		title := p.t("label.no_fields")
		if ok {
			title = oneLine(firstOf(c.Document.View().Title, c.Document.Name, c.Document.ID))
		}
		if !several {
			fmt.Fprintf(p.w, "\n%s\n", title)
		} else {
			fmt.Fprintf(p.w, "\n%d. %s\n", one.Number, title)
			p.headline(one.Judgement, report.Headline(p.lang, one.Judgement))
			p.reason(r, one.Number)
		}
		if ok {
			p.credential(c, report.ToCompare(r, c))
		}
	}
}

// credential shows what the person can do and what to compare.
func (p *humanPrinter) credential(c verifier.Credential, compare bool) {
	v := c.Document.View()
	p.line("label.issuer", oneLine(firstOf(c.IssuedBy, c.Document.Issuer.Name))+" ("+oneLine(c.Document.Issuer.ID)+")")
	if c.IssuedBy != "" && c.IssuedBy != c.Document.Issuer.Name {
		p.line("label.issuer_says", oneLine(c.Document.Issuer.Name))
	}
	p.contents(v)
	if i18n.Machine(p.lang, "label.issuer") && i18n.Main(p.lang) != p.lang {
		fmt.Fprintf(p.w, "  (%s)\n", p.t("kit.machine"))
	}
	switch {
	case len(c.Compare) == 0:
		return
	case schema.HeldByOrganisation(v.Kind): // nobody compares a body with an identity document
		did, _ := c.Document.Holder()
		p.line("content.organisation", c.Compare[0].Value+" ("+did+")")
		return
	case compare:
		fmt.Fprintf(p.w, "  %s\n", p.t("do.compare"))
	default:
		fmt.Fprintf(p.w, "  %s:\n", p.t("label.person"))
	}
	for _, i := range c.Compare {
		fmt.Fprintf(p.w, "    %s: %s\n", report.IdentityLabel(p.lang, i), oneLine(i18n.Date(p.lang, i.Value)))
	}
}

func (p *humanPrinter) contents(v schema.View) {
	p.line("label.issued", i18n.Date(p.lang, v.IssuedOn))
	p.line("label.period", report.TookPlace(p.lang, v))
	p.own(report.Contents(p.lang, v, p.parts))
	p.list("label.outcomes", v.Outcomes)
	skills := make([]string, 0, len(v.Skills))
	for _, s := range v.Skills {
		skills = append(skills, report.WithFramework(s))
	}
	p.list("label.skills", skills)
	if v.Level > 0 {
		p.line("label.level", "EQF "+strconv.Itoa(v.Level))
	}
	if v.Workload.Value > 0 {
		p.line("label.workload", i18n.Number(p.lang, v.Workload.Value)+" "+p.term("label.unit", v.Workload.Unit))
	}
	assessed := make([]string, 0, len(v.Assessment))
	for _, uri := range v.Assessment {
		assessed = append(assessed, report.Label(p.lang, uri))
	}
	p.line("label.assessment", strings.Join(assessed, ", "))
	if v.Participation != "" {
		p.line("label.participation", report.Label(p.lang, v.Participation))
	}
	p.line("label.result", oneLine(v.Result))
	p.line("label.document_number", oneLine(v.DocumentNumber))
	if v.LegalValue != "" {
		p.line("label.legal_value", p.term("label.legal", v.LegalValue))
	}
}

// own shows the lines of the document's own kind.
func (p *humanPrinter) own(lines []report.Line) {
	for _, l := range lines {
		p.line(l.Key, l.Value)
		if len(l.Items) == 0 {
			continue
		}
		fmt.Fprintf(p.w, "  %s:\n", p.t(l.Key))
		for _, item := range l.Items {
			text := oneLine(item.Text)
			if item.Declared && p.colour {
				text = grey + text + normal // its word stands in it too
			}
			fmt.Fprintf(p.w, "    - %s\n", text)
		}
	}
}

func (p *humanPrinter) list(key string, items []string) {
	if len(items) == 0 {
		return
	}
	fmt.Fprintf(p.w, "  %s:\n", p.t(key))
	for _, item := range items {
		fmt.Fprintf(p.w, "    - %s\n", oneLine(item))
	}
}

// checks lists every question with its reason, and of several credentials the
// number of the one that it was asked of.
func (p *humanPrinter) checks(j judged) {
	several := len(j.report.Judged()) > 1
	fmt.Fprintf(p.w, "\n%s\n", p.t("label.checks"))
	for _, c := range j.report.Checks {
		shape := "✔"
		switch c.Outcome {
		case verifier.Failed:
			shape = "✖"
		case verifier.Undecided:
			shape = "?"
		case verifier.Noted, verifier.Aged:
			shape = "!"
		}
		if several && c.Credential > 0 {
			shape += " " + strconv.Itoa(c.Credential) + "."
		}
		fmt.Fprintf(p.w, "  %s %s: %s\n", shape, c.Code, report.Sentence(p.lang, c))
	}
	for _, base := range j.foreign {
		fmt.Fprintf(p.w, "  ! base_unknown: %s\n", report.Words(p.lang, report.BaseCheck(base)))
	}
}
