package qr

import (
	"math"
	"math/bits"
)

// Alphabets of RFC 1951, 3.2.5.
const (
	literals  = 286
	distances = 30
	endBlock  = 256
)

// lengthCode gives the code of a match length, its extra bits and their value.
func lengthCode(length int) (code, extra int, value uint32) {
	switch n := length - minMatch; {
	case length == maxMatch:
		return 285, 0, 0
	case n < 8:
		return 257 + n, 0, 0
	default:
		extra = bits.Len(uint(n)) - 3
		return 257 + 4*extra + n>>extra, extra, uint32(n & (1<<extra - 1))
	}
}

// distanceCode gives the code of a distance, its extra bits and their value.
func distanceCode(distance int) (code, extra int, value uint32) {
	n := distance - 1
	if n < 4 {
		return n, 0, 0
	}
	extra = bits.Len(uint(n)) - 2
	return 2*extra + n>>extra, extra, uint32(n & (1<<extra - 1))
}

// prices are bits, extra bits included.
type prices struct {
	literal [256]float64
	length  [maxMatch + 1]float64
	far     [distances]float64
}

func (p *prices) distance(d int) float64 {
	code, _, _ := distanceCode(d)
	return p.far[code]
}

// pricesOf takes the bits of each code of the two alphabets.
func pricesOf(literal [literals]float64, far [distances]float64) *prices {
	var p prices
	copy(p.literal[:], literal[:256])
	for n := minMatch; n <= maxMatch; n++ {
		code, extra, _ := lengthCode(n)
		p.length[n] = literal[code] + float64(extra)
	}
	for code := range far {
		p.far[code] = far[code] + float64(max(0, code/2-1))
	}
	return &p
}

func fixedPrices() *prices {
	var literal [literals]float64
	var far [distances]float64
	for i, n := range fixedLiteralLengths() {
		if i < literals {
			literal[i] = float64(n)
		}
	}
	for i := range far {
		far[i] = 5
	}
	return pricesOf(literal, far)
}

// entropyPrices are what counts ask for, before rounding to whole bits. What
// was never used is dear: it would need a line in the header too.
func entropyPrices(counts []int, out []float64) {
	total := 0
	for _, n := range counts {
		total += n
	}
	for i, n := range counts {
		out[i] = math.Log2(float64(total+1)) + 3
		if n > 0 {
			out[i] = math.Log2(float64(total) / float64(n))
		}
	}
}

// mix is the middle of two price lists.
func (p *prices) mix(q *prices) *prices {
	var m prices
	for i := range m.literal {
		m.literal[i] = (p.literal[i] + q.literal[i]) / 2
	}
	for i := range m.length {
		m.length[i] = (p.length[i] + q.length[i]) / 2
	}
	for i := range m.far {
		m.far[i] = (p.far[i] + q.far[i]) / 2
	}
	return &m
}
