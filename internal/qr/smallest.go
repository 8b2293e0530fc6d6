package qr

import "bytes"

// packSmallest decides, value by value, whether a marker or the value itself
// is cheaper: DEFLATE says a second time for 3 bytes what raw would repeat in
// full, and an identifier that the dictionary holds costs as little.
func packSmallest(tokens []string, dict Dictionary, e effort) []byte {
	decide := estimate
	if e == none {
		decide = none
	}
	m, _ := markSmallest(tokens, dict, decide)
	return pack(m, dict, e)
}

// markSmallest makes those decisions by packing with effort e, and gives the
// size of the frame that came out.
func markSmallest(tokens []string, dict Dictionary, e effort) (m *marker, least int) {
	plain := map[string]bool{}
	m = mark(tokens, plain)
	least = len(pack(m, dict, e))
	if len(m.text) > maxOptimal {
		return m, least
	}
	for _, value := range m.doubtful(dict) {
		plain[value] = true
		other := mark(tokens, plain)
		if n := len(pack(other, dict, e)); n < least {
			m, least = other, n
		} else {
			delete(plain, value)
		}
	}
	return m, least
}

// maxDoubtful bounds the time: each costs one more compression.
const maxDoubtful = 12

// doubtful are the values that stand more than once or in the dictionary, in
// the order in which they come.
func (m *marker) doubtful(dict Dictionary) (values []string) {
	for _, value := range m.order {
		// A did:key often comes again without its prefix, as a fragment.
		_, bare, _ := bytes.Cut([]byte(value), []byte("did:key:"))
		again := m.seen[value] > 1 || len(bare) > 0 || bytes.Contains(dict.Bytes, []byte(value))
		if len(value) >= uuidLen && again && len(values) < maxDoubtful {
			values = append(values, value)
		}
	}
	return values
}
