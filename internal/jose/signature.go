package jose

import (
	"bytes"
	"crypto/ed25519"
	"math/big"
)

// checkSignature judges the form of a signature: its length by the algorithm
// (no DER, A25), and r and s within [1, n-1] (RFC 7518 section 3.4, FIPS
// 186-5; A24).
func checkSignature(alg string, signature []byte) error {
	a := byAlg(alg)
	if a == nil {
		if len(signature) != ed25519.SignatureSize {
			return refuse(CodeSignature, "%d bytes where %s has %d", len(signature), alg, ed25519.SignatureSize)
		}
		return nil
	}
	if len(signature) != 2*a.size {
		return refuse(CodeSignature, "%d bytes where %s has %d", len(signature), alg, 2*a.size)
	}
	if r, s := signature[:a.size], signature[a.size:]; !a.inRange(r) || !a.inRange(s) {
		return refuse(CodeSignature, "r or s outside of the group")
	}
	return nil
}

func (a *ecAlgorithm) inRange(n []byte) bool {
	return bytes.Compare(n, a.order) < 0 && !zero(n)
}

func zero(n []byte) bool {
	for _, b := range n {
		if b != 0 {
			return false
		}
	}
	return true
}

// lowS returns the spelling of an ECDSA signature whose s is at most n/2. With
// (r, s) also (r, n-s) is a signature of the same content: anybody can make the
// one of the other, so only one of them may count when tokens are compared
// (A26). The argument stays as it is.
func lowS(alg string, signature []byte) []byte {
	a := byAlg(alg)
	if a == nil || bytes.Compare(signature[a.size:], a.half) <= 0 {
		return signature
	}
	low := bytes.Clone(signature)
	s := new(big.Int).SetBytes(signature[a.size:])
	s.Sub(a.curve.Params().N, s).FillBytes(low[a.size:])
	return low
}

// fromASN1 turns what a crypto.Signer makes (SEQUENCE of r and s) into the
// r||s of JOSE, with the low s.
func (a *ecAlgorithm) fromASN1(der []byte) ([]byte, error) {
	rb, sb, err := derSignature(der)
	if err != nil {
		return nil, &Error{Code: CodeSignature, Err: err}
	}
	r, s := new(big.Int).SetBytes(rb), new(big.Int).SetBytes(sb)
	if !a.fits(r) || !a.fits(s) {
		return nil, refuse(CodeSignature, "the signer made no signature of %s", a.name)
	}
	raw := make([]byte, 2*a.size)
	r.FillBytes(raw[:a.size])
	s.FillBytes(raw[a.size:])
	return lowS(a.name, raw), nil
}

func (a *ecAlgorithm) fits(n *big.Int) bool {
	return n.Sign() > 0 && n.Cmp(a.curve.Params().N) < 0
}
