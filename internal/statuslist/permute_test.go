package statuslist_test

import (
	"crypto/aes"
	"math"
	"testing"

	"github.com/employment-passport/passport/internal/statuslist"
	"github.com/employment-passport/passport/passporttest"
)

// P3: every place once, whatever the size of the list.
func TestPermuteGivesEveryPlaceOnce(t *testing.T) {
	for _, entries := range []uint32{1, 2, 3, 7, 1000, statuslist.MinEntries, statuslist.MinEntries + 8} {
		seen := make([]bool, entries)
		p := statuslist.NewPermutation([32]byte{1, 2, 3}, entries)
		for n := range entries {
			at := p.Place(n)
			if at >= entries || seen[at] {
				t.Fatalf("%d of %d came to %d", n, entries, at)
			}
			seen[at] = true
		}
	}
}

// The places of a key are part of every store: they never change.
func TestPermuteIsFixed(t *testing.T) {
	var key [32]byte
	copy(key[:], "a key of thirty-two bytes length")
	want := []uint32{70434, 33816, 110494, 37589}
	for n, w := range want {
		if got := statuslist.Permute(key, uint32(n), statuslist.MinEntries); got != w {
			t.Errorf("place %d is %d, was %d", n, got, w)
		}
	}
}

// P4: 10 000 places spread evenly over the list, and say nothing about when
// they were given.
func TestPermuteLooksRandom(t *testing.T) {
	const count, cells = 10_000, 100
	for _, key := range [][32]byte{{}, {1}, {31: 0xff}} {
		var hits [cells]int
		var sumX, sumY, sumXX, sumYY, sumXY float64
		for n := range uint32(count) {
			at := statuslist.Permute(key, n, statuslist.MinEntries)
			hits[int(at)*cells/statuslist.MinEntries]++
			x, y := float64(n), float64(at)
			sumX, sumY, sumXX, sumYY, sumXY = sumX+x, sumY+y, sumXX+x*x, sumYY+y*y, sumXY+x*y
		}
		chi := 0.0
		for _, h := range hits {
			d := float64(h) - count/cells
			chi += d * d / (count / cells)
		}
		// 99 degrees of freedom: 60 and 148 are the one in a thousand on either
		// side; a permutation is a little too even, as no place comes twice.
		if chi < 50 || chi > 148 {
			t.Errorf("key %x: chi-square %.1f", key[:1], chi)
		}
		r := (count*sumXY - sumX*sumY) / math.Sqrt((count*sumXX-sumX*sumX)*(count*sumYY-sumY*sumY))
		if math.Abs(r) >= 0.02 {
			t.Errorf("key %x: correlation with time %.4f", key[:1], r)
		}
	}
}

func TestPermuteRefusesTooMany(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a place beyond the list was given")
		}
	}()
	statuslist.Permute([32]byte{}, 8, 8)
}

// BenchmarkPermute: the bare work is one block of AES-256 for each place; ten
// rounds and the walking make some twenty.
func BenchmarkPermute(b *testing.B) {
	p := statuslist.NewPermutation([32]byte{9}, statuslist.MinEntries)
	block, err := aes.NewCipher(make([]byte, 32))
	must(b, err)
	out := make([]byte, aes.BlockSize)
	passporttest.Beside(b, func() { // a thousand a turn: one is too short for the clock
		for range 1000 {
			block.Encrypt(out, out)
		}
	}, func() {
		for n := range uint32(1000) {
			p.Place(n)
		}
	})
}
