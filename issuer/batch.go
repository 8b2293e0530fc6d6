package issuer

import (
	"context"
	"errors"
)

// IssueBatch issues many in the order given, signing on all cores. Every offer
// is validated before the first is signed; an *OfferError names the one that
// does not pass. progress, which may be nil, hears of every batch once it is
// durable. A cancelled context ends the work between two batches: what was
// begun is finished, and what was issued is returned beside the error.
//
// It returns one row for each offer, in the offers' order, whatever happened:
// its State says what became of it. A row without an id was not come to. One
// that somebody revoked, before it was signed or after, is an answer as well
// and ends nothing. What Resume has finished just now, for an interrupted run
// that told nobody, is not marked Repeated.
func (i *Issuer) IssueBatch(ctx context.Context, by Actor, offers []Offer, progress func(done, total int)) ([]Issuance, error) {
	drafts, err := i.validate(ctx, offers)
	if err != nil {
		return nil, err
	}
	if progress == nil {
		progress = func(int, int) {}
	}
	// Three stages at work at once, each batch passing through all of them: the
	// store has one writer, so that signing fills the cores while it writes.
	stop := make(chan struct{})
	recorded := i.recordAll(ctx, by, drafts, stop)
	signed := i.signAll(ctx, recorded)

	all := make([]Issuance, len(offers))
	for b := range signed {
		if err != nil {
			continue // recorded and not settled: it stays pending, for Resume
		}
		var settled []Issuance
		if err = b.err; err == nil {
			settled, err = i.settle(context.WithoutCancel(ctx), by, b.rows)
			err = unlessEnded(err)
		}
		for n, row := range settled {
			row.Repeated = row.Repeated && !i.finished(row.ID)
			all[b.first+n] = row
		}
		if err != nil {
			err = from(err, b.first)
			close(stop)
			continue
		}
		progress(b.first+len(settled), len(offers))
	}
	return all, err
}

// unlessEnded forgives settle a row that somebody ended, or whose person was
// erased.
func unlessEnded(err error) error {
	var refused *Error
	if isRefusal(err, codeErased) {
		return nil
	}
	if errors.As(err, &refused) && refused.Code == codeEnded && refused.Args["state"] != string(StateVoid) {
		return nil
	}
	return err
}

// batch is some drafts on their way through the stages.
type batch struct {
	first int // number of its first offer
	rows  []pending
	err   error
}

// recordAll records the drafts batch by batch. It ends at the first error,
// which the last batch carries, and when stop is closed.
func (i *Issuer) recordAll(ctx context.Context, by Actor, drafts []draft, stop <-chan struct{}) <-chan batch {
	out := make(chan batch, 1)
	go func() {
		defer close(out)
		for first := 0; first < len(drafts); first += i.batchSize {
			b := batch{first: first, err: ctx.Err()}
			if b.err == nil {
				b.rows, b.err = i.record(context.WithoutCancel(ctx), by, drafts[first:min(first+i.batchSize, len(drafts))])
			}
			select {
			case out <- b:
			case <-stop:
				return
			}
			if b.err != nil {
				return
			}
		}
	}()
	return out
}

// signAll signs batches in their order.
func (i *Issuer) signAll(ctx context.Context, in <-chan batch) <-chan batch {
	out := make(chan batch, 1)
	go func() {
		defer close(out)
		for b := range in {
			i.sign(context.WithoutCancel(ctx), b.rows)
			out <- b
		}
	}()
	return out
}
