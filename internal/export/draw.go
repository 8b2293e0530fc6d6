package export

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"strings"
	"sync"

	"github.com/go-fonts/liberation/liberationsansbold"
	"github.com/go-fonts/liberation/liberationsansregular"
	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// canvas is a picture of few colours, so that it stays small.
type canvas struct{ *image.Paletted }

// Colours of all our pictures. The steps between ink and paper smooth the
// letters.
var (
	paperColour = color.RGBA{255, 255, 255, 255}
	inkColour   = color.RGBA{28, 36, 48, 255}
	softColour  = color.RGBA{86, 96, 115, 255}
	levelColour = []color.RGBA{ // no level, then EQF 1 to 8
		{86, 96, 115, 255}, {15, 98, 139, 255}, {15, 98, 139, 255}, {11, 93, 59, 255}, {11, 93, 59, 255},
		{92, 61, 143, 255}, {92, 61, 143, 255}, {138, 59, 18, 255}, {138, 59, 18, 255},
	}
)

func newCanvas(w, h int, accent color.RGBA) canvas {
	palette := color.Palette{paperColour}
	for _, c := range []color.RGBA{inkColour, softColour, accent} {
		for step := 1; step <= 4; step++ {
			mix := func(a, b uint8) uint8 { return uint8((int(a)*step + int(b)*(4-step)) / 4) }
			palette = append(palette, color.RGBA{mix(c.R, 255), mix(c.G, 255), mix(c.B, 255), 255})
		}
	}
	return canvas{image.NewPaletted(image.Rect(0, 0, w, h), palette)}
}

func (c canvas) fill(r image.Rectangle, colour color.RGBA) {
	draw.Draw(c, r, image.NewUniform(colour), image.Point{}, draw.Src)
}

// png gives the picture in the smallest form that the format has.
func (c canvas) png() ([]byte, error) {
	var out bytes.Buffer
	enc := png.Encoder{CompressionLevel: png.BestCompression}
	if err := enc.Encode(&out, c); err != nil {
		return nil, fmt.Errorf("draw picture: %w", err)
	}
	return out.Bytes(), nil
}

var (
	regularFont = sync.OnceValue(func() *opentype.Font { return mustParse(liberationsansregular.TTF) })
	boldFont    = sync.OnceValue(func() *opentype.Font { return mustParse(liberationsansbold.TTF) })
)

func mustParse(data []byte) *opentype.Font {
	f, err := opentype.Parse(data)
	if err != nil {
		panic(fmt.Sprintf("export: an embedded face cannot be read: %v", err)) // part of the program
	}
	return f
}

// pen writes with one face, size and colour.
type pen struct {
	font.Drawer
	lead int // pixels from line to line
}

func (c canvas) pen(f *opentype.Font, size float64, colour color.RGBA) *pen {
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: size, DPI: 72, Hinting: font.HintingFull})
	if err != nil {
		panic(fmt.Sprintf("export: an embedded face cannot be set: %v", err))
	}
	return &pen{font.Drawer{Dst: c, Src: image.NewUniform(colour), Face: face}, int(size * 1.3)}
}

// lines breaks text to a width. What does not fit in most lines ends with a
// mark, so that nobody takes a part for the whole.
func (p *pen) lines(text string, width, most int) []string {
	var out []string
	line := ""
	for _, word := range strings.Fields(text) {
		for _, piece := range p.pieces(word, width) {
			joined := strings.TrimPrefix(line+" "+piece, " ")
			if line != "" && p.wide(joined) > width {
				out, line = append(out, line), piece
				continue
			}
			line = joined
		}
	}
	if line != "" {
		out = append(out, line)
	}
	if len(out) <= most {
		return out
	}
	last := []rune(out[most-1])
	for len(last) > 0 && p.wide(string(last)+"…") > width {
		last = last[:len(last)-1]
	}
	out[most-1] = strings.TrimRight(string(last), " ") + "…"
	return out[:most]
}

// pieces cuts a word that is wider than a line.
func (p *pen) pieces(word string, width int) (out []string) {
	rest := []rune(word)
	for p.wide(string(rest)) > width && len(rest) > 1 {
		n := len(rest) - 1
		for n > 1 && p.wide(string(rest[:n])) > width {
			n--
		}
		out, rest = append(out, string(rest[:n])), rest[n:]
	}
	return append(out, string(rest))
}

func (p *pen) wide(s string) int { return p.MeasureString(s).Ceil() }

// write puts lines below y and returns where the next may begin.
func (p *pen) write(x, y int, lines []string) int {
	for _, line := range lines {
		y += p.lead
		p.Dot = fixed.P(x, y-p.lead/4)
		p.DrawString(line)
	}
	return y
}
