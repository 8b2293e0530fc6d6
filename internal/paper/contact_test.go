package paper

import (
	"flag"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"os/exec"
	"testing"

	"golang.org/x/image/font"
	"golang.org/x/image/font/basicfont"
	"golang.org/x/image/math/fixed"
)

var contact = flag.String("contact", "", "write a contact sheet of all layouts to this PNG file")

const (
	contactDPI     = 50
	contactColumns = 5
	contactGap     = 14
	contactCaption = 16
)

// TestContactSheet makes docs/paper.png, by "make paper": every side of every
// layout, small, with its name.
func TestContactSheet(t *testing.T) {
	if *contact == "" {
		t.Skip("no -contact FILE")
	}
	if _, err := exec.LookPath("pdftoppm"); err != nil {
		t.Fatal("a contact sheet needs pdftoppm")
	}
	var sides []*image.Gray
	var names []string
	for _, paper := range papersUnderTest(t) {
		if paper.name == "booklet-pages" {
			continue // the folded sheets show the same
		}
		p, err := paper.draw()
		if err != nil {
			t.Fatal(err)
		}
		for _, side := range rasters(t, p, contactDPI*2) {
			sides, names = append(sides, shrunk(side, 2)), append(names, paper.name)
		}
	}
	writeContact(t, contactOf(sides, names))
}

// contactOf stands pictures side by side, in rows as high as their highest.
func contactOf(sides []*image.Gray, names []string) *image.Paletted {
	cell := 0
	for _, s := range sides {
		cell = max(cell, s.Rect.Dy())
	}
	wide := 0
	for _, row := range rowsOf(sides) {
		width := contactGap
		for _, s := range row {
			width += s.Rect.Dx() + contactGap
		}
		wide = max(wide, width)
	}
	var palette color.Palette
	for v := range 16 {
		palette = append(palette, color.Gray{uint8(v * 17)})
	}
	all := image.NewPaletted(image.Rect(0, 0, wide, len(rowsOf(sides))*(cell+contactCaption+contactGap)+contactGap), palette)
	draw.Draw(all, all.Rect, image.NewUniform(color.Gray{0xDD}), image.Point{}, draw.Src)
	n := 0
	for r, row := range rowsOf(sides) {
		x, y := contactGap, contactGap+r*(cell+contactCaption+contactGap)
		for _, s := range row {
			write := font.Drawer{Dst: all, Src: image.Black, Face: basicfont.Face7x13, Dot: fixed.P(x, y+11)}
			write.DrawString(names[n])
			draw.Draw(all, s.Rect.Add(image.Pt(x, y+contactCaption)), s, image.Point{}, draw.Src)
			x += s.Rect.Dx() + contactGap
			n++
		}
	}
	return all
}

// rowsOf breaks the pictures into rows of about five upright pages.
func rowsOf(sides []*image.Gray) (rows [][]*image.Gray) {
	const most = contactColumns * 415 // dots: five A4 at 50 an inch
	width := most + 1
	for _, s := range sides {
		if width+s.Rect.Dx() > most {
			rows, width = append(rows, nil), 0
		}
		rows[len(rows)-1] = append(rows[len(rows)-1], s)
		width += s.Rect.Dx()
	}
	return rows
}

func writeContact(t *testing.T, img image.Image) {
	t.Helper()
	file, err := os.Create(*contact)
	if err != nil {
		t.Fatal(err)
	}
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(file, img); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
}
