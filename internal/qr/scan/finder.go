package scan

import (
	"math"
	"sort"
)

// finder is one of the three square eyes of a code: a line through its middle
// crosses dark, light, dark, light, dark in the widths 1 1 3 1 1.
type finder struct {
	x, y   float64 // middle
	module float64 // width of a module along rows and columns
	lines  int     // that crossed it
	step   int     // from one line to the next
}

// whole is the share of its middle's height that lines found, at most 1.
func (c finder) whole() float64 { return min(1, float64(c.lines*c.step)/(3*c.module)) }

const (
	maxFinders = 14 // the best ones, by lines
	minLines   = 2
)

// findFinders looks along rows, then crosses each find downwards. It gives the
// most clear ones, at most so many.
func findFinders(f *flat, most int) []finder {
	var found []finder
	step := max(1, f.h/1200)
	for y := step / 2; y < f.h; y += step {
		scanRow(f, y, func(x, module float64) {
			cx, cy, m, ok := cross(f, x, float64(y)+0.5, module)
			if ok {
				found = merge(found, finder{cx, cy, m, 1, step})
			}
		})
	}
	kept := found[:0]
	for _, c := range found {
		if c.lines >= minLines {
			kept = append(kept, c)
		}
	}
	sort.SliceStable(kept, func(a, b int) bool { return kept[a].lines > kept[b].lines })
	return kept[:min(len(kept), most)]
}

// scanRow gives the middles of 1 1 3 1 1 in a row.
func scanRow(f *flat, y int, found func(x, module float64)) {
	row := f.v[y*f.w : (y+1)*f.w]
	var runs [5]float64 // the last five, ending before x
	n, end, dark := 0, 0.0, false
	for x, v := range row {
		if (v < 0) == dark {
			continue
		}
		// The border lies between two points, where their line crosses 0.
		edge := float64(x)
		if x > 0 {
			edge = float64(x) - 0.5 + crossing(row[x-1], v)
		}
		copy(runs[:], runs[1:])
		runs[4], end = edge-end, edge
		if n++; dark && n >= 5 {
			if module, ok := ratio(runs); ok {
				found(edge-runs[4]-runs[3]-runs[2]/2, module)
			}
		}
		dark = v < 0
	}
}

// crossing is where, from a to b, the line between them passes 0.
func crossing(a, b float32) float64 {
	if a == b {
		return 0.5
	}
	return float64(a / (a - b))
}

// ratio tells 1 1 3 1 1 and gives the module. Blur widens dark or light, never
// the pair of both, so pairs are held tighter than runs.
func ratio(r [5]float64) (float64, bool) {
	total := r[0] + r[1] + r[2] + r[3] + r[4]
	m := total / 7
	if m < 0.8 {
		return 0, false
	}
	slack := 0.6*m + 0.3
	ok := math.Abs(r[0]-m) < slack && math.Abs(r[1]-m) < slack && math.Abs(r[2]-3*m) < 1.2*m+0.5 &&
		math.Abs(r[3]-m) < slack && math.Abs(r[4]-m) < slack &&
		math.Abs(r[0]+r[1]-2*m) < slack && math.Abs(r[3]+r[4]-2*m) < slack
	return m, ok
}

// cross checks the find in the column and again in the row, and gives the
// middle of both.
func cross(f *flat, x, y, module float64) (cx, cy, m float64, ok bool) {
	dy, vertical, ok := through(f, x, y, 0, 1, module)
	if !ok || vertical > 2.5*module || module > 2.5*vertical {
		return 0, 0, 0, false
	}
	cy = y + dy
	dx, horizontal, ok := through(f, x, cy, 1, 0, module)
	if !ok {
		return 0, 0, 0, false
	}
	return x + dx, cy, (vertical + horizontal) / 2, true
}

// through walks from (x, y), which is inside the dark middle, both ways along
// (dx, dy) and gives how far the true middle is, and the module.
func through(f *flat, x, y, dx, dy, module float64) (shift, m float64, ok bool) {
	limit := 12 * module
	back, ok1 := edges(f, x, y, -dx, -dy, limit)
	forth, ok2 := edges(f, x, y, dx, dy, limit)
	if !ok1 || !ok2 {
		return 0, 0, false
	}
	m, ok = ratio([5]float64{back[2] - back[1], back[1] - back[0], back[0] + forth[0], forth[1] - forth[0], forth[2] - forth[1]})
	return (forth[0] - back[0]) / 2, m, ok
}

// edges gives the distances at which light, dark and light begin.
func edges(f *flat, x, y, dx, dy, limit float64) (at [3]float64, ok bool) {
	const step = 0.5
	last := f.at(x, y)
	if last >= 0 {
		return at, false
	}
	n := 0
	for d := step; d < limit; d += step {
		v := f.at(x+dx*d, y+dy*d)
		if (v < 0) != (last < 0) {
			at[n] = d - step + step*last/(last-v)
			if n++; n == len(at) {
				return at, true
			}
		}
		last = v
	}
	return at, false
}

// merge joins finds of one eye: the mean of its lines.
func merge(all []finder, c finder) []finder {
	for i := range all {
		o := &all[i]
		if math.Hypot(o.x-c.x, o.y-c.y) < 2*o.module && c.module < 1.7*o.module && o.module < 1.7*c.module {
			n := float64(o.lines)
			o.x, o.y = (o.x*n+c.x)/(n+1), (o.y*n+c.y)/(n+1)
			o.module = (o.module*n + c.module) / (n + 1)
			o.lines++
			return all
		}
	}
	return append(all, c)
}
