package paper

import (
	"fmt"
	"strings"
	"unicode/utf16"

	"github.com/go-text/typesetting/di"
	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/font/opentype"
	"github.com/go-text/typesetting/language"
	"github.com/go-text/typesetting/shaping"
	"golang.org/x/image/math/fixed"
)

// glyph is one shape of a shaped span, placed from the span's left end.
type glyph struct {
	outline font.GlyphOutline // in units of the face
	x, y    float64           // thousandths of the size
}

// shapedSpan joins the letters of a right-to-left text as its script asks. The
// PDF library draws runes, not glyphs, so that the shapes are drawn as
// outlines; the text goes along for copying and reading aloud.
func shapedSpan(text string, f face) span {
	if f != bold && f != mono && f != heavy {
		f = plain
	} else {
		f = heavy
	}
	runes := []rune(text)
	parsed := font.NewFace(f.load().parsed.Font) // a face holds state; the font does not
	var shaper shaping.HarfbuzzShaper
	out := shaper.Shape(shaping.Input{
		Text: runes, RunEnd: len(runes), Direction: di.DirectionRTL, Face: parsed,
		Size: fixed.I(1000), Script: scriptOf(runes), Language: language.NewLanguage("und"),
	})
	s := span{text: text, face: f}
	pen := fixed.Int26_6(0)
	for _, g := range out.Glyphs {
		if outline, ok := parsed.GlyphDataOutline(g.GlyphID); ok && len(outline.Segments) > 0 {
			s.shaped = append(s.shaped, glyph{outline, float64(pen+g.XOffset) / 64, float64(g.YOffset) / 64})
		}
		pen += g.Advance
	}
	s.width = pen.Round()
	return s
}

// outlines draws a shaped span with its left end at x, y, the base line.
func (p *page) outlines(s span, x, y, size float64, c ink) {
	unit := size / float64(s.face.load().parsed.Upem()) // points
	left, bottom := x/mmPerPoint, (p.height-y)/mmPerPoint
	var path strings.Builder
	fmt.Fprintf(&path, "/Span <</ActualText <FEFF%X>>> BDC q %s rg\n", bytesOf(s.text), c.operands())
	for _, g := range s.shaped {
		dx, dy := left+g.x*size/1000, bottom+g.y*size/1000
		at := func(p opentype.SegmentPoint) (float64, float64) {
			return dx + float64(p.X)*unit, dy + float64(p.Y)*unit
		}
		writeOutline(&path, g.outline.Segments, at)
		path.WriteString("f\n")
	}
	path.WriteString("Q EMC")
	p.pdf.RawWriteStr(path.String())
}

// writeOutline writes the path operators of one glyph (ISO 32000-1, 8.5.2).
func writeOutline(path *strings.Builder, segments []opentype.Segment, at func(opentype.SegmentPoint) (float64, float64)) {
	var x0, y0 float64
	for _, seg := range segments {
		a := seg.Args
		switch seg.Op {
		case opentype.SegmentOpMoveTo:
			x0, y0 = at(a[0])
			fmt.Fprintf(path, "%.3f %.3f m\n", x0, y0)
		case opentype.SegmentOpLineTo:
			x0, y0 = at(a[0])
			fmt.Fprintf(path, "%.3f %.3f l\n", x0, y0)
		case opentype.SegmentOpQuadTo: // PDF has cubic curves only
			cx, cy := at(a[0])
			x, y := at(a[1])
			fmt.Fprintf(path, "%.3f %.3f %.3f %.3f %.3f %.3f c\n",
				x0+(cx-x0)*2/3, y0+(cy-y0)*2/3, x+(cx-x)*2/3, y+(cy-y)*2/3, x, y)
			x0, y0 = x, y
		case opentype.SegmentOpCubeTo:
			ax, ay := at(a[0])
			bx, by := at(a[1])
			x0, y0 = at(a[2])
			fmt.Fprintf(path, "%.3f %.3f %.3f %.3f %.3f %.3f c\n", ax, ay, bx, by, x0, y0)
		}
	}
}

// bytesOf spells text as the UTF-16 of a PDF string.
func bytesOf(text string) []byte {
	var b []byte
	for _, u := range utf16.Encode([]rune(text)) {
		b = append(b, byte(u>>8), byte(u))
	}
	return b
}
