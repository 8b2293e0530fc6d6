package issuer

import (
	"context"
	"slices"
	"time"

	"github.com/employment-passport/passport/schema"
	"github.com/employment-passport/passport/verifier"
)

// Judge verifies tokens by what an authority of this home knows at this
// moment, as a verifier with its next bundle will: whom it recognises, with
// which keys, and the status lists of the bodies of this home, signed afresh.
// Lists of bodies that issue elsewhere are not at hand.
func (i *Issuer) Judge(ctx context.Context, authority string, tokens ...string) (*verifier.Report, error) {
	s, err := i.openAuthority(ctx, authority)
	if err != nil {
		return nil, err
	}
	known := homeTrust{issuer: i, state: s, at: i.second()}
	v, err := verifier.New(verifier.Config{Keys: known, StatusLists: known, Recognition: known, Now: i.now})
	if err != nil {
		return nil, err
	}
	return v.Verify(ctx, tokens, verifier.HolderBinding{})
}

// Recognised gives a body as an authority of this home would tell it now;
// schema.ErrNotRecognised when it knows none of that DID.
func (i *Issuer) Recognised(ctx context.Context, authority, did string) (schema.Entity, error) {
	s, err := i.openAuthority(ctx, authority)
	if err != nil {
		return schema.Entity{}, err
	}
	return homeTrust{issuer: i, state: s, at: i.second()}.Entity(ctx, did)
}

// homeTrust is what an authority of this home knows, as a source of trust.
type homeTrust struct {
	issuer *Issuer
	state  *authorityState
	at     time.Time
}

// Keys gives the keys of a recognised body.
func (h homeTrust) Keys(ctx context.Context, did string) ([]schema.Key, error) {
	e, err := h.Entity(ctx, did)
	if err != nil {
		return nil, schema.ErrKeysUnknown
	}
	return e.Keys, nil
}

// StatusList signs the list of a body of this home.
func (h homeTrust) StatusList(ctx context.Context, url string) (token string, fetched time.Time, err error) {
	if token, err = h.issuer.StatusList(ctx, url); err != nil {
		return "", time.Time{}, schema.ErrStatusUnknown
	}
	return token, h.at, nil
}

// Entity gives a recognised body.
func (h homeTrust) Entity(_ context.Context, did string) (schema.Entity, error) {
	for _, e := range h.state.entities {
		if e.DID == did {
			return e, nil
		}
	}
	return schema.Entity{}, schema.ErrNotRecognised
}

// Denied tells whether the authority has denied a token.
func (h homeTrust) Denied(digest [16]byte) bool { return slices.Contains(h.state.denied, digest) }

// Reaffirmed tells whether the authority has reaffirmed a token.
func (h homeTrust) Reaffirmed(digest [16]byte) bool {
	return slices.Contains(h.state.reaffirmed, digest)
}

// Origin is the authority itself, now.
func (h homeTrust) Origin() schema.Origin {
	r := h.state.record
	return schema.Origin{
		Authority: schema.Authority{Name: r.Title, DID: r.DID, Anchor: r.Anchor},
		Seq:       r.LastSeq, IssuedAt: h.at, NextUpdate: h.at.Add(24 * time.Hour), Expires: h.at.Add(24 * time.Hour),
		VerifyBases: r.VerifyBases,
	}
}
