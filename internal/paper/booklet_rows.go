package paper

import (
	"strconv"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/schema"
)

// rowGap stands above and below the rule between two rows.
const rowGap = 0.6

// row is one credential with its code, measured.
type row struct {
	number int
	sheet  *Sheet
	text   string // of the code
	module float64
	side   float64
	parts  []rowPart
	height float64
}

// rowPart is a text beside the code.
type rowPart struct {
	text string
	st   style
}

// rowPages lays the rows on as many pages as they need, each row whole.
func (d *bookletDrawing) rowPages() ([]leaf, error) {
	var pages []leaf
	var some []row
	// The heading measures the same on every page; it is drawn later.
	room := leafBottom - rowsTop
	used := 0.0
	flush := func() {
		if len(some) > 0 {
			rows := some
			pages = append(pages, func(d *bookletDrawing, x float64) error { return d.rowPage(x, rows) })
		}
		some, used = nil, 0
	}
	if err := d.measureCodes(); err != nil {
		return nil, err
	}
	for i := range d.Rows {
		r, err := d.measureRow(i+1, &d.Rows[i], room)
		if err != nil {
			return nil, err
		}
		if used+r.height > room+tiny {
			flush()
		}
		some, used = append(some, r), used+r.height+2*rowGap
	}
	flush()
	return pages, nil
}

// rowsTop is where rows begin: below a line of heading.
const rowsTop = leafMargin/2 + 8

// measureCodes finds the widest code, so that the words of all rows begin at
// the same place.
func (d *bookletDrawing) measureCodes() error {
	for i := range d.Rows {
		text, err := codeOf(&d.Rows[i])
		if err != nil {
			return err
		}
		side, err := d.codeSide(text, leastModule)
		if err != nil {
			return err
		}
		d.column = max(d.column, side)
	}
	return nil
}

// measureRow finds how high the row is: its code, or its words where they need more.
func (d *bookletDrawing) measureRow(number int, s *Sheet, room float64) (row, error) {
	text, err := codeOf(s)
	if err != nil {
		return row{}, err
	}
	side, err := d.codeSide(text, leastModule)
	if err != nil {
		return row{}, err
	}
	r := row{number: number, sheet: s, text: text, module: leastModule, side: side, parts: d.rowParts(number, s)}
	height := 0.0
	for _, part := range r.parts {
		height += measure(part.text, leafText-d.column+1, part.st).height
	}
	if len(s.Credential.View().Outcomes) > 0 {
		height += 1 + outcomeLine
	}
	r.height = pitch(room, min(room, max(side, height+2)))
	return r, nil
}

// rowParts are the words of a row that are always there, the most telling
// first: what is too much for a page is cut from below.
func (d *bookletDrawing) rowParts(number int, s *Sheet) []rowPart {
	v := s.Credential.View()
	parts := []rowPart{
		{strconv.Itoa(number) + ". " + v.Title, style{face: bold, lead: 1.15}},
		{v.AwardingBody, style{lead: 1.15}},
		{d.issued(0, v), style{lead: 1.15}},
	}
	if d.bilingual() {
		parts = append(parts, rowPart{d.issued(1, v), style{lead: 1.15, ink: soft}})
	}
	for _, until := range tongues(d.Languages).until("paper.copy_until", s.Credential) {
		if until != "" {
			parts = append(parts, rowPart{until, style{lead: 1.15}})
		}
	}
	for _, status := range statusBeside(s, tongues(d.Languages)) {
		parts = append(parts, rowPart{status, style{lead: 1.15}})
	}
	return append(parts, rowPart{v.DocumentNumber, style{lead: 1.15, code: true}})
}

// issued says since when, and the level where the document states one.
func (d *bookletDrawing) issued(language int, v schema.View) string {
	lang := d.Languages[language]
	words := i18n.T(lang, "booklet.issued", map[string]string{"date": i18n.Date(lang, v.IssuedOn)})
	if v.Level > 0 && language == 0 {
		words += " · EQF " + strconv.Itoa(v.Level)
	}
	return words
}

func (d *bookletDrawing) rowPage(x float64, rows []row) error {
	d.rowHeading(x)
	y := rowsTop
	for i, r := range rows {
		if i > 0 {
			d.line(x+leafMargin, y-rowGap, x+leafWidth-leafMargin, y-rowGap, .2)
		}
		if _, err := d.code(x+leafMargin-2, y, r.module, r.text); err != nil {
			return err
		}
		left := x + leafMargin + d.column - 1
		top := y + 1
		for _, part := range r.parts {
			within := box{left, top, x + leafWidth - leafMargin - left, y + r.height - top}
			if within.h < minSize*mmPerPoint {
				break
			}
			top += d.text(within, part.text, part.st).height
		}
		d.outcomes(box{left, top + 1, x + leafWidth - leafMargin - left, y + r.height - top - 1}, r.sheet)
		y += r.height + 2*rowGap
	}
	return nil
}

// outcomeLine is a line of outcomes: every row keeps one free where there are any.
const outcomeLine = minSize * 1.15 * mmPerPoint

// outcomes fills what room the row has left with what the person can do, each
// outcome whole or not at all. What has no room is counted in a last line.
func (d *bookletDrawing) outcomes(in box, s *Sheet) {
	st := style{lead: 1.15}
	all := s.Credential.View().Outcomes
	for i, outcome := range all {
		f := measure(outcome, in.w-4, st)
		rest := 0.0
		if i < len(all)-1 {
			rest = outcomeLine
		}
		if f.height+rest > in.h+tiny {
			words := i18n.T(d.Languages[0], "booklet.more_outcomes", map[string]string{"count": strconv.Itoa(len(all) - i)})
			d.text(box{in.x, in.y, in.w, max(in.h, outcomeLine)}, words, st)
			return
		}
		d.dot(in.x+1.2, in.y+minSize*1.15*mmPerPoint/2, .7, true)
		d.draw(box{in.x + 4, in.y, in.w - 4, f.height}, f, st)
		in.y, in.h = in.y+f.height, in.h-f.height
	}
}

// rowsOnAPage is how many rows stand on a page when each is as high as usual.
const rowsOnAPage = 4

// pitch gives a row the quarter of a page when it needs no more, so that rows
// stand at the same height on every page.
func pitch(room, height float64) float64 {
	quarter := (room - (rowsOnAPage-1)*2*rowGap) / rowsOnAPage
	if height <= quarter {
		return quarter
	}
	return height
}

// rowHeading is a single line: four codes leave room for no more.
func (d *bookletDrawing) rowHeading(x float64) {
	st := style{face: bold, lead: 1.1}
	y := leafMargin / 2
	d.text(box{x + leafMargin, y, leafText / 2, 6}, i18n.T(d.Languages[0], "booklet.rows", nil), st)
	if d.bilingual() {
		d.text(box{x + leafWidth/2, y, leafText / 2, 6}, i18n.T(d.Languages[1], "booklet.rows", nil), style{align: 'R', ink: soft, lead: 1.1})
	}
	d.line(x+leafMargin, y+6, x+leafWidth-leafMargin, y+6, .4)
}

// statusBeside dates the status where it has a code of its own that small paper
// does not draw: a code without its status says nothing of a revocation.
func statusBeside(s *Sheet, t tongues) (lines []string) {
	if len(s.QR) < 2 || s.StatusAsOf.IsZero() {
		return nil
	}
	for _, lang := range t {
		if lang != "" {
			lines = append(lines, dated(lang, "booklet.status", s.StatusAsOf))
		}
	}
	return lines
}
