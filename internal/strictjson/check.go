package strictjson

import (
	"bytes"
	"strconv"
	"strings"
)

// Check accepts exactly one JSON value, of any kind, that has one reading only
// (see the package comment). The error is an *Error.
func Check(data []byte) error { return check(data, nil, false) }

// CheckObject is Check for a text that must be an object. It hands each member
// of that outermost object to visit, in order, with the name unescaped and the
// value as written. visit runs before the rest of the text has been read: it
// may note what it sees, and must not act on it until CheckObject returns nil.
func CheckObject(data []byte, visit func(name, value []byte)) error {
	return check(data, visit, true)
}

func check(data []byte, visit func(name, value []byte), object bool) error {
	if len(data) > MaxSize {
		return &Error{Code: CodeSize, Offset: MaxSize}
	}
	s := scanner{data: data, visit: visit, names: make([][]byte, 0, 48)}
	s.space()
	if object && s.peek() != '{' {
		return s.fail(CodeJSON)
	}
	if err := s.value(0); err != nil {
		return err
	}
	s.space()
	if s.pos != len(data) {
		return s.fail(CodeJSON) // C03: one value, and nothing behind it
	}
	return nil
}

// scanner walks the text once. names holds the names seen so far of every open
// object, the innermost last.
type scanner struct {
	data  []byte
	pos   int
	names [][]byte
	visit func(name, value []byte) // members of the outermost object
}

func (s *scanner) fail(code string) *Error { return &Error{Code: code, Offset: int64(s.pos)} }

// peek returns the next byte, or 0 at the end: no JSON token starts with NUL.
func (s *scanner) peek() byte {
	if s.pos < len(s.data) {
		return s.data[s.pos]
	}
	return 0
}

func (s *scanner) space() {
	for s.pos < len(s.data) {
		switch s.data[s.pos] {
		case ' ', '\t', '\n', '\r':
			s.pos++
		default:
			return
		}
	}
}

func (s *scanner) value(depth int) *Error {
	switch c := s.peek(); c {
	case '"':
		_, err := s.text()
		return err
	case '{':
		return s.object(depth + 1)
	case '[':
		return s.array(depth + 1)
	case 't':
		return s.literal("true")
	case 'f':
		return s.literal("false")
	case 'n':
		return s.literal("null")
	case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		return s.number()
	case '+', '.': // +1 and .5 are numbers elsewhere (C09)
		return s.fail(CodeNumber)
	default:
		if rest := s.data[s.pos:]; bytes.HasPrefix(rest, []byte("NaN")) || bytes.HasPrefix(rest, []byte("Inf")) {
			return s.fail(CodeNumber)
		}
		return s.fail(CodeJSON)
	}
}

func (s *scanner) literal(word string) *Error {
	if !bytes.HasPrefix(s.data[s.pos:], []byte(word)) {
		return s.fail(CodeJSON)
	}
	s.pos += len(word)
	return nil
}

func (s *scanner) array(depth int) *Error {
	if depth > MaxDepth {
		return s.fail(CodeDepth)
	}
	s.pos++
	s.space()
	if s.peek() == ']' {
		s.pos++
		return nil
	}
	for i := 0; ; i++ {
		s.space()
		if err := s.value(depth); err != nil {
			return err.under(strconv.Itoa(i))
		}
		s.space()
		switch s.peek() {
		case ',':
			s.pos++
		case ']':
			s.pos++
			return nil
		default:
			return s.fail(CodeJSON)
		}
	}
}

func (s *scanner) object(depth int) *Error {
	if depth > MaxDepth {
		return s.fail(CodeDepth)
	}
	seen := nameSet{first: len(s.names)}
	s.pos++
	s.space()
	if s.peek() == '}' {
		s.pos++
		return nil
	}
	for {
		s.space()
		if err := s.member(depth, &seen); err != nil {
			return err
		}
		s.space()
		switch s.peek() {
		case ',':
			s.pos++
		case '}':
			s.pos++
			s.names = s.names[:seen.first]
			return nil
		default:
			return s.fail(CodeJSON)
		}
	}
}

func (s *scanner) member(depth int, seen *nameSet) *Error {
	if s.peek() != '"' {
		return s.fail(CodeJSON)
	}
	start := s.pos
	name, err := s.text()
	if err != nil {
		return err
	}
	if !seen.add(s, name) {
		s.pos = start
		return s.fail(CodeDuplicate).under(string(name))
	}
	s.space()
	if s.peek() != ':' {
		return s.fail(CodeJSON).under(string(name))
	}
	s.pos++
	s.space()
	from := s.pos
	if err := s.value(depth); err != nil {
		return err.under(string(name))
	}
	if depth == 1 && s.visit != nil {
		s.visit(name, s.data[from:s.pos])
	}
	return nil
}

// under puts a reference token before the pointer, as the error climbs out.
func (e *Error) under(token string) *Error {
	token = strings.ReplaceAll(strings.ReplaceAll(token, "~", "~0"), "/", "~1")
	e.Pointer = "/" + token + e.Pointer
	return e
}
