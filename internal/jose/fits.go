//go:build !js

package jose

import (
	"crypto"

	"github.com/lestrrat-go/jwx/v2/jwa"
	"github.com/lestrrat-go/jwx/v2/jws"
)

// signatureFits tells whether a signature belongs to what was signed and to the key. The
// gate has compared alg with the key, and the signature's form with alg.
func signatureFits(alg string, signed, signature []byte, key crypto.PublicKey) (bool, error) {
	verifier, err := jws.NewVerifier(jwa.SignatureAlgorithm(alg))
	if err != nil {
		return false, err
	}
	return verifier.Verify(signed, signature, key) == nil, nil
}
