package paper

import (
	"fmt"
	"io"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/internal/qr"
)

// Slips writes the claim slips, two on each A4, in their order. Its error wraps
// ErrNothing or qr.ErrTooLarge.
func Slips(w io.Writer, slips []SlipData, o Options) error {
	p, err := drawnSlips(slips, o)
	if err != nil {
		return err
	}
	return p.end(w)
}

// A slip is half an A4, cut across the middle. Its main part goes to the
// person; the part at the right, with the number, is cut off.
const (
	slipHeight = a4Height / 2
	slipMargin = 12.0
	slipCode   = 50.0 // width of the part with the number
)

func drawnSlips(slips []SlipData, o Options) (*page, error) {
	if len(slips) == 0 {
		return nil, ErrNothing
	}
	lang := i18n.Main(slips[0].Languages[0])
	p := newPage(i18n.T(lang, "slip.waiting", nil), lang, o.Now)
	p.measured = o.measured
	for n, s := range slips {
		if n%2 == 0 {
			p.sheet(a4Width, a4Height)
			p.cut(slipMargin/2, slipHeight, a4Width-slipMargin/2, slipHeight)
		}
		d := slipDrawing{page: p, SlipData: s, tongue: tonguesOf(&Sheet{Languages: s.Languages}), top: float64(n%2) * slipHeight}
		if err := d.draw(); err != nil {
			return nil, fmt.Errorf("slip %s: %w", s.Reference, err)
		}
	}
	return p, p.pdf.Error()
}

// slipDrawing is one slip on its way onto a side.
type slipDrawing struct {
	*page
	SlipData
	tongue tongues
	top    float64 // of this half of the side
}

func (d *slipDrawing) draw() error {
	width := a4Width - 2*slipMargin
	if d.Code != "" {
		width -= slipCode + slipMargin/2
		d.code(slipMargin + width + slipMargin/2)
	}
	return d.main(slipMargin, width)
}

// main is whose it is, what, from whom, the code to scan, and what to do.
func (d *slipDrawing) main(x, w float64) error {
	y := d.top + slipMargin
	const number = 22.0
	d.text(box{x + w - number, y, number, lineHeight}, d.Reference, style{face: mono, align: 'R', code: true})
	y += d.text(box{x, y, w - number - 2, 2 * lineHeight}, d.tongue.words("slip.waiting").oneLine(), style{ink: soft}).height + 1.5
	y += d.text(box{x, y, w, 16}, d.Name, style{face: bold, size: 20, lead: 1.1}).height + 2.5
	y += d.text(box{x, y, w, 14}, d.Title, style{face: bold, size: 14, lead: 1.15}).height + .5
	y += d.text(box{x, y, w, 2 * lineHeight}, d.Issuer, style{}).height + 3
	d.line(x, y, x+w, y, edge)
	y += 3

	end := d.top + slipHeight - slipMargin
	foot := d.foot()
	for _, part := range foot {
		end -= measure(part.text, w, part.st).height + .8
	}
	side, err := d.scanned(x, y, min(end-y-1, w*.4))
	if err != nil {
		return err
	}
	d.steps(x+side, y, w-side, end-y)
	for _, part := range foot {
		f := d.textAt(x, end, w, part.text, part.st)
		end += f.height + .8
	}
	return nil
}

// foot are the sentences at the end of the main part: until when, and what
// somebody without a phone does, in both languages.
func (d *slipDrawing) foot() (parts []rowPart) {
	until := d.tongue.each(func(lang string) string {
		return i18n.T(lang, "slip.until", map[string]string{"date": i18n.Day(lang, d.Until)})
	})
	parts = append(parts, rowPart{until.oneLine(), style{face: bold}})
	for n, text := range d.tongue.words("slip.no_phone") {
		if text != "" {
			parts = append(parts, rowPart{text, style{ink: soft * ink(n)}})
		}
	}
	return parts
}

// scanned draws the code of the link, its modules as large as the place allows,
// and gives its side.
func (d *slipDrawing) scanned(x, y, most float64) (float64, error) {
	module := float64(leastModule)
	for _, dots := range []float64{11, 10, 9, 8, 7, 6} {
		if side, err := d.codeSide(d.Link, dots*dotMM); err != nil {
			return 0, err
		} else if side <= most {
			module = dots * dotMM
			break
		}
	}
	if side, err := d.codeSide(d.Link, module); err != nil || side > most {
		if err == nil {
			err = fmt.Errorf("a code of %.1f mm in a place of %.1f mm: %w", side, most, qr.ErrTooLarge)
		}
		return 0, err
	}
	return d.page.code(x-qr.QuietZone*module/2, y-qr.QuietZone*module/2, module, d.Link)
}

// steps are the two things to do, each a picture and its sentence.
func (d *slipDrawing) steps(x, y, w, h float64) {
	second, draw := "slip.accept", acceptPictogram
	if d.Code != "" {
		second, draw = "slip.type", keysPictogram
	}
	const side = 20.0
	left, end := x+.8*side, y+h // the phones take the middle of their squares
	w -= .8*side + 1
	for _, step := range []struct {
		draw pictogram
		key  string
	}{{scanPictogram, "slip.scan"}, {draw, second}} {
		step.draw(d.page, x, y, side)
		at := y
		for n, text := range d.tongue.words(step.key) {
			if text != "" {
				at += d.text(box{left, at, w, end - at}, text, style{ink: soft * ink(n), lead: 1.2}).height + .3
			}
		}
		y = max(at, y+side) + 1.5
	}
}

// code is the part with the number, framed by cuts: it goes another way than
// the code to scan.
func (d *slipDrawing) code(x float64) {
	d.cut(x-slipMargin/4, d.top+slipMargin/2, x-slipMargin/4, d.top+slipHeight-slipMargin/2)
	w := a4Width - slipMargin/2 - x - 2
	x += 2
	y := d.top + slipMargin
	y += d.text(box{x, y, w, 2 * lineHeight}, d.tongue.words("slip.number")[0], style{face: bold, size: 14, lead: 1.15}).height
	if other := d.tongue.words("slip.number")[1]; other != "" {
		y += d.text(box{x, y, w, 2 * lineHeight}, other, style{ink: soft}).height
	}
	y += 3
	y += d.text(box{x, y, w, 14}, d.Code, style{face: mono, size: 24, least: 14, code: true, lead: 1.1}).height + 4
	for n, text := range d.tongue.words("slip.number_use") {
		if text != "" {
			y += d.text(box{x, y, w, 6 * lineHeight}, text, style{ink: soft * ink(n)}).height + 2
		}
	}
	end := d.top + slipHeight - slipMargin
	name := fitting(d.Name, w, 4*lineHeight, style{face: bold})
	d.page.draw(box{x, end - name.height, w, name.height}, name, style{face: bold})
	d.text(box{x, end - name.height - lineHeight - .5, w, lineHeight}, d.Reference, style{face: mono, code: true})
}

// cut is a line of dashes where the scissors go.
func (p *page) cut(x1, y1, x2, y2 float64) {
	p.pdf.SetDashPattern([]float64{2, 1.6}, 0)
	p.line(x1, y1, x2, y2, .25)
	p.pdf.SetDashPattern(nil, 0)
}

// acceptPictogram: a phone takes what was offered.
func acceptPictogram(p *page, x, y, side float64) {
	p.pen(side)
	p.pdf.RoundedRect(x+.3*side, y+.04*side, .4*side, .84*side, .06*side, "1234", "D")
	p.pdf.Line(x+.44*side, y+.8*side, x+.56*side, y+.8*side)
	p.tick(x+.36*side, y+.28*side, .28*side)
}

// keysPictogram: a number is typed on a phone.
func keysPictogram(p *page, x, y, side float64) {
	p.pen(side)
	p.pdf.RoundedRect(x+.3*side, y+.04*side, .4*side, .84*side, .06*side, "1234", "D")
	p.pdf.Rect(x+.37*side, y+.13*side, .26*side, .13*side, "D")
	for n := range 4 { // figures that are hidden
		p.pdf.Circle(x+(.415+.057*float64(n))*side, y+.195*side, .017*side, "F")
	}
	for row := range 3 {
		for column := range 3 {
			p.pdf.Circle(x+(.4+.1*float64(column))*side, y+(.4+.13*float64(row))*side, .033*side, "F")
		}
	}
}
