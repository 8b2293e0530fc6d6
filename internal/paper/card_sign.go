package paper

import (
	"math"

	"codeberg.org/go-pdf/fpdf"
)

// A sign tells cards apart without reading: a shape, a colour and a number
// always together, so that none is needed alone and grey print loses nothing.
type sign struct {
	red, green, blue int
	shape            func(x, y, radius float64) []fpdf.PointType // nil is a disc
}

// The colours are dark enough for white figures (contrast above 4.5) and far
// apart for people who see few colours.
var signs = []sign{
	{0, 90, 156, nil},
	{176, 58, 0, polygon(4, 1, 1.24, math.Pi/4)},
	{0, 107, 80, polygon(3, 1, 1.32, 0)},
	{138, 28, 98, polygon(6, 1, 1, 0)},
	{86, 64, 0, polygon(4, 1, 1.1, 0)},
	{70, 60, 160, polygon(5, 1, 1.08, 0)},
	{150, 20, 30, polygon(8, .76, 1.12, 0)},
	{60, 60, 60, polygon(8, 1, 1, math.Pi/8)},
}

// signOf gives the sign of the n-th card of a person, from 1.
func signOf(n int) sign { return signs[(n-1)%len(signs)] }

// polygon has n corners, or as many rays as n; grown makes it look as large as a
// disc. A triangle hangs lower, so that its figure stands in the middle.
func polygon(n int, inner, grown, turn float64) func(x, y, radius float64) []fpdf.PointType {
	return func(x, y, radius float64) []fpdf.PointType {
		if n == 3 {
			y += radius * .12
		}
		return points(corners(x, y, radius*grown, n, inner, turn)...)
	}
}

// points pairs numbers up.
func points(xy ...float64) []fpdf.PointType {
	var list []fpdf.PointType
	for i := 0; i+1 < len(xy); i += 2 {
		list = append(list, fpdf.PointType{X: xy[i], Y: xy[i+1]})
	}
	return list
}

// drawSign fills the shape around a middle.
func (p *page) drawSign(s sign, x, y, radius float64) {
	p.pdf.SetFillColor(s.red, s.green, s.blue)
	if s.shape == nil {
		p.pdf.Circle(x, y, radius, "F")
	} else {
		p.pdf.Polygon(s.shape(x, y, radius), "F")
	}
	p.pdf.SetFillColor(0, 0, 0)
}
