package jose

import (
	"errors"
	"fmt"

	"github.com/employment-passport/passport/internal/strictjson"
)

// Codes of an Error. Those of the payload's JSON are strictjson's.
const (
	CodeSize      = "size"      // longer than the limit of its type
	CodeStructure = "structure" // not header.payload.signature, or a header that is no JSON object
	CodeEncoding  = "encoding"  // not strict base64url
	CodeAlg       = "alg"       // an algorithm we do not take, or not the key's
	CodeHeader    = "header"    // a parameter that would hand the choice of key or meaning to the sender
	CodeKid       = "kid"       // a key id of a form no key id has
	CodeCrit      = "crit"      // extensions that must be understood, and are not
	CodeType      = "type"      // another kind of token than expected
	CodeKey       = "key"       // a key that we do not use
	CodeSignature = "signature" // does not fit the content and the key
	CodeClaim     = "claim"     // a registered claim of the wrong form, or one that must not be there
)

// Error is why a token or a key is refused. It never holds a part of the token.
type Error struct {
	Code string
	Err  error
}

func (e *Error) Error() string { return "jose: " + e.Code + ": " + e.Err.Error() }
func (e *Error) Unwrap() error { return e.Err }

// ErrPrivateKey: somebody has published a private key. Whoever could read it
// can sign with it, so this deserves louder words than a broken key (B04).
var ErrPrivateKey = errors.New("a private key stands where a public one belongs")

func refuse(code, format string, args ...any) error {
	return &Error{Code: code, Err: fmt.Errorf(format, args...)}
}

// refuseJSON carries strictjson's code over.
func refuseJSON(what string, err error) error {
	code := strictjson.CodeJSON
	var failed *strictjson.Error
	if errors.As(err, &failed) {
		code = failed.Code
	}
	return &Error{Code: code, Err: fmt.Errorf("%s: %w", what, err)}
}
