package scan

import (
	"math"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode/detector"
)

// area is where a code stands in a picture: its corners, one after the other
// around it.
type area [4]point

// quiet is how many modules around a code belong to it and to nobody else.
const quiet = 1.5

// area of a fitted code, with a part of its quiet zone.
func (t *fit) area() (a area) {
	low, high := -quiet, float64(t.pattern.side)+quiet
	for i, c := range [4]point{{low, low}, {high, low}, {high, high}, {low, high}} {
		a[i] = t.plane.at(c.x, c.y)
	}
	return a
}

// areaOf widens what gozxing gives, the middles of bottom left, top left and
// top right finders, to the whole code.
func areaOf(points []gozxing.ResultPoint) (a area) {
	if len(points) < 3 {
		return a
	}
	eye := func(i int) finder {
		f := finder{x: points[i].GetX(), y: points[i].GetY(), module: 1}
		if p, ok := points[i].(*detector.FinderPattern); ok {
			f.module = p.GetEstimatedModuleSize()
		}
		return f
	}
	return corners{bottomLeft: eye(0), topLeft: eye(1), topRight: eye(2)}.area()
}

// area of three finders, as if the paper lay straight before the camera.
func (c corners) area() (a area) {
	x := point{c.topRight.x - c.topLeft.x, c.topRight.y - c.topLeft.y}
	y := point{c.bottomLeft.x - c.topLeft.x, c.bottomLeft.y - c.topLeft.y}
	module := (c.topLeft.module + c.topRight.module + c.bottomLeft.module) / 3
	over := func(leg point) float64 { return (3.5 + quiet) * module / max(1, math.Hypot(leg.x, leg.y)) }
	left, right, top, bottom := -over(x), 1+over(x), -over(y), 1+over(y)
	for i, k := range [4]point{{left, top}, {right, top}, {right, bottom}, {left, bottom}} {
		a[i] = point{c.topLeft.x + k.x*x.x + k.y*y.x, c.topLeft.y + k.x*x.y + k.y*y.y}
	}
	return a
}

func (a area) scaled(factor float64) area {
	for i := range a {
		a[i].x, a[i].y = a[i].x*factor, a[i].y*factor
	}
	return a
}

func (a area) moved(dx, dy float64) area {
	if a == (area{}) {
		return a
	}
	for i := range a {
		a[i].x, a[i].y = a[i].x+dx, a[i].y+dy
	}
	return a
}

func (a area) middle() (m point) {
	for _, p := range a {
		m.x, m.y = m.x+p.x/4, m.y+p.y/4
	}
	return m
}

// bounds are the least and the greatest of both coordinates.
func (a area) bounds() (low, high point) {
	low, high = a[0], a[0]
	for _, p := range a[1:] {
		low, high = point{min(low.x, p.x), min(low.y, p.y)}, point{max(high.x, p.x), max(high.y, p.y)}
	}
	return low, high
}

// holds tells whether p lies on the same side of all four edges.
func (a area) holds(p point) bool {
	left, right := false, false
	for i := range a {
		edge, to := a[(i+1)%4].minus(a[i]), p.minus(a[i])
		turn := edge.x*to.y - edge.y*to.x
		left, right = left || turn < 0, right || turn > 0
	}
	return left != right
}

// without is the picture with the areas painted white.
func (g *gray) without(areas []area) *gray {
	out := &gray{w: g.w, h: g.h, pix: append([]uint8(nil), g.pix...)}
	for _, a := range areas {
		low, high := a.bounds()
		for y := max(0, int(low.y)); y < min(g.h, int(high.y)+1); y++ {
			for x := max(0, int(low.x)); x < min(g.w, int(high.x)+1); x++ {
				if a.holds(point{float64(x) + 0.5, float64(y) + 0.5}) {
					out.pix[y*g.w+x] = 255
				}
			}
		}
	}
	return out
}
