package trust

import (
	"bytes"
	"encoding/base64"
	"slices"
	"sort"
)

// digestSize is the first half of a SHA-256: nobody can aim at a given token's
// digest below 2^128 work, and a set of what a body really issued stays small.
const digestSize = 16

// digests is a sorted set, one after the other. On the wire it is one base64url
// text: a register of 100 000 is 2 MB, read without 100 000 little strings.
type digests []byte

func newDigests(list [][digestSize]byte) digests {
	sorted := slices.Clone(list)
	slices.SortFunc(sorted, func(a, b [digestSize]byte) int { return bytes.Compare(a[:], b[:]) })
	sorted = slices.Compact(sorted)
	d := make(digests, 0, digestSize*len(sorted))
	for _, one := range sorted {
		d = append(d, one[:]...)
	}
	return d
}

func (d digests) wire() string { return base64.RawURLEncoding.EncodeToString(d) }

// readDigests refuses a set that is not whole, sorted and free of doubles:
// search relies on it, and a set has one spelling.
func readDigests(wire string) (digests, error) {
	d, err := base64.RawURLEncoding.Strict().DecodeString(wire)
	if err != nil || len(d)%digestSize != 0 {
		return nil, refuse(CodeFormat, "a set of digests").because(err)
	}
	for i := digestSize; i < len(d); i += digestSize {
		if bytes.Compare(d[i-digestSize:i], d[i:i+digestSize]) >= 0 {
			return nil, refuse(CodeFormat, "a set of digests that is not sorted")
		}
	}
	return d, nil
}

func (d digests) len() int { return len(d) / digestSize }

func (d digests) at(i int) []byte { return d[i*digestSize : (i+1)*digestSize] }

func (d digests) has(one [digestSize]byte) bool {
	i := sort.Search(d.len(), func(i int) bool { return bytes.Compare(d.at(i), one[:]) >= 0 })
	return i < d.len() && bytes.Equal(d.at(i), one[:])
}
