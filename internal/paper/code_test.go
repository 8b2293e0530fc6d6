package paper

import (
	"errors"
	"testing"

	"github.com/employment-passport/passport/internal/qr"
)

// randomDigits is a code's text for a frame of so many bytes.
func randomDigits(frame int) string {
	text, n := []byte("https://verifica.example/xxxx#1"), uint32(7)
	for range frame * 17 / 7 {
		n = n*1664525 + 1013904223
		text = append(text, '0'+byte(n>>24)%10)
	}
	return string(text)
}

// TestNoCodeAboveVersion22: what is within the budget of paper is drawn, what is
// within that of screens only is refused, but for one document alone that
// somebody vouches for, up to 64 mm.
func TestNoCodeAboveVersion22(t *testing.T) {
	s := quick(t, 7, courses[0], person("Amina Diallo", ""), [2]string{"it", "en"})
	for _, c := range []struct {
		frame int
		large bool
		drawn bool
	}{
		{qr.PaperTarget, false, true},
		{qr.PaperCap, false, true},
		{qr.ScreenCap, false, false},
		{qr.ScreenCap, true, true},
		{1700, true, false}, // 72 mm
	} {
		s.QR = []QR{{Text: randomDigits(c.frame), Large: c.large}}
		p, err := drawn("", []Sheet{s}, Options{Now: today})
		if (err == nil) != c.drawn || err != nil && !errors.Is(err, qr.ErrTooLarge) {
			t.Errorf("%d bytes, large %v: %v", c.frame, c.large, err)
		}
		if err != nil {
			continue
		}
		for _, m := range p.placed {
			if m.isCode && m.ink.w > largeSide {
				t.Errorf("%d bytes take %.1f mm", c.frame, m.ink.w)
			}
		}
	}
}

// TestNoThreeCodesOnASide: a third would reach into the foot.
func TestNoThreeCodesOnASide(t *testing.T) {
	s := quick(t, 7, courses[0], person("Amina Diallo", ""), [2]string{"it", "en"})
	s.QR = []QR{{Text: randomDigits(700)}, {Text: randomDigits(701)}}
	p, err := drawn("", []Sheet{s}, Options{Now: today})
	if err != nil {
		t.Fatal(err)
	}
	neat(t, "two codes", p, 15)
	s.QR = append(s.QR, QR{Text: randomDigits(702)})
	if _, err := drawn("", []Sheet{s}, Options{Now: today}); !errors.Is(err, qr.ErrTooLarge) {
		t.Errorf("three codes: %v", err)
	}
}
