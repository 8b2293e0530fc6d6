package did

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"slices"
	"strings"

	"github.com/employment-passport/passport/internal/jose"
)

// codec is a row of the multicodec table: the varint in its shortest form, and
// the curve of the compressed point behind it. Comparing the bytes of the
// prefix refuses every longer varint (B11).
type codec struct {
	prefix []byte
	curve  elliptic.Curve // nil for Ed25519
	size   int            // bytes of the key
}

var codecs = []codec{
	{[]byte{0xed, 0x01}, nil, ed25519.PublicKeySize}, // ed25519-pub
	{[]byte{0x80, 0x24}, elliptic.P256(), 33},        // p256-pub 0x1200
	{[]byte{0x81, 0x24}, elliptic.P384(), 49},        // p384-pub 0x1201
	{[]byte{0x82, 0x24}, elliptic.P521(), 67},        // p521-pub 0x1202
}

// NewKey returns the did:key of a public key (P-256, P-384, P-521, Ed25519).
func NewKey(pub crypto.PublicKey) (string, error) {
	if _, err := jose.NewJWK(pub); err != nil {
		return "", &Error{Code: CodeKey, Err: err}
	}
	for _, c := range codecs {
		switch pub := pub.(type) {
		case ed25519.PublicKey:
			if c.curve == nil {
				return "did:key:z" + encodeBase58(slices.Concat(c.prefix, pub)), nil
			}
		case *ecdsa.PublicKey:
			if c.curve == pub.Curve {
				return "did:key:z" + encodeBase58(slices.Concat(c.prefix, compress(pub))), nil
			}
		}
	}
	return "", refuse(CodeKey, "no did:key for a key of type %T", pub)
}

// parseKey reads the multibase name of a did:key.
func parseKey(name string) (jose.JWK, error) {
	encoded, ok := strings.CutPrefix(name, "z") // base58btc, and no other base
	if !ok {
		return jose.JWK{}, refuse(CodeDID, "did:key has base58btc behind a z")
	}
	raw, ok := decodeBase58(encoded)
	if !ok {
		return jose.JWK{}, refuse(CodeDID, "not base58btc")
	}
	for _, c := range codecs {
		if key, ok := strings.CutPrefix(string(raw), string(c.prefix)); ok && len(key) == c.size {
			return c.parse([]byte(key))
		}
	}
	return jose.JWK{}, refuse(CodeDID, "not the codec and the length of a key that we use")
}

func (c codec) parse(key []byte) (jose.JWK, error) {
	if c.curve == nil {
		return newJWK(ed25519.PublicKey(key))
	}
	pub, err := decompress(c.curve, key)
	if err != nil {
		return jose.JWK{}, err
	}
	return newJWK(pub)
}

func newJWK(pub crypto.PublicKey) (jose.JWK, error) {
	key, err := jose.NewJWK(pub)
	if err != nil {
		return jose.JWK{}, &Error{Code: CodeKey, Err: err}
	}
	return key, nil
}

// compress writes a point as SEC 1 section 2.3.3 does: its x, and one bit of y.
func compress(pub *ecdsa.PublicKey) []byte {
	point, err := pub.Bytes()
	if err != nil {
		return nil // cannot be: jose.NewJWK has checked the point
	}
	size := (len(point) - 1) / 2
	return append([]byte{2 | point[len(point)-1]&1}, point[1:1+size]...)
}

func decompress(curve elliptic.Curve, point []byte) (*ecdsa.PublicKey, error) {
	x, y := elliptic.UnmarshalCompressed(curve, point)
	if x == nil {
		return nil, refuse(CodeKey, "not a point of %s", curve.Params().Name)
	}
	size := len(point) - 1
	full := slices.Concat([]byte{4}, fill(x, size), fill(y, size))
	pub, err := ecdsa.ParseUncompressedPublicKey(curve, full)
	if err != nil {
		return nil, &Error{Code: CodeKey, Err: err}
	}
	return pub, nil
}

func fill(n *big.Int, size int) []byte { return n.FillBytes(make([]byte, size)) }

// NewJWK returns the did:jwk of a public key (P-256, P-384, P-521, Ed25519).
func NewJWK(pub crypto.PublicKey) (string, error) {
	key, err := newJWK(pub)
	if err != nil {
		return "", err
	}
	text, err := json.Marshal(key)
	if err != nil {
		return "", &Error{Code: CodeKey, Err: err}
	}
	return "did:jwk:" + base64.RawURLEncoding.EncodeToString(text), nil
}

var strictBase64 = base64.RawURLEncoding.Strict()

// parseJWK reads the name of a did:jwk: base64url of a JWK. Spaces in it are
// refused, as every space is another identifier of the same key (B12); the
// order of members stays free, as wallets differ there.
func parseJWK(name string) (jose.JWK, error) {
	text, err := strictBase64.DecodeString(name)
	if err != nil || strings.ContainsAny(name, "\r\n") {
		return jose.JWK{}, refuse(CodeDID, "not base64url without padding")
	}
	if strings.ContainsAny(string(text), " \t\r\n") {
		return jose.JWK{}, refuse(CodeDID, "spaces inside the key")
	}
	key, err := jose.ParseJWK(text)
	if err != nil {
		return jose.JWK{}, &Error{Code: CodeKey, Err: err}
	}
	return key, nil
}
