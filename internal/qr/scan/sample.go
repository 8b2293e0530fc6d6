package scan

import "math"

// grid holds the brightness of each module, row by row.
type grid struct {
	side int
	v    []float64
}

// sample takes each module's middle from five points: one alone would be the
// camera's noise.
func (t *fit) sample(f *flat, bend *bend) *grid {
	n := t.pattern.side
	g := &grid{side: n, v: make([]float64, n*n)}
	const off = 0.22
	for y := range n {
		for x := range n {
			u, v := float64(x)+0.5, float64(y)+0.5
			du, dv := bend.at(u, v)
			u, v = u+du, v+dv
			sum := 0.0
			for _, d := range [5]point{{0, 0}, {-off, -off}, {off, -off}, {-off, off}, {off, off}} {
				p := t.plane.at(u+d.x, v+d.y)
				sum += min(max(f.at(p.x, p.y), -2), 2)
			}
			g.v[y*n+x] = sum / 5
		}
	}
	return g
}

// sharpened takes a share of the neighbours out of each module: what blur and
// ink spread has put in.
func (g *grid) sharpened(share float64) *grid {
	out := &grid{side: g.side, v: make([]float64, len(g.v))}
	for y := range g.side {
		for x := range g.side {
			around := (g.at(x-1, y) + g.at(x+1, y) + g.at(x, y-1) + g.at(x, y+1)) / 4
			i := y*g.side + x
			out.v[i] = g.v[i] + share*(g.v[i]-around)
		}
	}
	return out
}

// at repeats the border outwards.
func (g *grid) at(x, y int) float64 {
	x, y = min(max(x, 0), g.side-1), min(max(y, 0), g.side-1)
	return g.v[y*g.side+x]
}

// bits calls dark what is darker than the middle of dark and light around it.
// half is how far around, in modules; 0 takes the whole code.
func (g *grid) bits(half int) [][]bool {
	dark := make([][]bool, g.side)
	for y := range g.side {
		dark[y] = make([]bool, g.side)
		for x := range g.side {
			dark[y][x] = g.at(x, y) < g.threshold(x, y, half)
		}
	}
	return dark
}

// threshold is the middle between the mean of what is dark and the mean of
// what is light around: a plain mean would lean to the commoner colour.
func (g *grid) threshold(x, y, half int) float64 {
	if half == 0 {
		return 0
	}
	var sum [2]float64
	var n [2]float64
	for j := max(0, y-half); j <= min(g.side-1, y+half); j++ {
		for i := max(0, x-half); i <= min(g.side-1, x+half); i++ {
			v, k := g.v[j*g.side+i], 0
			if v < 0 {
				k = 1
			}
			sum[k] += v
			n[k]++
		}
	}
	if n[0] == 0 || n[1] == 0 {
		return 0
	}
	return (sum[0]/n[0] + sum[1]/n[1]) / 2
}

// bend is how far paper that is not flat, or a lens, moves modules from the
// plane: measured at the alignment patterns, joined by distance.
type bend struct {
	centres []point
	shift   []point
	reach   float64
}

// bendOf measures at each alignment pattern. Patterns that do not show count
// for nothing.
func (t *fit) bendOf(f *flat) *bend {
	if len(t.pattern.centres) < 2 {
		return nil
	}
	b := &bend{reach: float64(t.pattern.side) / math.Sqrt(float64(len(t.pattern.centres)+3))}
	n := float64(t.pattern.side)
	for _, eye := range [3]point{{3.5, 3.5}, {n - 3.5, 3.5}, {3.5, n - 3.5}} {
		b.centres, b.shift = append(b.centres, eye), append(b.shift, point{})
	}
	for _, c := range t.pattern.centres {
		best, at := 0.5, point{}
		found := false
		for dv := -1.5; dv <= 1.5; dv += 0.25 {
			for du := -1.5; du <= 1.5; du += 0.25 {
				score := t.alignmentAt(f, c.x+du, c.y+dv) - 0.05*math.Hypot(du, dv)
				if score > best {
					best, at, found = score, point{du, dv}, true
				}
			}
		}
		if found {
			b.centres, b.shift = append(b.centres, c), append(b.shift, at)
		}
	}
	return b
}

func (t *fit) alignmentAt(f *flat, u, v float64) float64 {
	sum := 0.0
	for _, m := range alignment {
		p := t.plane.at(u+m.u, v+m.v)
		value := min(max(f.at(p.x, p.y), -1), 1)
		if m.dark {
			value = -value
		}
		sum += value
	}
	return sum / float64(len(alignment))
}

// at is the mean of the measured shifts, the near ones counting most.
func (b *bend) at(u, v float64) (du, dv float64) {
	if b == nil {
		return 0, 0
	}
	var weights float64
	for i, c := range b.centres {
		d2 := ((c.x-u)*(c.x-u) + (c.y-v)*(c.y-v)) / (b.reach * b.reach)
		w := 1 / (0.05 + d2*d2)
		weights += w
		du += w * b.shift[i].x
		dv += w * b.shift[i].y
	}
	return du / weights, dv / weights
}
