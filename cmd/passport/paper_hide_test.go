package main

import (
	"bytes"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/employment-passport/passport/internal/qr"

	"codeberg.org/go-pdf/fpdf"
)

// codeOf is the text of the code that a token's file would be printed with.
func codeOf(t *testing.T, file string) string {
	t.Helper()
	token, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	text, _, err := qr.Encode("https://verifica.example/v", []string{strings.TrimSpace(string(token))}, qr.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func drawn(t *testing.T, text string) []byte {
	t.Helper()
	data, err := qr.PNG(text, qr.LevelM, 6)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// leaflet is a PDF of pictures, a page each, with files attached.
func (s *street) leaflet(name string, pictures [][]byte, attached ...fpdf.Attachment) string {
	s.t.Helper()
	pdf := fpdf.New("P", "mm", "A4", "")
	for i, data := range pictures {
		id := string(rune('a'+i%26)) + strings.Repeat("x", i/26)
		pdf.AddPage()
		pdf.RegisterImageOptionsReader(id, fpdf.ImageOptions{ImageType: "PNG"}, bytes.NewReader(data))
		pdf.ImageOptions(id, 10, 10, 100, 0, false, fpdf.ImageOptions{ImageType: "PNG"}, 0, "")
	}
	if len(pictures) == 0 {
		pdf.AddPage()
	}
	pdf.SetAttachments(attached)
	path := filepath.Join(s.dir, name)
	if err := pdf.OutputFileAndClose(path); err != nil {
		s.t.Fatal(err)
	}
	return path
}

// twoPeople issues to Amina, whose document stands, and to Abdullah, whose is revoked.
func twoPeople(t *testing.T) (s *street, good, revoked string) {
	t.Helper()
	s = printingStreet(t)
	good = s.issue("ente", "food-hygiene", examplesDir+"01-amina-diallo.json")
	revoked = s.issue("ente", "food-hygiene", examplesDir+"02-abdullah.json")
	s.must("revoke", "MC-PZ-2026-0043", "--reason", "assessment-invalid")
	return s, good, revoked
}

func attachment(t *testing.T, file string) fpdf.Attachment {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return fpdf.Attachment{Content: data, Filename: "credential.jwt"}
}

// TestABrokenCodeHidesNothing: what stands in a PDF beside a code that cannot be
// read is judged, and the unread code takes VALID away.
func TestABrokenCodeHidesNothing(t *testing.T) {
	s, good, revoked := twoPeople(t)
	text := codeOf(t, good)
	broken := drawn(t, text[:len(text)-12])
	hidden := s.leaflet("hidden.pdf", [][]byte{broken, drawn(t, codeOf(t, revoked))}, attachment(t, good))
	if code, said := s.verify(hidden, "en"); code != exitInvalid {
		t.Errorf("a broken code, then a revoked one: exit %d\n%s", code, said)
	}
	code, said := s.verify(s.leaflet("broken.pdf", [][]byte{broken}, attachment(t, good)), "en")
	if code != exitUnknown {
		t.Errorf("a broken code on a good document: exit %d\n%s", code, said)
	}
	says(t, said, "code_unread", "cannot be read")
}

// TestManyPicturesHideNothing: pictures above the bound are told by the verdict.
func TestManyPicturesHideNothing(t *testing.T) {
	s, good, revoked := twoPeople(t)
	var pictures [][]byte
	for n := range 30 {
		img := checkerboard(90)
		img.Pix[n] = 255 // the same picture twice is one
		var small bytes.Buffer
		if err := png.Encode(&small, img); err != nil {
			t.Fatal(err)
		}
		pictures = append(pictures, small.Bytes())
	}
	pictures = append(pictures, drawn(t, codeOf(t, revoked)))
	s.must("trust", "bundle", "--out", filepath.Join(s.dir, "bundle"))
	code, out, talk := s.run("verify", s.leaflet("many.pdf", pictures, attachment(t, good)), "--json", "--quiet",
		"--bundle", filepath.Join(s.dir, "bundle"), "--anchor", s.anchor)
	if code == exitOK || !strings.Contains(out, `"part_unread"`) && code != exitInvalid {
		t.Errorf("exit %d\n%s%s", code, out, talk)
	}
}

// checkerboard is a picture in which there is no code.
func checkerboard(side int) *image.Gray {
	img := image.NewGray(image.Rect(0, 0, side, side))
	for i := range img.Pix {
		img.Pix[i] = byte(i * 31)
	}
	return img
}

// TestAnOddAttachmentHidesNothing: what holds a token among other things is not
// judged, and so nothing is VALID.
func TestAnOddAttachmentHidesNothing(t *testing.T) {
	s, good, revoked := twoPeople(t)
	inside, err := os.ReadFile(revoked)
	if err != nil {
		t.Fatal(err)
	}
	token := strings.TrimSpace(string(inside))
	shown := [][]byte{drawn(t, codeOf(t, good))}
	for name, text := range map[string]string{"words": "credential: " + token + "\n", "object": `{"token":"` + token + `"}`} {
		file := s.leaflet(name+".pdf", shown, fpdf.Attachment{Content: []byte(text), Filename: "credential.jwt"})
		if code, said := s.verify(file, "en"); code == exitOK {
			t.Errorf("%s: exit %d\n%s", name, code, said)
		}
	}
	invoice := fpdf.Attachment{Content: []byte("<invoice>12.50 EUR</invoice>"), Filename: "invoice.xml"}
	if code, said := s.verify(s.leaflet("invoice.pdf", shown, invoice), "en"); code != exitOK {
		t.Errorf("another attachment: exit %d\n%s", code, said)
	}
}
