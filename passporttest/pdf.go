package passporttest

import (
	"bytes"
	"testing"

	"codeberg.org/go-pdf/fpdf"
)

// PDF is a document with a picture (PNG) on its page and a credential attached;
// either may be empty.
func PDF(t testing.TB, picture []byte, attached string) []byte {
	t.Helper()
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.AddPage()
	if picture != nil {
		pdf.RegisterImageOptionsReader("code", fpdf.ImageOptions{ImageType: "PNG"}, bytes.NewReader(picture))
		pdf.ImageOptions("code", 20, 20, 60, 0, false, fpdf.ImageOptions{ImageType: "PNG"}, 0, "")
	}
	if attached != "" {
		pdf.SetAttachments([]fpdf.Attachment{{Content: []byte(attached), Filename: "credential.jwt"}})
	}
	var out bytes.Buffer
	if err := pdf.Output(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
