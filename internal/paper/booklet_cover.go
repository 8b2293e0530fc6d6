package paper

import (
	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/schema"
)

// cover says what this is, whose it is, and bears the code that counts.
func (d *bookletDrawing) cover(x float64) error {
	front := d.front()
	left := x + leafMargin
	y := leafMargin + 2 + d.both(left, leafMargin+2, leafText, "booklet.title", nil, style{face: bold, size: 24, lead: 1.1})
	d.line(left, y+3, left+leafText, y+3, 1)
	y += 7
	y += d.person(left, y, front.Credential)
	foot, err := d.coverCode(left, y+3, front)
	if err != nil {
		return err
	}
	d.line(left, foot, left+leafText, foot, .2)
	return nil
}

// person names the holder as the identity document does.
func (d *bookletDrawing) person(x, y float64, c *schema.Credential) float64 {
	from := y
	y += d.both(x, y, leafText, "booklet.of", nil, style{lead: 1.15}) + 1
	f := d.text(box{x, y, leafText, 26}, nameOf(c), style{face: bold, size: 20, least: 14, lead: 1.15})
	y += f.height
	if own := nameInOwnScript(c); own != "" && canDraw(own) {
		y += d.text(box{x, y, leafText, 14}, own, style{size: 16, lead: 1.2}).height
	}
	if born := particular(c, schema.IdentityBirthDate); born != "" {
		y += d.facts(x, y, "label.identity.birthDate", dayIn(d.Languages[0], born))
	}
	if number := d.numberOnCover(); number != "" {
		y += d.facts(x, y, "booklet.number", number)
	}
	return y - from
}

func (d *bookletDrawing) numberOnCover() string { return d.front().Credential.View().DocumentNumber }

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

// coverCode draws the large code with what it is beside or below it, and gives
// where it ends.
func (d *bookletDrawing) coverCode(x, y float64, front *Sheet) (float64, error) {
	text, err := codeOf(front)
	if err != nil {
		return 0, err
	}
	room := leafBottom + footHeight - y
	module, err := moduleFor(text, min(leafText, room-24))
	if err != nil {
		return 0, err
	}
	side, err := codeSide(text, module)
	if err != nil {
		return 0, err
	}
	if _, err := d.code(x+(leafText-side)/2, y, module, text); err != nil {
		return 0, err
	}
	y += side
	key := "booklet.code.newest"
	if d.Composite != nil {
		key = "booklet.code.passport"
	}
	y += d.both(x, y, leafText, key, nil, style{face: bold, align: 'C', lead: 1.15})
	if front.ShortCode != "" {
		y += d.textAt(x, y+1, leafText, front.ShortCode, style{face: mono, align: 'C', code: true}).height + 1
	}
	return y + 1, nil
}
