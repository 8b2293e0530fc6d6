package paper

import (
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/employment-passport/passport/internal/i18n"
)

// PrintProgramme writes a programme to hang up and to hand out, as a list of its
// workshops by day. languages are those of the page's own words; the second may be
// empty. Its error wraps ErrLogo.
func PrintProgramme(w io.Writer, p Programme, languages [2]string, o Options) error {
	drawn, err := drawnProgramme(p, languages, o)
	if err != nil {
		return err
	}
	return drawn.end(w)
}

func drawnProgramme(programme Programme, languages [2]string, o Options) (*page, error) {
	t := tonguesOf(&Sheet{Languages: languages})
	p := newPage(programme.Title+" – "+programme.Organiser, t[0], o.Now)
	d := &programmeDrawing{a4: p.beginPlain(t), Programme: programme}
	d.logo = o.Logo
	d.bottom, d.rest = a4Height-margin, a4Height-margin
	d.y = margin + d.headerHeight(1) + gap
	d.top = margin + d.headerHeight(2) + gap
	d.opening()
	for i, w := range d.Workshops {
		d.row(w, i == 0)
	}
	d.ending()
	if err := d.headers(); err != nil {
		return nil, err
	}
	return p, p.pdf.Error()
}

// programmeDrawing is a programme on its way into a PDF.
type programmeDrawing struct {
	*a4
	Programme
}

// Columns of the list, and of the header.
const (
	whenWidth = 60.0
	whatLeft  = margin + whenWidth + 3
	whatWidth = a4Width - margin - whatLeft
	pageWidth = 44.0 // of "page n of m"
	logoWidth = 40.0
)

var (
	organiserStyle = style{face: bold, size: 13}
	titleOnSide    = style{face: bold}
)

// organiser is the body's name, measured for the room beside the logo.
func (d *programmeDrawing) organiser() fit {
	w := a4Column - pageWidth - 4
	if len(d.logo) > 0 {
		w -= logoWidth + 4
	}
	return measure(d.Organiser, w, organiserStyle)
}

// headerHeight is that of side n: the ones after the first bear the title too.
func (d *programmeDrawing) headerHeight(n int) float64 {
	high := d.organiser().height
	if len(d.logo) > 0 {
		high = max(high, logoHeight)
	}
	if n > 1 {
		high += measure(d.Title, a4Column, titleOnSide).height
	}
	return high + 2
}

// headers stand on every side, so that a loose one is known by it.
func (d *programmeDrawing) headers() error {
	total := d.side()
	for n := 1; n <= total; n++ {
		d.back(n)
		left, name := margin, d.organiser()
		if len(d.logo) > 0 {
			if _, err := d.image(box{margin, margin, logoWidth, logoHeight}, d.logo); err != nil {
				return err
			}
			left += logoWidth + 4
		}
		d.draw(box{left, margin, a4Width - margin - pageWidth - 4 - left, name.height}, name, organiserStyle)
		d.text(box{a4Width - margin - pageWidth, margin, pageWidth, lineHeight},
			d.tongue.words("paper.page", "n", strconv.Itoa(n), "total", strconv.Itoa(total))[0], style{align: 'R', ink: soft})
		y := margin + d.headerHeight(n)
		if n > 1 {
			title := measure(d.Title, a4Column, titleOnSide)
			d.draw(box{margin, y - 2 - title.height, a4Column, title.height}, title, titleOnSide)
		}
		d.line(margin, y, a4Width-margin, y, edge)
	}
	return nil
}

// opening is what somebody reads who passes by: what it is, when, where, and
// how to come.
func (d *programmeDrawing) opening() {
	d.y += 3
	st := style{face: bold, size: 28, least: 14, lead: 1.12}
	title := fitting(d.Title, a4Column, 80, st)
	d.draw(box{margin, d.y, a4Column, title.height}, title, st)
	d.y += title.height + 2
	d.write(margin, a4Column, d.Period, style{size: 18, lead: 1.2})
	if d.Place != "" {
		d.write(margin, a4Column, d.Place, style{size: 14})
	}
	if d.Notes != "" {
		d.y += 3
		d.write(margin, a4Column, d.Notes, style{})
	}
	d.y += 4
}

// heads name the columns, on each side on which rows stand.
func (d *programmeDrawing) heads() {
	st, y := style{face: bold}, d.y
	d.both(margin, whenWidth, d.tongue.words("programme.when"), st)
	low := d.y
	d.y = y
	d.both(whatLeft, whatWidth, d.tongue.words("programme.what"), st)
	d.y = max(d.y, low) + 1
	d.line(margin, d.y, a4Width-margin, d.y, .8)
	d.y += 2
}

func (d *programmeDrawing) headsHeight() float64 {
	st := style{face: bold}
	return max(heightOf(d.tongue.words("programme.when"), whenWidth, st), heightOf(d.tongue.words("programme.what"), whatWidth, st)) + 3
}

// programmeText is one of the texts that stand under each other in a column.
type programmeText struct {
	text twice
	style
}

// row is one workshop, whole on one side.
func (d *programmeDrawing) row(w Workshop, first bool) {
	when := []programmeText{
		{d.tongue.each(func(lang string) string { return weekdayIn(lang, w.Date) + " " + i18n.Date(lang, w.Date) }), style{face: bold}},
		{d.tongue.words("programme.at", "time", w.From), style{size: 13}},
	}
	what := []programmeText{
		{once(w.Title), style{face: bold, size: 14, lead: 1.2}},
		{once(w.Place), style{}},
		{d.tongue.each(w.facts), style{}},
	}
	high := max(heightOfAll(when, whenWidth), heightOfAll(what, whatWidth))
	if first {
		high += d.headsHeight()
	}
	if d.y+high > d.bottom+tiny {
		d.turn()
		first = true
	}
	if first {
		d.heads()
	}
	y := d.y
	for _, t := range when {
		d.both(margin, whenWidth, t.text, t.style)
	}
	low := d.y
	d.y = y
	for _, t := range what {
		d.both(whatLeft, whatWidth, t.text, t.style)
	}
	d.y = max(d.y, low) + 1.5
	d.line(margin, d.y, a4Width-margin, d.y, .2)
	d.y += 2
}

func heightOfAll(texts []programmeText, w float64) (high float64) {
	for _, t := range texts {
		high += heightOf(t.text, w, t.style)
	}
	return high + 1.5 // and the rule below
}

// facts are how long it takes, how many find room, and that it costs nothing.
func (w Workshop) facts(lang string) string {
	facts := []string{i18n.T(lang, "programme.hour", nil)}
	if w.Hours != 1 {
		facts[0] = i18n.T(lang, "paper.hour_count", map[string]string{"count": i18n.Number(lang, w.Hours)})
	}
	if w.Seats > 0 {
		facts = append(facts, i18n.T(lang, "programme.seats", map[string]string{"count": strconv.Itoa(w.Seats)}))
	}
	if w.Free {
		facts = append(facts, i18n.T(lang, "programme.free", nil))
	}
	return strings.Join(facts, " · ")
}

var weekdays = [...]string{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"}

// weekdayIn is the name of a day, as a row begins with it.
func weekdayIn(lang, iso string) string {
	t, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		return ""
	}
	return i18n.T(lang, "programme.day."+weekdays[t.Weekday()], nil)
}

// ending is with whom the body works.
func (d *programmeDrawing) ending() {
	if len(d.Partners) > 0 {
		all := strings.Join(d.Partners, " · ")
		d.heading(d.tongue.words("programme.partners"), min(measure(all, a4Column, style{}).height, 4*lineHeight))
		d.write(margin, a4Column, all, style{})
	}
}
