package jose

import (
	"cmp"
	"encoding/base64"
	"strings"

	"github.com/employment-passport/passport/internal/strictjson"
)

// envelope is a token taken apart. Nothing in it is verified.
type envelope struct {
	header     Header
	typ        Type   // the one expected, else the one that the header names
	signed     string // header.payload as on the wire: what the signature covers
	encPayload string
	signature  []byte
}

// open is the gate: it takes the compact form apart and refuses everything
// that RFC 7515 or a lenient library would leave to taste. want is the type
// that must stand in the header; empty takes any. max is in bytes; 0 takes the
// limit of whatever type the header names.
func open(token string, want Type, max int) (*envelope, error) {
	if len(token) > MaxSigned || max > 0 && len(token) > max {
		return nil, refuse(CodeSize, "the token is longer than its limit")
	}
	encHeader, rest, err := cutHeader(token)
	if err != nil {
		return nil, err
	}
	header, err := parseHeader(encHeader, want)
	if err != nil {
		return nil, err
	}
	if max == 0 && len(token) > Type(header.Typ).limit() {
		return nil, refuse(CodeSize, "the token is longer than its limit")
	}
	encPayload, encSignature, ok := strings.Cut(rest, ".")
	if !ok || encPayload == "" || encSignature == "" || strings.Contains(encSignature, ".") {
		return nil, refuse(CodeStructure, "not three segments that say something")
	}
	signature, err := decodeSegment(encSignature)
	if err != nil {
		return nil, err
	}
	return &envelope{
		header: header, typ: cmp.Or(want, Type(header.Typ)), encPayload: encPayload, signature: signature,
		signed: token[:len(encHeader)+1+len(encPayload)],
	}, nil
}

// cutHeader looks for the first dot where a header can end, and no further:
// two million dots cost what two cost (A22).
func cutHeader(token string) (header, rest string, err error) {
	window := token[:min(len(token), base64.RawURLEncoding.EncodedLen(MaxHeader)+1)]
	dot := strings.IndexByte(window, '.')
	switch {
	case dot < 0 && len(window) < len(token):
		return "", "", refuse(CodeStructure, "the header is longer than %d bytes", MaxHeader)
	case dot <= 0 || token[0] == '{': // JSON serialisations start so (A23)
		return "", "", refuse(CodeStructure, "not the compact form")
	}
	return token[:dot], token[dot+1:], nil
}

// payload decodes what the token carries and reads its JSON strictly.
func (e *envelope) payload() ([]byte, error) {
	payload, err := decodeSegment(e.encPayload)
	if err != nil {
		return nil, err
	}
	if err := checkPayload(e.typ, payload); err != nil {
		return nil, err
	}
	return payload, nil
}

// strictBase64 refuses padding, a foreign alphabet and unused bits that are
// not zero, but skips CR and LF: decodeSegment refuses those (A16 to A20).
var strictBase64 = base64.RawURLEncoding.Strict()

func decodeSegment(segment string) ([]byte, error) {
	if strings.IndexByte(segment, '\n') >= 0 || strings.IndexByte(segment, '\r') >= 0 {
		return nil, refuse(CodeEncoding, "a line break inside a segment")
	}
	decoded, err := strictBase64.DecodeString(segment)
	if err != nil {
		return nil, &Error{Code: CodeEncoding, Err: err}
	}
	return decoded, nil
}

func checkPayload(typ Type, payload []byte) error {
	claims := claims{typ: typ}
	if err := strictjson.CheckObject(payload, claims.see); err != nil {
		return refuseJSON("payload", err)
	}
	if claims.bad != "" {
		return refuse(CodeClaim, "the claim %s has a form or a place it must not have", claims.bad)
	}
	return nil
}
