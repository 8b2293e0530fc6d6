package pdf

import (
	"bytes"
	"io"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// stream takes the pictures: images in which a code may stand.
func (r *reading) stream(number int, s *types.StreamDict) {
	if kind := s.Subtype(); kind == nil || *kind != "Image" {
		return
	}
	width, height := s.IntEntry("Width"), s.IntEntry("Height")
	switch {
	case width == nil || height == nil || *width < leastSide || *height < leastSide:
		return
	case len(r.file.Pictures) == MaxPictures || *width > MaxPixels/(*height):
		r.file.Unread++
		return
	}
	picture, ok := r.picture(number, s)
	if !ok {
		r.file.Unread++
		return
	}
	r.file.Pictures = append(r.file.Pictures, picture)
}

// picture renders one image as PNG, or gives its JPEG as it is. A picture that
// makes the library panic is one that we cannot read, and no more.
func (r *reading) picture(number int, s *types.StreamDict) (picture []byte, ok bool) {
	defer func() {
		if recover() != nil {
			picture, ok = nil, false
		}
	}()
	img, err := pdfcpu.ExtractImage(r.doc, s, false, "", number, false)
	if err != nil || img == nil || img.Reader == nil {
		return nil, false
	}
	if img.FileType != "png" && img.FileType != "jpg" {
		return nil, false
	}
	data, err := io.ReadAll(io.LimitReader(img.Reader, maxInflated+1))
	if err != nil || len(data) > maxInflated {
		return nil, false
	}
	return bytes.Clone(data), true
}
