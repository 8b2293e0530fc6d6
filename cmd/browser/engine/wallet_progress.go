package engine

import (
	"context"
	"slices"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/schema"
	"github.com/employment-passport/passport/verifier"
	"github.com/employment-passport/passport/verifier/report"
	"github.com/employment-passport/passport/wallet"
)

type progressIn struct {
	request
	Definition string `json:"definition"`
}

type progressOut struct {
	Definitions []definitionLine `json:"definitions"`
	Definition  *definitionLine  `json:"definition,omitempty"`
	Have        int              `json:"have"`
	Need        int              `json:"need"`
	Complete    bool             `json:"complete"`
	Met         []metLine        `json:"met"`
	Missing     []missingLine    `json:"missing"`
	NotCounted  []leftLine       `json:"notCounted"`
}

type definitionLine struct {
	ID      string `json:"id"`
	Title   string `json:"title"`
	Owner   string `json:"owner"`
	Example bool   `json:"example,omitempty"`
}

type metLine struct {
	Label    string `json:"label"`
	ID       string `json:"id"`
	Title    string `json:"title"`
	Issuer   string `json:"issuer"`
	IssuedOn string `json:"issuedOn"`
	AsOf     string `json:"asOf,omitempty"` // day of a status that is not fresh
}

type missingLine struct {
	Label     string      `json:"label"`
	Framework string      `json:"framework"`
	Offers    []offerLine `json:"offers"`
}

type offerLine struct {
	Name string `json:"name"`
	URL  string `json:"url"`
}

type leftLine struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Why   string `json:"why"`
}

// progress counts what is held on the way to a passport by a definition of the
// bundle: the one named, else the first.
func (p purse) progress(ctx context.Context, lang string, in progressIn) (any, error) {
	o, err := p.opened()
	if err != nil {
		return nil, err
	}
	judge, err := p.judge(p.doubted)
	if err != nil {
		return nil, err
	}
	out := progressOut{Definitions: []definitionLine{}, Met: []metLine{}, Missing: []missingLine{}, NotCounted: []leftLine{}}
	all := p.definitions(ctx, judge)
	for _, d := range all {
		out.Definitions = append(out.Definitions, definitionOf(lang, d))
	}
	i := slices.IndexFunc(all, func(d *schema.PassportDefinition) bool { return in.Definition == "" || d.ID == in.Definition })
	switch {
	case len(all) == 0:
		return out, nil
	case i < 0:
		return nil, refuse("wb_unknown")
	}
	pieces, err := o.Pieces(ctx, all[i], judge, p.host.Now())
	if err != nil {
		return nil, err
	}
	out.Definition = &out.Definitions[i]
	out.count(lang, all[i], pieces)
	return out, nil
}

// definitions are those of the bundle that count today; one that was withdrawn
// does not.
func (p purse) definitions(ctx context.Context, judge *verifier.Verifier) (all []*schema.PassportDefinition) {
	if p.bundle == nil {
		return nil
	}
	var signed []*schema.Credential
	for _, d := range p.bundle.Definitions() {
		found, err := judge.VerifyCredential(ctx, d.Token)
		if err != nil || found.Verdict == verifier.Invalid {
			continue
		}
		if _, payload, err := jose.ParseUnverified(d.Token); err == nil {
			if c, err := schema.ParseCredential(payload); err == nil {
				signed = append(signed, c)
			}
		}
	}
	for _, c := range schema.DefinitionsInForce(signed, p.host.Now()) {
		if d, ok := c.Definition(); ok {
			all = append(all, d)
		}
	}
	return all
}

func definitionOf(lang string, d *schema.PassportDefinition) definitionLine {
	return definitionLine{ID: d.ID, Title: i18n.OneLine(d.In(d.Title, lang)), Owner: i18n.OneLine(first(d.Owner.Name, d.Owner.ID)), Example: d.Example}
}

func (out *progressOut) count(lang string, d *schema.PassportDefinition, pieces []wallet.Piece) {
	p := wallet.Progress(d, pieces)
	out.Have, out.Need, out.Complete = p.Have, p.Need, p.Complete
	counted := map[string]string{}
	for _, c := range p.Met {
		counted[c.Requirement] = c.ID
	}
	for _, r := range d.Requirements {
		label := i18n.OneLine(d.In(r.Label, lang))
		if id, ok := counted[r.Ref]; ok {
			i := slices.IndexFunc(pieces, func(p wallet.Piece) bool { return p.ID == id })
			out.Met = append(out.Met, metOf(lang, label, pieces[i]))
			continue
		}
		missing := missingLine{Label: label, Framework: i18n.OneLine(r.Framework + " " + r.Code), Offers: []offerLine{}}
		for _, o := range r.Offers {
			missing.Offers = append(missing.Offers, offerLine{Name: i18n.OneLine(o.Name), URL: o.URL})
		}
		out.Missing = append(out.Missing, missing)
	}
	for _, piece := range pieces {
		if !slices.ContainsFunc(p.Met, func(c schema.Component) bool { return c.ID == piece.ID }) {
			out.NotCounted = append(out.NotCounted, leftLine{first(piece.ID, piece.Hash), titleOf(lang, piece.Held), whyNot(lang, d, piece, pieces, p)})
		}
	}
}

func metOf(lang, label string, p wallet.Piece) metLine {
	c := p.Credential()
	m := metLine{Label: label, ID: p.ID, Title: titleOf(lang, p.Held), Issuer: i18n.OneLine(first(c.Issuer.Name, c.Issuer.ID)), IssuedOn: i18n.Day(lang, c.ValidFrom)}
	if p.Amber && !p.AsOf.IsZero() {
		m.AsOf = i18n.Day(lang, p.AsOf)
	}
	return m
}

// whyNot says why a held document does not count.
func whyNot(lang string, d *schema.PassportDefinition, piece wallet.Piece, pieces []wallet.Piece, p schema.Progress) string {
	mine := func(q wallet.Piece) bool {
		return len(p.Met) > 0 && q.ID == p.Met[0].ID && schema.SamePerson(q.Credential(), piece.Credential())
	}
	meets := func(r schema.Requirement) bool { return d.Meets(r, piece.Credential()) }
	kase := "spare"
	switch {
	case piece.Why != nil:
		return report.Sentence(lang, *piece.Why)
	case !piece.Good:
		kase = "unchecked"
	case !slices.ContainsFunc(d.Requirements, meets):
		kase = "issuer"
	case !slices.ContainsFunc(pieces, mine):
		kase = "other"
	}
	return i18n.T(lang, "wb.why."+kase, nil)
}
