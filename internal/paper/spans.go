package paper

import (
	"strings"
	"unicode"

	"github.com/go-text/typesetting/bidi"
	"github.com/go-text/typesetting/language"
	"golang.org/x/text/unicode/norm"
)

// noGlyph stands for a rune that no face of ours can draw: a reader must see
// that something is missing.
const noGlyph = '□'

// span is a part of a line in one face and one direction.
type span struct {
	text   string // as it is read, first letter first
	face   face
	width  int     // thousandths of the size
	shaped []glyph // of scripts that are not drawn letter by letter
}

// clean makes a stranger's text drawable: composed letters, no control
// characters, and a sign where a letter has no glyph. Directions are found by
// the letters alone, so marks that would turn the text around are dropped.
func clean(text string) string {
	turned := strings.ContainsFunc(text, isTurned)
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\u00a0' || r == '\u202f':
			return '\u00a0'
		case unicode.IsSpace(r) || unicode.IsControl(r):
			return ' '
		case r == '\u200c' && turned: // keeps Persian letters apart
			return r
		case unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r):
			return -1
		case !drawable(r):
			return noGlyph
		}
		return r
	}, norm.NFC.String(strings.ToValidUTF8(text, string(noGlyph))))
}

func drawable(r rune) bool {
	_, ok := regular.faceFor(r)
	return ok
}

// canDraw tells whether all of text has glyphs. Where it has not, a layout
// prints the Latin form alone and says so.
func canDraw(text string) bool {
	return !strings.ContainsRune(clean(text), noGlyph) || strings.ContainsRune(text, noGlyph)
}

// isTurned tells the letters that run from right to left.
func isTurned(r rune) bool {
	return r >= 0x0590 && r <= 0x08FF || r >= 0xFB1D && r <= 0xFDFF || r >= 0xFE70 && r <= 0xFEFC
}

// spansOf cuts a clean line into spans in the order of drawing, from the left.
func spansOf(line string, f face) []span {
	if !strings.ContainsFunc(line, isTurned) {
		return byFace(nil, line, f)
	}
	var spans []span
	runes := []rune(line)
	for _, run := range visual(runes) {
		part := string(runes[run.Start:run.End])
		if run.IsLeftToRight() {
			spans = byFace(spans, part, f)
		} else {
			spans = append(spans, shapedSpan(part, f))
		}
	}
	return spans
}

// visual puts the runs of a line into the order of drawing (UAX #9, rule L2).
func visual(runes []rune) []bidi.Run {
	var p bidi.Paragraph
	found := p.Segment(runes, bidi.LeftToRight)
	runs := make([]bidi.Run, found.NumRuns())
	highest := bidi.Level(0)
	for i := range runs {
		runs[i] = found.Run(i)
		highest = max(highest, runs[i].Level)
	}
	for level := highest; level > 0; level-- {
		for i := 0; i < len(runs); i++ {
			end := i
			for end < len(runs) && runs[end].Level >= level {
				end++
			}
			for a, b := i, end-1; a < b; a, b = a+1, b-1 {
				runs[a], runs[b] = runs[b], runs[a]
			}
			i = max(i, end-1)
		}
	}
	return runs
}

// byFace adds a left-to-right text, cut where the face changes.
func byFace(spans []span, text string, f face) []span {
	start, current, width := 0, face(-1), 0
	for i, r := range text {
		next, _ := f.faceFor(r)
		if r == ' ' && current >= 0 {
			next = current // a space never changes the face
		}
		if next != current && i > start {
			spans = append(spans, span{text: text[start:i], face: current, width: width})
			start, width = i, 0
		}
		current = next
		width += current.load().widths[r]
	}
	if start < len(text) {
		spans = append(spans, span{text: text[start:], face: current, width: width})
	}
	return spans
}

// widthOf measures a clean line in millimetres.
func widthOf(line string, f face, size float64) float64 {
	total := 0
	for _, s := range spansOf(line, f) {
		total += s.width
	}
	return float64(total) / 1000 * size * mmPerPoint
}

const mmPerPoint = 25.4 / 72

// scriptOf is the script of the first letter that has one of its own.
func scriptOf(text []rune) language.Script {
	for _, r := range text {
		if s := language.LookupScript(r); s.Strong() {
			return s
		}
	}
	return language.Latin
}
