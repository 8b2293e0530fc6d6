package scan

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/employment-passport/passport/internal/qr"
)

// code draws text as a picture to paste into others.
func code(t testing.TB, text string, dots int) *image.Gray {
	t.Helper()
	data, err := qr.PNG(text, qr.LevelM, dots)
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	out := image.NewGray(img.Bounds())
	draw.Draw(out, out.Rect, img, image.Point{}, draw.Src)
	return out
}

// page is white paper with pictures on it.
func page(w, h int, at map[image.Point]*image.Gray) *image.Gray {
	out := image.NewGray(image.Rect(0, 0, w, h))
	draw.Draw(out, out.Rect, image.White, image.Point{}, draw.Src)
	for p, img := range at {
		draw.Draw(out, img.Rect.Add(p), img, image.Point{}, draw.Src)
	}
	return out
}

func asPNG(t testing.TB, img image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func turned(img *image.Gray) *image.Gray {
	out := image.NewGray(image.Rect(0, 0, img.Rect.Dy(), img.Rect.Dx()))
	for y := range img.Rect.Dy() {
		for x := range img.Rect.Dx() {
			out.SetGray(img.Rect.Dy()-1-y, x, img.GrayAt(x, y))
		}
	}
	return out
}

func negative(img *image.Gray) *image.Gray {
	out := image.NewGray(img.Rect)
	for i, v := range img.Pix {
		out.Pix[i] = 255 - v
	}
	return out
}

func TestReads(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	text, second := randomText(t, r), randomText(t, r)
	small := code(t, text, 6)
	clear := image.NewNRGBA(small.Rect) // dark modules on nothing
	for y := range small.Rect.Dy() {
		for x := range small.Rect.Dx() {
			if small.GrayAt(x, y).Y == 0 {
				clear.Set(x, y, color.Black)
			}
		}
	}
	var photo bytes.Buffer
	if err := jpeg.Encode(&photo, page(900, 1200, map[image.Point]*image.Gray{{120, 300}: small}), &jpeg.Options{Quality: 50}); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		picture []byte
		want    []string
	}{
		"a clean code":               {asPNG(t, small), []string{text}},
		"one dot a module, doubled":  {asPNG(t, code(t, text, 2)), []string{text}},
		"lying on its side":          {asPNG(t, turned(small)), []string{text}},
		"upside down":                {asPNG(t, turned(turned(small))), []string{text}},
		"white on black":             {asPNG(t, page(800, 800, map[image.Point]*image.Gray{{20, 20}: negative(small)})), []string{text}},
		"transparent":                {asPNG(t, clear), []string{text}},
		"a JPEG of a page":           {photo.Bytes(), []string{text}},
		"a small code on a big page": {asPNG(t, page(3500, 2500, map[image.Point]*image.Gray{{2700, 1700}: code(t, text, 4)})), []string{text}},
		"two codes on a page":        {asPNG(t, page(1400, 800, map[image.Point]*image.Gray{{20, 40}: code(t, text, 5), {700, 60}: code(t, second, 5)})), []string{text, second}},
		"a code of somebody else":    {asPNG(t, code(t, "WIFI:T:WPA;S:bar;P:secret;;", 8)), []string{"WIFI:T:WPA;S:bar;P:secret;;"}},
	} {
		t.Run(name, func(t *testing.T) {
			seen, err := read(context.Background(), c.picture, nil)
			slices.Sort(seen.Texts)
			slices.Sort(c.want)
			if err != nil || !slices.Equal(seen.Texts, c.want) || seen.Unread != 0 {
				t.Fatalf("got %.60q, %d unread, %v", seen.Texts, seen.Unread, err)
			}
		})
	}
}

func TestRefuses(t *testing.T) {
	noise := image.NewGray(image.Rect(0, 0, 600, 600))
	r := rand.New(rand.NewPCG(3, 3))
	for i := range noise.Pix {
		noise.Pix[i] = byte(r.Uint32())
	}
	clean := asPNG(t, code(t, "x", 4))
	for name, c := range map[string]struct {
		picture []byte
		want    error
	}{
		"nothing":         {nil, ErrPicture},
		"text":            {[]byte("not a picture"), ErrPicture},
		"a GIF":           {[]byte("GIF89a\x01\x00\x01\x00\x00\x00\x00;"), ErrPicture},
		"half a PNG":      {clean[:len(clean)/2], ErrPicture},
		"white paper":     {asPNG(t, page(300, 300, nil)), ErrNoCode},
		"one dot":         {asPNG(t, page(1, 1, nil)), ErrNoCode},
		"noise":           {asPNG(t, noise), ErrNoCode},
		"a PNG of 4 Gpx":  {promise(1<<16, 1<<16), ErrTooLarge},
		"a PNG one wide":  {promise(1, 1<<30), ErrTooLarge},
		"a PNG of no row": {promise(5, 0), ErrPicture},
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			seen, err := read(context.Background(), c.picture, nil)
			if !errors.Is(err, c.want) || seen.Texts != nil || seen.Unread != 0 {
				t.Fatalf("got %v, %v; want %v", seen, err, c.want)
			}
			if d := time.Since(start); d > time.Minute {
				t.Errorf("took %v", d)
			}
		})
	}
}

// promise is the head of a PNG that claims a size and has nothing else.
func promise(w, h uint32) []byte {
	chunk := append([]byte("IHDR"), make([]byte, 13)...)
	binary.BigEndian.PutUint32(chunk[4:], w)
	binary.BigEndian.PutUint32(chunk[8:], h)
	chunk[12], chunk[13] = 8, 0 // 8 bits of grey
	out := append([]byte("\x89PNG\r\n\x1a\n"), 0, 0, 0, 13)
	out = append(out, chunk...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(chunk))
}

// What one pass alone read may be a misreading; only the grammar of a passport
// vouches for itself.
func TestOneReadingOfAStrangerIsNotEnough(t *testing.T) {
	var f findings
	f.add(placeless([]string{"https://verify.example/v#1123", "WIFI:bar"}))
	if got := f.texts(); got != nil {
		t.Errorf("after one pass: %q", got)
	}
	f.add(placeless([]string{"WIFI:bar"}))
	if got := f.texts(); len(got) != 1 || got[0] != "WIFI:bar" {
		t.Errorf("after two: %q", got)
	}
}

func TestReadStopsWhenAsked(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Read(ctx, asPNG(t, page(300, 300, nil))); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// The last resort reads what we hand it, and its absence is no error.
func TestZbarimgIsOnlyTheLastResort(t *testing.T) {
	asked := 0
	last := func(context.Context, []byte) []string { asked++; return nil }
	if _, err := read(context.Background(), asPNG(t, code(t, randomText(t, rand.New(rand.NewPCG(1, 2))), 5)), last); err != nil || asked != 0 {
		t.Errorf("asked %d times for a clean picture, %v", asked, err)
	}
	if _, err := read(context.Background(), asPNG(t, page(60, 60, nil)), last); !errors.Is(err, ErrNoCode) || asked != 1 {
		t.Errorf("asked %d times for white paper, %v", asked, err)
	}
	t.Setenv("PATH", t.TempDir())
	if texts := zbarimg(context.Background(), nil); texts != nil {
		t.Errorf("read %q without the program", texts)
	}
}

// FuzzRead: no file breaks the reader.
func FuzzRead(f *testing.F) {
	f.Add(asPNG(f, code(f, "x", 1)))
	f.Add(promise(64, 64))
	f.Fuzz(func(t *testing.T, data []byte) {
		if config, _, err := image.DecodeConfig(bytes.NewReader(data)); err == nil && config.Width*config.Height > 1<<16 {
			t.Skip("large pictures are for the tests")
		}
		_, _ = read(context.Background(), data, nil)
	})
}
