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
	read func() []string
}

func passes(img *gray) iter.Seq[pass] {
	return func(yield func(pass) bool) {
		if !yield(pass{"zxing", func() []string { return zxing(img, gozxing.NewHybridBinarizer) }}) {
			return
		}
		yield(pass{"zxing, global", func() []string { return zxing(img, gozxing.NewGlobalHistgramBinarizer) }})
	}
}

func zxing(img *gray, binarizer func(gozxing.LuminanceSource) gozxing.Binarizer) []string {
	source := gozxing.NewLuminanceSourceFromImage(&image.Gray{Pix: img.pix, Stride: img.w, Rect: image.Rect(0, 0, img.w, img.h)})
	bitmap, err := gozxing.NewBinaryBitmap(binarizer(source))
	if err != nil {
		return nil
	}
	result, err := qrcode.NewQRCodeReader().Decode(bitmap, nil)
	if err != nil {
		return nil
	}
	return []string{result.GetText()}
}
