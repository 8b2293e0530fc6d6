package scan

import (
	"math"
	"sort"
)

type point struct{ x, y float64 }

func (p point) minus(q point) point { return point{p.x - q.x, p.y - q.y} }

// corners are three finders in their places: top left, top right, bottom left.
type corners struct {
	topLeft, topRight, bottomLeft finder
	score                         float64 // 0 is a perfect right angle of equal legs
}

const maxTriples = 6

// triples gives the likeliest corners first.
func triples(found []finder) []corners {
	var all []corners
	for i := range found {
		for j := i + 1; j < len(found); j++ {
			for k := j + 1; k < len(found); k++ {
				if c, ok := arrange(found[i], found[j], found[k]); ok {
					all = append(all, c)
				}
			}
		}
	}
	sort.SliceStable(all, func(a, b int) bool { return all[a].score < all[b].score })
	return all[:min(len(all), maxTriples)]
}

// arrange finds the corner between the two legs.
func arrange(a, b, c finder) (corners, bool) {
	least, most := min(a.module, b.module, c.module), max(a.module, b.module, c.module)
	if most > 2*least {
		return corners{}, false
	}
	best := corners{score: math.Inf(1)}
	for _, t := range [3][3]finder{{a, b, c}, {b, c, a}, {c, a, b}} {
		u := point{t[1].x - t[0].x, t[1].y - t[0].y}
		v := point{t[2].x - t[0].x, t[2].y - t[0].y}
		lu, lv := math.Hypot(u.x, u.y), math.Hypot(v.x, v.y)
		if lu == 0 || lv == 0 {
			continue
		}
		cosine := math.Abs(u.x*v.x+u.y*v.y) / (lu * lv)
		legs := math.Abs(math.Log(lu / lv))
		score := cosine + legs + 0.5*math.Log(most/least)
		if score >= best.score {
			continue
		}
		best = corners{topLeft: t[0], topRight: t[1], bottomLeft: t[2], score: score}
		if u.x*v.y-u.y*v.x < 0 { // y grows downwards: right, then down, turns this way
			best.topRight, best.bottomLeft = best.bottomLeft, best.topRight
		}
	}
	leg := math.Hypot(best.topRight.x-best.topLeft.x, best.topRight.y-best.topLeft.y)
	// The legs of version 1 are 14 modules, those of version 40 170. A module
	// measured across a turned code is up to 1.5 times too wide.
	return best, best.score < 1.1 && leg > 8*least && leg < 260*most
}

// modules estimates the side of the code along both legs.
func (c corners) modules(f *flat) float64 {
	return (legModules(f, c.topLeft, c.topRight)+legModules(f, c.topLeft, c.bottomLeft))/2 + 7
}

// legModules is the distance of two finders in modules as wide as they are in
// that direction.
func legModules(f *flat, a, b finder) float64 {
	length := math.Hypot(b.x-a.x, b.y-a.y)
	dx, dy := (b.x-a.x)/length, (b.y-a.y)/length
	sum, n := 0.0, 0.0
	for _, p := range []finder{a, b} {
		if _, m, ok := through(f, p.x, p.y, dx, dy, p.module); ok {
			sum, n = sum+m, n+1
		}
	}
	if n == 0 {
		return length / ((a.module + b.module) / 2)
	}
	return length / (sum / n)
}
