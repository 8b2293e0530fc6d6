package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/schema"
	"github.com/employment-passport/passport/verifier/intake"
	"github.com/employment-passport/passport/verifier/report"
	"github.com/employment-passport/passport/wallet"
	"github.com/spf13/cobra"
)

func newWalletProgressCommand(a *app) *cobra.Command {
	var t walletTrust
	var definition string
	cmd := &cobra.Command{
		Use:   "progress",
		Short: "See how far you are on the way to the employment passport",
		Long: `Counts the micro-credentials in the wallet that the definition of a passport asks
for, and tells which are missing and where they are offered. Only what is judged
valid counts; the rest is named with the reason. Without a bundle the verdict of the
last check counts.

The definition is a file, signed or not, or the id of one that the bundle carries;
a bundle with one definition needs no --definition.`,
		Example: "  passport wallet progress --bundle trust.bundle --anchor FINGERPRINT\n" +
			"  passport wallet progress --definition passaporto.json",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runWalletProgress(cmd.Context(), a, t, definition)
		},
	}
	t.flags(cmd)
	cmd.Flags().StringVar(&definition, "definition", "", "definition of the passport: a file, or its id in the bundle")
	return cmd
}

func runWalletProgress(ctx context.Context, a *app, t walletTrust, ref string) error {
	setup, err := a.walletSetup(ctx, t)
	if err != nil {
		return err
	}
	d, err := a.progressDefinition(ctx, setup, ref)
	if err != nil {
		return err
	}
	w, err := a.openWallet(ctx)
	if err != nil {
		return err
	}
	var judge wallet.Judge
	if setup.bundle != nil {
		judge = setup.v
	}
	pieces, err := w.Pieces(ctx, d.PassportDefinition, judge, a.now())
	if err != nil {
		return err
	}
	out := a.progressOf(d, pieces, setup.bundle != nil)
	if a.json {
		return json.NewEncoder(a.out).Encode(out)
	}
	a.printProgress(out)
	return nil
}

// progressOut is what progress prints with --json.
type progressOut struct {
	Definition progressDefinitionOut `json:"definition"`
	Have       int                   `json:"have"`
	Need       int                   `json:"need"`
	Complete   bool                  `json:"complete"`
	Met        []progressMet         `json:"met"`
	Missing    []progressMissing     `json:"missing"`
	NotCounted []progressLeft        `json:"notCounted"`
}

type progressDefinitionOut struct {
	ID           string `json:"id"`
	Version      string `json:"version"`
	Title        string `json:"title"`
	Example      bool   `json:"example,omitempty"`
	Signed       bool   `json:"signed"`
	Requirements int    `json:"requirements"`
	marks        string
}

type progressRequirement struct {
	Requirement string `json:"requirement"`
	Label       string `json:"label"`
	Framework   string `json:"framework"`
	Code        string `json:"code,omitempty"`
}

type progressMet struct {
	progressRequirement
	progressHeld
}

type progressMissing struct {
	progressRequirement
	MinLevel int             `json:"minLevel,omitempty"`
	Offers   []progressOffer `json:"offers"`
}

type progressOffer struct {
	Name string `json:"name"`
	URL  string `json:"url"`
}

type progressHeld struct {
	ID       string `json:"id"`
	Title    string `json:"title"`
	Issuer   string `json:"issuer"`
	IssuedOn string `json:"issuedOn"`
	AsOf     string `json:"asOf,omitempty"` // day of a status that is not fresh
}

type progressLeft struct {
	progressHeld
	Reason  string `json:"reason"` // code of the check, or unchecked, other, spare, issuer
	Message string `json:"message"`
}

func (a *app) progressOf(d usedDefinition, pieces []wallet.Piece, judged bool) progressOut {
	lang := i18n.Match(a.lang)
	p := wallet.Progress(d.PassportDefinition, pieces)
	out := progressOut{
		Definition: progressDefinitionOut{ID: d.ID, Version: d.Version, Title: d.In(d.Title, lang), Example: d.Example, Signed: d.signed, Requirements: len(d.Requirements)},
		Have:       p.Have, Need: p.Need, Complete: p.Complete,
		Met: []progressMet{}, Missing: []progressMissing{}, NotCounted: []progressLeft{},
	}
	counted := map[string]string{}
	for _, c := range p.Met {
		counted[c.Requirement] = c.ID
	}
	for _, r := range d.Requirements {
		line := progressRequirement{r.Ref, d.In(r.Label, lang), r.Framework, r.Code}
		if id, ok := counted[r.Ref]; ok {
			i := slices.IndexFunc(pieces, func(p wallet.Piece) bool { return p.ID == id })
			out.Met = append(out.Met, progressMet{line, heldOut(pieces[i])})
			out.Definition.marks += "✔"
			continue
		}
		missing := progressMissing{line, r.MinLevel, []progressOffer{}}
		for _, o := range r.Offers {
			missing.Offers = append(missing.Offers, progressOffer(o))
		}
		out.Missing = append(out.Missing, missing)
		out.Definition.marks += "·"
	}
	for _, piece := range pieces {
		if !slices.ContainsFunc(p.Met, func(c schema.Component) bool { return c.ID == piece.ID }) {
			out.NotCounted = append(out.NotCounted, a.leftOutOf(d, piece, pieces, p, judged))
		}
	}
	return out
}

func heldOut(p wallet.Piece) progressHeld {
	c := p.Credential()
	v := c.View()
	held := progressHeld{ID: p.ID, Title: firstOf(v.Title, c.Name), Issuer: firstOf(c.Issuer.Name, c.Issuer.ID), IssuedOn: v.IssuedOn}
	if p.Amber {
		held.AsOf = dayOrDash(p.AsOf)
	}
	return held
}

// leftOutOf says why a held credential does not count.
func (a *app) leftOutOf(d usedDefinition, piece wallet.Piece, pieces []wallet.Piece, p schema.Progress, judged bool) progressLeft {
	left := progressLeft{progressHeld: heldOut(piece)}
	meets := func(r schema.Requirement) bool { return d.Meets(r, piece.Credential()) }
	mine := func(q wallet.Piece) bool {
		return len(p.Met) > 0 && q.ID == p.Met[0].ID && schema.SamePerson(q.Credential(), piece.Credential())
	}
	switch {
	case piece.Why != nil:
		left.Reason, left.Message = piece.Why.Code, report.Sentence(i18n.Match(a.lang), *piece.Why)
		return left
	case !piece.Good && (judged || piece.Checked == nil):
		left.Reason = "unchecked"
	case !piece.Good:
		left.Reason, left.Message = piece.Checked.State, a.word("wallet.check."+piece.Checked.Verdict)
		return left
	case !slices.ContainsFunc(d.Requirements, meets):
		left.Reason = "issuer"
	case !slices.ContainsFunc(pieces, mine):
		left.Reason = "other"
	default:
		left.Reason = "spare"
	}
	left.Message = a.word("progress.why." + left.Reason)
	return left
}

// printProgress prints for people: how many, a mark for each requirement, then
// what is there, what is missing and where, and what does not count.
func (a *app) printProgress(out progressOut) {
	line := func(format string, args ...any) { fmt.Fprintf(a.out, format+"\n", args...) }
	line("%s", oneLine(out.Definition.Title))
	have := map[string]string{"have": strconv.Itoa(out.Have), "need": strconv.Itoa(out.Need)}
	line("%s  %s", out.Definition.marks, i18n.T(a.lang, "progress.have", have))
	if out.Definition.Example {
		line("%s", a.word("progress.example"))
	}
	if out.Complete {
		line("%s", a.word("progress.complete"))
	}
	if len(out.Met) > 0 {
		line("\n%s:", a.word("progress.held"))
	}
	for _, m := range out.Met {
		line("  ✔ %s: %s", oneLine(m.Label), m.words())
		if m.AsOf != "" {
			line("      %s", i18n.T(a.lang, "progress.as_of", map[string]string{"date": m.AsOf}))
		}
	}
	if len(out.Missing) > 0 {
		line("\n%s:", a.word("progress.missing"))
	}
	for _, m := range out.Missing {
		line("  · %s (%s)", oneLine(m.Label), oneLine(strings.TrimSpace(m.Framework+" "+m.Code)))
		for _, o := range m.Offers {
			line("      %s", oneLine(i18n.T(a.lang, "progress.offer", map[string]string{"name": o.Name, "url": o.URL})))
		}
	}
	if len(out.NotCounted) > 0 {
		line("\n%s:", a.word("progress.not_counted"))
	}
	for _, l := range out.NotCounted {
		line("  ! %s: %s", l.words(), oneLine(l.Message))
	}
}

func (h progressHeld) words() string {
	return oneLine(intake.FirstRunes(h.Title, 60)) + ", " + oneLine(intake.FirstRunes(h.Issuer, 40)) + ", " + h.IssuedOn
}
