package scan

import "math"

// flat is a picture with the light taken out: each point is its distance from
// the mean around it, in units of the contrast around it; below 0 is dark. A
// shadow over half of a code is gone in it.
type flat struct {
	w, h int
	v    []float32
}

// flatten looks at squares of side around each point.
func flatten(g *gray, side int) *flat {
	sum, square := integrals(g)
	f := &flat{w: g.w, h: g.h, v: make([]float32, g.w*g.h)}
	half := max(side/2, 1)
	stride := g.w + 1
	for y := range g.h {
		y0, y1 := max(0, y-half), min(g.h, y+half+1)
		for x := range g.w {
			x0, x1 := max(0, x-half), min(g.w, x+half+1)
			n := float64((x1 - x0) * (y1 - y0))
			a, b, c, d := y1*stride+x1, y0*stride+x1, y1*stride+x0, y0*stride+x0
			mean := float64(sum[a]-sum[b]-sum[c]+sum[d]) / n
			variance := float64(square[a]-square[b]-square[c]+square[d])/n - mean*mean
			// Plain paper has no contrast; do not make some of its grain.
			deviation := math.Sqrt(math.Max(variance, 36))
			f.v[y*g.w+x] = float32((float64(g.pix[y*g.w+x]) - mean) / deviation)
		}
	}
	return f
}

// lighter moves the border between dark and light by so many units of contrast.
func (f *flat) lighter(by float32) *flat {
	out := &flat{w: f.w, h: f.h, v: make([]float32, len(f.v))}
	for i, v := range f.v {
		out.v[i] = v + by
	}
	return out
}

// integrals are the sums of values and squares above and left of each point.
func integrals(g *gray) (sum, square []uint64) {
	stride := g.w + 1
	sum, square = make([]uint64, stride*(g.h+1)), make([]uint64, stride*(g.h+1))
	for y := range g.h {
		var row, rowSquare uint64
		for x := range g.w {
			v := uint64(g.pix[y*g.w+x])
			row += v
			rowSquare += v * v
			i := (y+1)*stride + x + 1
			sum[i] = sum[i-stride] + row
			square[i] = square[i-stride] + rowSquare
		}
	}
	return sum, square
}

// at is the value between the points around (x, y); outside is white.
func (f *flat) at(x, y float64) float64 {
	x, y = x-0.5, y-0.5
	if x < 0 || y < 0 || x >= float64(f.w-1) || y >= float64(f.h-1) {
		return 1
	}
	i, j := int(x), int(y)
	dx, dy := float32(x-float64(i)), float32(y-float64(j))
	row := f.v[j*f.w+i:]
	top := row[0]*(1-dx) + row[1]*dx
	bottom := row[f.w]*(1-dx) + row[f.w+1]*dx
	return float64(top*(1-dy) + bottom*dy)
}

// scaled is the picture at factor of its size: areas are averaged on the way
// down, points joined by lines on the way up.
func (g *gray) scaled(factor float64) *gray {
	w, h := max(1, int(float64(g.w)*factor)), max(1, int(float64(g.h)*factor))
	out := &gray{w: w, h: h, pix: make([]uint8, w*h)}
	if factor < 1 {
		for y := range h {
			for x := range w {
				out.pix[y*w+x] = g.mean(x*g.w/w, y*g.h/h, max(x*g.w/w+1, (x+1)*g.w/w), max(y*g.h/h+1, (y+1)*g.h/h))
			}
		}
		return out
	}
	for y := range h {
		sy := (float64(y)+0.5)/factor - 0.5
		for x := range w {
			out.pix[y*w+x] = g.between((float64(x)+0.5)/factor-0.5, sy)
		}
	}
	return out
}

// mean of the points from (x0, y0) to before (x1, y1).
func (g *gray) mean(x0, y0, x1, y1 int) uint8 {
	sum := 0
	for y := y0; y < y1; y++ {
		for _, v := range g.pix[y*g.w+x0 : y*g.w+x1] {
			sum += int(v)
		}
	}
	return uint8(sum / ((x1 - x0) * (y1 - y0)))
}

// crop is a copy of the part from (x, y), at most w wide and h high.
func (g *gray) crop(x, y, w, h int) *gray {
	out := &gray{w: min(w, g.w-x), h: min(h, g.h-y)}
	for row := y; row < y+out.h; row++ {
		out.pix = append(out.pix, g.pix[row*g.w+x:row*g.w+x+out.w]...)
	}
	return out
}

func (g *gray) between(x, y float64) uint8 {
	x, y = min(max(x, 0), float64(g.w-1)), min(max(y, 0), float64(g.h-1))
	i, j := int(x), int(y)
	i1, j1 := min(i+1, g.w-1), min(j+1, g.h-1)
	dx, dy := x-float64(i), y-float64(j)
	top := float64(g.pix[j*g.w+i])*(1-dx) + float64(g.pix[j*g.w+i1])*dx
	bottom := float64(g.pix[j1*g.w+i])*(1-dx) + float64(g.pix[j1*g.w+i1])*dx
	return uint8(top*(1-dy) + bottom*dy + 0.5)
}

// smooth averages squares of 3 by 3: the grain of a dark photograph breaks
// finder patterns.
func (g *gray) smooth() *gray {
	out := &gray{w: g.w, h: g.h, pix: make([]uint8, len(g.pix))}
	for y := range g.h {
		for x := range g.w {
			out.pix[y*g.w+x] = g.mean(max(0, x-1), max(0, y-1), min(g.w, x+2), min(g.h, y+2))
		}
	}
	return out
}

func (g *gray) inverted() *gray {
	out := &gray{w: g.w, h: g.h, pix: make([]uint8, len(g.pix))}
	for i, v := range g.pix {
		out.pix[i] = 255 - v
	}
	return out
}
