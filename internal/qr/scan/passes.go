package scan

import (
	"image"
	"iter"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
)

// pass is one way of reading a picture.
type pass struct {
	name string
	read func() reading
}

// usual is the longer side at which codes are looked for first: a code of
// version 22 has 5 to 10 pixels a module in it when it fills the picture.
const usual = 1100

// passes are the ways of reading in the order of what they cost and bring.
func passes(img *gray) iter.Seq[pass] {
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
	side := max(24, min(base.w, base.h)/12)
	all := []pass{
		{"own", func() reading { return own(flatten(base, side)) }},
		{"zxing", func() reading { return zxing(base, gozxing.NewHybridBinarizer) }},
		{"own, smooth", func() reading { return own(flatten(base.smooth(), side)) }},
		{"own, large", func() reading { return own(flatten(big(), 2*side)) }},
		{"own, wide light", func() reading { return own(flatten(base, 3*side)) }},
		{"own, small", func() reading { return own(flatten(base.scaled(0.6), side/2)) }},
		{"zxing, global", func() reading { return zxing(base, gozxing.NewGlobalHistgramBinarizer) }},
		{"zxing, large", func() reading { return zxing(big(), gozxing.NewHybridBinarizer) }},
		{"own, inverse", func() reading { return own(flatten(base.inverted(), side)) }},
	}
	return func(yield func(pass) bool) {
		for _, p := range all {
			if !yield(p) {
				return
			}
		}
	}
}

// zxing is the second decoder: gozxing from picture to text.
func zxing(img *gray, binarizer func(gozxing.LuminanceSource) gozxing.Binarizer) (r reading) {
	source := gozxing.NewLuminanceSourceFromImage(&image.Gray{Pix: img.pix, Stride: img.w, Rect: image.Rect(0, 0, img.w, img.h)})
	bitmap, err := gozxing.NewBinaryBitmap(binarizer(source))
	if err != nil {
		return r
	}
	result, err := qrcode.NewQRCodeReader().Decode(bitmap, nil)
	if err == nil {
		r.texts, r.located = []string{result.GetText()}, 1
	}
	return r
}
