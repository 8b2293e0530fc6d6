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
	counter := &r.pictures
	if r.masks[number] {
		counter = &r.masked
	}
	if *counter++; *counter > MaxPictures || *width > MaxGrey/(*height) || r.ctx.Err() != nil {
		r.file.Unread++
		return
	}
	left := r.left
	picture, ok := r.picture(s, *width, *height)
	r.left = left // what it grew to is let go before the next
	if !ok || !r.look(r.ctx, picture) {
		r.file.Unread++
	}
	if *width**height > 1<<20 {
		runtime.GC() // the next may be as large
	}
}

// softMask gives the number of a picture's soft mask; 0 without one.
func softMask(s *types.StreamDict) int {
	if ref, ok := s.Dict["SMask"].(types.IndirectRef); ok {
		return ref.ObjectNumber.Value()
	}
	return 0
}

// unpackable tells whether decoding these undoes them. The library hands out
// JPX and JBIG2 as they are, which would pass for samples, and takes no
// parameter that stands in another object.
func unpackable(filters []types.PDFFilter, width int) bool {
	for i, f := range filters {
		for _, value := range f.DecodeParms {
			switch value.(type) {
			case types.IndirectRef, *types.IndirectRef, types.Float:
				return false
			}
		}
		switch f.Name {
		case filter.Flate, filter.LZW, filter.RunLength, filter.ASCII85, filter.ASCIIHex:
		case filter.CCITTFax:
			columns := 1728 // ISO 32000-1, table 11
			if value, ok := f.DecodeParms["Columns"].(types.Integer); ok {
				columns = value.Value()
			}
			if i != len(filters)-1 || columns != width {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// picture gives a JPEG as it is, and anything else as a grey PNG.
func (r *reading) picture(s *types.StreamDict, width, height int) ([]byte, bool) {
	if n := len(s.FilterPipeline); n > 0 && n <= maxFilters && s.FilterPipeline[n-1].Name == filter.DCT {
		if !unpackable(s.FilterPipeline[:n-1], 0) {
			return nil, false
		}
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
	if err != nil || config.Width <= 0 || config.Height <= 0 || config.Width > MaxGrey/config.Height {
		return false
	}
	if config.ColorModel != color.GrayModel && config.Width > MaxPixels/config.Height {
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
