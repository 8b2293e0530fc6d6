package qr

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"

	qrcode "github.com/skip2/go-qrcode"
)

// Level is the share of a code that may be damaged and still be read.
type Level int

// Levels, by what they are for.
const (
	LevelM Level = iota // paper: about 15 % of the code words
	LevelL              // screen: about 7 %
	LevelQ              // rough use: about 25 %
)

// recovery: the library's names are not the standard's, its High is Q.
var recovery = map[Level]qrcode.RecoveryLevel{
	LevelL: qrcode.Low,
	LevelM: qrcode.Medium,
	LevelQ: qrcode.High,
}

// QuietZone is the white margin on every side, in modules (ISO/IEC 18004,
// 9.1). Readers fail without it.
const QuietZone = 4

// Version of the smallest code that holds text, and its modules a side
// without the quiet zone.
func Version(text string, level Level) (version, modules int, err error) {
	code, err := symbol(text, level)
	if err != nil {
		return 0, 0, err
	}
	return code.VersionNumber, 17 + 4*code.VersionNumber, nil
}

func symbol(text string, level Level) (*qrcode.QRCode, error) {
	for i := range len(text) {
		// Other characters would make the library mark the text as something
		// that readers guess at.
		if text[i] >= 0x80 {
			return nil, malformed("byte %#x in the text of a code", text[i])
		}
	}
	code, err := qrcode.New(text, recovery[level])
	if err != nil {
		return nil, tooLarge("%v", err)
	}
	return code, nil
}

// Modules gives the dark modules of the code row by row, quiet zone included.
// The rows are the caller's own.
func Modules(text string, level Level) ([][]bool, error) {
	code, err := symbol(text, level)
	if err != nil {
		return nil, err
	}
	rows := code.Bitmap() // aliases the library's state
	own := make([][]bool, len(rows))
	for i := range rows {
		own[i] = append([]bool(nil), rows[i]...)
	}
	return own, nil
}

// PNG draws text with dots pixels a module, always a whole number: a module of
// 3.7 dots is a blurred one.
func PNG(text string, level Level, dots int) ([]byte, error) {
	if dots < 1 || dots > 64 {
		return nil, fmt.Errorf("qr: %d dots a module, want 1 to 64", dots)
	}
	rows, err := Modules(text, level)
	if err != nil {
		return nil, err
	}
	img := image.NewPaletted(image.Rect(0, 0, len(rows)*dots, len(rows)*dots), color.Palette{color.White, color.Black})
	for y := range img.Rect.Dy() {
		for x := range img.Rect.Dx() {
			if rows[y/dots][x/dots] {
				img.Pix[y*img.Stride+x] = 1
			}
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		return nil, fmt.Errorf("draw code: %w", err)
	}
	return out.Bytes(), nil
}

// SVG draws text with moduleMM millimetres a module. Each row's dark runs are
// one path, so that no renderer leaves hair lines between modules.
func SVG(text string, level Level, moduleMM float64) ([]byte, error) {
	rows, err := Modules(text, level)
	if err != nil {
		return nil, err
	}
	side := float64(len(rows)) * moduleMM
	var out bytes.Buffer
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" width="%.2fmm" height="%.2fmm" viewBox="0 0 %d %d" shape-rendering="crispEdges">`+"\n",
		side, side, len(rows), len(rows))
	out.WriteString(`<path fill="#fff" d="M0 0h` + fmt.Sprintf("%dv%dH0z", len(rows), len(rows)) + `"/>` + "\n")
	out.WriteString(`<path d="`)
	for y, row := range rows {
		for x := 0; x < len(row); x++ {
			start := x
			for x < len(row) && row[x] {
				x++
			}
			if x > start {
				fmt.Fprintf(&out, "M%d %dh%dv1h-%dz", start, y, x-start, x-start)
			}
		}
	}
	out.WriteString(`"/>` + "\n</svg>\n")
	return out.Bytes(), nil
}
