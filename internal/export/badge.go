package export

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"image"
	"image/color"
	"io"
	"strings"

	"github.com/employment-passport/passport/schema"
)

// badge is what a badge's picture says. It names no person: a picture that
// travels by itself needs none, and the credential inside knows whose it is.
type badge struct {
	title, body, level, text, check string
	accent                          color.RGBA
}

func badgeOf(c *schema.Credential, lang string) badge {
	v := c.View()
	b := badge{title: firstOf(v.Title, c.Name, c.ID), body: firstOf(v.AwardingBody, issuerName(c)), check: say(lang, "export.badge.check")}
	b.accent = levelColour[0]
	if v.Level > 0 && v.Level < len(levelColour) {
		b.level, b.accent = say(lang, "export.eqf", "level", number(float64(v.Level))), levelColour[v.Level]
	}
	b.text = say(lang, "export.badge.text", "title", b.title, "issuer", b.body)
	return b
}

// BadgePNG draws the line's badge and bakes its token into it. The words are in
// lang. Its error is ErrKind for a credential that does not travel.
func BadgePNG(w io.Writer, l Line, lang string) error {
	if !l.Credential.Travels() {
		return ErrKind
	}
	picture, err := badgeOf(l.Credential, lang).png()
	if err != nil {
		return err
	}
	return BakePNG(w, picture, l.Token)
}

// BadgeSVG is BadgePNG as a drawing, with a title and a description for those
// who do not see it.
func BadgeSVG(w io.Writer, l Line, lang string) error {
	if !l.Credential.Travels() {
		return ErrKind
	}
	return BakeSVG(w, badgeOf(l.Credential, lang).svg(lang), l.Token)
}

const badgeSide = 600

func (b badge) png() ([]byte, error) {
	c := newCanvas(badgeSide, badgeSide, b.accent)
	c.fill(c.Rect, b.accent)
	c.fill(image.Rect(16, 16, badgeSide-16, badgeSide-16), paperColour)
	c.fill(image.Rect(16, 16, badgeSide-16, 130), b.accent)
	p := c.pen(boldFont(), 34, paperColour)
	p.write(48, 48, []string{firstOf(b.level, "Open Badge")})
	title := c.pen(boldFont(), 42, inkColour)
	y := title.write(48, 160, title.lines(b.title, badgeSide-96, 4))
	body := c.pen(regularFont(), 28, softColour)
	body.write(48, y+24, body.lines(b.body, badgeSide-96, 3))
	foot := c.pen(regularFont(), 20, softColour)
	foot.write(48, badgeSide-72, foot.lines(b.check, badgeSide-96, 1))
	return c.png()
}

// svg draws the same with text that stays text.
func (b badge) svg(lang string) []byte {
	measure := newCanvas(1, 1, b.accent)
	var out bytes.Buffer
	hex := func(c color.RGBA) string { return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B) }
	fmt.Fprintf(&out, `<svg xmlns="%s" viewBox="0 0 %d %d" width="%d" height="%d" role="img" aria-labelledby="title desc" lang="%s">`+"\n",
		nsSVG, badgeSide, badgeSide, badgeSide, badgeSide, lang)
	fmt.Fprintf(&out, `<title id="title">%s</title>`+"\n"+`<desc id="desc">%s %s</desc>`+"\n", escape(b.title), escape(b.text), escape(b.check))
	fmt.Fprintf(&out, `<path fill="%s" d="M0 0h%dv%dH0z"/><path fill="#fff" d="M16 130h%dv%dH16z"/>`+"\n", hex(b.accent), badgeSide, badgeSide, badgeSide-32, badgeSide-146)
	put := func(size, y int, weight, colour string, lines []string) int {
		for _, line := range lines {
			y += size * 13 / 10
			fmt.Fprintf(&out, `<text x="48" y="%d" font-family="Liberation Sans, Arial, sans-serif" font-size="%d" font-weight="%s" fill="%s">%s</text>`+"\n",
				y, size, weight, colour, escape(line))
		}
		return y
	}
	put(34, 40, "700", "#fff", []string{firstOf(b.level, "Open Badge")})
	y := put(42, 150, "700", hex(inkColour), measure.pen(boldFont(), 42, inkColour).lines(b.title, badgeSide-110, 4))
	put(28, y+20, "400", hex(softColour), measure.pen(regularFont(), 28, softColour).lines(b.body, badgeSide-110, 3))
	put(20, badgeSide-74, "400", hex(softColour), measure.pen(regularFont(), 20, softColour).lines(b.check, badgeSide-110, 1))
	out.WriteString("</svg>\n")
	return out.Bytes()
}

// escape makes text of whatever an issuer wrote.
func escape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a Builder never fails
	return b.String()
}
