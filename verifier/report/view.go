package report

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/schema"
	"github.com/employment-passport/passport/verifier"
)

// View is a report as a page shows it: finished words of one language, from the
// one word down to each check. Texts of a document are a stranger's: they hold
// no control or direction characters, and a page puts them into its text, never
// into its markup.
type View struct {
	Lang string `json:"lang"`
	Mark
	Reason      string     `json:"reason,omitempty"` // the sentence of the check that decided
	Do          string     `json:"do,omitempty"`     // what it means and what to do now
	Ask         string     `json:"ask,omitempty"`    // the name that it was signed for, where the reader is to say whether it is theirs
	Answers     []Answer   `json:"answers"`          // genuine, recognised, status, holder; audience and authority where known
	Documents   []Document `json:"documents"`
	Checks      []Question `json:"checks"`
	Missing     []Question `json:"missing"`     // the checks that nobody could decide, or that only an older answer decided
	Suitability string     `json:"suitability"` // what the verdict does not say
}

// Mark is a verdict as the eye takes it: colour, shape and words together.
type Mark struct {
	Verdict  verifier.Verdict `json:"verdict"`
	Colour   string           `json:"colour"`   // green, amber, red or grey
	Shape    string           `json:"shape"`    // check, attention, cross or question
	Headline string           `json:"headline"` // the word with its date
	Date     string           `json:"date"`     // the day it is good for, in words; "" where nothing is known
	AsOf     *string          `json:"asOf"`     // the same as an instant
}

// Answer is one of the questions that an employer has.
type Answer struct {
	Code  string `json:"code"` // genuine, recognised, status, holder, audience, authority
	Label string `json:"label"`
	Value string `json:"value"`
	State string `json:"state"` // yes, no or unknown; "" for what is no question
}

// Question is a check with its words.
type Question struct {
	Code       string           `json:"code"`
	Outcome    verifier.Outcome `json:"outcome"`
	Colour     string           `json:"colour"`
	Shape      string           `json:"shape"`
	Credential int              `json:"credential,omitempty"`
	Sentence   string           `json:"sentence"`
	Meaning    string           `json:"meaning,omitempty"`
}

// Document is one credential that was met. Of one whose signature is not good
// there is nothing to show but its mark.
type Document struct {
	Number int `json:"number"`
	Mark
	Reason   string `json:"reason,omitempty"`
	Shown    bool   `json:"shown"` // the rest may be shown
	Title    string `json:"title"`
	Kind     string `json:"kind,omitempty"`
	Issuer   string `json:"issuer,omitempty"` // as the authority names it, else as the document says
	IssuerID string `json:"issuerID,omitempty"`
	Vouched  bool   `json:"vouched"` // the name is the authority's
	Lines    []Row  `json:"lines"`
	Compare  Row    `json:"compare"` // particulars of the person or the body; without items there are none
	Machine  bool   `json:"machine"` // its words were translated by a machine and nobody has read them yet
}

// Row is a label with a value or with a list.
type Row struct {
	Code  string `json:"code"` // the key of the label
	Label string `json:"label"`
	Value string `json:"value,omitempty"`
	Items []Cell `json:"items,omitempty"`
}

// Cell is an entry of a list.
type Cell struct {
	Code     string `json:"code,omitempty"` // of a particular of the person: name, birthDate, …
	Label    string `json:"label,omitempty"`
	Text     string `json:"text"`
	Declared bool   `json:"declared,omitempty"` // the person's own word, shown fainter
}

// NewView words a report. Parts names components of passports, and notes are
// further checks about the input, which change no verdict. Moments are told as
// MomentIn does.
func NewView(lang string, zone *time.Location, r *verifier.Report, parts Parts, notes ...verifier.Check) View {
	v := View{
		Lang: lang, Mark: MarkOf(lang, zone, r.Judgement), Answers: answersOf(lang, zone, r),
		Documents: []Document{}, Checks: []Question{}, Missing: []Question{}, Suitability: i18n.T(lang, "verdict.not_suitability", nil),
		Ask: ToAsk(r),
	}
	if c, ok := r.Because(0); ok {
		v.Reason, v.Do = sentence(lang, zone, c), meaning(lang, c)
	}
	shown := Readable(r)
	for _, one := range r.Judged() {
		v.Documents = append(v.Documents, documentOf(lang, zone, r, one, shown, parts))
	}
	for _, c := range slices.Concat(r.Checks, notes) {
		asked := ask(lang, zone, c)
		v.Checks = append(v.Checks, asked)
		if c.Outcome == verifier.Undecided || c.Outcome == verifier.Aged {
			v.Missing = append(v.Missing, asked)
		}
	}
	return v
}

// NewUnread is the view of an input that could not be read: the words why, and
// what to do.
func NewUnread(lang, code, words, hint string) View {
	if key := "meaning." + code; i18n.Has(key) {
		hint = i18n.T(lang, key, nil)
	}
	m := Mark{Colour: "grey", Shape: "question", Headline: i18n.T(lang, "verdict.unreadable", nil)}
	one := Question{Code: code, Outcome: verifier.Undecided, Colour: "grey", Shape: "question", Sentence: words, Meaning: hint}
	return View{
		Lang: lang, Mark: m, Reason: words, Do: hint, Answers: []Answer{}, Documents: []Document{},
		Checks: []Question{one}, Missing: []Question{one}, Suitability: i18n.T(lang, "verdict.not_suitability", nil),
	}
}

// MarkOf is the mark of a judgement alone: for a card in a wallet, say, which
// shows no more.
func MarkOf(lang string, zone *time.Location, j verifier.Judgement) Mark {
	m := Mark{Verdict: j.Verdict, Headline: headline(lang, zone, j), AsOf: Instant(j.AsOf)}
	if !j.AsOf.IsZero() {
		m.Date = MomentIn(lang, zone, j.AsOf)
	}
	switch {
	case j.Verdict == verifier.Valid && j.Amber:
		m.Colour, m.Shape = "amber", "attention"
	case j.Verdict == verifier.Valid:
		m.Colour, m.Shape = "green", "check"
	case j.Verdict == verifier.Invalid:
		m.Colour, m.Shape = "red", "cross"
	default:
		m.Colour, m.Shape = "grey", "question"
	}
	return m
}

// Ask words one check.
func Ask(lang string, c verifier.Check) Question { return ask(lang, nil, c) }

func ask(lang string, zone *time.Location, c verifier.Check) Question {
	asked := Question{Code: c.Code, Outcome: c.Outcome, Credential: c.Credential, Sentence: sentence(lang, zone, c), Meaning: meaning(lang, c), Colour: "green", Shape: "check"}
	switch c.Outcome {
	case verifier.Failed:
		asked.Colour, asked.Shape = "red", "cross"
	case verifier.Undecided:
		asked.Colour, asked.Shape = "grey", "question"
	case verifier.Aged, verifier.Noted:
		asked.Colour, asked.Shape = "amber", "attention"
	}
	return asked
}

// meaning says what a check means for the reader and what to do now, "" where
// the sentence says all.
func meaning(lang string, c verifier.Check) string {
	key := "meaning." + c.Code + caseOf("meaning.", c)
	if !i18n.Has(key) {
		return ""
	}
	return i18n.T(lang, key, c.Args)
}

func answersOf(lang string, zone *time.Location, r *verifier.Report) []Answer {
	word := func(code, value, state string) Answer {
		return Answer{Code: code, Label: i18n.T(lang, "answer."+code, nil), Value: value, State: state}
	}
	status := i18n.T(lang, "status."+string(r.Status.State), nil)
	if !r.Status.AsOf.IsZero() {
		status = i18n.List(lang, status, i18n.T(lang, "status.as_of", map[string]string{"date": MomentIn(lang, zone, r.Status.AsOf)}))
	}
	all := []Answer{
		word("genuine", i18n.T(lang, "answer."+r.Genuine.String(), nil), r.Genuine.String()),
		word("recognised", i18n.T(lang, "answer."+r.Recognised.String(), nil), r.Recognised.String()),
		word("status", status, statusState(r.Status.State)),
		word("holder", HolderAnswer(lang, zone, r), holderState(r)),
	}
	if r.Audience != "" {
		all = append(all, word("audience", i18n.OneLine(r.Audience), ""))
	}
	if r.Authority.Name != "" {
		all = append(all, word("authority", i18n.OneLine(r.Authority.Name), ""))
	}
	return all
}

func statusState(s verifier.StatusState) string {
	switch s {
	case verifier.StatusValid:
		return "yes"
	case verifier.StatusUnknown, "":
		return "unknown"
	}
	return "no"
}

// holderState: to compare is still open, and so is for whom it was signed.
func holderState(r *verifier.Report) string {
	_, old := older(r, 0)
	switch r.Holder {
	case verifier.HolderProven, verifier.HolderLive:
		if !old && ToAsk(r) == "" {
			return "yes"
		}
	case verifier.HolderMismatch:
		return "no"
	}
	return "unknown"
}

func documentOf(lang string, zone *time.Location, r *verifier.Report, one verifier.Judged, shown map[int]verifier.Credential, parts Parts) Document {
	d := Document{Number: one.Number, Mark: MarkOf(lang, zone, one.Judgement), Title: i18n.T(lang, "label.no_fields", nil), Lines: []Row{}}
	if c, ok := r.Because(one.Number); ok {
		d.Reason = sentence(lang, zone, c)
	}
	c, ok := shown[one.Number]
	if !ok {
		return d
	}
	v := c.Document.View()
	w := wording{lang: lang}
	d.Shown, d.Kind = true, v.Kind
	d.Title = i18n.OneLine(first(v.Title, c.Document.Name, c.Document.ID))
	d.Issuer, d.IssuerID, d.Vouched = i18n.OneLine(first(c.IssuedBy, c.Document.Issuer.Name)), i18n.OneLine(c.Document.Issuer.ID), c.IssuedBy != ""
	if c.IssuedBy != "" && c.IssuedBy != c.Document.Issuer.Name {
		w.row("label.issuer_says", c.Document.Issuer.Name)
	}
	w.contents(v, parts)
	d.Lines = append(d.Lines, w.rows...)
	d.Compare = w.compare(c, v, ToCompare(r, c))
	d.Machine = i18n.Machine(lang, "label.issuer")
	return d
}

// wording gathers the lines of one document.
type wording struct {
	lang string
	rows []Row
}

func (w *wording) t(key string) string { return i18n.T(w.lang, key, nil) }

func (w *wording) row(key, value string) {
	if value = i18n.OneLine(value); value != "" {
		w.rows = append(w.rows, Row{Code: key, Label: w.t(key), Value: value})
	}
}

func (w *wording) list(key string, items []Cell) {
	if len(items) == 0 {
		return
	}
	for i := range items {
		items[i].Text = i18n.OneLine(items[i].Text)
	}
	w.rows = append(w.rows, Row{Code: key, Label: w.t(key), Items: items})
}

// term words a value of a closed set; whatever else a document says in its
// place is shown as it is.
func (w *wording) term(set, value string) string {
	if key := set + "." + value; i18n.Has(key) {
		return w.t(key)
	}
	return value
}

func cells(texts []string) (all []Cell) {
	for _, text := range texts {
		all = append(all, Cell{Text: text})
	}
	return all
}

// contents are the lines in the order of the command line, what the person can
// do first.
func (w *wording) contents(v schema.View, parts Parts) {
	w.list("label.outcomes", cells(v.Outcomes))
	var skills []string
	for _, s := range v.Skills {
		skills = append(skills, WithFramework(s))
	}
	w.list("label.skills", cells(skills))
	for _, l := range Contents(w.lang, v, parts) {
		w.row(l.Key, l.Value)
		var items []Cell
		for _, item := range l.Items {
			items = append(items, Cell{Text: item.Text, Declared: item.Declared})
		}
		w.list(l.Key, items)
	}
	w.row("label.issued", i18n.Date(w.lang, v.IssuedOn))
	w.row("label.period", TookPlace(w.lang, v))
	if v.Level > 0 {
		w.row("label.level", "EQF "+strconv.Itoa(v.Level))
	}
	if v.Workload.Value > 0 {
		w.row("label.workload", i18n.Number(w.lang, v.Workload.Value)+" "+w.term("label.unit", v.Workload.Unit))
	}
	var assessed []string
	for _, uri := range v.Assessment {
		assessed = append(assessed, Label(w.lang, uri))
	}
	w.row("label.assessment", strings.Join(assessed, ", "))
	if v.Participation != "" {
		w.row("label.participation", Label(w.lang, v.Participation))
	}
	w.row("label.result", v.Result)
	w.row("label.document_number", v.DocumentNumber)
	if v.LegalValue != "" {
		w.row("label.legal_value", w.term("label.legal", v.LegalValue))
	}
}

// compare is whom the document names: a body by its name and identifier; a
// person by what stands in an identity document, to be compared where nobody
// has signed just now for showing it.
func (w *wording) compare(c verifier.Credential, v schema.View, open bool) Row {
	switch {
	case len(c.Compare) == 0:
		return Row{}
	case schema.HeldByOrganisation(v.Kind):
		did, _ := c.Document.Holder()
		return Row{Code: "content.organisation", Label: w.t("content.organisation"), Items: []Cell{{Text: i18n.OneLine(c.Compare[0].Value + " (" + did + ")")}}}
	}
	row := Row{Code: "label.person", Label: w.t("label.person")}
	if open {
		row = Row{Code: "do.compare", Label: w.t("do.compare")}
	}
	for _, i := range c.Compare {
		row.Items = append(row.Items, Cell{Code: strings.TrimPrefix(i.Type, "ext:"), Label: IdentityLabel(w.lang, i), Text: i18n.OneLine(i18n.Date(w.lang, i.Value))})
	}
	return row
}
