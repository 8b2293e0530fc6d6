package issuer

import (
	"errors"
	"fmt"
)

// ErrNoKey says that there is no key to sign with.
var ErrNoKey = errors.New("no key to sign with")

// What a Store says when it can be written no more: its errors are one of these
// to errors.Is.
var (
	ErrStoreFull    = errors.New("no room left")            // nothing was written; it goes on once there is room
	ErrStoreStopped = errors.New("the store takes no more") // a write failed and left its outcome unknown
)

// Error is a refusal that a person can act on. Code is stable; its words stand
// in the catalogue under error.CODE and hint.CODE.
type Error struct {
	Code string
	Args map[string]string
	Err  error // the cause, for errors.Is; may be nil
}

func (e *Error) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("%s %v: %v", e.Code, e.Args, e.Err)
	}
	return fmt.Sprintf("%s %v", e.Code, e.Args)
}

func (e *Error) Unwrap() error { return e.Err }

// refuse makes an Error; args are name, value pairs for the sentence.
func refuse(code string, args ...string) *Error {
	e := &Error{Code: code, Args: map[string]string{}}
	for i := 0; i+1 < len(args); i += 2 {
		e.Args[args[i]] = args[i+1]
	}
	return e
}

// because keeps the cause.
func (e *Error) because(err error) *Error {
	e.Err = err
	return e
}
