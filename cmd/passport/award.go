package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/schema"
	"github.com/spf13/cobra"
)

type awardOptions struct {
	issuer, definition, holder string
	trust                      verifyOptions
	profile, out               string
	review, dryRun             bool
	acceptStale                bool
}

func newAwardCommand(a *app) *cobra.Command {
	var o awardOptions
	cmd := &cobra.Command{
		Use:   "award [FILE|DIR]...",
		Short: "Sign the employment passport of a person who has what its definition asks for",
		Long: `Signs an employment passport when every credential that its definition asks for is
there and valid, and says which are missing when not. The files are tokens, pictures
of codes, PDFs, presentations or folders of them; each is judged as "passport verify"
does it, by --bundle and --anchor. Without files, what this home has issued to the
holder is taken. What the home itself has issued is judged by its own register.
What other bodies have issued must have a fresh status; --accept-stale takes an
older one too, within the bounds of "passport verify".

The definition is a signed one: a file, or the id of one that this home has signed or
that the bundle carries. The holder is a DID, whose name is taken from the
credentials, or a learner file.

With --review the passports in force are looked at again: the components that other
bodies gave are asked for in the lists of the bundle. A passport that has lost one is
revoked, or awarded anew where enough is left; files are the new copies that holders
have brought. It exits with 1 when something fell, with 2 when something could not be
told, which changes nothing.`,
		Example: `  passport award --issuer regione --definition passaporto.jwt --holder amina.json amina/ --bundle trust.bundle --anchor FINGERPRINT
  passport award --review --bundle trust.bundle --anchor FINGERPRINT`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if o.review {
				return runAwardReview(cmd.Context(), a, o, args)
			}
			return runAward(cmd.Context(), a, o, args)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.issuer, "issuer", "", "name of the issuer")
	f.StringVar(&o.definition, "definition", "", "signed definition: a file, its token, or its id")
	f.StringVar(&o.holder, "holder", "", "the person: a DID, or a learner file")
	f.StringVar(&o.trust.bundle, "bundle", "", "trust bundle: recognised issuers, their keys and status lists")
	f.StringVar(&o.trust.anchor, "anchor", "", "fingerprint of the authority's root")
	f.StringVar(&o.out, "out", "", "write the token to this file")
	f.BoolVar(&o.review, "review", false, "look again at the components of every passport in force")
	f.BoolVar(&o.acceptStale, "accept-stale", false, "take a status that is not fresh for good")
	f.BoolVar(&o.dryRun, "dry-run", false, "with --review: tell, and change nothing")
	bindProfile(cmd, &o.profile, "vc")
	for _, name := range []string{"issuer", "definition", "holder", "out"} {
		cmd.MarkFlagsMutuallyExclusive("review", name)
	}
	return cmd
}

// check wants what an award needs.
func (o awardOptions) check() error {
	var missing []string
	for _, flag := range []struct{ name, value string }{{"issuer", o.issuer}, {"definition", o.definition}, {"holder", o.holder}} {
		if flag.value == "" {
			missing = append(missing, "--"+flag.name)
		}
	}
	if len(missing) > 0 {
		return fail(exitUsage, "award_flags", "flags", strings.Join(missing, ", "))
	}
	if o.dryRun {
		return fail(exitUsage, "award_dry_run")
	}
	return nil
}

func runAward(ctx context.Context, a *app, o awardOptions, args []string) error {
	if err := o.check(); err != nil {
		return err
	}
	profile, err := profileFlag(o.profile)
	if err != nil {
		return err
	}
	learner, err := a.awardHolder(o.holder)
	if err != nil {
		return err
	}
	setup, err := a.verifySetup(ctx, o.trust)
	if err != nil {
		return err
	}
	brought, err := a.readBrought(ctx, setup, args, o.acceptStale)
	if err != nil {
		return err
	}
	out, err := a.openTarget(o.out)
	if err != nil {
		return err
	}
	defer out.drop()
	return a.withIssuer(ctx, true, func(i *issuer.Issuer) error {
		offer := issuer.AwardOffer{Issuer: o.issuer, Profile: profile, Learner: learner}
		if offer.Definition, err = a.awardDefinition(ctx, setup, i, o.definition, o.acceptStale); err != nil {
			return err
		}
		if offer.Pieces, err = a.awardPieces(ctx, setup, i, learner, brought, o, len(args) > 0); err != nil {
			return err
		}
		if learner.Name == "" && learner.GivenName == "" && learner.FamilyName == "" {
			if offer.Learner, err = issuer.LearnerNamed(learner.Holder, offer.Pieces); err != nil {
				return err
			}
		}
		row, err := i.Award(ctx, a.actor(), offer)
		if err != nil {
			return a.incompleteAward(err)
		}
		return a.handOver(*row, out)
	})
}

// awardHolder reads the person: a DID alone, or a learner file.
func (a *app) awardHolder(holder string) (schema.Learner, error) {
	if _, err := os.Stat(holder); err != nil && strings.HasPrefix(holder, "did:") {
		return schema.Learner{Holder: holder}, nil
	}
	data, err := a.readJSON(holder)
	if err != nil {
		return schema.Learner{}, err
	}
	l, err := schema.ParseLearner(data)
	if err != nil {
		return l, a.issuerFailure(err)
	}
	// What belongs to one course is none of the passport's.
	l.Result, l.StartedOn, l.CompletedOn, l.HoursAttended, l.Details = "", "", "", 0, ""
	return l, nil
}

// awardLine is what --json prints when something is missing.
type awardLine struct {
	Have    int           `json:"have"`
	Need    int           `json:"need"`
	Missing []missingLine `json:"missing"`
}

type missingLine struct {
	Ref    string         `json:"ref"`
	Label  string         `json:"label"`
	Offers []schema.Offer `json:"offers,omitempty"`
}

// incompleteAward names what is missing in the reader's language.
func (a *app) incompleteAward(err error) error {
	var missing *issuer.IncompleteError
	if !errors.As(err, &missing) {
		return err
	}
	line := awardLine{Have: missing.Have, Need: missing.Need, Missing: []missingLine{}}
	var words []string
	for _, r := range missing.Missing {
		label := labelIn(r.Label, i18n.Match(a.lang))
		line.Missing = append(line.Missing, missingLine{r.Ref, label, r.Offers})
		words = append(words, strings.TrimSpace(r.Ref+" "+label))
	}
	if a.json {
		if err := json.NewEncoder(a.out).Encode(line); err != nil {
			return err
		}
	}
	return fail(exitInvalid, "award_incomplete",
		"have", fmt.Sprint(missing.Have), "need", fmt.Sprint(missing.Need), "missing", strings.Join(words, "; ")).wrap(err)
}

// labelIn gives a text in the reader's language, else in English, else in the
// first language of its name.
func labelIn(texts map[string]string, lang string) string {
	for _, l := range append([]string{lang, "en"}, i18n.Languages...) {
		if s := texts[l]; s != "" {
			return s
		}
	}
	for _, s := range texts {
		return s
	}
	return ""
}
