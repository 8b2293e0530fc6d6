package paper

import "math"

// A pictogram is drawn from lines into a square of the given side in
// millimetres, so that it stays sharp in print and needs no ink of a colour.
// Each says one thing that a person does; its sentence stands beside it.
type pictogram func(p *page, x, y, side float64)

// showPictogram: one person hands the booklet to another.
func showPictogram(p *page, x, y, side float64) {
	p.pen(side)
	p.bust(x+.21*side, y+.16*side, .36*side)
	p.bust(x+.79*side, y+.16*side, .36*side)
	p.openBooklet(x+.34*side, y+.62*side, .32*side, .22*side)
	p.arrow(x+.34*side, y+.94*side, .32*side)
}

// scanPictogram: a phone sees the code of the booklet.
func scanPictogram(p *page, x, y, side float64) {
	p.pen(side)
	p.pdf.RoundedRect(x+.3*side, y+.04*side, .4*side, .84*side, .06*side, "1234", "D")
	p.pdf.Line(x+.44*side, y+.8*side, x+.56*side, y+.8*side)
	code := .22 * side
	left, top := x+.39*side, y+.27*side
	for _, corner := range [][2]float64{{0, 0}, {1, 0}, {0, 1}} {
		p.finder(left+corner[0]*(code-.09*side), top+corner[1]*(code-.09*side), .09*side)
	}
	p.pdf.Rect(left+.13*side, top+.13*side, .035*side, .035*side, "F")
	p.pdf.Rect(left+.185*side, top+.185*side, .035*side, .035*side, "F")
	p.brackets(left-.06*side, top-.06*side, code+.12*side, .07*side)
}

// comparePictogram: the name in the booklet equals the one on the card of
// identity.
func comparePictogram(p *page, x, y, side float64) {
	p.pen(side)
	p.pdf.RoundedRect(x+.02*side, y+.04*side, .62*side, .36*side, .03*side, "1234", "D")
	p.bust(x+.17*side, y+.1*side, .22*side)
	for i := range 3 {
		p.pdf.Line(x+.34*side, y+(.14+.09*float64(i))*side, x+.56*side, y+(.14+.09*float64(i))*side)
	}
	for i := range 2 {
		p.pdf.Line(x+.42*side, y+(.48+.07*float64(i))*side, x+.58*side, y+(.48+.07*float64(i))*side)
	}
	p.openBooklet(x+.36*side, y+.66*side, .6*side, .28*side)
}

// pen sets black lines in proportion to the picture.
func (p *page) pen(side float64) {
	p.pdf.SetDrawColor(0, 0, 0)
	p.pdf.SetFillColor(0, 0, 0)
	p.pdf.SetLineWidth(side * .026)
	p.pdf.SetLineCapStyle("round")
	p.pdf.SetLineJoinStyle("round")
}

// bust is a head and shoulders around the axis x, from y down.
func (p *page) bust(x, y, height float64) {
	p.pdf.Circle(x, y+.24*height, .22*height, "F")
	bottom, half := y+height, .46*height
	p.pdf.MoveTo(x-half, bottom)
	p.pdf.CurveBezierCubicTo(x-half, y+.4*height, x+half, y+.4*height, x+half, bottom)
	p.pdf.ClosePath()
	p.pdf.DrawPath("F")
}

// openBooklet is a folded sheet seen from above, with two lines of writing.
func (p *page) openBooklet(x, y, width, height float64) {
	middle, rise := x+width/2, height*.12
	p.pdf.Polygon(points(x, y, middle, y+rise, middle, y+height, x, y+height-rise), "D")
	p.pdf.Polygon(points(x+width, y, middle, y+rise, middle, y+height, x+width, y+height-rise), "D")
	for i := range 2 {
		up := y + height*(.36+.24*float64(i))
		p.pdf.Line(x+width*.12, up-rise*.4, x+width*.36, up+rise*.2)
		p.pdf.Line(x+width*.64, up+rise*.2, x+width*.88, up-rise*.4)
	}
}

// arrow points right.
func (p *page) arrow(x, y, length float64) {
	head := length * .3
	p.pdf.Line(x, y, x+length, y)
	p.pdf.Line(x+length, y, x+length-head, y-head*.7)
	p.pdf.Line(x+length, y, x+length-head, y+head*.7)
}

// finder is the eye of a QR code. It is no code: readers look for the white
// ring in fixed proportions, and find none here.
func (p *page) finder(x, y, side float64) {
	p.pdf.Rect(x, y, side, side, "D")
	p.pdf.Rect(x+side*.36, y+side*.36, side*.28, side*.28, "F")
}

// brackets are the four corners of a viewfinder.
func (p *page) brackets(x, y, side, arm float64) {
	for _, c := range [][4]float64{{x, y, 1, 1}, {x + side, y, -1, 1}, {x, y + side, 1, -1}, {x + side, y + side, -1, -1}} {
		p.pdf.Line(c[0], c[1], c[0]+c[2]*arm, c[1])
		p.pdf.Line(c[0], c[1], c[0], c[1]+c[3]*arm)
	}
}

// tick is a check mark inside a square of side.
func (p *page) tick(x, y, side float64) {
	p.pdf.SetLineCapStyle("round")
	p.pdf.SetLineJoinStyle("round")
	p.pdf.SetLineWidth(side * .14)
	p.pdf.MoveTo(x+.2*side, y+.55*side)
	p.pdf.LineTo(x+.42*side, y+.77*side)
	p.pdf.LineTo(x+.82*side, y+.27*side)
	p.pdf.DrawPath("D")
}

// corners are the points of a regular polygon, or of a star when inner is less
// than 1, standing on its axis.
func corners(x, y, radius float64, n int, inner, turn float64) []float64 {
	var xy []float64
	steps := n
	if inner < 1 {
		steps = 2 * n
	}
	for i := range steps {
		r := radius
		if inner < 1 && i%2 == 1 {
			r = radius * inner
		}
		angle := turn - math.Pi/2 + 2*math.Pi*float64(i)/float64(steps)
		xy = append(xy, x+r*math.Cos(angle), y+r*math.Sin(angle))
	}
	return xy
}
