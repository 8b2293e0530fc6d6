package issuer

import (
	"context"
	"crypto"
	"crypto/sha256"
	"errors"
	"slices"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/schema"
)

// maxShown is how many credentials of one paper are looked for.
const maxShown = 50

// FindShown returns the credentials of this register that somebody's paper
// shows, alone or in a presentation, of those issuers that may says yes to. Only
// what this register has, byte for byte, under a signature of its issuer's own
// key, is found: anything else on the paper is left out. Whose paper it is, it
// cannot tell: a paper can be found, copied or photographed.
func (i *Issuer) FindShown(ctx context.Context, tokens []string, may func(issuer string) bool) (found []Issuance, err error) {
	err = i.store.View(ctx, func(tx Tx) error {
		found = nil
		for _, token := range credentialsIn(tokens) {
			row, err := tx.IssuanceByHash(sha256.Sum256([]byte(token)))
			if errors.Is(err, ErrNotFound) {
				continue
			}
			if err != nil {
				return err
			}
			known := slices.ContainsFunc(found, func(f Issuance) bool { return f.ID == row.ID })
			if known || row.Erased || row.Token != token || !may(row.Issuer) {
				continue
			}
			ours, err := signedBy(ctx, tx, row)
			if err != nil {
				return err
			}
			if ours {
				found = append(found, row)
			}
		}
		return nil
	})
	return found, err
}

// credentialsIn are the compact tokens of credentials, those in presentations
// too. What cannot be read is a stranger's and none.
func credentialsIn(tokens []string) (all []string) {
	for _, token := range tokens {
		h, payload, err := jose.ParseUnverified(token)
		switch {
		case err != nil:
		case h.Type() == jose.TypeVP:
			if p, err := schema.ParsePresentation(payload); err == nil {
				all = append(all, p.Tokens...)
			}
		default:
			all = append(all, token)
		}
	}
	return all[:min(len(all), maxShown)]
}

// signedBy verifies a row's token with the keys that the register has of its
// issuer; the error is the store's.
func signedBy(ctx context.Context, tx Tx, row Issuance) (bool, error) {
	keys, err := tx.KeysOf(row.Issuer)
	if err != nil {
		return false, err
	}
	_, _, err = jose.Verify(ctx, row.Profile.tokenType(), row.Token, func(_ context.Context, h jose.Header, _ []byte) (crypto.PublicKey, error) {
		for _, k := range keys {
			if k.KID == h.Kid && k.Signs(schema.KeyForCredentials) {
				jwk, err := jose.ParseJWK(k.JWK)
				return jwk.Public(), err
			}
		}
		return nil, errForeignKey
	})
	return err == nil, nil
}

var errForeignKey = errors.New("no key of this issuer")
