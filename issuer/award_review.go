package issuer

import (
	"context"
	"slices"
	"time"
)

// Judged is what a judge says of a component of another body.
type Judged struct {
	Standing Standing
	Code     string    // of the check that decided
	AsOf     time.Time // of the list that answered; zero for none
}

// Standing is how a component stands.
type Standing int

// The answers. What nobody knows changes nothing, and neither does a
// suspension, which takes nothing away for good.
const (
	StandingUnknown Standing = iota
	StandingGood
	StandingSuspended
	StandingFallen
)

// Judge tells how a component of another body stands today.
type Judge func(ctx context.Context, c Component) (Judged, error)

// Review says how to review the composites of a home.
type Review struct {
	Judge  Judge
	Pieces []Piece // successors that their holders have brought
	DryRun bool    // tell, and change nothing
}

// Reviewed is one component of a composite about which there is something to say.
type Reviewed struct {
	Composite Issuance // as it was
	Component Component
	Judged
	Successor   string // id of the piece that takes its place
	Replacement string // id of the composite that takes the composite's place
	Waiting     bool   // the replacement waits for its key
}

// ReviewComposites judges the components of every composite in force and ends
// those that have lost one: revoked, or revoked and awarded anew where enough is
// left. Every composite is an act of its own. It returns what is not as it was,
// and what nobody can tell; composites is how many were looked at.
func (i *Issuer) ReviewComposites(ctx context.Context, by Actor, r Review) (found []Reviewed, composites int, err error) {
	live, err := i.liveComposites(ctx)
	if err != nil {
		return nil, 0, err
	}
	for _, l := range live {
		if err := ctx.Err(); err != nil {
			return found, composites, err
		}
		told, err := i.reviewOne(ctx, by, r, l)
		if err != nil {
			return found, composites, err
		}
		found = append(found, told...)
		composites++
	}
	return found, composites, nil
}

type liveComposite struct {
	row    Issuance
	record Composite
}

func (i *Issuer) liveComposites(ctx context.Context) (live []liveComposite, err error) {
	var failed error
	err = i.store.View(ctx, func(tx Tx) error {
		err := tx.EachComposite(func(c Composite) bool {
			var row Issuance
			if row, failed = tx.Issuance(c.ID); failed == nil && !row.Ended() && row.State != StateVoid {
				live = append(live, liveComposite{row, c})
			}
			return failed == nil
		})
		if err != nil {
			return err
		}
		return failed
	})
	return live, err
}

// reviewOne judges the components of one composite and does what follows.
func (i *Issuer) reviewOne(ctx context.Context, by Actor, r Review, l liveComposite) (told []Reviewed, err error) {
	var lost, heirs []Reviewed
	counts, err := i.countingNow(ctx, l)
	if err != nil {
		return nil, err
	}
	for _, p := range l.record.Components {
		if p.Own || p.Fallen {
			continue // the register itself has the word on what is ours
		}
		j, err := r.Judge(ctx, p)
		if err != nil {
			return nil, err
		}
		one := Reviewed{Composite: l.row, Component: p, Judged: j}
		if j.Standing == StandingFallen {
			one.Successor = heir(p, r.Pieces, counts)
			if one.Successor != "" {
				heirs = append(heirs, one)
				told = append(told, one)
				continue
			}
			lost = append(lost, one)
		}
		if j.Standing != StandingGood && (!p.Spare || j.Standing == StandingFallen) {
			told = append(told, one)
		}
	}
	if r.DryRun || len(lost)+len(heirs) == 0 {
		return told, nil
	}
	fallen, err := i.applyReview(ctx, by, l.row.ID, lost, heirs, r.Pieces)
	for n := range told {
		for _, f := range fallen {
			if f.Composite.ID == l.row.ID && told[n].Standing == StandingFallen && told[n].Successor == "" {
				told[n].Replacement, told[n].Waiting = f.Replacement, f.Waiting
			}
		}
	}
	return told, err
}

// heir finds the good piece that says of itself that it replaces a component,
// and counts for the same person and the same requirement.
func heir(p Component, pieces []Piece, counts func(requirement, token string) bool) string {
	for _, piece := range pieces {
		c := piece.Credential
		if piece.Good && c != nil && c.Supersedes == p.Current() && c.Issuer.ID == p.Issuer && counts(p.Requirement, piece.Token) {
			return c.ID
		}
	}
	return ""
}

// countingNow is counting for a composite that no act has open.
func (i *Issuer) countingNow(ctx context.Context, l liveComposite) (counts func(requirement, token string) bool, err error) {
	err = i.store.View(ctx, func(tx Tx) error {
		counts, err = counting(tx, l.row, l.record)
		return err
	})
	return counts, err
}

// applyReview writes what a review has found of one composite, in one act.
func (i *Issuer) applyReview(ctx context.Context, by Actor, id string, lost, heirs []Reviewed, pieces []Piece) ([]Fall, error) {
	var after *falls
	err := i.urgent(ctx, by, func(a *act) error {
		c, err := a.Composite(id)
		if err != nil {
			return err
		}
		for _, h := range heirs {
			if err := a.inherit(&c, h, pieces); err != nil {
				return err
			}
		}
		because := ""
		for _, l := range lost {
			for n, p := range c.Components {
				if !p.Own && p.Current() == l.Component.Current() && p.Requirement == l.Component.Requirement {
					c.Components[n].Fallen = true
					if !p.Spare && because == "" {
						because = p.Current()
					}
				}
			}
		}
		if err := a.PutComposite(c); err != nil {
			return err
		}
		if err := a.log("composite.review", id, because); err != nil || because == "" {
			return err
		}
		err = a.endComposite(c, because, ReasonComponent)
		after = a.falls
		return err
	})
	if err != nil {
		return nil, err
	}
	return i.afterFalls(ctx, by, after), nil
}

// inherit lets the successor that was brought count for a component.
func (a *act) inherit(c *Composite, h Reviewed, pieces []Piece) error {
	at := slices.IndexFunc(pieces, func(p Piece) bool { return p.Credential != nil && p.Credential.ID == h.Successor })
	for n, p := range c.Components {
		if p.Own || p.Current() != h.Component.Current() || p.Requirement != h.Component.Requirement {
			continue
		}
		next, err := componentOf(pieces[at].Token, p.Requirement)
		if err != nil {
			return err
		}
		next.ID, next.Spare, next.Successor = p.ID, p.Spare, h.Successor
		c.Components[n] = next
		if err := a.log("composite.successor", c.ID, h.Successor); err != nil {
			return err
		}
	}
	return nil
}
