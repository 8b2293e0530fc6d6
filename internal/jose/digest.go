package jose

import (
	"crypto/sha256"
	"encoding/base64"
	"strings"
)

// Canonical returns the one spelling under which a token is counted, hashed
// and compared: as the gate takes it, with the low S of ECDSA. A token that
// the gate refuses, or that is longer than MaxToken, has none. No signature is
// checked.
func Canonical(token string) (string, error) {
	e, err := open(token, "", MaxToken)
	if err != nil {
		return "", err
	}
	if err := checkSignature(e.header.Alg, e.signature); err != nil {
		return "", err
	}
	if _, err := decodeSegment(e.encPayload); err != nil {
		return "", err
	}
	return respell(token, e.header.Alg, e.signature), nil
}

// respell puts the low S into a token that has passed the gate.
func respell(token, alg string, signature []byte) string {
	low := lowS(alg, signature)
	if &low[0] == &signature[0] {
		return token
	}
	return token[:strings.LastIndexByte(token, '.')+1] + base64.RawURLEncoding.EncodeToString(low)
}

// CredentialHash is base64url(SHA-256(Canonical(token))), the credential_hash
// of a status assertion.
func CredentialHash(token string) (string, error) {
	sum, err := sum(token)
	if err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(sum[:]), nil
}

// Digest is the first half of the same SHA-256: the 16 bytes under which an
// authority denies or reaffirms a credential.
func Digest(token string) ([16]byte, error) {
	sum, err := sum(token)
	if err != nil {
		return [16]byte{}, err
	}
	return [16]byte(sum[:16]), nil
}

func sum(token string) ([sha256.Size]byte, error) {
	canonical, err := Canonical(token)
	if err != nil {
		return [sha256.Size]byte{}, err
	}
	return sha256.Sum256([]byte(canonical)), nil
}

// AcceptedSum is the SHA-256 of Canonical(token) for a token that Verify has
// accepted: CredentialHash is its base64url, Digest its first half. It spares
// a verifier the gate a second time; of another token it means nothing.
func AcceptedSum(h Header, token string) ([sha256.Size]byte, error) {
	signature, err := decodeSegment(token[strings.LastIndexByte(token, '.')+1:])
	if err != nil {
		return [sha256.Size]byte{}, err
	}
	if err := checkSignature(h.Alg, signature); err != nil {
		return [sha256.Size]byte{}, err
	}
	return sha256.Sum256([]byte(respell(token, h.Alg, signature))), nil
}
