package strictjson

import (
	"math"
	"strconv"
)

const safeInteger = 1<<53 - 1 // RFC 7493 section 2.2

// number reads a number that every reader holds exactly alike: an integer
// within ±(2^53-1), or a finite float; minus zero is two things to compare.
func (s *scanner) number() *Error {
	start := s.pos
	negative := s.peek() == '-'
	if negative {
		s.pos++
	}
	whole := s.pos
	if !s.digits() || s.data[whole] == '0' && s.pos > whole+1 {
		return s.failNumber(start)
	}
	integer := true
	if s.peek() == '.' {
		integer = false
		s.pos++
		if !s.digits() {
			return s.failNumber(start)
		}
	}
	if c := s.peek(); c == 'e' || c == 'E' {
		integer = false
		s.pos++
		if c := s.peek(); c == '+' || c == '-' {
			s.pos++
		}
		if !s.digits() {
			return s.failNumber(start)
		}
	}
	if !s.endsNumber() || !s.exact(whole, integer, negative) {
		return s.failNumber(start)
	}
	return nil
}

// exact judges the magnitude of the number that ends at the current place.
func (s *scanner) exact(whole int, integer, negative bool) bool {
	digits := s.data[whole:s.pos]
	if integer && len(digits) <= 15 { // the usual case, without parsing
		return !negative || digits[0] != '0'
	}
	if len(digits) > 1024 {
		return false // no honest number; and ParseFloat's work stays bounded
	}
	if integer {
		n, err := strconv.ParseUint(string(digits), 10, 64)
		return err == nil && n <= safeInteger
	}
	f, err := strconv.ParseFloat(string(digits), 64)
	return err == nil && !math.IsInf(f, 0) && !(negative && f == 0)
}

func (s *scanner) digits() bool {
	start := s.pos
	for s.pos < len(s.data) && s.data[s.pos] >= '0' && s.data[s.pos] <= '9' {
		s.pos++
	}
	return s.pos > start
}

// endsNumber refuses 0x10, 1_000, 1f: a number in another language (C09).
func (s *scanner) endsNumber() bool {
	switch c := s.peek(); {
	case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c == '_', c == '.', c == '+', c == '-':
		return false
	}
	return true
}

func (s *scanner) failNumber(start int) *Error {
	s.pos = start
	return s.fail(CodeNumber)
}
