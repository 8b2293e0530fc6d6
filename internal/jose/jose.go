// Package jose signs and verifies the tokens of Passport.
package jose

import (
	"context"
	"crypto"
	"errors"
)

type Type string

const (
	TypeVC              Type = "vc+jwt"
	TypeVP              Type = "vp+jwt"
	TypeBundle          Type = "passport-bundle+jwt"
	TypeDelegation      Type = "passport-delegation+jwt"
	TypeStatusAssertion Type = "status-assertion+jwt"
)

type Header struct{ Alg, Kid, Typ, Cty string }

type KeyFunc func(ctx context.Context, h Header, unverified []byte) (crypto.PublicKey, error)

type Error struct {
	Code string
	Err  error
}

func (e *Error) Error() string { return e.Code }
func (e *Error) Unwrap() error { return e.Err }

var errSoon = errors.New("not yet")

func Sign(ctx context.Context, typ Type, kid string, key crypto.Signer, payload []byte) (string, error) {
	return "", errSoon
}
func Verify(ctx context.Context, typ Type, token string, keys KeyFunc) (Header, []byte, error) {
	return Header{}, nil, errSoon
}
func ParseUnverified(token string) (Header, []byte, error) { return Header{}, nil, errSoon }
func Canonical(token string) (string, error)               { return "", errSoon }
func CredentialHash(token string) (string, error)          { return "", errSoon }
func Digest(token string) ([16]byte, error)                { return [16]byte{}, errSoon }
func Algorithm(pub crypto.PublicKey) (string, error)       { return "", errSoon }

type JWK struct {
	Kid, Use, Alg string
	KeyOps        []string
	pub           crypto.PublicKey
}

func ParseJWK(data []byte) (JWK, error)        { return JWK{}, errSoon }
func NewJWK(pub crypto.PublicKey) (JWK, error) { return JWK{}, errSoon }
func (k JWK) Public() crypto.PublicKey         { return k.pub }
func (k JWK) Thumbprint() string               { return "" }
func (k JWK) MarshalJSON() ([]byte, error)     { return nil, errSoon }
func (k *JWK) UnmarshalJSON(data []byte) error { return errSoon }
