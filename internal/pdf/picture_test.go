package pdf

import (
	"bytes"
	"encoding/ascii85"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"
)

// pictured is a file with pictures, which begin at object 3.
func pictured(pictures ...string) []byte {
	return written(append([]string{"<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [] /Count 0 >>"}, pictures...)...)
}

func pictureOf(width, height int, dict, data string) string {
	return fmt.Sprintf("<< /Type /XObject /Subtype /Image /Width %d /Height %d %s /Length %d >>\nstream\n%s\nendstream",
		width, height, dict, len(data), data)
}

const (
	grey  = "/BitsPerComponent 8 /ColorSpace /DeviceGray "
	black = "/BitsPerComponent 1 /ColorSpace /DeviceGray "
)

// TestPicturesOfFormsThatWeDoNotRead: packed bytes are no samples, however many.
func TestPicturesOfFormsThatWeDoNotRead(t *testing.T) {
	samples := strings.Repeat("x", 100*100)
	var hex bytes.Buffer
	encoder := ascii85.NewEncoder(&hex)
	_, _ = encoder.Write([]byte(samples))
	_ = encoder.Close()
	var photo bytes.Buffer
	if err := jpeg.Encode(&photo, image.NewGray(image.Rect(0, 0, 100, 100)), nil); err != nil {
		t.Fatal(err)
	}
	white := strings.Repeat("\xff", 100) // Group 4: a 1 is a line like the one before, white
	for name, c := range map[string]struct {
		dict, data string
		read       bool
	}{
		"plain":              {grey, samples, true},
		"flate":              {grey + "/Filter /FlateDecode", deflated([]byte(samples)), true},
		"ascii":              {grey + "/Filter /ASCII85Decode", hex.String() + "~>", true},
		"jpeg":               {grey + "/Filter /DCTDecode", photo.String(), true},
		"fax":                {black + "/Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns 100 >>", white, true},
		"fax of other width": {black + "/Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns 1000 >>", white, false},
		"fax without width":  {black + "/Filter /CCITTFaxDecode /DecodeParms << /K -1 >>", white, false},
		"mixed fax":          {black + "/Filter /CCITTFaxDecode /DecodeParms << /K 4 /Columns 100 >>", white, false},
		"jpx":                {grey + "/Filter /JPXDecode", samples, false},
		"jpx, deflated":      {grey + "/Filter [/FlateDecode /JPXDecode]", deflated([]byte(samples)), false},
		"jbig2":              {black + "/Filter /JBIG2Decode", samples, false},
		"jpeg inside":        {grey + "/Filter [/DCTDecode /FlateDecode]", samples, false},
		"unknown":            {grey + "/Filter /OtherDecode", samples, false},
	} {
		file, pictures, err := taken(t.Context(), pictured(pictureOf(100, 100, c.dict, c.data)))
		if err != nil {
			if c.read {
				t.Errorf("%s: %v", name, err)
			}
			continue // refused whole
		}
		if (len(pictures) == 1) != c.read || (file.Unread == 0) != c.read {
			t.Errorf("%s: %d pictures, %d unread", name, len(pictures), file.Unread)
		}
	}
}

// TestDanglingFileIsNothing: a specification may be left behind by its file.
func TestDanglingFileIsNothing(t *testing.T) {
	file, _, err := taken(t.Context(), pictured("<< /Type /Filespec /F (a.jwt) /EF << /F 90 0 R /UF null >> >>"))
	if err != nil || len(file.Attachments) != 0 || file.Unread != 0 {
		t.Errorf("%+v, %v", file, err)
	}
}

// TestSoftMasksAreNoPictures: each page of a scan may have one; they are looked
// at and do not count.
func TestSoftMasksAreNoPictures(t *testing.T) {
	samples := strings.Repeat("x", 100*100)
	var all []string
	for i := range MaxPictures {
		all = append(all, pictureOf(100, 100, grey+fmt.Sprintf("/SMask %d 0 R", 4+2*i), samples), pictureOf(100, 100, grey, samples))
	}
	file, pictures, err := taken(t.Context(), pictured(all...))
	if err != nil || file.Unread != 0 || len(pictures) != 2*MaxPictures {
		t.Errorf("%d pictures, %+v, %v", len(pictures), file, err)
	}
	file, _, err = taken(t.Context(), pictured(append(all, all[1])...)) // one picture more than are read
	if err != nil || file.Unread != 1 {
		t.Errorf("%+v, %v", file, err)
	}
}

// TestLargeScansInGrey: A4 at 600 dots an inch is read, in colours it is not.
func TestLargeScansInGrey(t *testing.T) {
	const w, h = 4961, 7016
	data := make([]byte, w*h)
	data[w+1] = 200
	bits := make([]byte, (w+7)/8*h)
	for name, c := range map[string]struct {
		dict string
		data []byte
		read bool
	}{
		"grey":       {grey, data, true},
		"black":      {black, bits, true},
		"colours":    {"/BitsPerComponent 1 /ColorSpace /DeviceRGB ", make([]byte, (w*3+7)/8*h), false},
		"16 bits":    {"/BitsPerComponent 16 /ColorSpace /DeviceGray ", data, false},
		"with alpha": {grey + "/SMask 4 0 R ", data, false},
	} {
		file, pictures, err := taken(t.Context(), pictured(pictureOf(w, h, c.dict+"/Filter /FlateDecode", deflated(c.data))))
		if err != nil || (len(pictures) == 1) != c.read || (file.Unread == 0) != c.read {
			t.Errorf("%s: %d pictures, %+v, %v", name, len(pictures), file, err)
			continue
		}
		if name == "grey" {
			img, err := png.Decode(bytes.NewReader(pictures[0]))
			if err != nil || img.(*image.Gray).GrayAt(1, 1).Y != 200 {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}
