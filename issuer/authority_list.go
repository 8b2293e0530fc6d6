package issuer

import (
	"context"
	"strings"
	"time"

	"github.com/employment-passport/passport/internal/did"
	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/internal/trust"
	"github.com/employment-passport/passport/schema"
)

// AuthorityView is an authority of this home and whom it recognises, with
// their keys as a recognition list signed now would say them.
type AuthorityView struct {
	AuthorityRecord
	DelegatedUntil time.Time // when the signing key's newest delegation ends
	Recognised     []RecognisedView
}

// RecognisedView is one body.
type RecognisedView struct {
	RecognitionRecord
	TrustedKeys []schema.Key
}

// Authorities lists the authorities of this home by name.
func (i *Issuer) Authorities(ctx context.Context) (views []AuthorityView, err error) {
	err = i.store.View(ctx, func(tx Tx) error {
		all, err := tx.AllAuthorities()
		if err != nil {
			return err
		}
		for _, a := range all {
			recognitions, err := tx.Recognitions(a.Name)
			if err != nil {
				return err
			}
			entities, err := entitiesOf(tx, recognitions)
			if err != nil {
				return err
			}
			v := AuthorityView{AuthorityRecord: a, DelegatedUntil: a.delegatedUntil()}
			for n, r := range recognitions {
				v.Recognised = append(v.Recognised, RecognisedView{RecognitionRecord: r, TrustedKeys: entities[n].Keys})
			}
			views = append(views, v)
		}
		return nil
	})
	return views, err
}

// delegatedUntil reads the end of the newest delegation of a signing key.
func (a AuthorityRecord) delegatedUntil() (until time.Time) {
	for _, token := range a.Delegations {
		if _, end, err := trust.DelegationLife(token); err == nil && end.After(until) {
			until = end
		}
	}
	return until
}

// authorityDocument is the did document of a did:web authority: the keys that
// sign its recognition lists. Nil for a did:key one, whose DID says its root.
func authorityDocument(a AuthorityRecord, keys []KeyRecord) (*did.Document, error) {
	if method, err := did.Method(a.DID); err != nil || method != "web" {
		return nil, err
	}
	d := &did.Document{ID: a.DID}
	for _, k := range keys {
		if k.Use != keyForSigning {
			continue
		}
		jwk, err := jose.ParseJWK(k.JWK)
		if err != nil {
			return nil, err
		}
		d.Methods = append(d.Methods, did.VerificationMethod{ID: k.KID, Type: did.TypeJSONWebKey, Controller: a.DID, Key: jwk})
		d.Assertion = append(d.Assertion, k.KID)
	}
	return d, nil
}

// RegisterTokens gives every token that a register says was signed, of one
// issuer or, with an empty name, of all. Rows that were never signed, and void
// ones, are not in it.
func RegisterTokens(ctx context.Context, store Store, issuer string) (tokens []string, err error) {
	err = store.View(ctx, func(tx Tx) error {
		if issuer != "" {
			if _, err := tx.Issuer(issuer); err != nil {
				return refuse("issuer_unknown", "issuer", issuer).because(err)
			}
		}
		return tx.Issuances(Filter{Issuer: issuer}, func(row Issuance) bool {
			if row.Token != "" && row.State != StatePending && row.State != StateVoid {
				tokens = append(tokens, row.Token)
			}
			return true
		})
	})
	return tokens, err
}

// StatusBases gives the addresses below which the recognised bodies that issue
// elsewhere publish their status lists: those of did:web bodies. A did:key says
// no address.
func (i *Issuer) StatusBases(ctx context.Context, authority string) (bases []string, err error) {
	err = i.store.View(ctx, func(tx Tx) error {
		a, err := chooseAuthority(tx, authority)
		if err != nil {
			return err
		}
		recognitions, err := tx.Recognitions(a.Name)
		for _, r := range recognitions {
			if at, err := did.WebURL(r.DID); err == nil && r.Issuer == "" {
				bases = append(bases, strings.TrimSuffix(strings.TrimSuffix(at, "/did.json"), "/.well-known"))
			}
		}
		return err
	})
	return bases, err
}
