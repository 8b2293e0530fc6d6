package jose

import (
	"context"
	"crypto"
	"errors"
	"fmt"
)

// KeyFunc finds the key that a token must be signed with. unverified is the
// payload before any signature check: it serves to read who claims to have
// signed, and nothing else may be taken from it. An error ends the
// verification and comes out of it unchanged for errors.Is and errors.As.
type KeyFunc func(ctx context.Context, h Header, unverified []byte) (crypto.PublicKey, error)

// Verify returns the header and the payload of a token that is of type typ and
// carries a good signature by the key that keys names. The payload has passed
// strictjson.Check and is an object; dates in it are not judged. Refusals are
// an *Error, and so is every refusal of the functions below.
func Verify(ctx context.Context, typ Type, token string, keys KeyFunc) (Header, []byte, error) {
	return VerifyWithin(ctx, typ.limit(), typ, token, keys)
}

// VerifyWithin is Verify with another limit of size, in bytes, for signed
// lists (status, recognition), which may be longer than a learner's document.
func VerifyWithin(ctx context.Context, max int, typ Type, token string, keys KeyFunc) (Header, []byte, error) {
	if typ == "" {
		return Header{}, nil, refuse(CodeType, "no type expected")
	}
	e, err := open(token, typ, max)
	if err != nil {
		return Header{}, nil, err
	}
	payload, err := e.payload()
	if err != nil {
		return Header{}, nil, err
	}
	key, err := keys(ctx, e.header, payload)
	if err != nil {
		return Header{}, nil, fmt.Errorf("find the key of the token: %w", err)
	}
	if err := e.verify(key); err != nil {
		return Header{}, nil, err
	}
	return e.header, payload, nil
}

// verify takes the algorithm from the key and compares it with the header,
// never the other way round (RFC 8725 section 3.1; A05, A08).
func (e *envelope) verify(key crypto.PublicKey) error {
	alg, err := Algorithm(key)
	if err != nil {
		return err
	}
	if alg != e.header.Alg {
		return refuse(CodeAlg, "the key demands %s", alg)
	}
	if err := checkSignature(alg, e.signature); err != nil {
		return err
	}
	ok, err := signatureFits(alg, []byte(e.signed), e.signature, key)
	if err != nil {
		return &Error{Code: CodeAlg, Err: err}
	}
	if !ok {
		return &Error{Code: CodeSignature, Err: errors.New("the signature does not fit the content and the key")}
	}
	return nil
}

// TypeOf reads the type that the header of a token names, to choose the format
// by which Verify is to judge it; empty for what the gate refuses. Nothing is
// verified.
func TypeOf(token string) Type {
	e, err := open(token, "", 0)
	if err != nil {
		return ""
	}
	return e.header.Type()
}

// ParseUnverified takes a token of any type through the whole gate without a
// signature check: to look into it, or to choose a path by its type. Nothing
// it returns may be believed.
func ParseUnverified(token string) (Header, []byte, error) {
	e, err := open(token, "", 0)
	if err != nil {
		return Header{}, nil, err
	}
	if err := checkSignature(e.header.Alg, e.signature); err != nil {
		return Header{}, nil, err
	}
	payload, err := e.payload()
	if err != nil {
		return Header{}, nil, err
	}
	return e.header, payload, nil
}
