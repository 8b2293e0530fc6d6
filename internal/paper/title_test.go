package paper

import (
	"bytes"
	"encoding/hex"
	"testing"
	"unicode/utf16"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
)

// TestTitleNamesNobody: lists of files and windows show a PDF's title, so that
// it says what the paper is and not whose.
func TestTitleNamesNobody(t *testing.T) {
	s := quick(t, 1, courses[0], person("Amina Diallo", ""), [2]string{"it", ""})
	b := Booklet{Rows: []Sheet{s}, Languages: s.Languages}
	for name, write := range map[string]func(w *bytes.Buffer) error{
		"certificate": func(w *bytes.Buffer) error { return Render(w, "", []Sheet{s}, Options{Now: today}) },
		"card":        func(w *bytes.Buffer) error { return Render(w, LayoutCard, []Sheet{s}, Options{Now: today}) },
		"booklet":     func(w *bytes.Buffer) error { return Render(w, LayoutBooklet, []Sheet{s}, Options{Now: today}) },
		"booklets":    func(w *bytes.Buffer) error { return Booklets(w, BookletsOf([]Sheet{s}), Options{Now: today}) },
		"curriculum":  func(w *bytes.Buffer) error { return CV(w, cvOf(t, "it", b, 1), Options{Now: today}) },
		"letter": func(w *bytes.Buffer) error {
			return Letter(w, []RevocationLetter{letterOf("Amina Diallo", s.Languages)}, Options{Now: today})
		},
	} {
		var out bytes.Buffer
		if err := write(&out); err != nil {
			t.Fatal(name, err)
		}
		model.ConfigPath = "disable"
		doc, err := pdfcpu.ReadWithContext(t.Context(), bytes.NewReader(out.Bytes()), model.NewDefaultConfiguration())
		if err != nil {
			t.Fatal(name, err)
		}
		info, err := doc.DereferenceDict(*doc.Info)
		if err != nil || info["Title"] == nil {
			t.Fatalf("%s: no title: %v", name, err)
		}
		if title := info["Title"].String(); named(title, "Amina") || named(title, "Diallo") {
			t.Errorf("%s: the title %q names the person", name, title)
		}
	}
}

// named tells whether a string of a PDF holds a word, in bytes or in hexadecimal.
func named(text, word string) bool {
	var wide []byte
	for _, u := range utf16.Encode([]rune(word)) {
		wide = append(wide, byte(u>>8), byte(u))
	}
	return bytes.Contains([]byte(text), wide) || bytes.Contains(bytes.ToLower([]byte(text)), []byte(hex.EncodeToString(wide))) || bytes.Contains([]byte(text), []byte(word))
}
