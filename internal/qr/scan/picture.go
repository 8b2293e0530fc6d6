package scan

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	_ "image/jpeg" // the two formats of cameras, scanners and screenshots
	_ "image/png"
)

// Bounds of a picture, checked before its pixels are decoded: a PNG of a few
// kilobytes can promise gigabytes.
const (
	maxBytes  = 64 << 20
	maxPixels = 50 << 20
)

// IsPicture tells a PNG or JPEG by its first bytes.
func IsPicture(data []byte) bool {
	return bytes.HasPrefix(data, []byte("\x89PNG\r\n\x1a\n")) || bytes.HasPrefix(data, []byte("\xff\xd8\xff"))
}

// gray is a picture without colours, 0 black, row by row.
type gray struct {
	w, h int
	pix  []uint8
}

func decodePicture(data []byte) (*gray, error) {
	if len(data) > maxBytes {
		return nil, fmt.Errorf("%w: %d bytes", ErrTooLarge, len(data))
	}
	config, format, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrPicture, err)
	}
	if format != "png" && format != "jpeg" {
		return nil, fmt.Errorf("%w: %s", ErrPicture, format)
	}
	if config.Width <= 0 || config.Height <= 0 || config.Width > maxPixels/config.Height {
		return nil, fmt.Errorf("%w: %d by %d pixels", ErrTooLarge, config.Width, config.Height)
	}
	img, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrPicture, err)
	}
	return toGray(img), nil
}

// toGray lays the picture on white paper: transparent is not black.
func toGray(img image.Image) *gray {
	b := img.Bounds()
	g := &gray{w: b.Dx(), h: b.Dy(), pix: make([]uint8, b.Dx()*b.Dy())}
	target := &image.Gray{Pix: g.pix, Stride: g.w, Rect: image.Rect(0, 0, g.w, g.h)}
	switch src := img.(type) {
	case *image.YCbCr: // a JPEG's luminance is there already
		for y := range g.h {
			copy(g.pix[y*g.w:(y+1)*g.w], src.Y[src.YOffset(b.Min.X, b.Min.Y+y):])
		}
	default:
		draw.Draw(target, target.Rect, image.NewUniform(color.White), image.Point{}, draw.Src)
		draw.Draw(target, target.Rect, img, b.Min, draw.Over)
	}
	return g
}
