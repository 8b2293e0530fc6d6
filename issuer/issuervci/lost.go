package issuervci

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/employment-passport/passport/internal/oid4vci"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/schema"
)

// LostLife is how long an offer of new copies may be taken, unless it is said.
// The person sits at the desk; what is not taken is offered or printed again.
const LostLife = time.Hour

// LostOffer is what came of a statement that somebody has lost their phone.
type LostOffer struct {
	Offer *Made    // nil where there are only composites
	Again []string // ids of composites, which are awarded or printed once their pieces are there
}

// OfferLost is one act: it revokes what was lost and offers a new copy of each to
// the wallet that knows the transaction code, whose key it will be bound to. It is
// one offer for all of them, those of one template too. Other offers of the same
// copies end with it, and of the body every one that the lost phone has taken and
// waits for: what is approved later would go to whoever has that phone. Life is
// LostLife when it is zero.
//
// What (*issuer.Issuer).Lose refuses is refused, and then nothing was done. An
// offer that nobody takes loses nothing: the old copies are revoked, and new ones
// are offered or printed by the next statement. A body with the four-eyes rule
// has its offers held.
func (o *Offers) OfferLost(ctx context.Context, by issuer.Actor, l issuer.Lost, life time.Duration) (*LostOffer, error) {
	if life == 0 {
		life = LostLife
	}
	n := NewOffer{Issuer: l.Issuer, TxCode: true, Life: life}
	if _, err := n.life(); err != nil {
		return nil, err
	}
	var err error
	if n.Items, err = o.lostItems(ctx, l); err != nil {
		return nil, err
	}
	var m maker
	if len(n.Items) > 0 {
		if m, err = o.prepare(ctx, by, n); err != nil {
			return nil, err
		}
	}
	if err := o.sweepSometimes(ctx); err != nil {
		return nil, err
	}
	lost, err := o.issuer.Lose(ctx, by, l, func(a *issuer.Act, lost []issuer.Copy) error {
		if err := endOthers(a, lost); err != nil || m.r == nil {
			return err
		}
		return m.put(a)
	})
	if err != nil {
		return nil, err
	}
	out := &LostOffer{Again: []string{}}
	for _, c := range lost {
		if c.Composite {
			out.Again = append(out.Again, c.ID)
		}
	}
	if m.r != nil {
		out.Offer, err = o.made(m.r, m.body, m.titles, m.secret, m.tx)
	}
	return out, err
}

// lostItems are what the offer is of. Composites have no template. What is wrong
// with a credential is for the act to say.
func (o *Offers) lostItems(ctx context.Context, l issuer.Lost) (items []Item, err error) {
	copies := map[string]issuer.Copy{}
	for n, id := range l.Credentials {
		if n >= issuer.MaxLost || slices.Contains(l.Credentials[:n], id) {
			continue
		}
		if _, known := copies[id]; !known {
			all, err := o.issuer.CopiesOf(ctx, id)
			var refused *issuer.Error
			if errors.As(err, &refused) {
				continue
			}
			if err != nil {
				return nil, err
			}
			for _, c := range all {
				copies[c.ID] = c
			}
		}
		c, ok := copies[id]
		if !ok || c.Why != nil || c.Composite || c.Issuer != l.Issuer {
			continue
		}
		learner, err := c.Learner()
		if err != nil {
			return nil, err
		}
		learner.Holder = "" // the key is lost
		items = append(items, Item{Template: c.Template, Learner: *learner, Replaces: c.ID})
	}
	return items, nil
}

// endOthers ends the offers that would replace the same credentials, since whoever has
// their slip has nothing any more, and of that body those that a lost key waits for.
func endOthers(a *issuer.Act, lost []issuer.Copy) error {
	keys, err := keysOf(lost)
	if err != nil {
		return err
	}
	var open []*record
	err = a.Tx().EachRecord(issuer.RecordOffer, "", func(_ string, value []byte) bool {
		r, err := decode(value)
		if err == nil && r.open(a.At()) && (r.replaces(lost) || r.waitsFor(keys) && r.Issuer == lost[0].Issuer) {
			open = append(open, r)
		}
		return true
	})
	if err != nil {
		return err
	}
	for _, r := range open {
		r.close(Revoked, a.At())
		if err := save(a.Tx(), r); err != nil {
			return err
		}
		if err := a.Log("offer.revoked", r.ID, "lost"); err != nil {
			return err
		}
	}
	return nil
}

func (r *record) replaces(lost []issuer.Copy) bool {
	return slices.ContainsFunc(r.Items, func(i item) bool {
		return i.Replaces != "" && slices.ContainsFunc(lost, func(c issuer.Copy) bool { return c.ID == i.Replaces })
	})
}

// keysOf are the holders' keys of what was lost; paper has none.
func keysOf(lost []issuer.Copy) (keys []string, err error) {
	for _, c := range lost {
		learner, err := c.Learner()
		if err != nil {
			return nil, err
		}
		if learner.Holder != "" {
			keys = append(keys, learner.Holder)
		}
	}
	return keys, nil
}

// waitsFor tells whether one of those keys has asked for something of the offer.
func (r *record) waitsFor(keys []string) bool {
	return slices.ContainsFunc(r.Items, func(i item) bool {
		return i.Waiting != nil && slices.ContainsFunc(i.Waiting.Holders, func(h string) bool { return slices.Contains(keys, h) }) ||
			slices.ContainsFunc(i.Bound, func(b bound) bool { return slices.Contains(keys, b.Holder) })
	})
}

// replace issues the successor of a lost credential for a key: once, and for that
// key alone, however many offers of it there were.
func (o *Offers) replace(ctx context.Context, by issuer.Actor, old string, learner schema.Learner) (*issuer.Issuance, error) {
	row, err := o.issuer.ReissueAs(ctx, by, old, &learner, vc.profile)
	var refused *issuer.Error
	if errors.As(err, &refused) && refused.Code == "already_superseded" {
		var next issuer.Issuance
		next, err = o.issuer.Find(ctx, refused.Args["by"])
		row = &next
	}
	if err != nil {
		return nil, err
	}
	is, err := row.Learner()
	if err != nil || is.Holder != learner.Holder {
		return nil, errors.Join(err, &oid4vci.Error{Code: oid4vci.CodeDenied, Description: "the credential was made anew meanwhile"})
	}
	return row, nil
}
