package paper

import (
	"fmt"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/internal/qr"
	"github.com/employment-passport/passport/schema"
)

const (
	a4Width, a4Height = 210.0, 297.0
	margin            = 20.0
	a4Column          = a4Width - 2*margin

	gap    = 3.0  // between blocks
	gutter = 6.0  // between columns
	edge   = 0.35 // thickness of rules
)

// a4 is one document on A4 sides: a header and a foot on each, and between
// them a cursor that flows from side to side. On the first side the codes
// stand at the right, and text runs beside them.
type a4 struct {
	*page
	sheet  *Sheet
	logo   []byte
	known  func(schema.DefinitionRef) *schema.PassportDefinition
	kind   string
	tongue tongues
	first  int     // side of the PDF
	y      float64 // cursor
	top    float64 // where text begins on a side
	bottom float64 // where the foot of this side begins
	aside  box     // of the codes on the first side
	rest   float64 // where the foot of the other sides begins
}

// beginA4 opens the first side and draws the codes.
func (p *page) beginA4(s *Sheet, o Options) (*a4, error) {
	a := &a4{page: p, sheet: s, logo: o.Logo, known: o.Definition, tongue: tonguesOf(s), kind: s.Credential.View().Kind}
	p.sheet(a4Width, a4Height)
	a.first = p.side()
	a.top = margin + a.headerHeight(true) + gap
	a.bottom = a4Height - margin - a.footHeight(true) - 1
	a.rest = a4Height - margin - a.footHeight(false) - 1
	a.y = a.top
	return a, a.codes()
}

// maxCodes stand one under the other above the foot: a document's, and its status's.
const maxCodes = 2

// codes draws the codes one under the other at the right, each with what it
// is, and the short code under the first.
func (a *a4) codes() error {
	if len(a.sheet.QR) > maxCodes {
		return fmt.Errorf("%d codes on one side, at most %d: %w", len(a.sheet.QR), maxCodes, qr.ErrTooLarge)
	}
	y := a.top
	for i, code := range a.sheet.QR {
		module, err := a.moduleFor(code.Text, largeSide)
		if err != nil {
			return err
		}
		side, err := a.codeSide(code.Text, module)
		if err != nil {
			return err
		}
		// The quiet zone is white as the margin is: it may reach into it.
		x := a4Width - margin - side + qr.QuietZone*module
		if _, err := a.code(x, y-qr.QuietZone*module, module, code.Text); err != nil {
			return err
		}
		if a.aside.x == 0 || x < a.aside.x {
			a.aside.x = x
		}
		y += side - 2*qr.QuietZone*module + 2
		w := side - 2*qr.QuietZone*module
		at := box{x + qr.QuietZone*module, y, w, 27}
		if code.Caption != "" {
			y += a.text(at, code.Caption, style{align: 'C'}).height + 1
		}
		if i == 0 {
			at.y = y
			y += a.toType(at)
		}
		y += 2
	}
	if len(a.sheet.QR) > 0 {
		a.aside.y, a.aside.w, a.aside.h = a.top, a4Width-margin-a.aside.x, y-a.top
	}
	return nil
}

// toType is the number to type under the code, called as the page that checks
// calls it; where it has letters that not every keyboard has, the paper says that
// the code is what counts.
func (a *a4) toType(at box) float64 {
	switch {
	case a.sheet.ShortCode != "":
		label := a.text(at, a.tongue.words("label.document_number")[0], style{align: 'C', ink: soft}).height
		at.y, at.h = at.y+label, at.h-label
		return label + a.text(at, a.sheet.ShortCode, style{face: mono, align: 'C', code: true, least: typedLeast}).height + 1
	case a.sheet.Credential.View().DocumentNumber != "":
		return a.text(at, a.tongue.words("paper.code_only")[0], style{align: 'C', ink: soft}).height + 1
	}
	return 0
}

// typedLeast is as small as a number to type may become so that it stays on one
// line: broken at a hyphen it is typed wrong.
const typedLeast = 9

// width is what a block that begins at the cursor may use.
func (a *a4) width() float64 {
	if a.aside.h > 0 && a.side() == a.first && a.y < a.aside.y+a.aside.h {
		return a.aside.x - margin
	}
	return a4Column
}

// need goes to a new side unless h fits on this one.
func (a *a4) need(h float64) {
	if a.y+h > a.bottom+tiny && a.y > a.top+tiny {
		a.turn()
	}
}

// turn opens the next side.
func (a *a4) turn() {
	a.page.sheet(a4Width, a4Height)
	if a.sheet != nil {
		a.top = margin + a.headerHeight(false) + gap
	}
	a.y, a.bottom = a.top, a.rest
}

// space leaves room, but none at the head of a side.
func (a *a4) space(h float64) {
	if a.y > a.top+tiny {
		a.y += h
	}
}

// write flows a text from x, w wide, over as many sides as it needs. Of a text
// that is cut in two at least two lines stay together.
func (a *a4) write(x, w float64, text string, st style) {
	st = st.withDefaults()
	f := measure(text, w, st)
	step := f.size * st.lead * mmPerPoint
	if len(f.lines) <= 3 {
		a.need(f.height)
	} else {
		a.need(2 * step)
	}
	for len(f.lines) > 0 {
		room := int((a.bottom - a.y + tiny) / step)
		if room < 1 {
			a.turn()
			continue
		}
		part := f
		part.lines = f.lines[:min(room, len(f.lines))]
		part.height = float64(len(part.lines)) * step
		a.draw(box{x, a.y, w, part.height}, part, st)
		f.lines = f.lines[len(part.lines):]
		a.y += part.height
	}
}

// both writes a text in both languages: on one line where it fits, else one
// under the other.
func (a *a4) both(x, w float64, text twice, st style) {
	if text.empty() {
		return
	}
	second := st
	second.face, second.ink = italic, soft
	if joined := text[0] + " "; text[1] != "" {
		one, two := measure(joined, w, st), measure(text[1], w, second)
		if len(one.lines) == 1 && len(two.lines) == 1 && one.width+two.width+2 <= w {
			a.need(one.height)
			a.textAt(x, a.y, one.width+1, text[0], st)
			a.textAt(x+one.width+2, a.y, w-one.width-2, text[1], second)
			a.y += one.height
			return
		}
	}
	a.need(measure(text[0], w, st).height + measure(text[1], w, second).height)
	a.write(x, w, text[0], st)
	if text[1] != "" {
		a.write(x, w, text[1], second)
	}
}

// heading opens a part of the document; follows is the height of what must
// stand with it on the side.
func (a *a4) heading(text twice, follows float64) {
	a.space(gap)
	a.need(6 + follows)
	a.both(margin, a.width(), text, style{face: bold, size: 13})
	a.y += 0.8
}

// list writes one item a line, with a mark before it.
func (a *a4) list(items []string) {
	for _, item := range items {
		st := style{size: 12.5}
		f := measure(item, a.width()-6, st)
		a.need(min(f.height, 20))
		w := a.width() - 6 // after turning the side
		a.bullet(margin+1.5, a.y+12.5*1.25*mmPerPoint/2)
		a.write(margin+6, w, item, st)
		a.y += 0.6
	}
}

// bullet is drawn: every face has another.
func (a *a4) bullet(x, y float64) { a.dot(x+0.6, y, 0.7, true) }

// person writes who the document is for: the name in Latin letters and as she
// writes it, the day and place of birth; and until when this copy is good.
func (a *a4) person() {
	c := a.sheet.Credential
	a.both(margin, a.width(), a.tongue.words("paper.given_to"), style{ink: soft})
	a.boxed(nameOf(c), 24, style{face: bold, size: 20, least: 14, lead: 1.15})
	if own := nameInOwnScript(c); own != "" {
		if canDraw(own) {
			a.boxed(own, 16, style{size: 18, least: 13})
		} else {
			a.both(margin, a.width(), a.tongue.words("paper.no_latin_form"), style{ink: soft})
		}
	}
	if born := particular(c, "ext:birthDate"); born != "" {
		text := a.tongue.words("paper.born").oneLine() + ": " + i18n.Date(a.tongue[0], born)
		if place := particular(c, "ext:birthPlace"); place != "" {
			text += " · " + place
		}
		a.write(margin, a.width(), text, style{})
	}
	if until := a.tongue.until("paper.copy_until", c); !until.empty() {
		a.y += 1
		a.both(margin, a.width(), until, style{})
	}
}

// boxed writes a text that shrinks to fit h and is cut with a mark if it never
// does; the cursor moves by what it takes.
func (a *a4) boxed(text string, h float64, st style) {
	if text == "" {
		return
	}
	a.need(min(fitting(text, a.width(), h, st).height, h))
	a.y += a.text(box{margin, a.y, a.width(), h}, text, st).height
}

// title opens the document: what kind it is, and its own title.
func (a *a4) title() {
	a.both(margin, a.width(), a.tongue.words("paper.kind."+a.kind), style{size: 13})
	a.y += 1.5
	a.boxed(a.sheet.Credential.View().Title, 34, style{face: bold, size: 23, least: 14, lead: 1.12})
	a.y += gap
}

// profile is that of the issuer's region.
func (a *a4) profile() schema.RegionProfile {
	return schema.ProfileFor(a.sheet.Credential.Issuer.Country, a.sheet.Credential.Issuer.Region)
}
