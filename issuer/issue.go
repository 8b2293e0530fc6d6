package issuer

import (
	"context"

	"github.com/employment-passport/passport/schema"
)

// Offer is one credential to be issued from a template.
type Offer struct {
	Issuer   string // name of the issuer
	Template string // name of the template
	Learner  schema.Learner

	// IdempotencyKey makes a repeated request the same credential: what was
	// issued under the key is returned, marked Repeated, and nothing new is
	// signed. Empty for none.
	IdempotencyKey string

	replaces string // id of the credential that Reissue replaces
}

// Issue signs one credential. When it returns nil the credential is in the
// register for good. When it fails nothing was issued; when only the last write
// failed, a repetition under the same idempotency key, or Resume, finishes what
// was begun. What is wrong with the learner or the template comes as
// schema.Faults, every other refusal as an *Error.
func (i *Issuer) Issue(ctx context.Context, by Actor, o Offer) (*Issuance, error) {
	drafts, err := i.validate(ctx, []Offer{o})
	if err != nil {
		return nil, one(err)
	}
	rows, err := i.record(ctx, by, drafts)
	if err != nil {
		return nil, one(err)
	}
	i.sign(ctx, rows)
	issued, err := i.settle(context.WithoutCancel(ctx), by, rows)
	if err != nil {
		return nil, one(err)
	}
	return &issued[0], nil
}

// IssueBatch issues many in the order given, signing on all cores. Every offer
// is validated before the first is signed; an *OfferError names the one that
// does not pass. progress, which may be nil, hears of every batch once it is
// durable. A cancelled context ends the work between two batches: what was
// begun is finished, and what was issued is returned beside the error.
func (i *Issuer) IssueBatch(ctx context.Context, by Actor, offers []Offer, progress func(done, total int)) ([]Issuance, error) {
	if progress == nil {
		progress = func(int, int) {}
	}
	drafts, err := i.validate(ctx, offers)
	if err != nil {
		return nil, err
	}
	all := make([]Issuance, 0, len(offers))
	for len(drafts) > 0 {
		if err := ctx.Err(); err != nil {
			return all, err
		}
		batch := drafts[:min(i.batchSize, len(drafts))]
		drafts = drafts[len(batch):]

		whole := context.WithoutCancel(ctx)
		rows, err := i.record(whole, by, batch)
		if err != nil {
			return all, from(err, len(all))
		}
		i.sign(whole, rows)
		issued, err := i.settle(whole, by, rows)
		if err != nil {
			return all, from(err, len(all))
		}
		all = append(all, issued...)
		progress(len(all), len(offers))
	}
	return all, nil
}
