package sockstore

import (
	"context"
	"errors"

	"github.com/employment-passport/passport/issuer"
)

// Fault is a refusal of the server's store: what boltstore.Error says.
type Fault struct {
	Code, Path, PID, Detail string
}

// wireError is an error on its way to the client.
type wireError struct {
	Kind  string
	Text  string
	Code  string            // of an *issuer.Error
	Args  map[string]string // likewise
	Fault Fault
}

const (
	kindPlain  = "plain"
	kindIssuer = "issuer"
	kindStore  = "store"
)

// sentinels are the errors that are the same thing on both sides.
var sentinels = map[string]error{
	"not found": issuer.ErrNotFound,
	"stopped":   ErrServerStopped,
	"stalled":   ErrStalled,
	"release":   ErrOtherRelease,
	"canceled":  context.Canceled,
	"deadline":  context.DeadlineExceeded,
}

// remote is an error of the server with what it is.
type remote struct {
	text string
	is   error // may be nil
}

func (e *remote) Error() string { return e.text }
func (e *remote) Unwrap() error { return e.is }

// wireOf makes the wire form of an error; nil stays nil.
func (s Served) wireOf(err error) *wireError {
	if err == nil {
		return nil
	}
	e := &wireError{Kind: kindPlain, Text: err.Error()}
	var refused *issuer.Error
	if errors.As(err, &refused) {
		e.Kind, e.Code, e.Args = kindIssuer, refused.Code, refused.Args
		e.Text = ""
		if refused.Err != nil {
			e.Text = refused.Err.Error()
		}
		return e
	}
	if s.Fault != nil {
		if fault, is := s.Fault(err); is {
			e.Kind, e.Fault = kindStore, fault
			return e
		}
	}
	for kind, is := range sentinels {
		if errors.Is(err, is) {
			e.Kind = kind
		}
	}
	return e
}

// errorOf makes the error again.
func (s *Store) errorOf(e *wireError) error {
	switch {
	case e == nil:
		return errors.New("the server answered out of turn")
	case e.Kind == kindIssuer:
		refused := &issuer.Error{Code: e.Code, Args: e.Args}
		if refused.Args == nil {
			refused.Args = map[string]string{}
		}
		if e.Text != "" {
			refused.Err = errors.New(e.Text)
		}
		return refused
	case e.Kind == kindStore && s.fault != nil:
		return s.fault(e.Fault)
	case e.Text == "":
		return &remote{"the server refused", sentinels[e.Kind]}
	}
	return &remote{e.Text, sentinels[e.Kind]}
}
