package issuer

import (
	"context"
	"fmt"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/schema"
)

// Reissue signs a credential anew and revokes the old copy as superseded, both
// in the act that makes the new one issued: there is no moment with two good
// copies or none. learner replaces the person's particulars; nil takes them from
// the old copy. A credential that was revoked before (a lost phone) keeps that
// reason and gets its successor all the same. The token is made as the old one.
func (i *Issuer) Reissue(ctx context.Context, by Actor, ref string, learner *schema.Learner) (*Issuance, error) {
	old, err := i.Find(ctx, ref)
	if err != nil {
		return nil, err
	}
	return i.reissue(ctx, by, old, learner, old.Profile)
}

// ReissueAs is Reissue with a token made by profile.
func (i *Issuer) ReissueAs(ctx context.Context, by Actor, ref string, learner *schema.Learner, profile Profile) (*Issuance, error) {
	old, err := i.Find(ctx, ref)
	if err != nil {
		return nil, err
	}
	return i.reissue(ctx, by, old, learner, profile)
}

func (i *Issuer) reissue(ctx context.Context, by Actor, old Issuance, learner *schema.Learner, profile Profile) (_ *Issuance, err error) {
	if before, err := i.Requested(ctx); err != nil || before != nil && before.Token != "" {
		return before, err
	}
	switch {
	case old.Erased:
		return nil, erased(old)
	case old.SupersededBy != "":
		return nil, refuse("already_superseded", "id", old.ID, "by", old.SupersededBy)
	case old.Token == "":
		return nil, refuse("not_issued", "id", old.ID, "state", string(old.State))
	case old.Template == "":
		return nil, refuse("reissue_raw", "id", old.ID)
	}
	if c, err := i.composite(ctx, old.ID); err != nil {
		return nil, err
	} else if c != nil {
		return i.reissueComposite(ctx, by, old, *c, learner, profile)
	}
	if learner == nil {
		if learner, err = learnerOf(old); err != nil {
			return nil, err
		}
	}
	return i.Issue(ctx, by, Offer{
		Issuer: old.Issuer, Template: old.Template, Learner: *learner, Profile: profile,
		// One successor a credential: a second desk that reissues the same copy,
		// or a retry, gets the first one's.
		IdempotencyKey: "reissue " + old.ID,
		replaces:       old.ID,
	})
}

// learnerOf reads the person's particulars out of what we signed.
func learnerOf(row Issuance) (*schema.Learner, error) {
	_, payload, err := jose.ParseUnverified(row.Token)
	if err != nil {
		return nil, fmt.Errorf("read credential %s: %w", row.ID, err)
	}
	l, err := learnerIn(payload)
	if err != nil {
		return nil, fmt.Errorf("read credential %s: %w", row.ID, err)
	}
	return l, nil
}

// learnerIn reads them out of a document.
func learnerIn(payload []byte) (*schema.Learner, error) {
	c, err := schema.ParseCredential(payload)
	if err != nil {
		return nil, err
	}
	l := c.Learner()
	return &l, nil
}
