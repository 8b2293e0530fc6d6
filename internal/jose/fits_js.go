package jose

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	_ "crypto/sha256" // by their crypto.Hash
	_ "crypto/sha512"
	"fmt"
	"math/big"
)

// signatureFits is the same arithmetic without jwx, which brings an HTTP client along
// (0.2 MB of a page's program). The parity test of the engine holds both to the
// same answers.
func signatureFits(alg string, signed, signature []byte, key crypto.PublicKey) (bool, error) {
	switch key := key.(type) {
	case ed25519.PublicKey:
		return ed25519.Verify(key, signed, signature), nil
	case *ecdsa.PublicKey:
		a := byAlg(alg)
		if a == nil {
			break
		}
		h := a.hash.New()
		h.Write(signed)
		n := len(signature) / 2
		return ecdsa.Verify(key, h.Sum(nil), new(big.Int).SetBytes(signature[:n]), new(big.Int).SetBytes(signature[n:])), nil
	}
	return false, fmt.Errorf("no arithmetic for %s with a %T", alg, key)
}
