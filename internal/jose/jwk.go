package jose

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"encoding/base64"
	"slices"

	"github.com/employment-passport/passport/internal/strictjson"
)

// maxJWK bounds a public key in JSON; the longest honest one has 400 bytes.
const maxJWK = 8 << 10

// JWK is a public key for signatures (RFC 7517; RFC 7518 section 6.2; RFC 8037
// section 2) that has been checked: the point is on the curve and not of small
// order, nothing private stands beside it, and use, key_ops and alg do not
// speak against verifying with it. The zero JWK holds no key.
type JWK struct {
	Kid    string
	Use    string // "" or "sig"
	KeyOps []string
	Alg    string // "" or the one that Algorithm names
	pub    crypto.PublicKey
}

// NewJWK wraps a public key: *ecdsa.PublicKey on P-256, P-384 or P-521, or
// ed25519.PublicKey.
func NewJWK(pub crypto.PublicKey) (JWK, error) {
	switch pub := pub.(type) {
	case *ecdsa.PublicKey:
		if pub == nil {
			return JWK{}, refuse(CodeKey, "no key")
		}
		a := byCurve(pub.Curve)
		if a == nil {
			return JWK{}, refuse(CodeKey, "a curve that we do not use")
		}
		if _, err := pub.Bytes(); err != nil { // the point is on the curve
			return JWK{}, &Error{Code: CodeKey, Err: err}
		}
		return JWK{pub: pub}, nil
	case ed25519.PublicKey:
		if err := checkEd25519(pub); err != nil {
			return JWK{}, err
		}
		return JWK{pub: pub}, nil
	}
	return JWK{}, refuse(CodeKey, "a key of type %T", pub)
}

// ParseJWK reads a public key from JSON. Refusals have CodeKey, and never
// repeat what they refused: it may be a private key.
func ParseJWK(data []byte) (JWK, error) {
	if len(data) > maxJWK {
		return JWK{}, refuse(CodeKey, "longer than %d bytes", maxJWK)
	}
	var m members
	if err := strictjson.CheckObject(data, m.see); err != nil {
		return JWK{}, &Error{Code: CodeKey, Err: err}
	}
	if m.private {
		return JWK{}, &Error{Code: CodeKey, Err: ErrPrivateKey}
	}
	if m.certificate {
		return JWK{}, refuse(CodeKey, "certificates decide nothing here")
	}
	if err := strictjson.UnmarshalChecked(data, &m.public); err != nil {
		return JWK{}, refuse(CodeKey, "a member of the wrong kind")
	}
	return m.public.key()
}

// members notes what stands in a JWK.
type members struct {
	public      publicMembers
	private     bool
	certificate bool
}

type publicMembers struct {
	Kty    string   `json:"kty"`
	Crv    string   `json:"crv"`
	X      string   `json:"x"`
	Y      *string  `json:"y"`
	Kid    string   `json:"kid"`
	Use    *string  `json:"use"`
	KeyOps []string `json:"key_ops"`
	Alg    *string  `json:"alg"`
}

func (m *members) see(name, _ []byte) {
	switch string(name) {
	case "d", "p", "q", "dp", "dq", "qi", "oth", "k": // RFC 7518 sections 6.2.2, 6.3.2, 6.4
		m.private = true
	case "x5u", "x5c":
		m.certificate = true
	}
}

func (p *publicMembers) key() (JWK, error) {
	pub, err := p.point()
	if err != nil {
		return JWK{}, err
	}
	alg, err := Algorithm(pub)
	switch {
	case err != nil:
		return JWK{}, err
	case p.Alg != nil && *p.Alg != alg:
		return JWK{}, refuse(CodeKey, "alg is not the one of the curve")
	case p.Use != nil && *p.Use != "sig": // B05
		return JWK{}, refuse(CodeKey, "use is not sig")
	case p.KeyOps != nil && !verifies(p.KeyOps):
		return JWK{}, refuse(CodeKey, "key_ops does not allow verifying")
	case p.Kid != "" && !validKid(p.Kid):
		return JWK{}, refuse(CodeKey, "kid has a form no key id has")
	}
	k := JWK{Kid: p.Kid, KeyOps: p.KeyOps, pub: pub}
	if p.Use != nil {
		k.Use = *p.Use
	}
	if p.Alg != nil {
		k.Alg = *p.Alg
	}
	return k, nil
}

// verifies: "verify" is there, and nothing but the matching "sign" beside it
// (RFC 7517 section 4.3: no duplicates, no unrelated operations).
func verifies(ops []string) bool {
	for i, op := range ops {
		if op != "verify" && op != "sign" || slices.Contains(ops[:i], op) {
			return false
		}
	}
	return slices.Contains(ops, "verify")
}

// point reads the coordinates, which have the full length of the curve's field
// (RFC 7518 section 6.2.1.2; B02, B03).
func (p *publicMembers) point() (crypto.PublicKey, error) {
	if p.Kty == "OKP" && p.Crv == crvEd25519 && p.Y == nil {
		x, err := coordinate(p.X, ed25519Size)
		if err != nil {
			return nil, err
		}
		return ed25519.PublicKey(x), checkEd25519(x)
	}
	a := byCrv(p.Crv)
	if p.Kty != "EC" || a == nil || p.Y == nil {
		return nil, refuse(CodeKey, "not a key on P-256, P-384, P-521 or Ed25519") // RSA and oct too (B06)
	}
	x, err := coordinate(p.X, a.size)
	if err != nil {
		return nil, err
	}
	y, err := coordinate(*p.Y, a.size)
	if err != nil {
		return nil, err
	}
	pub, err := ecdsa.ParseUncompressedPublicKey(a.curve, slices.Concat([]byte{4}, x, y))
	if err != nil { // not on the curve, or not below the field's prime (B01)
		return nil, &Error{Code: CodeKey, Err: err}
	}
	return pub, nil
}

func coordinate(encoded string, size int) ([]byte, error) {
	if len(encoded) != base64.RawURLEncoding.EncodedLen(size) {
		return nil, refuse(CodeKey, "a coordinate that is not %d bytes long", size)
	}
	raw, err := decodeSegment(encoded)
	if err != nil || len(raw) != size {
		return nil, refuse(CodeKey, "a coordinate that is not base64url of %d bytes", size)
	}
	return raw, nil
}
