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
	low := lowS(e.header.Alg, e.signature)
	if &low[0] == &e.signature[0] {
		return token, nil
	}
	return e.signed + "." + base64.RawURLEncoding.EncodeToString(low), nil
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
	dot := strings.LastIndexByte(token, '.')
	signature, err := decodeSegment(token[dot+1:])
	if err != nil {
		return [sha256.Size]byte{}, err
	}
	if err := checkSignature(h.Alg, signature); err != nil {
		return [sha256.Size]byte{}, err
	}
	low := lowS(h.Alg, signature)
	if &low[0] == &signature[0] {
		return sha256.Sum256([]byte(token)), nil
	}
	return sha256.Sum256(base64.RawURLEncoding.AppendEncode([]byte(token[:dot+1]), low)), nil
}
