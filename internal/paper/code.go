package paper

import (
	"fmt"
	"math"
	"strconv"

	"github.com/employment-passport/passport/internal/qr"
)

// A printer's dot is 1/300 inch, or a whole part of it: a module of a whole
// number of dots has edges as sharp as the printer can make them.
const dotMM = 25.4 / 300

// leastModule is 5 dots, 0.423 mm; niceModule 6, 0.508 mm.
const (
	leastModule = 5 * dotMM
	niceModule  = 6 * dotMM
)

// symbols remembers so many codes of one PDF and no more: each is measured,
// placed and then drawn, and making one takes longer than drawing it. A code is
// a whole document of somebody's: they go with the PDF.
type symbols struct {
	rows  map[string][][]bool
	order []string
}

const maxRecent = 64

// modules gives the code's squares, quiet zone included, at level M. Nobody
// writes to them.
func (s *symbols) modules(text string) ([][]bool, error) {
	if rows, ok := s.rows[text]; ok {
		return rows, nil
	}
	rows, err := qr.Modules(text, qr.LevelM)
	if err != nil {
		return nil, err
	}
	if s.rows == nil {
		s.rows = map[string][][]bool{}
	}
	if len(s.order) == maxRecent {
		delete(s.rows, s.order[0])
		s.order = s.order[1:]
	}
	s.rows[text], s.order = rows, append(s.order, text)
	return rows, nil
}

// mostModules is a side of version 22, the largest that phones and paper were
// measured with. A code that may be larger takes no more than largeSide.
const (
	mostModules = 17 + 4*22
	largeSide   = 64.0
)

// allowLarge notes the codes that callers have vouched for.
func (p *page) allowLarge(sheets []Sheet) {
	for _, s := range sheets {
		for _, code := range s.QR {
			if code.Large {
				if p.large == nil {
					p.large = map[string]bool{}
				}
				p.large[code.Text] = true
			}
		}
	}
}

// codeSide is the side of a code with its quiet zone, at a module size.
func (p *page) codeSide(text string, module float64) (float64, error) {
	rows, err := p.codes.modules(text)
	if err != nil {
		return 0, err
	}
	return float64(len(rows)) * module, nil
}

// moduleFor is the largest module, nice or least, at which the code takes no
// more than most with its quiet zone. Below the least nothing is read: the
// error says how much room it needs.
func (p *page) moduleFor(text string, most float64) (float64, error) {
	for _, module := range []float64{niceModule, leastModule} {
		side, err := p.codeSide(text, module)
		if err != nil {
			return 0, err
		}
		if side <= most+tiny {
			return module, nil
		}
	}
	side, err := p.codeSide(text, leastModule)
	if err != nil {
		return 0, err
	}
	return 0, fmt.Errorf("a code of %.1f mm in a place of %.1f mm: %w", side, most, qr.ErrTooLarge)
}

// code draws a QR code at level M, its quiet zone included, with the upper left
// corner at x, y moved onto the grid of dots. All squares are one path, so that
// no renderer leaves hair lines between them. It gives the side.
func (p *page) code(x, y, module float64, text string) (float64, error) {
	rows, err := p.codes.modules(text)
	if err != nil {
		return 0, err
	}
	side := float64(len(rows)) * module
	if modules := len(rows) - 2*qr.QuietZone; modules > mostModules && (!p.large[text] || side > largeSide+tiny) {
		return 0, fmt.Errorf("a code of version %d, at most %d: %w", (modules-17)/4, (mostModules-17)/4, qr.ErrTooLarge)
	}
	x, y = math.Floor(x/dotMM)*dotMM, math.Floor(y/dotMM)*dotMM
	// One unit is a module, down from the upper left corner: whole numbers are
	// exact, short and quick to write.
	path := fmt.Appendf(nil, "q 0 0 0 rg %.5f 0 0 %.5f %.4f %.4f cm\n", module/mmPerPoint, -module/mmPerPoint, x/mmPerPoint, (p.height-y)/mmPerPoint)
	for r, row := range rows {
		for c := 0; c < len(row); c++ {
			start := c
			for c < len(row) && row[c] {
				c++
			}
			if c > start {
				path = strconv.AppendInt(path, int64(start), 10)
				path = strconv.AppendInt(append(path, ' '), int64(r), 10)
				path = strconv.AppendInt(append(path, ' '), int64(c-start), 10)
				path = append(path, " 1 re\n"...)
			}
		}
	}
	path = append(path, "f Q"...)
	p.pdf.RawWriteStr(string(path))
	at := box{x, y, side, side}
	p.note(placed{within: at, ink: at, text: text, isCode: true, moduleSize: module})
	return side, nil
}
