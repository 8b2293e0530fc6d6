package engine

import (
	"context"
	"slices"
	"time"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/schema"
	"github.com/employment-passport/passport/verifier"
	"github.com/employment-passport/passport/verifier/report"
	"github.com/employment-passport/passport/wallet"
)

// card is one document as a list shows it, in words.
type card struct {
	ID           string       `json:"id"`
	Title        string       `json:"title"`
	Kind         string       `json:"kind,omitempty"`
	Issuer       string       `json:"issuer"`
	IssuedOn     string       `json:"issuedOn,omitempty"`
	Number       string       `json:"number,omitempty"`
	Status       cardStatus   `json:"status"`
	Owner        wallet.Owner `json:"owner"`
	OwnerWord    string       `json:"ownerWord,omitempty"`
	OtherPerson  string       `json:"otherPerson,omitempty"`
	Person       string       `json:"person,omitempty"` // view
	SupersededBy string       `json:"supersededBy,omitempty"`
	StapledUntil string       `json:"stapledUntil,omitempty"`
	Showable     bool         `json:"showable"`
	WhyNot       string       `json:"whyNot,omitempty"`
}

// cardStatus is the mark of a verdict, and why it is not green.
type cardStatus struct {
	report.Mark
	Why string `json:"why,omitempty"`
}

type listIn struct {
	request
	Quick bool `json:"quick"`
}

type listOut struct {
	Cards  []card      `json:"cards"`
	Later  []laterLine `json:"later"`
	Person string      `json:"person,omitempty"`
	Bare   bool        `json:"bare"`   // a document is in no backup
	NoCopy bool        `json:"nocopy"` // and a backup would help
	Save   *saved      `json:"save,omitempty"`
}

type laterLine struct {
	Title string `json:"title"`
	Host  string `json:"host"`
}

func lineOf(l wallet.Later) laterLine {
	return laterLine{Title: i18n.OneLine(first(l.Title, l.Host)), Host: l.Host}
}

// list gives the cards, newest first.
func (p purse) list(ctx context.Context, lang string, in listIn) (any, error) {
	o, err := p.opened()
	if err != nil {
		return nil, err
	}
	var judged map[string]*verifier.Report
	noted := false
	if !in.Quick {
		if judged, noted, err = p.judgeAll(ctx, o); err != nil {
			return nil, err
		}
	}
	out := listOut{Cards: []card{}, Later: []laterLine{}}
	for _, h := range o.ByDate() {
		out.Cards = append(out.Cards, p.card(lang, o, h, judged[h.Hash]))
	}
	for _, l := range o.Awaited() {
		out.Later = append(out.Later, lineOf(l))
	}
	if c := o.Person(); c != nil {
		out.Person = i18n.OneLine(report.PersonName(c))
	}
	out.Bare = slices.ContainsFunc(o.Held(), o.kept.Backup.lacks)
	out.NoCopy = out.Bare && o.keyOK && len(o.kept.Sealed)+len(o.kept.PIN) > 0
	if noted {
		out.Save, err = o.save()
	}
	return out, err
}

// judgeAll judges everything that is held by the trust that is open today, a
// passport by the components that are held beside it, and notes what has changed.
func (p purse) judgeAll(ctx context.Context, o *opened) (all map[string]*verifier.Report, noted bool, err error) {
	judge, err := p.judge(p.doubted)
	if err != nil {
		return nil, false, err
	}
	all = map[string]*verifier.Report{}
	var reports []*verifier.Report
	for _, h := range o.Held() {
		r, changed, err := o.Recheck(ctx, h.Hash, judge, p.host.Now())
		if err != nil {
			return nil, false, err
		}
		all[h.Hash], noted = r, noted || changed
		reports = append(reports, r)
	}
	verifier.JudgeTogether(reports...)
	return all, noted, nil
}

// card words one document; r is nil where only the note of the last check counts.
func (p purse) card(lang string, o *opened, h wallet.Held, r *verifier.Report) card {
	c, view := h.Credential(), h.Credential().View()
	out := card{
		ID: first(h.ID, h.Hash), Title: titleOf(lang, h), Kind: kindOf(lang, c.Kind()), Issuer: i18n.OneLine(first(c.Issuer.Name, c.Issuer.ID)),
		Number: i18n.OneLine(view.DocumentNumber), Status: p.status(lang, h, r), Owner: o.Owner(h),
		SupersededBy: o.SupersededBy(h), Showable: c.MayBeShown(),
	}
	if !c.ValidFrom.IsZero() {
		out.IssuedOn = i18n.Day(lang, c.ValidFrom)
	}
	if a, ok := h.LiveAssertion(p.host.Now()); ok {
		out.StapledUntil = i18n.Day(lang, report.Wall(p.here, a.Expires))
	}
	if out.Owner == wallet.OwnerOther {
		out.OwnerWord = i18n.T(lang, "wb.owner_other", nil)
	}
	if ofOther(o.Wallet, h) {
		out.OtherPerson = i18n.OneLine(first(report.PersonName(c), "—"))
	}
	if !out.Showable {
		out.WhyNot = i18n.T(lang, "error.wb_private", map[string]string{"title": out.Title})
	}
	return out
}

func titleOf(lang string, h wallet.Held) string {
	c := h.Credential()
	return kindOf(lang, i18n.OneLine(first(c.View().Title, c.Name, c.Kind(), "—")))
}

// kindOf words the name of a type of ours: what stands in its place is said as it is.
func kindOf(lang, name string) string {
	if key := "paper.kind." + name; i18n.Has(key) {
		return i18n.T(lang, key, nil)
	}
	return name
}

func ofOther(w *wallet.Wallet, h wallet.Held) bool { return w.OfOther(h, report.Differ) }

// status marks a document by a report or, without one, by the note of the last
// check: never green by a status that is older than a day.
func (p purse) status(lang string, h wallet.Held, r *verifier.Report) cardStatus {
	if r != nil {
		s := cardStatus{Mark: report.MarkOf(lang, p.here, r.Judgement)}
		if c, ok := r.Because(0); ok && s.Colour != "green" {
			s.Why = report.Sentence(lang, c)
		}
		return s
	}
	if h.Checked == nil {
		s := cardStatus{Mark: report.MarkOf(lang, p.here, verifier.Judgement{})}
		s.Headline, s.Why = i18n.T(lang, "wb.unchecked", nil), i18n.T(lang, "wb.unchecked_why", nil)
		return s
	}
	j := verifier.Judgement{AsOf: h.Checked.StatusAsOf}
	switch h.Checked.Verdict {
	case verifier.Valid.String():
		j.Verdict, j.Amber = verifier.Valid, p.host.Now().Sub(j.AsOf) > verifier.DefaultFreshStatus
	case verifier.Invalid.String():
		j.Verdict = verifier.Invalid
	}
	return cardStatus{Mark: report.MarkOf(lang, p.here, j)}
}

type idIn struct {
	request
	ID string `json:"id"`
}

type viewOut struct {
	Card  card        `json:"card"`
	View  report.View `json:"view"`
	Token string      `json:"token"`
}

// held finds one document of the open wallet.
func (p purse) held(id string) (*opened, wallet.Held, error) {
	o, err := p.opened()
	if err != nil {
		return nil, wallet.Held{}, err
	}
	h, err := o.Find(id)
	return o, h, err
}

// view shows one document as an employer would see it.
func (p purse) view(ctx context.Context, lang string, in idIn) (any, error) {
	o, h, err := p.held(in.ID)
	if err != nil {
		return nil, err
	}
	all, _, err := p.judgeAll(ctx, o)
	if err != nil {
		return nil, err
	}
	r := all[h.Hash]
	shown := p.card(lang, o, h, r)
	shown.Person = i18n.OneLine(report.PersonName(h.Credential()))
	return viewOut{
		Card: shown, Token: h.Token,
		View: report.NewView(lang, p.here, r, p.parts(lang, o, r)),
	}, nil
}

// parts names the components of a passport by what the wallet holds too.
func (p purse) parts(lang string, o *opened, r *verifier.Report) report.Parts {
	known := report.PartsOf(lang, p.bundle, r)
	return func(ref schema.DefinitionRef, c schema.Component) string {
		if name := known(ref, c); name != "" {
			return name
		}
		if h, err := o.Find(c.ID); err == nil {
			return titleOf(lang, h)
		}
		return ""
	}
}

// maxHistory is how many showings are remembered, the newest.
const maxHistory = 300

// shownTo is one showing, kept for the person alone.
type shownTo struct {
	At       time.Time `json:"at"`
	Until    time.Time `json:"until"`
	Audience string    `json:"audience,omitempty"`
	Titles   []string  `json:"titles"`
	Paper    bool      `json:"paper,omitempty"`
}

type historyLine struct {
	At       string   `json:"at"`
	When     string   `json:"when"`
	Audience string   `json:"audience"`
	Until    string   `json:"until"`
	Titles   []string `json:"titles"`
	How      string   `json:"how"`
}

// history gives what was shown, newest first.
func (p purse) history(_ context.Context, lang string, _ request) (any, error) {
	o, err := p.opened()
	if err != nil {
		return nil, err
	}
	lines := []historyLine{}
	for i := len(o.kept.Shown) - 1; i >= 0; i-- {
		s := o.kept.Shown[i]
		line := historyLine{
			At: report.MomentIn(lang, p.here, s.At), When: s.At.UTC().Format(time.RFC3339), Audience: s.Audience,
			Until: report.MomentIn(lang, p.here, s.Until), Titles: s.Titles, How: "code",
		}
		if s.Paper {
			line.How = "paper"
		}
		lines = append(lines, line)
	}
	return map[string]any{"shown": lines}, nil
}

// forget empties the history.
func (p purse) forget(context.Context, string, request) (any, error) {
	o, err := p.opened()
	if err != nil {
		return nil, err
	}
	o.kept.Shown = nil
	return savedOnly(o)
}
