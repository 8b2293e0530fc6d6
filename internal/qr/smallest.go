package qr

import "bytes"

// packSmallest decides, value by value, whether a marker or the value itself
// is cheaper: DEFLATE says a second time for 3 bytes what raw would repeat in
// full, and an identifier that the dictionary holds costs as little.
func packSmallest(tokens []string, dict Dictionary, e effort) []byte {
	plain := map[string]bool{}
	m := mark(tokens, plain)
	if values := m.doubtful(dict); len(values) > 0 && len(m.text) <= maxOptimal && e != none {
		least := len(pack(m, dict, estimate))
		for _, value := range values {
			plain[value] = true
			other := mark(tokens, plain)
			if n := len(pack(other, dict, estimate)); n < least {
				m, least = other, n
			} else {
				delete(plain, value)
			}
		}
	}
	return pack(m, dict, e)
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
