package issuervci

import (
	"context"
	"crypto"
	"errors"
	"strings"
	"time"

	"github.com/employment-passport/passport/internal/did"
	"github.com/employment-passport/passport/internal/oid4vci"
	"github.com/employment-passport/passport/internal/onetime"
)

// prove checks the proofs of a request and uses their nonces up. It returns the
// DIDs of the keys in the order of the proofs. Its refusals are *oid4vci.Error.
//
// Every proof is read before a nonce is used: a request that fails for its form
// leaves the nonce to the next one.
func prove(ctx context.Context, proofs []string, want oid4vci.Expected, nonces *onetime.Nonces) ([]string, error) {
	want.Key = keyOf
	var holders, fresh []string
	seen, asked := map[string]bool{}, map[string]bool{}
	for _, token := range proofs {
		p, err := oid4vci.CheckProof(ctx, token, want)
		if err != nil {
			return nil, err
		}
		holder, err := holderOf(p)
		if err != nil || seen[holder] {
			return nil, &oid4vci.Error{Code: oid4vci.CodeInvalidProof, Description: "a key that cannot be used, or twice the same"}
		}
		seen[holder] = true
		holders = append(holders, holder)
		if !asked[p.Nonce] { // one nonce may stand in all proofs of one request
			asked[p.Nonce] = true
			fresh = append(fresh, p.Nonce)
		}
	}
	for _, nonce := range fresh {
		switch err := nonces.Use(nonce); {
		case errors.Is(err, onetime.ErrGone):
			return nil, &oid4vci.Error{Code: oid4vci.CodeInvalidNonce, Description: "ask the nonce endpoint for another"}
		case err != nil:
			return nil, err
		}
	}
	return holders, nil
}

// keyOf finds the key of a kid: a DID URL of a did:key or did:jwk, which hold
// their key themselves. Nothing is fetched for a stranger.
func keyOf(kid string) (crypto.PublicKey, error) {
	name, _, _ := strings.Cut(kid, "#")
	doc, err := did.Resolve(name)
	if err != nil {
		return nil, err
	}
	key, err := doc.AuthenticationKey(kid)
	return key.Public(), err
}

// holderOf is the DID that the credential will be bound to: the one of the kid,
// or the did:key of a bare key, which is the shortest name it has.
func holderOf(p oid4vci.Proof) (string, error) {
	if p.Kid == "" {
		return did.NewKey(p.Key)
	}
	name, _, _ := strings.Cut(p.Kid, "#")
	return name, nil
}

const (
	nonceLife = 5 * time.Minute
	maxUsed   = 100_000 // nonces used within that time
)
