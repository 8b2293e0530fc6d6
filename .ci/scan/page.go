package main

import (
	"math"
	"math/rand/v2"
)

// page is what the camera looks at: a code on paper with lines of text around
// it, or on the screen of a phone.
type page struct {
	rows   [][]bool
	screen bool
	words  []bool // of the lines of text, a bit a letter
	cracks []crack
}

// crack is a line across a screen, from a point, in a direction.
type crack struct{ x, y, dx, dy, length, half, light float64 }

func newPage(r *rand.Rand, rows [][]bool, s shot) page {
	p := page{rows: rows, screen: s.screen, words: make([]bool, 4096)}
	for i := range p.words {
		p.words[i] = r.IntN(3) > 0
	}
	side := float64(len(rows))
	x, y := (r.Float64()-0.5)*side, (r.Float64()-0.5)*side // where the stone hit
	for range s.cracks {
		a := r.Float64() * 2 * math.Pi
		p.cracks = append(p.cracks, crack{x, y, math.Cos(a), math.Sin(a), side * (0.3 + r.Float64()), 0.2 + 0.5*r.Float64(), float64(r.IntN(2))})
	}
	return p
}

// ink is 0 for black and 1 for white, at a place in modules from the middle.
func (p page) ink(x, y float64) float32 {
	for _, c := range p.cracks {
		along, off := (x-c.x)*c.dx+(y-c.y)*c.dy, math.Abs((x-c.x)*c.dy-(y-c.y)*c.dx)
		if along > 0 && along < c.length && off < c.half {
			return float32(0.15 + 0.7*c.light)
		}
	}
	half := float64(len(p.rows)) / 2
	if math.Abs(x) < half && math.Abs(y) < half {
		if p.rows[int(y+half)][int(x+half)] {
			return 0
		}
		return 1
	}
	if p.screen {
		if math.Abs(x) > half+8 || math.Abs(y) > 1.9*half {
			return 0.12 // the phone's frame and the hand
		}
		return 0.96
	}
	if math.Abs(x) > 2.2*half || math.Abs(y) > 2.6*half {
		return 0.45 // the desk
	}
	return p.text(x, y, half)
}

// text is lines of a height of 6 modules above and below the code.
func (p page) text(x, y, half float64) float32 {
	if math.Abs(y) < half+2 {
		return 1
	}
	line, letter := int(math.Floor(y/10)), int(math.Floor(x/1.6))
	if y/10-float64(line) > 0.55 {
		return 1
	}
	if p.words[uint32(line*131+letter)%uint32(len(p.words))] {
		return 0.2
	}
	return 1
}
