package qr

import (
	"math/bits"
	"sort"
)

// codeLengths gives the Huffman code lengths for counts, none over limit, by
// package-merge. A lone symbol gets length 1.
func codeLengths(counts []int, limit int) []uint8 {
	lengths := make([]uint8, len(counts))
	type pack struct {
		weight  int
		symbols []int
	}
	var leaves []pack
	for symbol, n := range counts {
		if n > 0 {
			leaves = append(leaves, pack{n, []int{symbol}})
		}
	}
	if len(leaves) == 1 {
		lengths[leaves[0].symbols[0]] = 1
	}
	if len(leaves) < 2 {
		return lengths
	}
	byWeight := func(list []pack) {
		sort.SliceStable(list, func(a, b int) bool { return list[a].weight < list[b].weight })
	}
	byWeight(leaves)
	list := leaves
	for range limit - 1 {
		merged := append([]pack{}, leaves...)
		for i := 0; i+1 < len(list); i += 2 {
			symbols := append(append([]int{}, list[i].symbols...), list[i+1].symbols...)
			merged = append(merged, pack{list[i].weight + list[i+1].weight, symbols})
		}
		byWeight(merged)
		list = merged
	}
	for _, p := range list[:2*len(leaves)-2] {
		for _, symbol := range p.symbols {
			lengths[symbol]++
		}
	}
	return lengths
}

// canonicalCodes numbers the codes of lengths as RFC 1951, 3.2.2 does, each
// turned round, as the stream wants it.
func canonicalCodes(lengths []uint8) []uint32 {
	var count [16]uint32
	for _, n := range lengths {
		count[n]++
	}
	count[0] = 0
	var next [16]uint32
	var code uint32
	for n := 1; n < len(next); n++ {
		code = (code + count[n-1]) << 1
		next[n] = code
	}
	codes := make([]uint32, len(lengths))
	for i, n := range lengths {
		if n > 0 {
			codes[i] = bits.Reverse32(next[n]) >> (32 - n)
			next[n]++
		}
	}
	return codes
}

// bitWriter packs bits from the low end.
type bitWriter struct {
	out  []byte
	bits uint64
	n    uint
}

func (w *bitWriter) write(v uint32, n int) {
	w.bits |= uint64(v) << w.n
	for w.n += uint(n); w.n >= 8; w.n -= 8 {
		w.out = append(w.out, byte(w.bits))
		w.bits >>= 8
	}
}

func (w *bitWriter) bytes() []byte {
	if w.n > 0 {
		w.out = append(w.out, byte(w.bits))
		w.bits, w.n = 0, 0
	}
	return w.out
}
