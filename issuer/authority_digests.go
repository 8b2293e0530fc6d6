package issuer

import (
	"context"
	"fmt"

	"github.com/employment-passport/passport/internal/jose"
)

// Deny declares single tokens to be forgeries, whatever key signed them. It
// returns how many there were, doubles counted once.
func (i *Issuer) Deny(ctx context.Context, by Actor, authority string, tokens []string) (int, error) {
	return i.addDigests(ctx, by, authority, digestsDenied, tokens)
}

// Reaffirm declares tokens to be what an honest body really issued, so that
// they outlive its stolen key or its withdrawal. It returns how many there
// were, doubles counted once.
func (i *Issuer) Reaffirm(ctx context.Context, by Actor, authority string, tokens []string) (int, error) {
	return i.addDigests(ctx, by, authority, digestsReaffirmed, tokens)
}

// ReaffirmIssuer reaffirms everything in this home's register that was issued
// under that name.
func (i *Issuer) ReaffirmIssuer(ctx context.Context, by Actor, authority, issuer string) (int, error) {
	tokens, err := RegisterTokens(ctx, i.store, issuer)
	if err != nil {
		return 0, err
	}
	erased, err := i.erasedDigests(ctx, issuer)
	if err != nil {
		return 0, err
	}
	return i.addDigests(ctx, by, authority, digestsReaffirmed, tokens, erased...)
}

// erasedDigests are those of credentials whose persons were erased: their
// holders still have them.
func (i *Issuer) erasedDigests(ctx context.Context, issuer string) (digests [][16]byte, err error) {
	err = i.store.View(ctx, func(tx Tx) error {
		return tx.Issuances(Filter{Issuer: issuer}, func(row Issuance) bool {
			if row.Erased && row.TokenHash != [32]byte{} {
				digests = append(digests, [16]byte(row.TokenHash[:16]))
			}
			return true
		})
	})
	return digests, err
}

func (i *Issuer) addDigests(ctx context.Context, by Actor, authority, kind string, tokens []string, digests ...[16]byte) (int, error) {
	seen := map[[16]byte]bool{}
	for n, token := range tokens {
		d, err := jose.Digest(token)
		if err != nil {
			return 0, refuse("digest_token", "number", fmt.Sprint(n+1)).because(err)
		}
		if !seen[d] {
			seen[d] = true
			digests = append(digests, d)
		}
	}
	return len(digests), i.urgent(ctx, by, func(tx *act) error {
		a, err := chooseAuthority(tx, authority)
		if err != nil {
			return err
		}
		if err := tx.AddDigests(a.Name, kind, digests); err != nil {
			return err
		}
		return tx.log("authority."+kind, a.DID, fmt.Sprintf("%d credentials", len(digests)))
	})
}
