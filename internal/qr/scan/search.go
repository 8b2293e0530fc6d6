package scan

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"math"
	"sort"
	"time"
)

const (
	// searchTime is how long one picture is searched for further codes.
	searchTime = 20 * time.Second
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

// run gives the number of codes that were seen and could not be read.
func (s *search) run(ctx context.Context) int {
	ctx, cancel := context.WithTimeout(ctx, searchTime)
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
		if ctx.Err() != nil {
			return false
		}
		g := level()
		factor := float64(part.w) / float64(g.w)
		for _, c := range suspects(flatten(g, max(9, min(g.w, g.h)/22))) {
			a := c.scaled(factor).moved(float64(x), float64(y))
			if overlaps(s.tried, a) || overlaps(s.found.areas(), a) {
				continue
			}
			if s.read(ctx, left, a) {
				more = true
			} else {
				s.tried = append(s.tried, a)
			}
		}
	}
	return more
}

// levels are the pictures in which finders are looked for.
func levels(img *gray) []func() *gray {
	longer := float64(max(img.w, img.h))
	reduced := func(to float64) *gray {
		if longer <= to {
			return img
		}
		return img.scaled(to / longer)
	}
	fine := func() *gray { return reduced(2.2 * usual) }
	coarse := func() *gray { return reduced(usual) }
	return []func() *gray{
		fine,
		func() *gray { return coarse().smooth() },
		func() *gray { return coarse().inverted() },
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
// the modules between them alternate. Small ones come first: finders of
// neighbours stand in right angles too, further apart.
func suspects(f *flat) (all []area) {
	eyes := findFinders(f, maxEyes)
	var likely []corners
	for i := range eyes {
		for j := i + 1; j < len(eyes); j++ {
			for k := j + 1; k < len(eyes); k++ {
				if c, ok := arrange(eyes[i], eyes[j], eyes[k]); ok && c.score < 0.6 {
					likely = append(likely, c)
				}
			}
		}
	}
	sort.SliceStable(likely, func(a, b int) bool { return likely[a].leg() < likely[b].leg() })
	used := map[finder]bool{}
	fitted := 0
	for _, c := range likely {
		if used[c.topLeft] || used[c.topRight] || used[c.bottomLeft] || !c.looksLikeCode(f) {
			continue
		}
		if fitted++; fitted > maxFits {
			break
		}
		if best := fits(f, c); len(best) > 0 && best[0].quality > goodFit {
			used[c.topLeft], used[c.topRight], used[c.bottomLeft] = true, true, true
			all = append(all, best[0].area())
		}
	}
	return all
}

func (c corners) leg() float64 {
	return math.Hypot(c.topRight.x-c.topLeft.x, c.topRight.y-c.topLeft.y)
}

// looksLikeCode is the cheap question before the pattern of a version is fitted.
func (c corners) looksLikeCode(f *flat) bool {
	side := c.modules(f)
	return !math.IsNaN(side) && side > 17 && side < 185
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
		if ctx.Err() != nil {
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
