package issuerpublic

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/internal/trust"
	"github.com/employment-passport/passport/schema"
)

// Trust is what this home's verifier believes: a bundle that the operator has
// pinned, else the one of the home's only authority. In a home without any
// authority it believes the home's own bodies, and the report names this service
// as who says so; where there is one whose bundle cannot be had, or several and
// none pinned, it recognises nobody: who was withdrawn must not come back by a
// bundle that is missing. The home's own lists are always the newest there are,
// and a key that a body here has called stolen is stolen, whatever an older
// bundle says. It is a verifier's keys, status
// lists and recognition, and safe for many goroutines.
type Trust struct {
	p      *Public
	bundle func() *trust.Bundle
}

// Trust makes the sources of a verifier. bundle gives the pinned bundle of the
// moment; it, and what it gives, may be nil.
func (p *Public) Trust(bundle func() *trust.Bundle) *Trust {
	if bundle == nil {
		bundle = func() *trust.Bundle { return nil }
	}
	return &Trust{p, bundle}
}

// believed is the bundle that decides; nil is none.
func (t *Trust) believed() *trust.Bundle {
	if b := t.bundle(); b != nil {
		return b
	}
	if bundles := t.p.shown.Load().bundles; len(bundles) == 1 {
		for _, b := range bundles {
			return b
		}
	}
	return nil
}

// Keys returns the keys of an issuer, those of this home as they stand now.
func (t *Trust) Keys(ctx context.Context, id string) ([]schema.Key, error) {
	if e, ok := t.p.shown.Load().entities[id]; ok {
		return e.Keys, nil
	}
	if b := t.believed(); b != nil {
		return b.Keys(ctx, id)
	}
	return nil, schema.ErrKeysUnknown
}

// StatusList returns a list of this home as it is published, or the bundle's.
func (t *Trust) StatusList(ctx context.Context, url string) (string, time.Time, error) {
	if l := t.p.shown.Load().lists[url]; l != nil {
		return l.token, l.signedAt, nil
	}
	if b := t.believed(); b != nil {
		return b.StatusList(ctx, url)
	}
	return "", time.Time{}, schema.ErrStatusUnknown
}

// StatusListCopies returns every copy of a list that is at hand.
func (t *Trust) StatusListCopies(ctx context.Context, url, issuer, delegate string) (tokens []string, err error) {
	if b := t.believed(); b != nil {
		tokens, err = b.StatusListCopies(ctx, url, issuer, delegate)
		if err != nil && !errors.Is(err, schema.ErrStatusUnknown) {
			return nil, err
		}
	}
	if l := t.p.shown.Load().lists[url]; l != nil {
		tokens = append(tokens, l.token)
	}
	if len(tokens) == 0 {
		return nil, schema.ErrStatusUnknown
	}
	return tokens, nil
}

// errNoBundle: the authority of this home has nothing out that could be read.
var errNoBundle = errors.New("no bundle says whom the authority recognises")

// Entity is what the bundle says of a body. In a home without an authority each
// of its bodies may issue every document that asks for no scope.
func (t *Trust) Entity(ctx context.Context, id string) (schema.Entity, error) {
	shown := t.p.shown.Load()
	own, here := shown.entities[id]
	if b := t.believed(); b != nil {
		e, err := b.Entity(ctx, id)
		if err == nil && here {
			e.Keys = lessStolen(e.Keys, own.Keys)
		}
		return e, err
	}
	switch {
	case shown.governed:
		return schema.Entity{}, errNoBundle
	case here:
		return own, nil
	}
	return schema.Entity{}, schema.ErrNotRecognised
}

// lessStolen is keys with those compromised that own calls so.
func lessStolen(keys, own []schema.Key) []schema.Key {
	keys = slices.Clone(keys)
	for _, k := range own {
		for n := range keys {
			if k.State == schema.KeyCompromised && keys[n].Thumbprint == k.Thumbprint {
				keys[n].State, keys[n].CompromisedAt = k.State, k.CompromisedAt
			}
		}
	}
	return keys
}

// Denied asks the bundle.
func (t *Trust) Denied(digest [16]byte) bool {
	b := t.believed()
	return b != nil && b.Denied(digest)
}

// Reaffirmed asks the bundle.
func (t *Trust) Reaffirmed(digest [16]byte) bool {
	b := t.believed()
	return b != nil && b.Reaffirmed(digest)
}

// PassportDefinition asks the bundle.
func (t *Trust) PassportDefinition(id, version string) (*schema.PassportDefinition, bool) {
	if b := t.believed(); b != nil {
		return b.PassportDefinition(id, version)
	}
	return nil, false
}

// Origin is the bundle's, or this service itself as of now.
func (t *Trust) Origin() schema.Origin {
	if b := t.believed(); b != nil {
		return b.Origin()
	}
	return schema.Origin{Authority: schema.Authority{Name: t.p.c.Name}, IssuedAt: t.p.c.Now()}
}

// entityOf is a body of this home as it speaks for itself.
func entityOf(b body) (schema.Entity, error) {
	e := schema.Entity{DID: b.DID, Name: b.Title, Country: b.Country, State: schema.EntityRecognised}
	for _, document := range schema.Documents {
		e.RecognizedTo = append(e.RecognizedTo, schema.Permission{Schema: document})
	}
	for _, k := range b.keys {
		jwk, err := jose.ParseJWK(k.JWK)
		if err != nil {
			return e, err
		}
		for _, use := range []schema.KeyUse{k.Use, k.Also} {
			if use != "" {
				e.Keys = append(e.Keys, schema.Key{
					KID: k.KID, Public: jwk.Public(), Thumbprint: k.Thumbprint, Use: use,
					From: k.From, Until: k.Until, State: k.State, CompromisedAt: k.CompromisedAt,
				})
			}
		}
	}
	return e, nil
}
