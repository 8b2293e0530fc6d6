package qr

import "bytes"

// packSmallest decides, value by value, whether a marker or the value itself
// is cheaper: DEFLATE says a second time for 3 bytes what raw would repeat in
// full, and an identifier that the dictionary holds costs as little.
func packSmallest(tokens []string, dict Dictionary) []byte {
	plain := map[string]bool{}
	m := mark(tokens, plain)
	best := pack(m, dict)
	if len(m.text) > maxOptimal {
		return best
	}
	for _, value := range m.doubtful(dict) {
		plain[value] = true
		if frame := pack(mark(tokens, plain), dict); len(frame) < len(best) {
			best = frame
		} else {
			delete(plain, value)
		}
	}
	return best
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
