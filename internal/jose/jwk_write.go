package jose

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
)

// Public returns the key; nil for the zero JWK.
func (k JWK) Public() crypto.PublicKey { return k.pub }

// required is the key's required members in the order of RFC 7638 section 3.2.
type required struct {
	Crv string `json:"crv"`
	Kty string `json:"kty"`
	X   string `json:"x"`
	Y   string `json:"y,omitempty"`
}

func (k JWK) required() required {
	switch pub := k.pub.(type) {
	case ed25519.PublicKey:
		return required{Crv: crvEd25519, Kty: "OKP", X: base64.RawURLEncoding.EncodeToString(pub)}
	case *ecdsa.PublicKey:
		a := byCurve(pub.Curve)
		point, err := pub.Bytes()
		if err != nil {
			return required{} // cannot be: every way to a JWK has checked the point
		}
		x, y := point[1:1+a.size], point[1+a.size:]
		return required{Crv: a.crv, Kty: "EC", X: base64.RawURLEncoding.EncodeToString(x), Y: base64.RawURLEncoding.EncodeToString(y)}
	}
	return required{}
}

// Thumbprint is the SHA-256 thumbprint of RFC 7638 in base64url; "" for the
// zero JWK.
func (k JWK) Thumbprint() string {
	if k.pub == nil {
		return ""
	}
	canonical, err := json.Marshal(k.required())
	if err != nil {
		return "" // cannot be: four strings
	}
	sum := sha256.Sum256(canonical)
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// MarshalJSON writes the public key, its members in alphabetical order.
func (k JWK) MarshalJSON() ([]byte, error) {
	if k.pub == nil {
		return nil, refuse(CodeKey, "no key to write")
	}
	r := k.required()
	return json.Marshal(struct {
		Alg    string   `json:"alg,omitempty"`
		Crv    string   `json:"crv"`
		KeyOps []string `json:"key_ops,omitempty"`
		Kid    string   `json:"kid,omitempty"`
		Kty    string   `json:"kty"`
		Use    string   `json:"use,omitempty"`
		X      string   `json:"x"`
		Y      string   `json:"y,omitempty"`
	}{k.Alg, r.Crv, k.KeyOps, k.Kid, r.Kty, k.Use, r.X, r.Y})
}

// UnmarshalJSON is ParseJWK for keys inside other documents.
func (k *JWK) UnmarshalJSON(data []byte) error {
	parsed, err := ParseJWK(data)
	if err != nil {
		return err
	}
	*k = parsed
	return nil
}
