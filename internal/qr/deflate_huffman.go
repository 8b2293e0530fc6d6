package qr

import (
	"math/bits"
	"slices"
)

// codeLengths gives the Huffman code lengths for counts, none over limit, by
// package-merge (Larmore and Hirschberg, 1990). A lone symbol gets length 1.
func codeLengths(counts []int, limit int) []uint8 {
	lengths := make([]uint8, len(counts))
	var symbols []int // used ones, rare first
	for symbol, n := range counts {
		if n > 0 {
			symbols = append(symbols, symbol)
		}
	}
	if len(symbols) == 1 {
		lengths[symbols[0]] = 1
	}
	if len(symbols) < 2 {
		return lengths
	}
	slices.SortStableFunc(symbols, func(a, b int) int { return counts[a] - counts[b] })
	leaves := make([]int, len(symbols))
	for i, symbol := range symbols {
		leaves[i] = counts[symbol]
	}
	levels := packages(leaves, limit)
	for n, level := 2*len(leaves)-2, limit-1; level >= 0; level-- {
		taken := 0
		for _, leaf := range levels[level][:n] {
			if leaf {
				lengths[symbols[taken]]++
				taken++
			}
		}
		n = 2 * (n - taken)
	}
	return lengths
}

// packages merges, level by level, the leaves with the pairs of the level
// before, light first, and tells which of the items are leaves.
func packages(leaves []int, limit int) [][]bool {
	levels := make([][]bool, limit)
	var list []int
	for level := range levels {
		merged := make([]int, 0, len(leaves)+len(list)/2)
		flags := make([]bool, 0, cap(merged))
		i, j := 0, 0
		for i < len(leaves) || j+1 < len(list) {
			leaf := j+1 >= len(list) || i < len(leaves) && leaves[i] <= list[j]+list[j+1]
			if flags = append(flags, leaf); leaf {
				merged = append(merged, leaves[i])
				i++
			} else {
				merged = append(merged, list[j]+list[j+1])
				j += 2
			}
		}
		levels[level], list = flags, merged
	}
	return levels
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
