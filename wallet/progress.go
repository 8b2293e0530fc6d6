package wallet

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/employment-passport/passport/schema"
	"github.com/employment-passport/passport/verifier"
)

// ByDate lists what the wallet keeps, the newest issued first; of one day in
// the order in which it came.
func (w *Wallet) ByDate() []Held {
	held := w.Held()
	order := make([]*Held, len(held)) // the page has a sort of pointers already, and one of Held weighs 3 kB
	for n := range held {
		order[n] = &held[n]
	}
	slices.SortStableFunc(order, func(a, b *Held) int { return b.doc.ValidFrom.Compare(a.doc.ValidFrom) })
	all := make([]Held, len(held))
	for n, h := range order {
		all[n] = *h
	}
	return all
}

// Piece is a held credential on the way to a passport. Good says that it was
// judged valid; Why tells what spoke against it, nil where nobody judged it.
// Amber says that it is good by an answer that is not fresh, of the day AsOf:
// enough to count by, and not to be awarded by.
type Piece struct {
	Held
	Good  bool
	Why   *verifier.Check
	Amber bool
	AsOf  time.Time // of its status; zero when nothing dated is known
}

// Pieces are the credentials that may be part of a passport by d, newest first,
// each judged afresh with its stapled status. Without a judge what the last
// check noted counts, and what was never checked does not.
func (w *Wallet) Pieces(ctx context.Context, d *schema.PassportDefinition, judge Judge, now time.Time) ([]Piece, error) {
	var all []Piece
	for _, h := range w.ByDate() {
		if !concerns(d, h.doc) {
			continue
		}
		p := Piece{Held: h, Good: judge == nil && h.Checked != nil && h.Checked.Verdict == verifier.Valid.String()}
		if h.Checked != nil {
			p.AsOf, p.Amber = h.Checked.StatusAsOf, p.Good // nobody asked today
		}
		if judge != nil {
			if err := p.judge(ctx, judge, now); err != nil {
				return nil, err
			}
		}
		all = append(all, p)
	}
	return all, nil
}

// concerns tells whether a credential is about one of the requirements, from
// whatever body and at whatever level.
func concerns(d *schema.PassportDefinition, c *schema.Credential) bool {
	return slices.ContainsFunc(d.Requirements, func(r schema.Requirement) bool {
		r.MinLevel, r.AcceptedBodies = 0, nil
		return d.Meets(r, c)
	})
}

func (p *Piece) judge(ctx context.Context, judge Judge, now time.Time) error {
	var stapled []string
	if a, ok := p.LiveAssertion(now); ok {
		stapled = append(stapled, a.Token)
	}
	report, err := judge.VerifyCredential(ctx, p.Token, stapled...)
	if err != nil {
		return fmt.Errorf("check credential %s: %w", p.ID, err)
	}
	p.Good = report.Verdict == verifier.Valid
	p.Amber, p.AsOf = p.Good && report.Amber, report.Status.AsOf
	if because, ok := report.Because(0); ok && !p.Good {
		p.Why = &because
	}
	return nil
}

// Progress counts pieces on the way to a passport by d.
func Progress(d *schema.PassportDefinition, pieces []Piece) schema.Progress {
	held := make([]schema.Held, len(pieces))
	for i, p := range pieces {
		held[i] = schema.Held{Credential: p.doc, Good: p.Good}
	}
	return d.Progress(held)
}
