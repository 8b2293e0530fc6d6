package paper

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/employment-passport/passport/internal/qr/scan"
)

var update = flag.Bool("update", false, "write the golden pictures anew")

const (
	scanDPI   = 150 // what a cheap scanner makes of paper
	goldenDPI = scanDPI / goldenStep
	// goldenStep dots of the picture make one of the golden picture.
	goldenStep = 4
)

// paperUnderTest is a layout with made-up people, drawn and not yet written.
type paperUnderTest struct {
	name string
	draw func() (*page, error)
}

// papersUnderTest are all layouts.
func papersUnderTest(t testing.TB) []paperUnderTest {
	t.Helper()
	amina, two := person("Amina Diallo", "أمينة ديالو"), [2]string{"it", "en"}
	booklet := passportBooklet(t, 5, amina, two)
	passport := passportOf(t, booklet.Rows, amina, two)
	cards := append([]Sheet{passport}, booklet.Rows...)
	micro := booklet.Rows[0]
	micro.PublicAdministration = true
	render := func(layout Layout, sheets ...Sheet) func() (*page, error) {
		return func() (*page, error) { return drawn(layout, sheets, Options{Now: today}) }
	}
	folded := func(flat bool) func() (*page, error) {
		return func() (*page, error) {
			p := newPage("booklet", "it", today)
			return p, drawBooklet(p, booklet, flat)
		}
	}
	return []paperUnderTest{
		{"micro", render(LayoutMicro, micro)},
		{"attendance", render("", scannable(t, example(t, "06-workshop-it.json", "06-giulia-rossi-workshop.json", two)))},
		{"internship", render("", scannable(t, example(t, "08-internship-it.json", "08-amina-diallo-internship.json", two)))},
		{"assessment", render("", scannable(t, example(t, "10-skills-assessment-it.json", "10-amina-diallo-bilancio.json", two)))},
		{"operator", render("", scannable(t, example(t, "12-operator-qrsp-it.json", "12-sara-neri.json", [2]string{"it", "pl"})))},
		{"membership", render("", scannable(t, example(t, "14-network-membership-it.json", "14-cooperativa-nuovi-passi.json", two)))},
		{"accreditation", render("", scannable(t, example(t, "16-accreditation-it.json", "16-ente-formazione-lucania.json", two)))},
		{"passport", render("", passport)},
		{"booklet", folded(false)},
		{"booklet-pages", folded(true)},
		{"card", render(LayoutCard, cards...)},
		{"cv", func() (*page, error) { return drawnCV(cvOf(t, "it", booklet, 4), Options{Now: today}) }},
		{"revocation", func() (*page, error) {
			return drawnLetters([]RevocationLetter{letterOf("Eleni Papadopoulou", [2]string{"it", "el"})}, Options{Now: today})
		}},
		{"receipt", func() (*page, error) { return drawnReceipt(receiptData("it"), Options{Now: today}) }},
		{"slip", func() (*page, error) { return drawnSlips(slipsOf(), Options{Now: today}) }},
		{"programme", func() (*page, error) { return drawnProgramme(exampleProgramme(t), two, Options{Now: today}) }},
	}
}

// scannable gives a sheet a code that holds its token.
func scannable(t testing.TB, s Sheet) Sheet {
	t.Helper()
	return sheetOf(t, s.Credential.Raw, s.Languages)
}

// TestPicturesOfEveryLayout renders every layout at 150 dots an inch, finds
// every code again with what was put into it, and compares the page with its
// golden picture.
func TestPicturesOfEveryLayout(t *testing.T) {
	if _, err := exec.LookPath("pdftoppm"); err != nil {
		t.Skip("pdftoppm is not installed")
	}
	for _, paper := range papersUnderTest(t) {
		t.Run(paper.name, func(t *testing.T) {
			t.Parallel()
			p, err := paper.draw()
			if err != nil {
				t.Fatal(err)
			}
			sides := rasters(t, p, scanDPI)
			if paper.name != "booklet" { // the same codes stand on its flat pages
				findCodes(t, p, sides)
			}
			for i, side := range sides {
				blank(p, i+1, side, scanDPI)
				compareGolden(t, fmt.Sprintf("%s-%d", paper.name, i+1), shrunk(side, goldenStep))
			}
		})
	}
}

// rasters gives the sides of a PDF as pictures.
func rasters(t testing.TB, p *page, dpi int) []*image.Gray {
	t.Helper()
	dir := t.TempDir()
	file, err := os.Create(filepath.Join(dir, "paper.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	if err := p.end(file); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("pdftoppm", "-r", fmt.Sprint(dpi), "-gray", "-png", file.Name(), filepath.Join(dir, "side")).CombinedOutput(); err != nil {
		t.Fatalf("pdftoppm: %v: %s", err, out)
	}
	names, err := filepath.Glob(filepath.Join(dir, "side-*.png"))
	if err != nil || len(names) == 0 {
		t.Fatalf("pdftoppm made no picture: %v", err)
	}
	slices.Sort(names)
	sides := make([]*image.Gray, len(names))
	for i, name := range names {
		sides[i] = readGray(t, name)
	}
	return sides
}

func readGray(t testing.TB, name string) *image.Gray {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	gray := image.NewGray(image.Rect(0, 0, img.Bounds().Dx(), img.Bounds().Dy()))
	draw.Draw(gray, gray.Rect, img, img.Bounds().Min, draw.Src)
	return gray
}

// findCodes reads every code of the sides as somebody who points at it does,
// with a little of what stands around.
func findCodes(t *testing.T, p *page, sides []*image.Gray) {
	t.Helper()
	for _, m := range p.placed {
		if !m.isCode {
			continue
		}
		around := pixels(box{m.ink.x - 2, m.ink.y - 2, m.ink.w + 4, m.ink.h + 4}, scanDPI)
		var data bytes.Buffer
		if err := png.Encode(&data, sides[m.side-1].SubImage(around)); err != nil {
			t.Fatal(err)
		}
		sight, err := scan.Read(context.Background(), data.Bytes())
		if err != nil || !slices.Contains(sight.Texts, m.text) {
			t.Errorf("side %d: the code at %.0f, %.0f with modules of %.2f mm is not read again: %v", m.side, m.ink.x, m.ink.y, m.moduleSize, err)
		}
	}
}

// pixels is a place on paper in a picture.
func pixels(b box, dpi int) image.Rectangle {
	at := func(mm float64) int { return int(mm / 25.4 * float64(dpi)) }
	return image.Rect(at(b.x), at(b.y), at(b.x+b.w)+1, at(b.y+b.h)+1)
}

// blank greys the codes of a side: what is in them changes with every token,
// and other tests read them.
func blank(p *page, side int, img *image.Gray, dpi int) {
	for _, m := range p.placed {
		if m.isCode && m.side == side {
			draw.Draw(img, pixels(m.ink, dpi).Intersect(img.Rect), image.NewUniform(color.Gray{0xC0}), image.Point{}, draw.Src)
		}
	}
}

// shrunk makes one dot of step × step, their mean.
func shrunk(img *image.Gray, step int) *image.Gray {
	small := image.NewGray(image.Rect(0, 0, img.Rect.Dx()/step, img.Rect.Dy()/step))
	for y := range small.Rect.Dy() {
		for x := range small.Rect.Dx() {
			sum := 0
			for dy := range step {
				for dx := range step {
					sum += int(img.GrayAt(x*step+dx, y*step+dy).Y)
				}
			}
			small.SetGray(x, y, color.Gray{uint8(sum / step / step)})
		}
	}
	return small
}

// A page is the same to the eye when no square of block golden dots (5.4 mm)
// is darker or lighter by more than most of 255: letters may be drawn by
// another renderer, but no line may come, go or move by its height.
const (
	block = 8
	most  = 26
)

func compareGolden(t *testing.T, name string, got *image.Gray) {
	t.Helper()
	file := filepath.Join("testdata", "golden", name+".png")
	if *update {
		writeGolden(t, file, got)
		return
	}
	want := readGray(t, file)
	if d := math.Max(math.Abs(float64(want.Rect.Dx()-got.Rect.Dx())), math.Abs(float64(want.Rect.Dy()-got.Rect.Dy()))); d > 1 {
		t.Fatalf("%s: %v, the golden picture is %v", name, got.Rect.Size(), want.Rect.Size())
	}
	if difference, at := farthest(got, want); difference > most {
		t.Errorf("%s: looks different by %.0f of 255 at %d mm from the left, %d mm from the top; run the test with -update and look at the picture", name, difference, at.X*254/goldenDPI/10, at.Y*254/goldenDPI/10)
	}
}

// farthest is the largest difference of the mean darkness of any square, on a
// grid of half squares.
func farthest(a, b *image.Gray) (difference float64, at image.Point) {
	size := a.Rect.Intersect(b.Rect)
	for y := 0; y+block <= size.Dy(); y += block / 2 {
		for x := 0; x+block <= size.Dx(); x += block / 2 {
			sum := 0
			for dy := range block {
				for dx := range block {
					sum += int(a.GrayAt(x+dx, y+dy).Y) - int(b.GrayAt(x+dx, y+dy).Y)
				}
			}
			if d := math.Abs(float64(sum)) / block / block; d > difference {
				difference, at = d, image.Pt(x, y)
			}
		}
	}
	return difference, at
}

// writeGolden keeps sixteen greys: a golden picture is for comparing, and small.
func writeGolden(t *testing.T, file string, img *image.Gray) {
	t.Helper()
	var palette color.Palette
	for v := range 16 {
		palette = append(palette, color.Gray{uint8(v * 17)})
	}
	few := image.NewPaletted(img.Rect, palette)
	draw.Draw(few, few.Rect, img, image.Point{}, draw.Src)
	var data bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&data, few); err != nil {
		t.Fatal(err)
	}
	if data.Len() > 30<<10 {
		t.Errorf("%s takes %d bytes", file, data.Len())
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, data.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestComparingSeesALine: the threshold is low enough for a line of type that
// is missing, and high enough for one that is drawn half a dot lower.
func TestComparingSeesALine(t *testing.T) {
	page := func(down int) *image.Gray {
		img := image.NewGray(image.Rect(0, 0, 300, 420))
		draw.Draw(img, img.Rect, image.White, image.Point{}, draw.Src)
		for y := 100; y < 104; y++ { // as grey as twelve points look at this size
			for x := 60; x < 110; x++ {
				img.SetGray(x, y+down, color.Gray{uint8(120 + x*7%60)})
			}
		}
		return img
	}
	if d, _ := farthest(page(0), page(0)); d != 0 {
		t.Errorf("a page differs from itself by %.1f", d)
	}
	if d, _ := farthest(page(0), page(12)); d <= most {
		t.Errorf("a line that moved makes only %.1f", d)
	}
	blurred := page(0)
	for y := 99; y < 105; y++ {
		for x := 60; x < 110; x++ {
			blurred.SetGray(x, y, color.Gray{uint8((int(page(0).GrayAt(x, y).Y) + int(page(1).GrayAt(x, y).Y)) / 2)})
		}
	}
	if d, _ := farthest(page(0), blurred); d > most {
		t.Errorf("a line drawn half a dot lower makes %.1f", d)
	}
}
