package scan

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"math"
	"slices"
	"sort"
	"time"
)

const (
	// searchTime is how long one picture is searched for further codes, slowTime
	// how long in a page, where the same work takes several times as long.
	searchTime = 20 * time.Second
	slowTime   = time.Minute
	maxEyes    = 90 // finders looked at in a picture without what was read
	maxFits    = 60 // patterns fitted to one picture
	maxLast    = 12 // codes handed to the last reader
	leastCode  = 17 // points: 21 modules of 0.8
)

// search looks for the codes beside those that were read. It paints over what
// was read, looks for finders that are left, and reads the part of the picture
// around each three that stand like a code's.
type search struct {
	img   *gray
	found *findings
	last  reader

	tried []area // looked at and not read
	asked int    // of the last reader
}

// run gives the number of codes that were seen and could not be read. Where that
// is none, a search that was cut short counts as one: what it has not looked at
// may be a code.
func (s *search) run(ctx context.Context, patience time.Duration) int {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for s.round(ctx) {
		continue
	}
	unread := 0
	read := s.found.areas()
	for _, a := range s.tried {
		if !overlaps(read, a) {
			unread++
		}
	}
	if unread == 0 && late(ctx) {
		return 1
	}
	return unread
}

// round looks once at all that is left, and tells whether it read more.
func (s *search) round(ctx context.Context) (more bool) {
	left := s.img.without(s.found.areas())
	x, y, part := left.inked()
	if part == nil {
		return false
	}
	for _, level := range levels(part) {
		if late(ctx) {
			return false
		}
		g := level.picture()
		factor := float64(part.w) / float64(g.w)
		f := flatten(g, max(9, min(g.w, g.h)/level.parts))
		for _, t := range suspects(f) {
			a := t.area().scaled(factor).moved(float64(x), float64(y))
			if overlaps(s.tried, a) || overlaps(s.found.areas(), a) {
				continue
			}
			if late(ctx) {
				return false
			}
			if s.readFit(f, t, a) || s.read(ctx, left, a) {
				more = true
			} else {
				s.tried = append(s.tried, a)
			}
		}
	}
	return more
}

// level is a picture in which finders are looked for, and into how many parts
// its shorter side is cut to judge the light.
type level struct {
	picture func() *gray
	parts   int
}

// levels judge the light in narrow squares for small modules, and in broad ones:
// where a code of few modules is all that is left, a narrow square lies within
// the middle of a finder and sees no difference there.
func levels(img *gray) []level {
	longer := float64(max(img.w, img.h))
	reduced := func(to float64) *gray {
		if longer <= to {
			return img
		}
		return img.scaled(to / longer)
	}
	fine := func() *gray {
		if 2*longer <= 2.2*usual { // a page at 100 dots an inch has 1.7 of them a module
			return img.scaled(2)
		}
		return reduced(2.2 * usual)
	}
	coarse := func() *gray { return reduced(usual) }
	return []level{
		{fine, 22},
		{coarse, 5},
		{func() *gray { return coarse().smooth() }, 22},
		{func() *gray { return coarse().inverted() }, 22},
		{func() *gray { return coarse().inverted() }, 5},
	}
}

// inked is the part of the picture that is not white paper, and where it
// begins; nil where no code has room in it.
func (g *gray) inked() (x, y int, part *gray) {
	const paper, edge = 200, 8
	left, top, right, bottom := g.w, g.h, -1, -1
	for y := range g.h {
		for x, v := range g.pix[y*g.w : (y+1)*g.w] {
			if v < paper {
				left, right = min(left, x), max(right, x)
				top, bottom = min(top, y), y
			}
		}
	}
	if right-left < leastCode || bottom-top < leastCode {
		return 0, 0, nil
	}
	x, y = max(0, left-edge), max(0, top-edge)
	return x, y, g.crop(x, y, right+edge-x, bottom+edge-y)
}

// overlaps tells whether the middle of one lies in the other.
func overlaps(all []area, a area) bool {
	for _, o := range all {
		if o.holds(a.middle()) || a.holds(o.middle()) {
			return true
		}
	}
	return false
}

// suspects are the places where three finders stand as those of one code do and
// the modules between them alternate, the likeliest first: on a page of small
// modules most threes that stand in a right angle are accidents within the data
// of a code, and used to take the time that its own finders needed.
func suspects(f *flat) (all []fit) {
	used := map[finder]bool{}
	fitted := 0
	for _, c := range likely(f, f.eyes()) {
		if used[c.topLeft] || used[c.topRight] || used[c.bottomLeft] {
			continue
		}
		if fitted++; fitted > maxFits {
			break
		}
		if best := fits(f, c.corners); len(best) > 0 && best[0].quality > goodFit {
			used[c.topLeft], used[c.topRight], used[c.bottomLeft] = true, true, true
			all = append(all, best[0])
		}
	}
	return all
}

// eyes are the finders at two borders between dark and light. The mean around an
// eye lies towards the paper's white, so that the grey edges of small modules
// close its light ring.
func (f *flat) eyes() []finder {
	found := findFinders(f, maxEyes)
	for _, c := range findFinders(f.lighter(0.4), maxEyes) {
		if !slices.ContainsFunc(found, func(o finder) bool { return math.Hypot(o.x-c.x, o.y-c.y) < 2*o.module }) {
			found = append(found, c)
		}
	}
	return found
}

// three are corners and how little they look like those of a code.
type three struct {
	corners
	doubt float64
}

// likely orders the threes among the eyes by their doubt.
func likely(f *flat, eyes []finder) (all []three) {
	for i := range eyes {
		for j := i + 1; j < len(eyes); j++ {
			for k := j + 1; k < len(eyes); k++ {
				c, ok := arrange(eyes[i], eyes[j], eyes[k])
				if !ok || c.score > 0.6 {
					continue
				}
				if doubt, ok := c.doubt(f); ok {
					all = append(all, three{c, doubt})
				}
			}
		}
	}
	sort.SliceStable(all, func(a, b int) bool { return all[a].doubt < all[b].doubt })
	return all
}

// doubt is 0 for eyes that were crossed by as many lines as they are high, with
// as many changes of colour between them as there are modules: the cheap
// question before the pattern of a version is fitted.
func (c corners) doubt(f *flat) (doubt float64, ok bool) {
	side := c.modules(f)
	if math.IsNaN(side) || side < 17 || side > 185 {
		return 0, false
	}
	whole := min(c.topLeft.whole(), c.topRight.whole(), c.bottomLeft.whole())
	over, down := c.changes(f, side)
	off := func(n int) float64 { return min(1, math.Abs(math.Log(float64(n+16)/side))) }
	return 1 - whole + off(over) + off(down), true
}

// changes counts those of colour along both lines of timing, which run from eye
// to eye (ISO/IEC 18004 section 6.3.5).
func (c corners) changes(f *flat, side float64) (over, down int) {
	p := &pattern{side: int(side + 0.5)}
	last := [2]bool{true, true}
	for t := 7.5; t < side-7; t += 0.25 {
		a, b := c.place(p, t, 6.5), c.place(p, 6.5, t)
		for i, dark := range [2]bool{f.at(a.x, a.y) < 0, f.at(b.x, b.y) < 0} {
			if dark != last[i] {
				last[i] = dark
				if i == 0 {
					over++
				} else {
					down++
				}
			}
		}
	}
	return over, down
}

// readFit reads a code where its pattern was fitted.
func (s *search) readFit(f *flat, t fit, a area) bool {
	text := t.read(f)
	if text == "" {
		return false
	}
	s.found.add([]spot{{text, a}})
	return overlaps(s.found.areas(), a)
}

// read reads the part of the picture around one code.
func (s *search) read(ctx context.Context, img *gray, a area) bool {
	low, high := a.bounds()
	margin := max(8, 0.08*max(high.x-low.x, high.y-low.y))
	x, y := max(0, int(low.x-margin)), max(0, int(low.y-margin))
	part := img.crop(x, y, int(high.x+margin)-x, int(high.y+margin)-y)
	if part.w < leastCode || part.h < leastCode {
		return false
	}
	keep := func(codes []spot) bool {
		for i := range codes {
			codes[i].area = codes[i].area.moved(float64(x), float64(y))
		}
		s.found.add(codes)
		return overlaps(s.found.areas(), a)
	}
	for _, p := range passes(part) {
		if late(ctx) {
			return false
		}
		if keep(p(ctx).codes) {
			return true
		}
	}
	if s.last == nil || s.asked >= maxLast {
		return false
	}
	s.asked++
	codes := placeless(s.last(ctx, part.png()))
	if len(codes) != 1 {
		return false
	}
	codes[0].area = a.moved(-float64(x), -float64(y))
	return keep(codes)
}

// png is the picture as a file; nothing where that cannot be.
func (g *gray) png() []byte {
	var out bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestSpeed}
	if encoder.Encode(&out, &image.Gray{Pix: g.pix, Stride: g.w, Rect: image.Rect(0, 0, g.w, g.h)}) != nil {
		return nil
	}
	return out.Bytes()
}
