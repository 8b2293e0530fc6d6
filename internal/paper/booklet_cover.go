package paper

import (
	"math"
	"strings"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/schema"
)

// cover says what this is, whose it is, and bears the code that counts.
func (d *bookletDrawing) cover(x float64) error {
	front := d.front()
	left := x + leafMargin
	y := d.band(x) + 6
	y += d.person(left, y, front.Credential) + 2
	return d.coverCode(left, y, front)
}

// band is the name of the booklet in white on black, so that it is found among
// other papers. Printers do not reach the edge of a sheet: it stays inside.
func (d *bookletDrawing) band(x float64) (bottom float64) {
	const inset, pad = leafMargin / 2, 5.0
	st := style{face: bold, size: 25, lead: 1.1, ink: white}
	second := style{size: 16, lead: 1.2, ink: white}
	w := leafWidth - 2*inset - 2*pad
	one := measure(i18n.T(d.Languages[0], d.own("booklet.title"), nil), w, st)
	var two fit
	if d.bilingual() {
		two = measure(i18n.T(d.Languages[1], d.own("booklet.title"), nil), w, second)
	}
	high := one.height + two.height + 2*pad
	d.pdf.SetFillColor(0, 0, 0)
	d.pdf.RoundedRect(x+inset, inset, leafWidth-2*inset, high, 2, "1234", "F")
	d.draw(box{x + inset + pad, inset + pad, w, one.height}, one, st)
	if d.bilingual() {
		d.draw(box{x + inset + pad, inset + pad + one.height, w, two.height}, two, second)
	}
	return inset + high
}

// person names the holder as the identity document does.
func (d *bookletDrawing) person(x, y float64, c *schema.Credential) float64 {
	from := y
	y += d.both(x, y, leafText, d.own("booklet.of"), nil, style{lead: 1.15}) + 1
	f := d.text(box{x, y, leafText, 26}, nameOf(c), style{face: bold, size: 22, least: 14, lead: 1.15})
	y += f.height
	switch own := nameInOwnScript(c); {
	case own == "":
	case canDraw(own):
		y += d.text(box{x, y, leafText, 14}, own, style{size: 16, lead: 1.2}).height
	default:
		y += d.both(x, y, leafText, "paper.no_latin_form", nil, style{ink: soft, lead: 1.15})
	}
	if born := particular(c, schema.IdentityBirthDate); born != "" {
		y += d.facts(x, y, "label.identity.birthDate", i18n.Date(d.Languages[0], born))
	}
	if number := d.numberOnCover(); number != "" {
		y += d.facts(x, y, "booklet.number", number)
	}
	for _, until := range tongues(d.Languages).until("paper.copy_until", c) {
		if until != "" {
			y += d.textAt(x, y, leafText, until, style{lead: 1.15}).height
		}
	}
	return y - from
}

// numberOnCover is the passport's: of certificates each row has its own.
func (d *bookletDrawing) numberOnCover() string {
	if d.Composite == nil {
		return ""
	}
	return d.Composite.Credential.View().DocumentNumber
}

// own gives the words of a booklet without a passport: it is no such thing
// before somebody has awarded it.
func (d *bookletDrawing) own(key string) string {
	if d.Composite == nil {
		return key + ".own"
	}
	return key
}

// facts writes a label in both languages and a value on one line.
func (d *bookletDrawing) facts(x, y float64, key, value string) float64 {
	label := i18n.T(d.Languages[0], key, nil)
	if d.bilingual() {
		if second := i18n.T(d.Languages[1], key, nil); second != label {
			label += " / " + second
		}
	}
	f := d.textAt(x, y, leafText, label+": ", style{ink: soft})
	w := widthOf(clean(label+": "), regular, minSize)
	if rest := leafText - w - 2; widthOf(clean(value), bold, minSize) <= rest && len(f.lines) == 1 {
		d.textAt(x+w+2, y, rest, value, style{face: bold, code: true})
		return f.height
	}
	return f.height + d.textAt(x, y+f.height, leafText, value, style{face: bold, code: true}).height
}

// coverCode draws the code as large as the page allows, in the middle of the
// room that is left, and under it what it is and until when it is known good.
func (d *bookletDrawing) coverCode(x, y float64, front *Sheet) error {
	text, err := codeOf(front)
	if err != nil {
		return err
	}
	words := d.underCode(front)
	high := 0.0
	for _, part := range words {
		high += measure(part.text, leafText, part.st).height
	}
	room := leafHeight - leafMargin - y
	module, side, err := d.largestCode(text, min(coverCodeMost, room-high))
	if err != nil {
		return err
	}
	y += max(0, (room-high-side)/2)
	if _, err := d.code(x+(leafText-side)/2, y, module, text); err != nil {
		return err
	}
	y += side
	for _, part := range words {
		y += d.textAt(x, y, leafText, part.text, part.st).height
	}
	return nil
}

// coverCodeMost is as much of a page as a code needs for the worst camera.
const coverCodeMost = 84.0

// largestCode is the largest whole number of dots a module at which a code
// takes no more than most.
func (p *page) largestCode(text string, most float64) (module, side float64, err error) {
	if module, err = p.moduleFor(text, most); err != nil {
		return 0, 0, err
	}
	if side, err = p.codeSide(text, module); err != nil {
		return 0, 0, err
	}
	if more := side / module * (module + dotMM); more <= most {
		grown := math.Floor(most/(side/module)/dotMM+tiny) * dotMM
		module, side = grown, side/module*grown
	}
	return module, side, nil
}

// underCode are the lines under the code.
func (d *bookletDrawing) underCode(front *Sheet) []rowPart {
	key := "booklet.code.newest"
	if d.Composite != nil {
		key = "booklet.code.passport"
	}
	parts := []rowPart{{i18n.T(d.Languages[0], key, nil), style{face: bold, size: 13, align: 'C', lead: 1.15}}}
	if d.bilingual() {
		parts = append(parts, rowPart{i18n.T(d.Languages[1], key, nil), style{align: 'C', lead: 1.15, ink: soft}})
	}
	if front.ShortCode != "" && d.Composite != nil { // a row bears its own number
		parts = append(parts, rowPart{front.ShortCode, style{face: mono, align: 'C', code: true}})
	}
	if front.VerifyBase != "" {
		parts = append(parts, rowPart{strings.TrimPrefix(front.VerifyBase, "https://"), style{align: 'C', lead: 1.15, code: true}})
	}
	return parts
}
