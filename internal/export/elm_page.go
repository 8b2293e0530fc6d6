package export

import (
	"image"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/schema"
)

// Size of a page picture in pixels: A4, readable on a screen and small enough
// to travel inside the document, once for each language.
const (
	pageWide = 620
	pageHigh = 877
)

// pagePicture draws the one page that the European Digital Credentials viewer
// shows: what, to whom, by whom, when, under which number.
func pagePicture(c *schema.Credential, lang string) ([]byte, error) {
	v := c.View()
	accent := levelColour[0]
	if v.Level > 0 && v.Level < len(levelColour) {
		accent = levelColour[v.Level]
	}
	p := newCanvas(pageWide, pageHigh, accent)
	p.fill(image.Rect(0, 0, pageWide, 14), accent)
	const left, wide = 56, pageWide - 112
	soft, text, bold := p.pen(regularFont(), 17, softColour), p.pen(regularFont(), 21, inkColour), p.pen(boldFont(), 25, inkColour)
	head := p.pen(boldFont(), 36, inkColour)
	y := head.write(left, 60, head.lines(firstOf(v.Title, c.Name), wide, 4)) + 30
	row := func(label string, value string, with *pen) {
		if value == "" {
			return
		}
		y = soft.write(left, y, []string{label})
		y = with.write(left, y, with.lines(value, wide, 3)) + 16
	}
	row(say(lang, "export.page.awarded"), PersonOf(c).Full(), bold)
	row(say(lang, "export.page.by"), firstOf(v.AwardingBody, issuerName(c)), text)
	row(say(lang, "export.page.on"), i18n.Date(lang, v.IssuedOn), text)
	row(say(lang, "export.page.number"), v.DocumentNumber, text)
	if v.Level > 0 {
		y = text.write(left, y, []string{say(lang, "export.eqf", "level", number(float64(v.Level)))}) + 16
	}
	for _, o := range v.Outcomes {
		if y > pageHigh-150 {
			y = text.write(left, y, []string{"…"})
			break
		}
		y = text.write(left, y, text.lines("• "+o, wide, 2)) + 4
	}
	soft.write(left, pageHigh-60, soft.lines(say(lang, "export.page.unsigned"), wide, 1))
	p.fill(image.Rect(0, pageHigh-8, pageWide, pageHigh), accent)
	return p.png()
}
