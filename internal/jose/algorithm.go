package jose

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	_ "crypto/sha256" // ES256
	_ "crypto/sha512" // ES384, ES512
	"math/big"
)

// ecAlgorithm is one row of RFC 7518 section 3.4: the algorithm fixes curve,
// hash and the length of the signature.
type ecAlgorithm struct {
	name, crv   string
	curve       elliptic.Curve
	hash        crypto.Hash
	size        int    // bytes of a coordinate, of r and of s
	order, half []byte // n and n/2, big-endian, size bytes
}

var ecAlgorithms = []*ecAlgorithm{
	newECAlgorithm("ES256", "P-256", elliptic.P256(), crypto.SHA256),
	newECAlgorithm("ES384", "P-384", elliptic.P384(), crypto.SHA384),
	newECAlgorithm("ES512", "P-521", elliptic.P521(), crypto.SHA512),
}

func newECAlgorithm(name, crv string, curve elliptic.Curve, hash crypto.Hash) *ecAlgorithm {
	n := curve.Params().N
	size := (curve.Params().BitSize + 7) / 8
	return &ecAlgorithm{
		name: name, crv: crv, curve: curve, hash: hash, size: size,
		order: n.FillBytes(make([]byte, size)),
		half:  new(big.Int).Rsh(n, 1).FillBytes(make([]byte, size)),
	}
}

// EdDSA with Ed25519 (RFC 8037 section 3.1).
const (
	algEdDSA    = "EdDSA"
	crvEd25519  = "Ed25519"
	ed25519Size = ed25519.PublicKeySize
)

// byAlg returns nil for EdDSA and for what we do not know.
func byAlg(name string) *ecAlgorithm {
	for _, a := range ecAlgorithms {
		if a.name == name {
			return a
		}
	}
	return nil
}

func byCurve(curve elliptic.Curve) *ecAlgorithm {
	for _, a := range ecAlgorithms {
		if a.curve == curve {
			return a
		}
	}
	return nil
}

func byCrv(crv string) *ecAlgorithm {
	for _, a := range ecAlgorithms {
		if a.crv == crv {
			return a
		}
	}
	return nil
}

func knownAlg(name string) bool { return name == algEdDSA || byAlg(name) != nil }

// Algorithm names the one algorithm that a public key signs with: ES256,
// ES384, ES512 or EdDSA. Any other key is an Error with CodeKey.
func Algorithm(pub crypto.PublicKey) (string, error) {
	switch pub := pub.(type) {
	case *ecdsa.PublicKey:
		if pub != nil {
			if a := byCurve(pub.Curve); a != nil {
				return a.name, nil
			}
		}
	case ed25519.PublicKey:
		if len(pub) == ed25519Size {
			return algEdDSA, nil
		}
	}
	return "", refuse(CodeKey, "no algorithm of ours signs with a key of type %T", pub)
}
