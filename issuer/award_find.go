package issuer

import (
	"context"
	"errors"

	"github.com/employment-passport/passport/schema"
)

// SignedDefinition returns the token of a definition that this home has signed
// and that is in force: by the definition's own id, the version that counts
// today (schema.DefinitionsInForce); by the id of its credential; or by the
// token itself. It refuses with "award_definition_unknown", and with
// "award_definition_several" when several issuers of the home use one id.
func (i *Issuer) SignedDefinition(ctx context.Context, ref string) (token string, err error) {
	var all []*schema.Credential
	tokens := map[string]string{}
	err = i.List(ctx, Filter{State: StateIssued}, func(row Issuance) bool {
		if row.Template != "" {
			return true
		}
		c, err := credentialIn(row.Token)
		if err != nil {
			return true // Fsck's business
		}
		d, ok := c.Definition()
		switch {
		case !ok:
		case row.ID == ref || row.Token == ref:
			all, tokens[c.ID] = []*schema.Credential{c}, row.Token
			return false
		case d.ID == ref:
			all, tokens[c.ID] = append(all, c), row.Token
		}
		return true
	})
	if err != nil {
		return "", err
	}
	switch chosen := schema.DefinitionsInForce(all, i.now()); {
	case len(chosen) == 1:
		return tokens[chosen[0].ID], nil
	case len(chosen) > 1:
		return "", refuse("award_definition_several", "definition", ref)
	}
	return "", refuse("award_definition_unknown", "definition", ref)
}

// Holdings are the credentials in force that this home has issued to a person:
// to the holder's DID, or to that name and date of birth. One whose copy has run
// out, or that breaks its rules, is among them and is not good.
func (i *Issuer) Holdings(ctx context.Context, of schema.Learner) (pieces []Piece, err error) {
	person := personOf(of)
	err = i.List(ctx, Filter{State: StateIssued, Learner: fullName(of)}, func(row Issuance) bool {
		if c, err := credentialIn(row.Token); err == nil && schema.SamePerson(person, c) {
			pieces = append(pieces, Piece{Token: row.Token, Credential: c, Good: Counts(c, i.now())})
		}
		return true
	})
	return pieces, err
}

// Registered tells whether a credential is one of this home's, by its token,
// and whether it is in force.
func (i *Issuer) Registered(ctx context.Context, id, token string) (ours, inForce bool, err error) {
	err = i.store.View(ctx, func(tx Tx) error {
		row, err := tx.Issuance(id)
		if errors.Is(err, ErrNotFound) {
			return nil
		}
		if err == nil && row.Token == token {
			ours, inForce = true, row.State == StateIssued
		}
		return err
	})
	return ours, inForce, err
}

// LearnerNamed reads who a person is out of credentials that name the holder
// with that DID: the newest that says it counts. It refuses with
// "award_holder_unnamed" where none of them does.
func LearnerNamed(holder string, pieces []Piece) (schema.Learner, error) {
	var newest *schema.Credential
	for _, p := range pieces {
		if p.Credential == nil || !p.Good {
			continue
		}
		if id, _ := p.Credential.Holder(); id == holder && (newest == nil || p.Credential.ValidFrom.After(newest.ValidFrom)) {
			newest = p.Credential
		}
	}
	if newest == nil {
		return schema.Learner{}, refuse("award_holder_unnamed", "holder", holder)
	}
	l, err := learnerIn(newest.Raw)
	if err != nil {
		return schema.Learner{}, err
	}
	return schema.Learner{
		Name: l.Name, GivenName: l.GivenName, FamilyName: l.FamilyName, NameOriginalScript: l.NameOriginalScript,
		BirthDate: l.BirthDate, BirthPlace: l.BirthPlace, Holder: holder,
	}, nil
}
