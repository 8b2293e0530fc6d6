package main

import (
	"context"
	"strconv"
	"time"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/schema"
	"github.com/employment-passport/passport/verifier"
)

// reviewLine is a component about which there is something to say.
type reviewLine struct {
	Composite   string `json:"composite"`
	Number      string `json:"documentNumber"`
	Component   string `json:"component"`
	Requirement string `json:"requirement"`
	Issuer      string `json:"issuer"`
	Standing    string `json:"standing"` // fallen, suspended, unknown
	Code        string `json:"code"`
	AsOf        string `json:"asOf,omitempty"`
	Outcome     string `json:"outcome"` // none, successor, revoked, reissued, waiting
	By          string `json:"by,omitempty"`
}

var standingWords = map[issuer.Standing]string{
	issuer.StandingUnknown: "unknown", issuer.StandingSuspended: "suspended", issuer.StandingFallen: "fallen",
}

func runAwardReview(ctx context.Context, a *app, o awardOptions, args []string) error {
	setup, err := a.verifySetup(ctx, o.trust)
	if err != nil {
		return err
	}
	brought, err := a.readBrought(ctx, setup, args, o.acceptStale)
	if err != nil {
		return err
	}
	review := issuer.Review{Judge: setup.judgeComponent(), DryRun: o.dryRun}
	for _, b := range brought {
		review.Pieces = append(review.Pieces, b.piece)
	}
	var told []issuer.Reviewed
	looked := 0
	err = a.withIssuer(ctx, !o.dryRun && a.canUnlock(), func(i *issuer.Issuer) (err error) {
		told, looked, err = i.ReviewComposites(ctx, a.actor(), review)
		for _, one := range told {
			if err := a.printReviewed(one, o.dryRun); err != nil {
				return err
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	exit := exitOK
	for _, one := range told {
		switch {
		case one.Standing == issuer.StandingFallen && one.Successor == "":
			exit = exitInvalid
		case one.Standing == issuer.StandingUnknown && exit == exitOK:
			exit = exitUnknown
		}
	}
	a.tell("award.reviewed", "count", strconv.Itoa(looked))
	return verdict(exit)
}

// judgeComponent asks the bundle how a component stands, once for each: one
// credential may be in the passports of several definitions. Only what ends a
// credential for good lets a passport fall; an answer that is not fresh, or a
// fault in a list, changes nothing and is told.
func (s *verifySetup) judgeComponent() issuer.Judge {
	known := map[[16]byte]issuer.Judged{}
	return func(ctx context.Context, c issuer.Component) (issuer.Judged, error) {
		if j, ok := known[c.Digest]; ok {
			return j, nil
		}
		kept := verifier.Kept{ID: c.Current(), Issuer: c.Issuer, KeyID: c.KeyID, Digest: c.Digest, ValidFrom: c.ValidFrom}
		for _, p := range c.Status {
			kept.Status = append(kept.Status, schema.StatusEntry{
				Type: "BitstringStatusListEntry", Purpose: p.Purpose, Index: p.Index, ListURL: p.List, Size: 1,
			})
		}
		report, err := s.v.Standing(ctx, kept)
		if err != nil {
			return issuer.Judged{}, err
		}
		known[c.Digest] = standingOf(report)
		return known[c.Digest], nil
	}
}

func standingOf(r *verifier.Report) issuer.Judged {
	j := issuer.Judged{Code: r.Reason, AsOf: r.Status.AsOf}
	switch {
	case r.Verdict == verifier.Valid && !r.Amber:
		j.Standing = issuer.StandingGood
	case r.Verdict != verifier.Invalid:
	case r.Reason == verifier.CodeSuspended:
		j.Standing = issuer.StandingSuspended
	case r.Reason == verifier.CodeRevoked, r.Reason == verifier.CodeDenied, r.Reason == verifier.CodeKeyCompromised:
		j.Standing = issuer.StandingFallen
	}
	return j
}

func (a *app) printReviewed(r issuer.Reviewed, dry bool) error {
	line := reviewLine{
		Composite: r.Composite.ID, Number: r.Composite.DocumentNumber, Component: r.Component.Current(),
		Requirement: r.Component.Requirement, Issuer: r.Component.Issuer, Standing: standingWords[r.Standing], Code: r.Code, Outcome: "none",
	}
	if !r.AsOf.IsZero() {
		line.AsOf = r.AsOf.UTC().Format(time.RFC3339)
	}
	switch {
	case r.Standing != issuer.StandingFallen || r.Component.Spare:
	case r.Successor != "":
		line.Outcome, line.By = "successor", r.Successor
	case dry:
	case r.Waiting:
		line.Outcome, line.By = "waiting", r.Replacement
	case r.Replacement != "":
		line.Outcome, line.By = "reissued", r.Replacement
	default:
		line.Outcome = "revoked"
	}
	lang := i18n.Match(a.lang)
	why := i18n.T(lang, "award.standing."+line.Standing, map[string]string{"code": line.Code, "date": dayOrDash(r.AsOf)})
	what := i18n.T(lang, "award.outcome."+line.Outcome, map[string]string{"id": line.By})
	return a.printLine(line, line.Number, line.Composite, line.Requirement, line.Component, why, what)
}

func dayOrDash(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.UTC().Format(time.DateOnly)
}

// canUnlock tells whether the keys can be opened without disappointing anybody:
// a passphrase is given, or there is somebody to ask. Revoking needs none.
func (a *app) canUnlock() bool {
	_, given, err := a.givenPassphrase()
	return given || err != nil || a.canAsk()
}
