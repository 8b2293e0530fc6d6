package issuer

import (
	"errors"
	"fmt"

	"github.com/employment-passport/passport/schema"
)

// counting gives the question whether a credential counts for a requirement of
// a composite: it is the same person's and meets it.
func counting(tx Tx, composite Issuance, c Composite) (func(requirement, token string) bool, error) {
	never := func(string, string) bool { return false }
	definition, _, err := definitionOf(tx, c)
	var refused *Error
	if errors.As(err, &refused) {
		return never, nil
	} else if err != nil {
		return nil, err
	}
	whole, err := documentOf(composite)
	if err != nil {
		return never, nil //nolint:nilerr // Fsck's business; nothing counts for what does not read
	}
	return func(requirement, token string) bool {
		part, err := credentialIn(token)
		return err == nil && counts(definition, whole, requirement, part)
	}, nil
}

// documentOf reads what was, or is about to be, signed.
func documentOf(row Issuance) (*schema.Credential, error) {
	if row.Token != "" {
		return credentialIn(row.Token)
	}
	return schema.ParseCredential(row.Payload)
}

// counts tells whether a credential is the person's and meets the requirement.
func counts(d *schema.PassportDefinition, who *schema.Credential, requirement string, c *schema.Credential) bool {
	r, known := d.Requirement(requirement)
	return known && schema.SamePerson(who, c) && d.Meets(r, c)
}

// definitionOf reads the definition that a composite was awarded by. One that
// is gone or does not read is a refusal, which keeps nothing from being revoked.
func definitionOf(tx Tx, c Composite) (d *schema.PassportDefinition, token string, err error) {
	token, err = tx.Definition(c.Definition, c.Version)
	switch {
	case errors.Is(err, ErrNotFound):
		return nil, "", refuse("award_definition").because(err)
	case err != nil:
		return nil, "", fmt.Errorf("definition of composite %s: %w", c.ID, err)
	}
	d, err = definitionIn(token)
	return d, token, err
}
