package pdf

import (
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// layout is how the samples of a picture stand (ISO 32000-1, 8.9.5).
type layout struct {
	width, height int
	bits, colours int
	inverted      bool
	palette       []byte // grey by index; nil without one
}

// row is how many bytes a line takes.
func (l layout) row() int { return (l.width*l.colours*l.bits + 7) / 8 }

// pixels gives a picture's pixels as grey, 0 black. What it grows to is known
// before anything is unpacked.
func (r *reading) pixels(s *types.StreamDict, width, height int) ([]byte, bool) {
	l, ok := r.layout(s, width, height)
	if !ok || !unpackable(s.FilterPipeline, width) || int64(l.row()) > r.left/int64(height) {
		return nil, false
	}
	if _, mask := s.Find("SMask"); width > MaxPixels/height && (mask || l.colours != 1 || l.bits > 8) {
		return nil, false
	}
	const slack = 64 << 10 // some programs write a line end after the samples
	data, ok := r.decoded(s, int64(l.row()*height)+slack)
	if !ok || len(data) < l.row()*height {
		return nil, false
	}
	if l.bits == 8 && l.colours == 1 && len(s.FilterPipeline) > 0 && s.Content == nil { // ours alone: no second copy
		for i := range width * height {
			data[i] = l.at(data, i)
		}
		data = data[:width*height]
	} else {
		data = l.gray(data)
	}
	gray := data
	r.behind(s, gray, width, height)
	return gray, true
}

// behind lays a picture with a soft mask on white paper.
func (r *reading) behind(s *types.StreamDict, gray []byte, width, height int) {
	o, ok := s.Find("SMask")
	if !ok {
		return
	}
	mask, _, err := r.doc.DereferenceStreamDict(o)
	if err != nil || mask == nil {
		return
	}
	w, h := mask.IntEntry("Width"), mask.IntEntry("Height")
	if w == nil || h == nil || *w != width || *h != height {
		return // of another size it is looked at by itself
	}
	l, ok := r.layout(mask, width, height)
	if !ok || l.colours != 1 || !unpackable(mask.FilterPipeline, width) {
		return
	}
	data, ok := r.decoded(mask, int64(l.row()*height)+1024)
	if !ok || len(data) < l.row()*height {
		return
	}
	for i, alpha := range l.gray(data) {
		gray[i] = 255 - byte(int(255-gray[i])*int(alpha)/255)
	}
}

func (r *reading) layout(s *types.StreamDict, width, height int) (layout, bool) {
	l := layout{width: width, height: height, bits: 8, colours: 1}
	if mask := s.BooleanEntry("ImageMask"); mask != nil && *mask {
		l.bits = 1
	} else if bits := s.IntEntry("BitsPerComponent"); bits != nil {
		l.bits = *bits
	}
	if _, ok := s.Find("ColorSpace"); ok {
		colours, err := pdfcpu.ColorSpaceComponents(r.doc.XRefTable, s)
		if err != nil {
			return l, false
		}
		l.colours = colours
		if !r.indexed(s, &l) {
			return l, false
		}
	}
	if decode, err := r.doc.DereferenceArray(s.Dict["Decode"]); err == nil && len(decode) > 1 {
		first, second := value(decode[0]), value(decode[1])
		l.inverted = first > second
	}
	switch l.bits {
	case 1, 2, 4, 8, 16:
		return l, l.colours == 1 || l.colours == 3 || l.colours == 4
	}
	return l, false
}

func value(o types.Object) float64 {
	switch o := o.(type) {
	case types.Integer:
		return float64(o.Value())
	case types.Float:
		return o.Value()
	}
	return 0
}

// indexed reads the palette of an indexed picture; it leaves any other as it is.
func (r *reading) indexed(s *types.StreamDict, l *layout) bool {
	space, err := r.doc.Dereference(s.Dict["ColorSpace"])
	array, ok := space.(types.Array)
	if err != nil || !ok || len(array) < 4 || array[0] != types.Object(types.Name("Indexed")) {
		return err == nil
	}
	table, err := r.doc.Dereference(array[3])
	if err != nil {
		return false
	}
	var data []byte
	switch t := table.(type) {
	case types.StreamDict:
		if !unpackable(t.FilterPipeline, 0) {
			return false
		}
		if data, ok = r.decoded(&t, 4<<10); !ok {
			return false
		}
	case types.StringLiteral:
		if data, err = types.Unescape(t.Value()); err != nil {
			return false
		}
	case types.HexLiteral:
		if data, err = t.Bytes(); err != nil {
			return false
		}
	}
	base := layout{width: 1, bits: 8, colours: l.colours}
	if base.colours != 1 && base.colours != 3 && base.colours != 4 {
		return false
	}
	base.height = len(data) / base.colours
	l.palette = append(base.gray(data), make([]byte, 256)...)[:256]
	l.colours = 1
	return true
}

// gray reads the samples, line by line.
func (l layout) gray(data []byte) []byte {
	out := make([]byte, 0, l.width*l.height)
	for y := range l.height {
		line := data[y*l.row():]
		for x := range l.width {
			out = append(out, l.at(line, x*l.colours))
		}
	}
	return out
}

// at mixes the colours whose first sample is the nth of a line.
func (l layout) at(line []byte, n int) byte {
	var v int
	switch {
	case l.palette != nil:
		return l.palette[l.index(line, n)]
	case l.colours == 3:
		v = (299*l.sample(line, n) + 587*l.sample(line, n+1) + 114*l.sample(line, n+2)) / 1000
	case l.colours == 4: // inks
		ink := (299*l.sample(line, n)+587*l.sample(line, n+1)+114*l.sample(line, n+2))/1000 + l.sample(line, n+3)
		v = 255 - min(255, ink)
	default:
		v = l.sample(line, n)
	}
	if l.inverted {
		v = 255 - v
	}
	return byte(v)
}

// index of a palette of 1 to 8 bits.
func (l layout) index(line []byte, n int) int {
	switch l.bits {
	case 8:
		return int(line[n])
	case 16:
		return int(line[2*n+1])
	}
	at := n * l.bits
	return int(line[at/8]>>(8-l.bits-at%8)) & (1<<l.bits - 1)
}

// sample is a value from 0 to 255.
func (l layout) sample(line []byte, n int) int {
	switch l.bits {
	case 8:
		return int(line[n])
	case 16:
		return int(line[2*n])
	}
	return l.index(line, n) * 255 / (1<<l.bits - 1)
}
