package issuer

import (
	"bytes"
	"context"
	"errors"

	"github.com/employment-passport/passport/internal/trust"
	"github.com/employment-passport/passport/schema"
)

// Define signs a passport definition on the path of every raw document: it has
// a row in the register, an entry in the status list, so that it can be
// withdrawn by Revoke, and its place in the audit log. A version is signed once:
// the same definition again is the same credential, marked Repeated; another
// content under the same version is refused with "definition_version", a
// version that was withdrawn with "definition_withdrawn", an id that somebody
// else's definition has with "definition_taken". What is wrong with the
// definition comes as schema.Faults.
func (i *Issuer) Define(ctx context.Context, by Actor, issuer string, d *schema.PassportDefinition) (*Issuance, error) {
	body, err := i.Body(ctx, issuer)
	if err != nil {
		return nil, err
	}
	p := schema.Particulars{Issuer: body.profile(), ValidFrom: day(i.now())}
	document, err := d.Compose(p)
	if err != nil {
		return nil, err
	}
	err = i.store.View(ctx, func(tx Tx) error { return notTaken(tx, d.ID, body.DID) })
	if err != nil {
		return nil, err
	}
	row, err := i.IssueRaw(ctx, by, RawOffer{
		Issuer: issuer, Document: document,
		IdempotencyKey: "define " + issuer + " " + d.ID + " " + d.Version,
	})
	if err != nil {
		return nil, err
	}
	if row.Repeated {
		if err := sameDefinition(*row, d, p); err != nil {
			return nil, err
		}
	}
	return row, i.keepDefinition(ctx, by, d, *row)
}

// sameDefinition tells whether a version that was signed before says the same.
func sameDefinition(row Issuance, d *schema.PassportDefinition, p schema.Particulars) error {
	if row.State != StateIssued {
		return refuse("definition_withdrawn", "id", row.ID, "version", d.Version)
	}
	before, err := definitionIn(row.Token)
	if err != nil {
		return err
	}
	old, err := before.Compose(p)
	if err != nil {
		return err
	}
	now, err := d.Compose(p)
	if err == nil && !bytes.Equal(old, now) {
		err = refuse("definition_version", "id", row.ID, "version", d.Version)
	}
	return err
}

// keepDefinition puts a signed definition where bundles and awards find it. A
// crash before it leaves a definition that the next Define of it keeps.
func (i *Issuer) keepDefinition(ctx context.Context, by Actor, d *schema.PassportDefinition, row Issuance) error {
	var kept string
	err := i.store.View(ctx, func(tx Tx) (err error) {
		kept, err = tx.Definition(d.ID, d.Version)
		return err
	})
	if err == nil && kept == row.Token || err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	signed, err := definitionIn(row.Token)
	if err != nil {
		return err
	}
	return i.update(ctx, by, func(a *act) error {
		if err := a.keepDefinition(signed, row.Token); err != nil {
			return err
		}
		return a.log("define", row.ID, d.ID+" "+d.Version)
	})
}

// definitionsFor gives the definitions that this home has signed and that are in
// force, as a bundle with these bodies may carry them; the others are told.
func (i *Issuer) definitionsFor(ctx context.Context, entities []schema.Entity) (tokens []string, left []trust.Problem, err error) {
	var own []string
	err = i.store.View(ctx, func(tx Tx) error {
		var all []string
		err := tx.EachDefinition(func(token string) bool {
			all = append(all, token)
			return true
		})
		for _, token := range all {
			c, broken := credentialIn(token)
			if broken != nil {
				continue // Fsck's business
			}
			row, gone := tx.Issuance(c.ID)
			if gone == nil && row.State == StateIssued && row.Token == token {
				own = append(own, token)
			}
		}
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	tokens, left = trust.SelectDefinitions(entities, own)
	return tokens, left, nil
}
