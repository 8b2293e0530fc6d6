package paper

import (
	"bytes"
	"fmt"
	"sync"

	"github.com/go-fonts/dejavu/dejavusans"
	"github.com/go-fonts/dejavu/dejavusansbold"
	"github.com/go-fonts/dejavu/dejavusansmonobold"
	"github.com/go-fonts/liberation/liberationsansbold"
	"github.com/go-fonts/liberation/liberationsansitalic"
	"github.com/go-fonts/liberation/liberationsansregular"
	"github.com/go-text/typesetting/font"
)

// face is one cut of type. The first four are asked for by a style; the last
// two hold what those lack: Arabic, Hebrew, signs.
type face int

const (
	regular face = iota
	bold
	italic
	mono // for codes to type: zero and O, one and I differ
	plain
	heavy
	faces
)

// other is where a rune is looked for next.
var other = [faces]face{regular: plain, bold: heavy, italic: plain, mono: heavy, plain: plain, heavy: plain}

// typeface is a face as it is measured and embedded.
type typeface struct {
	name  string // in the PDF
	bytes []byte

	once   sync.Once
	parsed *font.Face
	widths map[rune]int // thousandths of the size; a rune without a glyph has none
}

var typefaces = [faces]*typeface{
	regular: {name: "regular", bytes: liberationsansregular.TTF},
	bold:    {name: "bold", bytes: liberationsansbold.TTF},
	italic:  {name: "italic", bytes: liberationsansitalic.TTF},
	mono:    {name: "mono", bytes: dejavusansmonobold.TTF},
	plain:   {name: "plain", bytes: dejavusans.TTF},
	heavy:   {name: "heavy", bytes: dejavusansbold.TTF},
}

// load reads the face once a process. It panics on a broken face: those are
// part of the program.
func (f face) load() *typeface {
	t := typefaces[f]
	t.once.Do(func() {
		parsed, err := font.ParseTTF(bytes.NewReader(t.bytes))
		if err != nil {
			panic(fmt.Sprintf("paper: the embedded face %s: %v", t.name, err))
		}
		t.parsed, t.widths = parsed, map[rune]int{}
		upem := int(parsed.Upem())
		for cmap := parsed.Cmap.Iter(); cmap.Next(); {
			r, glyph := cmap.Char()
			if r <= 0xFFFF && glyph != 0 { // the PDF library counts no further
				t.widths[r] = (int(parsed.HorizontalAdvance(glyph))*1000 + upem/2) / upem
			}
		}
	})
	return t
}

// has tells whether the face has a glyph for r.
func (f face) has(r rune) bool {
	_, ok := f.load().widths[r]
	return ok
}

// faceFor is the face that draws r where f is asked for. false: no face can.
func (f face) faceFor(r rune) (face, bool) {
	for {
		if f.has(r) {
			return f, true
		}
		if other[f] == f {
			return f, false
		}
		f = other[f]
	}
}

// use makes f the current face of the PDF, embedding it at its first use: only
// the glyphs that were drawn are embedded in the end. The library writes into
// the bytes that it is given while it cuts them: each PDF has its own copy, or
// booklets that are drawn side by side would spoil the faces of one another.
func (p *page) use(f face, size float64) {
	t := f.load()
	if !p.embedded[f] {
		p.pdf.AddUTF8FontFromBytes(t.name, "", bytes.Clone(t.bytes))
		p.embedded[f] = true
	}
	p.pdf.SetFont(t.name, "", size)
}
