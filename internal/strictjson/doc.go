// Package strictjson reads JSON in one way only, so that no two readers of the
// same signed bytes can see two different documents in them.
//
// The attacker is whoever writes the text. RFC 8259 leaves open what a reader
// does with a name that comes twice, with a lone surrogate, with a number that
// no float64 holds; each answer is a parser differential (the signature is
// checked on one document, the person sees another). RFC 7493 (I-JSON) closes
// those questions and this package refuses whatever it leaves out: names are
// unique and case-sensitive, text is valid UTF-8 without a byte order mark,
// nothing follows the value, depth and size are bounded.
//
// Check is on the hot path of every verification, so it is one pass over the
// bytes with next to no allocation; the tests hold it equal to
// go-json-experiment's reader, which also does the decoding.
package strictjson

import "fmt"

// Bounds of what is read. The largest honest text is the bundle of a large
// country; a learner's credential has 3 KB and 8 levels.
const (
	MaxSize  = 64 << 20 // bytes
	MaxDepth = 64       // nested objects and arrays
)

// Codes of an Error.
const (
	CodeJSON      = "json"           // not one well-formed value, or not of the shape asked for
	CodeDuplicate = "json_duplicate" // a name twice in one object
	CodeDepth     = "depth"          // deeper than MaxDepth
	CodeNumber    = "number"         // beyond ±(2^53-1) as an integer, not finite, minus zero, not JSON's grammar
	CodeSize      = "size"           // longer than MaxSize
)

// Error says why a text is refused and where. It never repeats the text.
type Error struct {
	Code    string
	Pointer string // RFC 6901; "" is the whole value
	Offset  int64  // bytes from the start
	Err     error  // the decoder's own error, if it was the decoder's
}

func (e *Error) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("json: %s at byte %d, pointer %q: %v", e.Code, e.Offset, e.Pointer, e.Err)
	}
	return fmt.Sprintf("json: %s at byte %d, pointer %q", e.Code, e.Offset, e.Pointer)
}

func (e *Error) Unwrap() error { return e.Err }
