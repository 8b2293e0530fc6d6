package scan

import "github.com/makiuchi-d/gozxing/qrcode/decoder"

// mark is a module whose colour every code of the version shares.
type mark struct {
	u, v float64 // its middle, in modules
	dark bool
}

// pattern is what is fixed in a version: finders, timing, alignment.
type pattern struct {
	side    int
	marks   []mark
	eyes    []mark  // those of marks that belong to finders
	centres []point // middles of the alignment patterns
	last    point   // the alignment pattern near the fourth corner
}

func patternOf(version int) *pattern {
	p := &pattern{side: 17 + 4*version}
	n := p.side
	for _, corner := range [3][2]int{{0, 0}, {n - 7, 0}, {0, n - 7}} {
		p.addFinder(corner[0], corner[1])
	}
	p.eyes = p.marks[:len(p.marks):len(p.marks)]
	for i := 8; i < n-8; i++ {
		p.marks = append(p.marks, mark{float64(i) + 0.5, 6.5, i%2 == 0}, mark{6.5, float64(i) + 0.5, i%2 == 0})
	}
	v, err := decoder.Version_GetVersionForNumber(version)
	if err != nil {
		return nil
	}
	places := v.GetAlignmentPatternCenters()
	for i, y := range places {
		for j, x := range places {
			first, last := 0, len(places)-1
			if i == first && (j == first || j == last) || i == last && j == first {
				continue // a finder stands there
			}
			p.addAlignment(x, y)
		}
	}
	p.last = point{float64(n) - 3.5, float64(n) - 3.5}
	if len(p.centres) > 0 {
		p.last = p.centres[len(p.centres)-1]
	}
	return p
}

// addFinder adds the eye and the light line around it.
func (p *pattern) addFinder(x, y int) {
	for dy := -1; dy <= 7; dy++ {
		for dx := -1; dx <= 7; dx++ {
			if x+dx < 0 || y+dy < 0 || x+dx >= p.side || y+dy >= p.side {
				continue
			}
			ring := max(abs(dx-3), abs(dy-3))
			p.marks = append(p.marks, mark{float64(x+dx) + 0.5, float64(y+dy) + 0.5, ring != 2 && ring != 4})
		}
	}
}

func (p *pattern) addAlignment(x, y int) {
	p.centres = append(p.centres, point{float64(x) + 0.5, float64(y) + 0.5})
	for _, m := range alignment {
		p.marks = append(p.marks, mark{float64(x) + 0.5 + m.u, float64(y) + 0.5 + m.v, m.dark})
	}
}

// alignment is the pattern of 5 by 5 around its middle.
var alignment = func() (marks []mark) {
	for dy := -2; dy <= 2; dy++ {
		for dx := -2; dx <= 2; dx++ {
			marks = append(marks, mark{float64(dx), float64(dy), max(abs(dx), abs(dy)) != 1})
		}
	}
	return marks
}()

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}
