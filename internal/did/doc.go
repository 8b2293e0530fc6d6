// Package did reads and writes decentralised identifiers (W3C DID 1.0) of the
// methods key, jwk and web, and their documents. It does no I/O: did:web
// documents are brought by the caller, or by the package web beside this one.
//
// The attacker writes identifiers and documents. The promise is that each
// identifier has one spelling, that nothing in one can point a later request
// at another host or path than it shows, and that a document only ever speaks
// for its own DID, with keys that the jose package takes and for the purpose
// under which it lists them.
package did

import "fmt"

// Codes of an Error.
const (
	CodeDID     = "did"     // not a DID of ours, or a document that is not its own
	CodeSize    = "size"    // a document beyond the limits
	CodeKey     = "key"     // a key that we do not use, or two under one id
	CodeKid     = "kid"     // an id that names no key of this document
	CodePurpose = "purpose" // a key that stands there for something else
)

// Limits of what is read.
const (
	MaxDID      = 1 << 10   // bytes
	MaxDocument = 256 << 10 // bytes
	MaxMethods  = 100       // keys in a document
)

// Error is why an identifier, a document or a key in it is refused.
type Error struct {
	Code string
	Err  error
}

func (e *Error) Error() string { return "did: " + e.Code + ": " + e.Err.Error() }
func (e *Error) Unwrap() error { return e.Err }

func refuse(code, format string, args ...any) error {
	return &Error{Code: code, Err: fmt.Errorf(format, args...)}
}
