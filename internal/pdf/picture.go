package pdf

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"runtime"

	"github.com/pdfcpu/pdfcpu/pkg/filter"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// stream shows one picture: an image in which a code may stand.
func (r *reading) stream(number int, s *types.StreamDict) {
	if kind := s.Subtype(); kind == nil || *kind != "Image" {
		if kind := s.Type(); kind != nil && *kind == "EmbeddedFile" && !r.seen[number] {
			r.take("", s) // no specification leads to it
		}
		return
	}
	width, height := s.IntEntry("Width"), s.IntEntry("Height")
	if width == nil || height == nil || *width < leastSide || *height < leastSide {
		return
	}
	if r.pictures++; r.pictures > MaxPictures || *width > MaxPixels/(*height) || r.ctx.Err() != nil {
		r.file.Unread++
		return
	}
	picture, ok := r.picture(s, *width, *height)
	if !ok || !r.look(r.ctx, picture) {
		r.file.Unread++
	}
	if *width**height > 1<<20 {
		runtime.GC() // the next may be as large
	}
}

// picture gives a JPEG as it is, and anything else as a grey PNG.
func (r *reading) picture(s *types.StreamDict, width, height int) ([]byte, bool) {
	if n := len(s.FilterPipeline); n > 0 && n <= maxFilters && s.FilterPipeline[n-1].Name == filter.DCT {
		outer := *s
		outer.FilterPipeline = s.FilterPipeline[:n-1]
		data, ok := r.decoded(&outer, MaxInflated)
		return data, ok && sensibleJPEG(data)
	}
	var gray bytes.Buffer
	pixels, ok := r.pixels(s, width, height)
	if !ok {
		return nil, false
	}
	encoder := png.Encoder{CompressionLevel: png.BestSpeed}
	err := encoder.Encode(&gray, &image.Gray{Pix: pixels, Stride: width, Rect: image.Rect(0, 0, width, height)})
	return gray.Bytes(), err == nil
}

// maxJPEG is the memory that decoding a JPEG may take: a byte a pixel and
// colour, and four more of one that comes in passes, for its coefficients.
const maxJPEG = 96 << 20

func sensibleJPEG(data []byte) bool {
	config, err := jpeg.DecodeConfig(bytes.NewReader(data))
	if err != nil || config.Width <= 0 || config.Height <= 0 || config.Width > MaxPixels/config.Height {
		return false
	}
	weight := config.Width * config.Height
	switch config.ColorModel {
	case color.GrayModel:
	case color.CMYKModel:
		weight *= 4
	default:
		weight *= 3
	}
	if bytes.Contains(data, []byte{0xff, 0xc2}) { // the frame of such a one, or bytes that look like it
		weight *= 5
	}
	return weight <= maxJPEG
}
