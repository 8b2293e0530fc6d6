package scan

import (
	"context"
	"image"
	"slices"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
)

// pass is one way of reading a picture.
type pass func(context.Context) reading

// usual is the longer side at which codes are looked for first: a code of
// version 22 has 5 to 10 pixels a module in it when it fills the picture.
const usual = 1100

// passes are the ways of reading in the order of what they cost and bring.
func passes(img *gray) []pass {
	base := img
	if longer := max(img.w, img.h); longer > usual {
		base = img.scaled(usual / float64(longer))
	}
	big := func() *gray { // small modules want more points
		if base != img {
			return img.scaled(min(1, 2.2*usual/float64(max(img.w, img.h))))
		}
		return img.scaled(2)
	}
	// The light is judged in squares of a share of the picture: broad ones for
	// codes of few large modules, narrow ones where blur has melted many small
	// modules into their neighbours.
	share := func(g *gray, part int) int { return max(9, min(g.w, g.h)/part) }
	ours := func(picture func() *gray, part int) pass {
		return func(context.Context) reading {
			g := picture()
			return own(flatten(g, share(g, part))).scaled(float64(img.w) / float64(g.w))
		}
	}
	theirs := func(picture func() *gray, binarizer binarizer) pass {
		return func(context.Context) reading {
			g := picture()
			return zxing(g, binarizer).scaled(float64(img.w) / float64(g.w))
		}
	}
	plain := func() *gray { return base }
	all := []pass{
		ours(plain, 12),
		theirs(plain, hybrid),
		ours(func() *gray { return base.smooth() }, 28), // melted by blur, or grainy
		ours(plain, 22),
		ours(func() *gray { return base.inverted() }, 12), // light on dark
		ours(func() *gray { return big().smooth() }, 16),
		ours(plain, 4), // one large code of few modules
		ours(func() *gray { return big().smooth().smooth() }, 22),
		ours(func() *gray { return base.scaled(0.6) }, 12), // noise finer than modules
		theirs(plain, global),
		theirs(big, hybrid),
	}
	if max(img.w, img.h) > 2*usual {
		all = append(all, func(ctx context.Context) reading { return crops(ctx, img) })
	}
	return all
}

// crops looks for small codes on a large page, part by part in full size.
func crops(ctx context.Context, img *gray) (r reading) {
	const side, overlap = 1500, 600
	for y := 0; y == 0 || y+overlap < img.h; y += side - overlap {
		for x := 0; x == 0 || x+overlap < img.w; x += side - overlap {
			if late(ctx) {
				return r
			}
			for _, c := range own(flatten(img.crop(x, y, side, side), side/30)).codes {
				if !slices.ContainsFunc(r.codes, func(o spot) bool { return o.text == c.text }) {
					r.codes = append(r.codes, spot{c.text, c.area.moved(float64(x), float64(y))})
				}
			}
		}
	}
	return r
}

type binarizer func(gozxing.LuminanceSource) gozxing.Binarizer

var (
	hybrid binarizer = gozxing.NewHybridBinarizer
	global binarizer = gozxing.NewGlobalHistgramBinarizer
)

// zxing is the second decoder: gozxing from picture to text.
func zxing(img *gray, binarizer binarizer) (r reading) {
	source := gozxing.NewLuminanceSourceFromImage(&image.Gray{Pix: img.pix, Stride: img.w, Rect: image.Rect(0, 0, img.w, img.h)})
	bitmap, err := gozxing.NewBinaryBitmap(binarizer(source))
	if err != nil {
		return r
	}
	result, err := qrcode.NewQRCodeReader().Decode(bitmap, nil)
	if err == nil {
		r.codes = []spot{{result.GetText(), areaOf(result.GetResultPoints())}}
	}
	return r
}
