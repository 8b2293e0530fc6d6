package issuer

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	"github.com/employment-passport/passport/schema"
)

// composites finds composites that stand on what has fallen, that have no row,
// whose token names others than the register does, or whose definition is gone,
// and passports in force without a record.
func (c *fsck) composites(tx Tx) error {
	var failed error
	err := tx.EachComposite(func(one Composite) bool {
		failed = c.composite(tx, one)
		return failed == nil
	})
	for _, id := range c.passports {
		if _, gone := tx.Composite(id); errors.Is(gone, ErrNotFound) {
			c.found("composite", id, "a passport, and nobody knows what it is made of")
		} else if gone != nil {
			return gone
		}
	}
	return errors.Join(err, failed)
}

// passport notes a row in force that is a composite by its document.
func (c *fsck) passport(row Issuance, payload []byte) {
	if row.Ended() || !bytes.Contains(payload, []byte(schema.KindEmploymentPassport)) {
		return
	}
	if doc, err := schema.ParseCredential(payload); err == nil && slices.Contains(doc.Types, schema.KindEmploymentPassport) {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.passports = append(c.passports, row.ID)
	}
}

func (c *fsck) composite(tx Tx, one Composite) error {
	row, err := tx.Issuance(one.ID)
	if errors.Is(err, ErrNotFound) {
		c.found("composite", one.ID, "no row in the register")
		return nil
	}
	if err != nil {
		return err
	}
	if _, err := tx.Definition(one.Definition, one.Version); errors.Is(err, ErrNotFound) {
		c.found("composite", one.ID, "its definition is not in the store")
	} else if err != nil {
		return err
	}
	if row.Token != "" {
		if doc, err := credentialIn(row.Token); err == nil && !one.isNamedBy(doc) {
			c.found("composite", one.ID, "its token names other components")
		}
	}
	if row.Ended() || row.State == StateVoid {
		return nil
	}
	for _, p := range one.Components {
		if p.Spare || !p.Own {
			if p.Fallen && !p.Spare {
				c.found("composite", one.ID, "stands, and its component "+p.Current()+" has fallen")
			}
			continue
		}
		own, err := tx.Issuance(p.Current())
		switch {
		case errors.Is(err, ErrNotFound):
			c.found("composite", one.ID, "its component "+p.Current()+" is not in the register")
		case err != nil:
			return err
		case own.Ended():
			c.found("composite", one.ID, fmt.Sprintf("stands, and its component %s is %s", own.ID, own.State))
		}
	}
	return nil
}

func (c Composite) isNamedBy(doc *schema.Credential) bool {
	p := doc.View().Passport
	return p != nil && slices.Equal(p.Components, c.named())
}
