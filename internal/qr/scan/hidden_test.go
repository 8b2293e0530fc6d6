package scan

import (
	"context"
	"image"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/employment-passport/passport/internal/qr"
)

// column is a page as a renderer makes it at few dots an inch: three codes one
// below the other, with modules that are no whole number of dots wide.
func column(t testing.TB, seed uint64, module float64) (texts []string, img *image.Gray) {
	t.Helper()
	r := rand.New(rand.NewPCG(99, seed))
	img = page(1754, 1241, nil)
	top := 73.1
	for range 3 {
		text := textOf(t, r, 440)
		rows, err := qr.Modules(text, qr.LevelM)
		if err != nil {
			t.Fatal(err)
		}
		cover(img, rows, 920.6, top, module)
		texts, top = append(texts, text), top+273.4
	}
	return texts, img
}

// cover darkens each dot by the share of it that dark modules cover.
func cover(img *image.Gray, rows [][]bool, left, top, module float64) {
	for j, row := range rows {
		for i, dark := range row {
			if !dark {
				continue
			}
			x0, y0 := left+float64(i)*module, top+float64(j)*module
			for y := int(y0); float64(y) < y0+module; y++ {
				for x := int(x0); float64(x) < x0+module; x++ {
					share := (min(float64(x)+1, x0+module) - max(float64(x), x0)) * (min(float64(y)+1, y0+module) - max(float64(y), y0))
					at := y*img.Stride + x
					img.Pix[at] = uint8(max(0, float64(img.Pix[at])-math.Round(255*share)))
				}
			}
		}
	}
}

// TestNoCodeHidesBehindItsNeighbours: of the pages in testdata, sides of a
// booklet as pdftoppm drew them, one or two of the three codes were read and
// nothing was told of the others, so that a revoked document showed as valid.
// Accidents within the data, which look like finders, had taken all the tries
// that a picture is given.
func TestNoCodeHidesBehindItsNeighbours(t *testing.T) {
	for _, name := range []string{"booklet-100.png", "booklet-150.png"} {
		data, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		seen, err := read(context.Background(), data, nil)
		if err != nil || len(seen.Texts) != 3 || seen.Unread != 0 {
			t.Errorf("%s: read %d of 3, %d unread, %v", name, len(seen.Texts), seen.Unread, err)
		}
		for _, text := range seen.Texts {
			if _, err := qr.DecodeText(text); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

// TestReadsPagesOfFewDots: modules of 1.67 dots, as 5 of 300 an inch are at 100.
func TestReadsPagesOfFewDots(t *testing.T) {
	for seed := range uint64(2) {
		want, img := column(t, seed, 5./3)
		seen, err := read(context.Background(), asPNG(t, img), nil)
		slices.Sort(seen.Texts)
		slices.Sort(want)
		if err != nil || seen.Unread != 0 || !slices.Equal(seen.Texts, want) {
			t.Errorf("page %d: read %d of %d, %d unread, %v", seed, len(seen.Texts), len(want), seen.Unread, err)
		}
	}
}
