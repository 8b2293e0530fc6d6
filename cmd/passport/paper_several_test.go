package main

import (
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// secondSide draws the second side of a PDF.
func secondSide(t *testing.T, pdf, dpi string) string {
	t.Helper()
	rendered(t, pdf, dpi) // skips or fails where there is no tool
	out := strings.TrimSuffix(pdf, ".pdf") + "-side2-" + dpi
	if msg, err := exec.Command("pdftoppm", "-r", dpi, "-f", "2", "-l", "2", "-png", "-singlefile", pdf, out).CombinedOutput(); err != nil {
		t.Fatalf("pdftoppm: %v: %s", err, msg)
	}
	return out + ".png"
}

// spoil overprints the middle of a code: its finders stay, its text is gone.
func spoil(t *testing.T, file string, box image.Rectangle) string {
	t.Helper()
	img := picture(t, file)
	out := image.NewGray(img.Bounds())
	draw.Draw(out, out.Rect, img, image.Point{}, draw.Src)
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			out.SetGray(x, y, color.Gray{uint8(255 * (x / 2 * y / 3 % 2))})
		}
	}
	name := strings.TrimSuffix(file, ".png") + "-spoiled.png"
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := png.Encode(f, out); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return name
}

// TestAPictureOfManyCodes: of a page with the codes of several documents all
// are judged, so that a revoked one cannot hide behind its neighbours.
func TestAPictureOfManyCodes(t *testing.T) {
	s := printingStreet(t)
	var tokens []string
	for i, name := range []string{"Amina Diallo", "Sara Neri", "Luca Verdi", "Olga Bianchi"} {
		n := strconv.Itoa(i + 1)
		tokens = append(tokens, s.issue("ente", "food-hygiene", s.write("l"+n+".json",
			`{"name":"`+name+`","birthDate":"1994-03-1`+n+`","documentNumber":"MC-PZ-2026-000`+n+`","result":"Superato","completedOn":"2026-11-18"}`)))
	}
	cards, booklet := filepath.Join(s.dir, "cards.pdf"), filepath.Join(s.dir, "booklet.pdf")
	s.must(append([]string{"print", "--layout", "card", "--out", cards}, tokens...)...)
	for i := range 3 { // one person, three documents, one page of the booklet
		n := strconv.Itoa(i + 5)
		tokens = append(tokens, s.issue("ente", "food-hygiene", s.write("l"+n+".json",
			`{"name":"Amina Diallo","birthDate":"1994-03-11","documentNumber":"MC-PZ-2026-000`+n+`","result":"Superato","completedOn":"2026-11-18"}`)))
	}
	s.must(append([]string{"print", "--layout", "booklet", "--out", booklet}, tokens[4:]...)...)

	page := map[string]string{}
	for _, dpi := range []string{"100", "300"} {
		page["cards "+dpi] = rendered(t, cards, dpi)
		code, said := s.verify(page["cards "+dpi], "en")
		if code != exitOK || strings.Count(said, "MC-PZ-2026-000") != 4 {
			t.Errorf("cards at %s dpi: exit %d\n%s", dpi, code, said)
		}
		says(t, said, "Amina Diallo", "Sara Neri", "Luca Verdi", "Olga Bianchi")
	}
	for _, dpi := range []string{"150", "200"} {
		page["booklet "+dpi] = secondSide(t, booklet, dpi)
		code, said := s.verify(page["booklet "+dpi], "en")
		if code != exitOK {
			t.Errorf("booklet at %s dpi: exit %d\n%s", dpi, code, said)
		}
		says(t, said, "MC-PZ-2026-0005", "MC-PZ-2026-0006", "MC-PZ-2026-0007")
	}

	spoiled := spoil(t, page["cards 300"], image.Rect(840, 660, 1110, 930)) // of the first card
	code, said := s.verify(spoiled, "en")
	if code != exitUnknown || strings.Contains(said, "✔ VALID") {
		t.Errorf("with a code that cannot be read: exit %d\n%s", code, said)
	}
	says(t, said, "cannot be read")

	s.must("revoke", "MC-PZ-2026-0006", "--reason", "assessment-invalid")
	for _, dpi := range []string{"150", "200"} {
		if code, said := s.verify(page["booklet "+dpi], "en"); code != exitInvalid {
			t.Errorf("booklet at %s dpi with a revoked document: exit %d\n%s", dpi, code, said)
		}
	}
}
