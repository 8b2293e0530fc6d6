package jose

import (
	"context"
	"crypto"
	"crypto/rand"
	"encoding/base64"
	"fmt"

	"github.com/go-json-experiment/json/jsontext"
)

// Sign makes a compact token of payload, a JSON object, which it signs as it
// stands. It refuses what Verify would refuse. The header is {alg, kid, typ}
// in that order; without kid the member is absent, and an Open Badge has no
// typ. alg is the one that the key demands.
//
// The signer may be a crypto.MessageSigner (WebCrypto and some HSMs hash for
// themselves) or a plain crypto.Signer; an ECDSA one gives ASN.1, and its s is
// made low.
func Sign(ctx context.Context, typ Type, kid string, key crypto.Signer, payload []byte) (string, error) {
	if key == nil {
		return "", refuse(CodeKey, "no key to sign with")
	}
	alg, err := Algorithm(key.Public())
	if err != nil {
		return "", err
	}
	header, err := composeHeader(alg, kid, typ)
	if err != nil {
		return "", err
	}
	if err := checkPayload(typ, payload); err != nil {
		return "", err
	}
	signed := make([]byte, 0, base64.RawURLEncoding.EncodedLen(len(header)+len(payload)+132)+4)
	signed = base64.RawURLEncoding.AppendEncode(signed, header)
	signed = append(signed, '.')
	signed = base64.RawURLEncoding.AppendEncode(signed, payload)
	if len(signed) > MaxSigned-256 {
		return "", refuse(CodeSize, "the payload is too long to be read again")
	}
	if err := ctx.Err(); err != nil { // the last moment at which nothing has happened
		return "", fmt.Errorf("sign: %w", err)
	}
	signature, err := signBytes(alg, key, signed)
	if err != nil {
		return "", err
	}
	return string(base64.RawURLEncoding.AppendEncode(append(signed, '.'), signature)), nil
}

func signBytes(alg string, key crypto.Signer, signed []byte) ([]byte, error) {
	a := byAlg(alg)
	if a == nil { // Ed25519 signs the message itself, not a hash of it
		signature, err := crypto.SignMessage(key, rand.Reader, signed, crypto.Hash(0))
		if err != nil {
			return nil, fmt.Errorf("sign with %s: %w", alg, err)
		}
		return signature, checkSignature(alg, signature)
	}
	der, err := crypto.SignMessage(key, rand.Reader, signed, a.hash)
	if err != nil {
		return nil, fmt.Errorf("sign with %s: %w", alg, err)
	}
	return a.fromASN1(der)
}

func composeHeader(alg, kid string, typ Type) ([]byte, error) {
	if typ == "" || !only(string(typ), "+-.") || len(typ) > 127 {
		return nil, refuse(CodeType, "no type to sign for")
	}
	if kid != "" && !validKid(kid) {
		return nil, refuse(CodeKid, "not a URI or a plain name of at most %d bytes", MaxKid)
	}
	header := append([]byte(`{"alg":"`), alg...)
	header = append(header, '"')
	if kid != "" {
		quoted, err := jsontext.AppendQuote(nil, kid)
		if err != nil {
			return nil, &Error{Code: CodeKid, Err: err}
		}
		header = append(append(header, `,"kid":`...), quoted...)
	}
	if typ != TypeOpenBadge {
		header = append(append(append(header, `,"typ":"`...), typ...), '"')
	}
	return append(header, '}'), nil
}
