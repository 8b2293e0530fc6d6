package issuer

import (
	"context"
	"errors"

	"github.com/employment-passport/passport/schema"
)

// Numbered returns the credential that an offer has been issued as already: one
// of the same issuer and template with the learner's document number. It is
// marked Repeated. An offer without a number, or whose number is new, is nil.
//
// A credential whose particulars are not the offer's is refused with
// "number_differs": reissuing corrects it. One that was revoked and has no
// successor is refused with "number_ended": handing it out once more would help
// nobody. Of a reissued one its latest copy counts.
func (i *Issuer) Numbered(ctx context.Context, o Offer) (found *Issuance, err error) {
	if o.Learner.DocumentNumber == "" {
		return nil, nil
	}
	err = i.store.View(ctx, func(tx Tx) error {
		rows, err := tx.FindIssuance(o.Learner.DocumentNumber)
		if errors.Is(err, ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		row := latest(rows, o)
		if row == nil {
			return nil
		}
		if err := sameAs(tx, *row, o); err != nil {
			return err
		}
		row.Repeated, found = true, row
		return nil
	})
	return found, err
}

// latest picks the offer's credential out of those with its number: a living
// one, else the last that ended. Pending rows are left to the idempotency key.
func latest(rows []Issuance, o Offer) (found *Issuance) {
	for n := range rows {
		r := &rows[n]
		if r.Issuer != o.Issuer || r.Template != o.Template || r.DocumentNumber != o.Learner.DocumentNumber ||
			r.Token == "" || r.SupersededBy != "" {
			continue
		}
		if found == nil || found.State == StateRevoked || r.CreatedAt.After(found.CreatedAt) && r.State != StateRevoked {
			found = r
		}
	}
	return found
}

// sameAs holds an issued credential against an offer.
func sameAs(tx Tx, row Issuance, o Offer) error {
	number := o.Learner.DocumentNumber
	switch {
	case row.State == StateRevoked:
		return refuse("number_ended", "number", number, "id", row.ID)
	case row.Profile != o.Profile:
		return refuse("profile_differs", "id", row.ID)
	}
	d, err := openDesk(tx, o.Issuer, o.Template)
	if err != nil {
		return err
	}
	// Both are read back out of a document, where the forms of a name are one.
	p := schema.Specimen(d.template)
	p.Learner = o.Learner
	document, err := d.template.Compose(p)
	if err != nil {
		return err
	}
	wanted, err := learnerIn(document)
	if err != nil {
		return err
	}
	is, err := learnerOf(row)
	if err != nil {
		return err
	}
	if *is != *wanted {
		return refuse("number_differs", "number", number, "id", row.ID)
	}
	return nil
}
