package keyring

import (
	"crypto"
	"crypto/ecdsa"
	"io"
)

// signer hides its key from fmt: %v of a *ecdsa.PrivateKey prints the scalar.
type signer struct{ key *ecdsa.PrivateKey }

func (s *signer) Public() crypto.PublicKey { return s.key.Public() }

func (s *signer) Sign(rand io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	return s.key.Sign(rand, digest, opts)
}

func (s *signer) String() string   { return "[P-256 key]" }
func (s *signer) GoString() string { return "[P-256 key]" }
