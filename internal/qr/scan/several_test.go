package scan

import (
	"context"
	"fmt"
	"image"
	"image/color"
	"math/rand/v2"
	"slices"
	"testing"
)

// sheet is a page with codes in columns, as cards and curricula have them.
func sheet(t testing.TB, n, columns, dots int) (texts []string, img *image.Gray) {
	r := rand.New(rand.NewPCG(11, uint64(n)))
	at := map[image.Point]*image.Gray{}
	const cell = 560
	for i := range n {
		texts = append(texts, randomText(t, r))
		at[image.Pt(40+i%columns*cell, 60+i/columns*cell)] = code(t, texts[i], dots)
	}
	return texts, page(columns*cell+60, (n+columns-1)/columns*cell+80, at)
}

// Nobody may be shown one code of a sheet and none of the others.
func TestReadsAllCodesOfAPicture(t *testing.T) {
	for _, c := range []struct{ n, columns, dots int }{{3, 1, 4}, {4, 2, 2}, {7, 1, 4}, {10, 2, 4}} {
		t.Run(fmt.Sprint(c), func(t *testing.T) {
			want, img := sheet(t, c.n, c.columns, c.dots)
			seen, err := read(context.Background(), asPNG(t, img), nil)
			slices.Sort(seen.Texts)
			slices.Sort(want)
			if err != nil || seen.Unread != 0 || !slices.Equal(seen.Texts, want) {
				t.Fatalf("read %d of %d, %d unread, %v", len(seen.Texts), len(want), seen.Unread, err)
			}
		})
	}
}

// What is seen and cannot be read is counted, dark on light or light on dark.
func TestCountsTheCodesThatItCannotRead(t *testing.T) {
	spoiled := func(img *image.Gray, left, top int) { // of the data, not of the finders
		for y := top + 150; y < top+300; y++ {
			for x := left + 150; x < left+300; x++ {
				img.SetGray(x, y, color.Gray{uint8(255 * (x / 3 * y / 5 % 2))})
			}
		}
	}
	texts, img := sheet(t, 4, 2, 4)
	spoiled(img, 600, 60)
	seen, err := read(context.Background(), asPNG(t, img), nil)
	if err != nil || len(seen.Texts) != 3 || slices.Contains(seen.Texts, texts[1]) || seen.Unread != 1 {
		t.Errorf("read %d, %d unread, %v; want 3 and 1", len(seen.Texts), seen.Unread, err)
	}

	r := rand.New(rand.NewPCG(5, 5))
	dark := negative(page(560, 560, map[image.Point]*image.Gray{{10, 10}: code(t, randomText(t, r), 4)}))
	spoiled(dark, 10, 10)
	both := page(1200, 600, map[image.Point]*image.Gray{{20, 20}: code(t, texts[0], 4), {600, 20}: negative(negative(dark))})
	seen, err = read(context.Background(), asPNG(t, both), nil)
	if err != nil || !slices.Equal(seen.Texts, texts[:1]) || seen.Unread != 1 {
		t.Errorf("light on dark: read %d, %d unread, %v; want 1 and 1", len(seen.Texts), seen.Unread, err)
	}
}

// TestSpoiledCodesOfEverySizeAreSeen: a code that nobody can read was not told
// where it was small and its modules wide, beside one that was read.
func TestSpoiledCodesOfEverySizeAreSeen(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 6))
	whole := code(t, randomText(t, r), 3)
	for _, size := range []int{10, 200} {
		for _, dots := range []int{2, 4, 7} {
			bad := code(t, textOf(t, r, size), dots)
			middle := bad.Rect.Inset(bad.Rect.Dx() * 2 / 5)
			for y := middle.Min.Y; y < middle.Max.Y+middle.Dy(); y++ { // no finder stands there
				for x := middle.Min.X; x < middle.Max.X+middle.Dx(); x++ {
					bad.SetGray(x, y, color.Gray{uint8(255 * (x / dots * y / dots % 2))})
				}
			}
			if dots == 4 {
				bad = negative(bad)
			}
			img := page(whole.Rect.Dx()+bad.Rect.Dx()+60, max(whole.Rect.Dy(), bad.Rect.Dy())+40, map[image.Point]*image.Gray{{20, 20}: whole, {whole.Rect.Dx() + 40, 20}: bad})
			seen, err := read(context.Background(), asPNG(t, img), nil)
			if err != nil || len(seen.Texts) != 1 || seen.Unread != 1 {
				t.Errorf("%d bytes, modules of %d: read %d, %d unread, %v; want 1 and 1", size, dots, len(seen.Texts), seen.Unread, err)
			}
		}
	}
}

// The last reader is asked about what is left, and what it reads counts.
func TestTheLastReaderReadsWhatIsLeft(t *testing.T) {
	texts, img := sheet(t, 2, 2, 4)
	for y := 210; y < 360; y++ {
		for x := 750; x < 900; x++ {
			img.SetGray(x, y, color.Gray{255})
		}
	}
	seen, err := read(context.Background(), asPNG(t, img), func(context.Context, []byte) []string { return texts[1:] })
	if err != nil || len(seen.Texts) != 2 || seen.Unread != 0 {
		t.Errorf("read %d, %d unread, %v", len(seen.Texts), seen.Unread, err)
	}
}
