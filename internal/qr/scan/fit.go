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

const (
	eyesFit = 0.2  // below it the three are no eyes: noise has many that look like one
	goodFit = 0.35 // below it nothing was ever read
	sureFit = 0.65 // above it, before refining, there is no other version
)

// fits tries the versions near to the estimate and gives the best first.
func fits(f *flat, c corners) []fit {
	estimate := (c.modules(f) - 17) / 4
	if math.IsNaN(estimate) || estimate < -2 || estimate > 46 {
		return nil
	}
	middle := int(math.Round(estimate))
	var all []fit
	for d := range 2*(1+middle/12) + 1 {
		version := middle + (d+1)/2*(1-2*(d%2)) // 0, -1, +1, -2, +2 from the middle
		if version < 1 || version > 40 {
			continue
		}
		if best, ok := fitVersion(f, c, version); ok {
			all = append(all, best)
			if best.quality > sureFit {
				break
			}
		}
	}
	byQuality(all)
	all = all[:min(len(all), 2)]
	for i := range all {
		all[i].refine(f)
	}
	byQuality(all)
	return all
}

func byQuality(all []fit) {
	sort.SliceStable(all, func(a, b int) bool { return all[a].quality > all[b].quality })
}

func fitVersion(f *flat, c corners, version int) (best fit, ok bool) {
	p := patternOf(version)
	if p == nil {
		return fit{}, false
	}
	with := func(fourth point) fit {
		return fit{pattern: p, points: [4]point{
			{c.topLeft.x, c.topLeft.y}, {c.topRight.x, c.topRight.y}, {c.bottomLeft.x, c.bottomLeft.y}, fourth,
		}}
	}
	straight := with(c.place(p, p.last.x, p.last.y))
	if !straight.measure(f) || agreement(f, straight.plane, p.eyes) < eyesFit {
		return fit{}, false
	}
	for _, fourth := range fourthCorners(f, c, p) {
		candidate := with(fourth)
		if candidate.measure(f) && (!ok || candidate.quality > best.quality) {
			best, ok = candidate, true
		}
	}
	return best, ok && best.quality > goodFit/2 // refining will add
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
// and none more than once: a burnt-out spot must not outweigh the rest. Each is
// taken near two opposite corners, by turns: middles agree long before the
// modules lie in each other, and a sharp picture would let the plane drift.
func agreement(f *flat, plane *plane, marks []mark) float64 {
	sum, off := 0.0, 0.34
	for _, m := range marks {
		off = -off
		p, q := plane.at(m.u-0.34, m.v+off), plane.at(m.u+0.34, m.v-off)
		v := min(max(f.at(p.x, p.y), -1), 1) + min(max(f.at(q.x, q.y), -1), 1)
		if m.dark {
			v = -v
		}
		sum += v
	}
	return sum / float64(2*len(marks))
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
			if next.measure(f) && next.quality > t.quality+1e-4 {
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
	at := func(u, v float64) point { return c.place(p, u, v) }
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
	module := math.Hypot(c.topRight.x-c.topLeft.x, c.topRight.y-c.topLeft.y) / float64(p.side-7)
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

// place is a place of the code as if the paper lay straight before the camera.
func (c corners) place(p *pattern, u, v float64) point {
	n := float64(p.side - 7)
	u, v = (u-3.5)/n, (v-3.5)/n
	return point{
		c.topLeft.x + (c.topRight.x-c.topLeft.x)*u + (c.bottomLeft.x-c.topLeft.x)*v,
		c.topLeft.y + (c.topRight.y-c.topLeft.y)*u + (c.bottomLeft.y-c.topLeft.y)*v,
	}
}

func near(all []point, p point, distance float64) bool {
	for _, q := range all {
		if d := p.minus(q); math.Hypot(d.x, d.y) < distance {
			return true
		}
	}
	return false
}
