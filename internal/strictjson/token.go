package strictjson

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// Kinds of bytes inside a string.
const (
	plain   = iota // stands for itself
	quote          // ends the string
	escape         // starts an escape
	control        // must be escaped (RFC 8259 section 7)
	wide           // part of a longer UTF-8 sequence
)

var inString = func() (kinds [256]uint8) {
	for b := range kinds {
		switch {
		case b < 0x20:
			kinds[b] = control
		case b == '"':
			kinds[b] = quote
		case b == '\\':
			kinds[b] = escape
		case b >= utf8.RuneSelf:
			kinds[b] = wide
		}
	}
	return kinds
}()

// text reads a string and returns what it says. Without escapes that is a part
// of the input.
func (s *scanner) text() ([]byte, *Error) {
	start := s.pos
	escaped := false
	s.pos++
	for {
		s.pos = afterPlain(s.data, s.pos)
		if s.pos == len(s.data) {
			return nil, s.fail(CodeJSON)
		}
		switch inString[s.data[s.pos]] {
		case quote:
			s.pos++
			if escaped {
				return unescape(s.data[start:s.pos]), nil
			}
			return s.data[start+1 : s.pos-1], nil
		case escape:
			escaped = true
			if err := s.escape(); err != nil {
				return nil, err
			}
		case wide:
			// Refuses overlong forms and surrogates in UTF-8 too (C04).
			r, size := utf8.DecodeRune(s.data[s.pos:])
			if r == utf8.RuneError && size == 1 {
				return nil, s.fail(CodeJSON)
			}
			s.pos += size
		default:
			return nil, s.fail(CodeJSON)
		}
	}
}

// afterPlain returns the first place from i on where a byte does not stand for
// itself. Most of a credential passes through here, so it looks at eight bytes
// at once: a byte is special when it is above 0x7f, below 0x20, or equal to
// the quote or the backslash (subtracting without borrow sets its high bit).
func afterPlain(data []byte, i int) int {
	const ones, high = 0x0101010101010101, 0x8080808080808080
	for ; i+8 <= len(data); i += 8 {
		w := binary.LittleEndian.Uint64(data[i:])
		q, e := w^(ones*'"'), w^(ones*'\\')
		special := (w | (w - ones*0x20) | (q - ones) | (e - ones)) & high
		if special != 0 {
			// A borrow can only mark bytes above the first special one.
			return i + bits.TrailingZeros64(special)/8
		}
	}
	for i < len(data) && inString[data[i]] == plain {
		i++
	}
	return i
}

// unescape is called on a string that has been found well-formed.
func unescape(quoted []byte) []byte {
	plain, err := jsontext.AppendUnquote(nil, quoted)
	if err != nil {
		panic("strictjson: a checked string does not unquote: " + err.Error())
	}
	return plain
}

func (s *scanner) escape() *Error {
	if s.pos+1 >= len(s.data) {
		return s.fail(CodeJSON)
	}
	switch s.data[s.pos+1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		s.pos += 2
		return nil
	case 'u':
		return s.unicode()
	default:
		return s.fail(CodeJSON)
	}
}

// unicode reads \uXXXX, and both halves of a surrogate pair: half a pair is no
// character, and readers disagree on what to put in its place (C04).
func (s *scanner) unicode() *Error {
	unit, ok := s.unit(s.pos)
	switch {
	case !ok, unit >= 0xDC00 && unit <= 0xDFFF:
		return s.fail(CodeJSON)
	case unit < 0xD800 || unit > 0xDBFF:
		s.pos += 6
		return nil
	}
	low, ok := s.unit(s.pos + 6)
	if !ok || low < 0xDC00 || low > 0xDFFF {
		return s.fail(CodeJSON)
	}
	s.pos += 12
	return nil
}

// unit reads the UTF-16 unit of the escape \uXXXX that starts at i.
func (s *scanner) unit(i int) (uint16, bool) {
	if i+6 > len(s.data) || s.data[i] != '\\' || s.data[i+1] != 'u' {
		return 0, false
	}
	var unit uint16
	for _, c := range s.data[i+2 : i+6] {
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c >= 'a' && c <= 'f':
			c -= 'a' - 10
		case c >= 'A' && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, false
		}
		unit = unit<<4 | uint16(c)
	}
	return unit, true
}
