package issuer

import (
	"context"
	"errors"
	"fmt"

	"github.com/employment-passport/passport/schema"
)

// OfferError says which of many offers was refused, counted from 0.
type OfferError struct {
	Offer int
	Err   error
}

func (e *OfferError) Error() string { return fmt.Sprintf("offer %d: %v", e.Offer, e.Err) }
func (e *OfferError) Unwrap() error { return e.Err }

// one takes the number off the error of a single offer.
func one(err error) error {
	var e *OfferError
	if errors.As(err, &e) {
		return e.Err
	}
	return err
}

// from counts the offers of a batch from the first of all.
func from(err error, first int) error {
	var e *OfferError
	if errors.As(err, &e) {
		return &OfferError{Offer: first + e.Offer, Err: e.Err}
	}
	return err
}

// draft is an offer that may be issued.
type draft struct {
	Offer
	desk    *desk
	raw     []byte   // the document of a raw offer, without its status
	award   *award   // what a composite is made of
	request *Request // of the client; nil for none
	anew    bool     // a row that was revoked before it was signed stands in nobody's way
}

// desk is what all drafts of one issuer and template share.
type desk struct {
	issuer   IssuerRecord
	key      KeyRecord
	template *schema.Template // nil for raw documents
	file     *readTemplate    // likewise
}

// profile is how the issuer appears in what it signs.
func (r IssuerRecord) profile() schema.IssuerProfile {
	return schema.IssuerProfile{ID: r.DID, Name: r.Title, Country: r.Country, Region: r.Region}
}

// validate finds the desk of every offer and judges its learner. Nothing is
// written yet, so that a refusal leaves no trace.
func (i *Issuer) validate(ctx context.Context, offers []Offer) ([]draft, error) {
	for n, o := range offers {
		if err := o.Profile.check(); err != nil {
			return nil, &OfferError{Offer: n, Err: err}
		}
	}
	desks, err := i.desks(ctx, offers)
	if err != nil {
		return nil, err
	}
	today := day(i.now())
	drafts := make([]draft, len(offers))
	errs := make([]error, len(offers))
	onAllCores(len(offers), func(n int) {
		o := offers[n]
		d := desks[deskName{o.Issuer, o.Template}]
		drafts[n] = draft{Offer: o, desk: d}
		errs[n] = append(d.template.CheckLearner(o.Learner, today), o.Profile.CheckLearner(o.Learner)...).Err()
	})
	for n, err := range errs {
		if err != nil {
			return nil, &OfferError{Offer: n, Err: err}
		}
	}
	return drafts, nil
}

type deskName struct{ issuer, template string }

func (i *Issuer) desks(ctx context.Context, offers []Offer) (map[deskName]*desk, error) {
	desks := map[deskName]*desk{}
	err := i.store.View(ctx, func(tx Tx) error {
		for n, o := range offers {
			name := deskName{o.Issuer, o.Template}
			if desks[name] != nil {
				continue
			}
			d, err := openDesk(tx, o.Issuer, o.Template)
			if err == nil {
				err = asApproved(ctx, tx, o.Template)
			}
			if err != nil {
				return &OfferError{Offer: n, Err: err}
			}
			desks[name] = d
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	// What the templates make is judged once by the schemas that we publish;
	// the typed rules judge every single document.
	for name, d := range desks {
		if err := d.file.judged(); err != nil {
			return nil, refuse("template_refused", "template", name.template).because(err)
		}
	}
	return desks, nil
}

// openDesk reads an issuer, its key and, unless name is empty, a template.
func openDesk(tx Tx, issuer, name string) (*desk, error) {
	r, err := tx.Issuer(issuer)
	if err != nil {
		return nil, unknown(err, "issuer_unknown", "issuer", issuer)
	}
	d := &desk{issuer: r}
	if d.key, err = activeKey(tx, issuer, schema.KeyForCredentials); err != nil {
		return nil, err
	}
	if name == "" {
		return d, nil
	}
	t, err := tx.Template(name)
	if err == nil && t.Issuer != "" && t.Issuer != issuer {
		err = ErrNotFound // another body's own
	}
	if err != nil {
		return nil, unknown(err, "template_unknown", "template", name)
	}
	d.file = templatesRead.of(t.Body)
	d.template = d.file.template
	return d, d.file.err
}

// unknown turns ErrNotFound into a refusal and leaves other errors alone.
func unknown(err error, code string, args ...string) error {
	if errors.Is(err, ErrNotFound) {
		return refuse(code, args...).because(err)
	}
	return err
}
