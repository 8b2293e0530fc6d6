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

	Profile Profile // how the token is made; the zero value is vc+jwt

	// Together begins the idempotency keys of what one request is issued as: to
	// one person, under one document number, for several keys of theirs. Empty
	// for a request of one credential.
	Together string

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
	return i.issueOne(ctx, by, drafts[0])
}

// issueOne takes one draft through record, sign and settle.
func (i *Issuer) issueOne(ctx context.Context, by Actor, d draft) (*Issuance, error) {
	d.anew, d.request = true, requestOf(ctx)
	rows, err := i.record(ctx, by, []draft{d})
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
