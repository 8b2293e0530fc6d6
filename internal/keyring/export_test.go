package keyring

import "crypto"

// PrivateBytes is the scalar that the canary test looks for.
func PrivateBytes(s crypto.Signer) []byte {
	secret, err := s.(*signer).key.Bytes()
	if err != nil {
		panic(err)
	}
	return secret
}
