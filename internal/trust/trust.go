// Package trust is what a verifier may believe without asking anybody: who was
// recognised to issue what and when, with which keys in which state, and the
// status lists that those bodies signed, in one numbered and dated file, the
// bundle.
//
// It promises that whatever comes out of an open Bundle hangs on the one root
// that the caller pinned: root → delegation → signing key → bundle →
// recognition list → status key → status list. No root, no bundle (ErrNoAnchor).
//
// The attackers are whoever made or changed the file, whoever stole a key (its
// state follows the key itself, whatever name it is given, and a date in a
// token proves nothing), a recognised body that wants to speak for another,
// and whoever wants one bad part to blind the reader to all the others: a part
// that fails is left out and told (Problems), and what it would have said is
// unknown.
//
// The package signs and reads. It opens no connection and no file, and keeps
// no clock: whether a bundle is too old is for the verifier to say, from
// Origin.
package trust

import (
	"errors"
	"fmt"
)

var (
	// ErrNoAnchor means that the caller pinned no root. Without one nothing can
	// be believed.
	ErrNoAnchor = errors.New("no trust anchor")

	// ErrBundle means that the whole bundle is refused; errors.As finds an
	// *Error with the reason.
	ErrBundle = errors.New("bundle refused")
)

// Codes of Error and Problem.
const (
	CodeAnchor     = "anchor"      // not a thumbprint, or no part of the chain hangs on it
	CodeSize       = "size"        // beyond a limit
	CodeFormat     = "format"      // not gzip, not JSON, a member with a wrong shape
	CodeSignature  = "signature"   // the token or its signature is bad
	CodeChain      = "chain"       // not signed by a key that the root delegated to
	CodeDelegation = "delegation"  // a delegation that is over-long, over, or not the root's to give
	CodeIssuer     = "issuer"      // speaks for somebody else
	CodeDates      = "dates"       // its dates contradict themselves or what is around it
	CodeOlder      = "older"       // a newer bundle has been seen
	CodeDuplicate  = "duplicate"   // said twice
	CodeKid        = "kid"         // a key's name is not its owner's, or names two keys
	CodeKey        = "key"         // not a usable public key
	CodeUse        = "use"         // a key for both uses, or used for the other one
	CodeState      = "state"       // a state that this version does not know
	CodeLimit      = "limit"       // beyond what the delegation allows
	CodeType       = "type"        // not the type of document that belongs here
	CodeURL        = "url"         // a list under an address that is another body's
	CodeHash       = "hash"        // a file beside the bundle is not the one that it names
	CodeMissing    = "missing"     // a file beside the bundle is not there
	CodeCompromise = "compromised" // signed with a key that is no longer believed
)

// Error is a refusal with its stable code.
type Error struct {
	Code   string
	Detail string // in English, for a log
	Err    error  // the cause; may be nil
}

func (e *Error) Error() string {
	s := "trust: " + e.Code
	if e.Detail != "" {
		s += ": " + e.Detail
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

func refuse(code, format string, args ...any) *Error {
	return &Error{Code: code, Detail: fmt.Sprintf(format, args...)}
}

func (e *Error) because(err error) *Error {
	e.Err = err
	return e
}

// Problem is a part of a bundle that was left out, and why. Everything that it
// would have said is unknown.
type Problem struct {
	Part    string // delegation, recognition, entity, key, list, definition, dictionary
	Subject string // a DID, a kid, a URL or a position; as its author wrote it
	Code    string
	Err     error
}

func (p Problem) Error() string { return p.Part + " " + p.Subject + ": " + p.Err.Error() }

// Unwrap gives the cause.
func (p Problem) Unwrap() error { return p.Err }

// problems gathers what was left out while a bundle is opened.
type problems []Problem

func (p *problems) add(part, subject string, err error) {
	code := CodeFormat
	var refused *Error
	if errors.As(err, &refused) {
		code = refused.Code
	}
	*p = append(*p, Problem{Part: part, Subject: subject, Code: code, Err: err})
}
