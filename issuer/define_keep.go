package issuer

import (
	"bytes"
	"errors"
	"time"

	"github.com/employment-passport/passport/schema"
)

// keepDefinition puts a signed definition where awards and their later copies
// find it, by id and version. These name one definition here: another owner's
// under the same id, or another content under the same version, is refused with
// "definition_taken", or a passport would be made again by what it was not
// awarded by. The same content, signed anew by its owner, stays as it was kept.
func (a *act) keepDefinition(d *schema.PassportDefinition, token string) error {
	kept, err := a.Definition(d.ID, d.Version)
	switch {
	case errors.Is(err, ErrNotFound):
		if err := notTaken(a.Tx, d.ID, d.Owner.ID); err != nil {
			return err
		}
		return a.PutDefinition(d.ID, d.Version, token)
	case err != nil || kept == token:
		return err
	}
	if old, err := definitionIn(kept); err != nil || !sameContent(old, d) {
		return refuse("definition_taken", "definition", d.ID, "version", d.Version)
	}
	return nil
}

// notTaken refuses an id by which another owner's definition is known here.
func notTaken(tx Tx, id, owner string) error {
	var taken error
	err := tx.EachDefinition(func(token string) bool {
		if d, err := definitionIn(token); err == nil && d.ID == id && d.Owner.ID != owner {
			taken = refuse("definition_taken", "definition", id, "version", d.Version)
		}
		return taken == nil
	})
	return errors.Join(err, taken)
}

// sameContent tells whether two definitions of one owner ask for the same.
func sameContent(a, b *schema.PassportDefinition) bool {
	if a.Owner.ID != b.Owner.ID {
		return false
	}
	p := schema.Particulars{Issuer: schema.IssuerProfile{ID: a.Owner.ID}, ValidFrom: time.Unix(0, 0).UTC()}
	old, err := a.Compose(p)
	if err != nil {
		return false
	}
	now, err := b.Compose(p)
	return err == nil && bytes.Equal(old, now)
}

// inForce refuses a definition of this home's that has been withdrawn, whoever
// brings its token: a file and a bundle know later than the register.
func inForce(tx Tx, d *schema.PassportDefinition, token string) error {
	c, err := credentialIn(token)
	if err != nil {
		return err
	}
	row, err := tx.Issuance(c.ID)
	switch {
	case errors.Is(err, ErrNotFound):
		return nil
	case err != nil:
		return err
	case row.Token == token && row.State != StateIssued:
		return refuse("definition_withdrawn", "id", row.ID, "version", d.Version)
	}
	return nil
}
