// Package did reads and writes decentralised identifiers.
package did

import (
	"crypto"
	"errors"

	"github.com/employment-passport/passport/internal/jose"
)

type Error struct {
	Code string
	Err  error
}

func (e *Error) Error() string { return e.Code }
func (e *Error) Unwrap() error { return e.Err }

const (
	TypeJSONWebKey     = "JsonWebKey"
	TypeJSONWebKey2020 = "JsonWebKey2020"
)

type Document struct {
	ID                        string
	Methods                   []VerificationMethod
	Assertion, Authentication []string
}

type VerificationMethod struct {
	ID, Type, Controller string
	Key                  jose.JWK
}

var errSoon = errors.New("not yet")

func NewKey(pub crypto.PublicKey) (string, error)              { return "", errSoon }
func NewJWK(pub crypto.PublicKey) (string, error)              { return "", errSoon }
func Method(did string) (string, error)                        { return "", errSoon }
func Resolve(did string) (*Document, error)                    { return nil, errSoon }
func NewWeb(hostPort, path string) (string, error)             { return "", errSoon }
func WebURL(did string) (string, error)                        { return "", errSoon }
func ParseDocument(data []byte, did string) (*Document, error) { return nil, errSoon }
func (d *Document) MarshalJSON() ([]byte, error)               { return nil, errSoon }
func (d *Document) AssertionKey(kid string) (jose.JWK, error)  { return jose.JWK{}, errSoon }
func (d *Document) AuthenticationKey(kid string) (jose.JWK, error) {
	return jose.JWK{}, errSoon
}
