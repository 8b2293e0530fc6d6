package qr

import (
	"bytes"
	"encoding/binary"
	"strings"
)

// marker turns tokens into a text with markers and the raw values they stand
// for. What it cannot give back exactly it leaves as text.
type marker struct {
	text, raw []byte
	keys      []string
	ends      ended
	// plain holds values to leave as text although they have a marker: one
	// that comes twice is cheaper as text, which DEFLATE repeats for nothing.
	plain map[string]bool
	// seen counts the values met, so that the caller knows what may be plain.
	seen  map[string]int
	order []string // of first meeting
}

func mark(tokens []string, plain map[string]bool) *marker {
	m := &marker{plain: plain, seen: map[string]int{}}
	for i, token := range tokens {
		if i > 0 {
			m.text = append(m.text, markToken)
		}
		m.values([]byte(token), 0)
		m.ends.add(token)
	}
	return m
}

// values writes s, which is a token or a decoded part of one at depth.
func (m *marker) values(s []byte, depth int) {
	for i := 0; i < len(s); {
		n := 0
		if i == 0 || !isWord(s[i-1]) {
			n = m.word(s[i:], depth)
		}
		if n == 0 {
			m.text = append(m.text, s[i])
			n = 1
		}
		i += n
	}
}

// word tries every marker at the start of a word and gives the bytes it took.
func (m *marker) word(s []byte, depth int) int {
	run := s[:wordLen(s)]
	switch {
	case len(run) == 0:
		return 0
	case run[0] >= '0' && run[0] <= '9':
		return m.number(string(s[:min(len(s), uuidLen)]), string(run))
	case bytes.HasPrefix(s, []byte(didKeyPrefix)):
		return m.didKey(s)
	case bytes.HasPrefix(run, []byte("ey")):
		if n := m.jws(s, depth); n > 0 {
			return n
		}
	}
	return m.opaque(string(s[:min(len(s), uuidLen)]), string(run))
}

// number tries what starts with a digit: head is the next 36 characters, run
// the word alone.
func (m *marker) number(head, run string) int {
	// A midnight costs two bytes as a date and "T00:00:00Z" from the
	// dictionary, four as a time.
	if b, ok := timeBytes(head); ok && !strings.HasSuffix(head[:timeLen], "T00:00:00Z") {
		return m.put(markTime, head[:timeLen], b)
	}
	if b, ok := dateBytes(head); ok {
		return m.put(markDate, head[:dateLen], b)
	}
	if b, ok := integerBytes(run); ok {
		return m.put(markInteger, run, b)
	}
	return m.opaque(head, run)
}

// opaque tries the identifiers that look like nothing.
func (m *marker) opaque(head, run string) int {
	if b, ok := uuidBytes(head); ok {
		return m.put(markUUID, head[:uuidLen], b)
	}
	if len(run) != digestLen {
		return 0
	}
	for k := 1; k <= len(m.ends); k++ {
		if m.ends.hash(len(m.ends)-k) == run {
			return m.put(markHash, run, binary.AppendUvarint(nil, uint64(k)))
		}
	}
	if b, ok := base64Bytes(run); ok {
		return m.put(markDigest, run, b)
	}
	return 0
}

// put writes a marker and its raw value, or the value itself where the caller
// wants it plain, and gives the length of the value.
func (m *marker) put(mark byte, value string, raw []byte) int {
	if m.seen[value]++; m.seen[value] == 1 {
		m.order = append(m.order, value)
	}
	if m.plain[value] {
		m.text = append(m.text, value...)
	} else {
		m.text = append(m.text, mark)
		m.raw = append(m.raw, raw...)
	}
	return len(value)
}

func (m *marker) didKey(s []byte) int {
	n := len(didKeyPrefix)
	for n < len(s) && base58Index[s[n]] >= 0 {
		n++
	}
	did := string(s[:n])
	if m.plain[did] {
		return m.put(markDIDKey, did, nil)
	}
	for k := 1; k <= len(m.keys); k++ {
		if m.keys[len(m.keys)-k] == did {
			m.keys = append(m.keys, did)
			return m.put(markDIDKey, did, binary.AppendUvarint(nil, uint64(k)))
		}
	}
	if n > 2*maxDIDKey {
		return 0
	}
	b, ok := base58Bytes(did[len(didKeyPrefix):])
	if !ok || len(b) == 0 || len(b) > maxDIDKey || didKeyPrefix+base58Text(b) != did {
		return 0
	}
	m.keys = append(m.keys, did)
	raw := binary.AppendUvarint([]byte{0}, uint64(len(b)))
	return m.put(markDIDKey, did, append(raw, b...))
}

// jws splits a compact JWS whose parts are canonical base64url, whose header
// is an object and whose bytes leave room for markers.
func (m *marker) jws(s []byte, depth int) int {
	n := 0
	for n < len(s) && (isWord(s[n]) || s[n] == '.') {
		n++
	}
	token := string(s[:n])
	parts := strings.Split(token, ".")
	if len(parts) != 3 || depth == maxDepth {
		return 0
	}
	var part [3][]byte
	for i := range parts {
		b, ok := base64Bytes(parts[i])
		if !ok || i < 2 && hasMarker(b) {
			return 0
		}
		part[i] = b
	}
	if len(part[0]) == 0 || part[0][0] != '{' {
		return 0
	}
	m.text = append(m.text, markJWS)
	m.values(part[0], depth+1)
	m.text = append(m.text, markEnd)
	m.values(part[1], depth+1)
	m.text = append(m.text, markEnd)
	m.raw = binary.AppendUvarint(m.raw, uint64(len(part[2])))
	m.raw = append(m.raw, part[2]...)
	m.ends.add(token)
	return n
}

func hasMarker(b []byte) bool {
	for _, c := range b {
		if c >= markFirst {
			return true
		}
	}
	return false
}

// isWord tells the characters of base64url.
func isWord(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_'
}

func wordLen(s []byte) int {
	n := 0
	for n < len(s) && isWord(s[n]) {
		n++
	}
	return n
}
