package scan

import (
	"math"
	"sort"
)

// fit is a perspective and how well the fixed modules agree with the picture:
// 1 when all do, 0 for noise.
type fit struct {
	pattern *pattern
	plane   *plane
	points  [4]point // of the three finders and of pattern.last
	quality float64
}

const goodFit = 0.35 // below it nothing was ever read

// fits tries the versions near to the estimate and gives the best first.
func fits(f *flat, c corners) []fit {
	estimate := (c.modules(f) - 17) / 4
	if math.IsNaN(estimate) || estimate < -2 || estimate > 46 {
		return nil
	}
	spread := 1 + int(estimate/12)
	var all []fit
	for version := int(math.Round(estimate)) - spread; version <= int(math.Round(estimate))+spread; version++ {
		if version < 1 || version > 40 {
			continue
		}
		if best, ok := fitVersion(f, c, version); ok {
			all = append(all, best)
		}
	}
	sort.SliceStable(all, func(a, b int) bool { return all[a].quality > all[b].quality })
	return all[:min(len(all), 2)]
}

func fitVersion(f *flat, c corners, version int) (best fit, ok bool) {
	p := patternOf(version)
	if p == nil {
		return fit{}, false
	}
	for _, fourth := range fourthCorners(f, c, p) {
		candidate := fit{pattern: p, points: [4]point{
			{c.topLeft.x, c.topLeft.y}, {c.topRight.x, c.topRight.y}, {c.bottomLeft.x, c.bottomLeft.y}, fourth,
		}}
		if candidate.measure(f) && (!ok || candidate.quality > best.quality) {
			best, ok = candidate, true
		}
	}
	if ok {
		best.refine(f)
	}
	return best, ok && best.quality > goodFit
}

// places are the four places of the code that fit.points belong to.
func (p *pattern) places() [4]point {
	n := float64(p.side)
	return [4]point{{3.5, 3.5}, {n - 3.5, 3.5}, {3.5, n - 3.5}, p.last}
}

// measure solves the perspective and judges it.
func (t *fit) measure(f *flat) bool {
	plane, ok := planeOf(t.pattern.places(), t.points)
	if !ok {
		return false
	}
	t.plane = plane
	t.quality = agreement(f, plane, t.pattern.marks)
	return true
}

// agreement is the mean of the fixed modules, each counted towards its colour
// and none more than once: a burnt-out spot must not outweigh the rest.
func agreement(f *flat, plane *plane, marks []mark) float64 {
	sum := 0.0
	for _, m := range marks {
		at := plane.at(m.u, m.v)
		v := min(max(f.at(at.x, at.y), -1), 1)
		if m.dark {
			v = -v
		}
		sum += v
	}
	return sum / float64(len(marks))
}

// refine moves the four points, one coordinate at a time and ever less, as
// long as the agreement grows.
func (t *fit) refine(f *flat) {
	module := math.Hypot(t.points[1].x-t.points[0].x, t.points[1].y-t.points[0].y) / float64(t.pattern.side-7)
	for step := module; step > module/12; step /= 2 {
		for range 6 {
			if !t.nudge(f, step) {
				break
			}
		}
	}
}

func (t *fit) nudge(f *flat, step float64) (moved bool) {
	for i := range 8 {
		for _, d := range []float64{step, -step} {
			next := *t
			if i%2 == 0 {
				next.points[i/2].x += d
			} else {
				next.points[i/2].y += d
			}
			if next.measure(f) && next.quality > t.quality {
				*t, moved = next, true
				break
			}
		}
	}
	return moved
}

// fourthCorners gives places where the alignment pattern near the fourth
// corner may be: the best in a window around the corner of the parallelogram,
// and that corner itself.
func fourthCorners(f *flat, c corners, p *pattern) []point {
	n := float64(p.side - 7)
	right := point{(c.topRight.x - c.topLeft.x) / n, (c.topRight.y - c.topLeft.y) / n}
	down := point{(c.bottomLeft.x - c.topLeft.x) / n, (c.bottomLeft.y - c.topLeft.y) / n}
	at := func(u, v float64) point {
		u, v = u-3.5, v-3.5
		return point{c.topLeft.x + right.x*u + down.x*v, c.topLeft.y + right.y*u + down.y*v}
	}
	guess := at(p.last.x, p.last.y)
	if len(p.centres) == 0 {
		return []point{guess}
	}
	reach := 3 + float64(p.side)/7
	type peak struct {
		at    point
		score float64
	}
	var peaks []peak
	for v := -reach; v <= reach; v += 0.5 {
		for u := -reach; u <= reach; u += 0.5 {
			sum := 0.0
			for _, m := range alignment {
				q := at(p.last.x+u+m.u, p.last.y+v+m.v)
				value := min(max(f.at(q.x, q.y), -1), 1)
				if m.dark {
					value = -value
				}
				sum += value
			}
			if score := sum / float64(len(alignment)); score > 0.4 {
				peaks = append(peaks, peak{at(p.last.x+u, p.last.y+v), score - 0.01*math.Hypot(u, v)/reach})
			}
		}
	}
	sort.SliceStable(peaks, func(a, b int) bool { return peaks[a].score > peaks[b].score })
	best := []point{guess}
	module := math.Hypot(right.x, right.y)
	for _, k := range peaks {
		if len(best) == 5 {
			break
		}
		if !near(best[1:], k.at, 1.5*module) {
			best = append(best, k.at)
		}
	}
	return best
}

func near(all []point, p point, distance float64) bool {
	for _, q := range all {
		if d := p.minus(q); math.Hypot(d.x, d.y) < distance {
			return true
		}
	}
	return false
}
