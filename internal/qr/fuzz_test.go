package qr

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

// Seeds are the printed texts, whole and cut.
func seeds(f *testing.F, add func(text string)) {
	data := readGolden(f)
	for _, g := range data {
		for _, text := range g.Texts {
			add(text)
			add(text[:len(text)/2])
		}
	}
}

// FuzzFrame: no frame breaks the decoder, and what it accepts can be packed
// again.
func FuzzFrame(f *testing.F) {
	seeds(f, func(text string) {
		if _, _, body, err := split(text); err == nil {
			if frame, err := d17Decode(body); err == nil {
				f.Add(frame)
			}
		}
	})
	f.Add(build(0, nil, "token"))
	f.Fuzz(func(t *testing.T, frame []byte) {
		tokens, err := DecodeFrame(frame)
		if err != nil {
			if !errors.Is(err, ErrMalformed) && !errors.Is(err, ErrUpdate) && !errors.Is(err, ErrTooLarge) {
				t.Fatalf("an error without a name: %v", err)
			}
			return
		}
		again, err := encodeFrame(tokens, released[0], none)
		if errors.Is(err, ErrTooLarge) {
			return // references can say more than text has room for
		}
		if err != nil {
			t.Fatal(err)
		}
		if back, err := DecodeFrame(again); err != nil || !slices.Equal(back, tokens) {
			t.Fatalf("%q came back as %q, %v", tokens, back, err)
		}
	})
}

// FuzzDigits: one spelling a value.
func FuzzDigits(f *testing.F) {
	f.Add("")
	f.Add("255")
	f.Add("72057594037927935")
	seeds(f, func(text string) {
		if _, _, body, err := split(text); err == nil {
			f.Add(body)
		}
	})
	f.Fuzz(func(t *testing.T, digits string) {
		if b, err := d17Decode(digits); err == nil && d17Encode(b) != digits {
			t.Fatalf("%q has another spelling: %q", digits, d17Encode(b))
		}
	})
}

// FuzzText: no text breaks the reader, and no text is both whole and a part.
func FuzzText(f *testing.F) {
	seeds(f, func(text string) { f.Add(text) })
	f.Add("https://shop.example/#1-offer")
	f.Fuzz(func(t *testing.T, text string) {
		m, err := DecodeText(text)
		if err == nil && (len(m.Tokens) == 0 || !strings.Contains(text, "#")) {
			t.Fatalf("%q read as %+v", text, m)
		}
		_, _ = Collect([]string{text})
	})
}

// FuzzTokens: what an issuer may hand over comes back or is refused.
func FuzzTokens(f *testing.F) {
	f.Add(assertion("a"), "x")
	f.Add("eyJ0eXAiOiJ4In0.eyJhIjoiMjAyNi0xMS0yMCJ9.", "2026-11-20T00:00:00Z")
	f.Fuzz(func(t *testing.T, a, b string) {
		_, err := encodeFrame([]string{a, b}, released[len(released)-1], none)
		if err != nil && !errors.Is(err, ErrMalformed) && !errors.Is(err, ErrTooLarge) {
			t.Fatalf("%q, %q: %v", a, b, err)
		}
	})
}
