// Package scan reads the QR codes of PNG and JPEG pictures: photographs,
// scans and screenshots. It is never part of the browser build.
//
// Pictures come from strangers: their size is bounded before a pixel is
// decoded, and the time by the context. A wrong text must not leave. The text
// of a passport carries its own proof of being whole, its grammar; any other
// text is given only when two different passes read the same.
package scan

import (
	"context"
	"errors"
	"time"

	"github.com/employment-passport/passport/internal/qr"
)

// Errors of Read.
var (
	ErrNoCode   = errors.New("no readable QR code in the picture")
	ErrPicture  = errors.New("not a readable PNG or JPEG picture")
	ErrTooLarge = errors.New("picture too large")
)

const (
	// patience is how long our own passes may look at one picture.
	patience = 20 * time.Second
	// maxExtra is the passes spent on a further code after the first is read.
	maxExtra = 3
)

// Read gives the texts of the codes in a picture, in no order. More are the
// dictionaries of a trust bundle.
func Read(ctx context.Context, data []byte, more ...qr.Dictionary) ([]string, error) {
	return read(ctx, data, zbarimg, more...)
}

// read tries our own passes, then the last one, which may be nil.
func read(ctx context.Context, data []byte, last func(context.Context, []byte) []string, more ...qr.Dictionary) ([]string, error) {
	img, err := decodePicture(data)
	if err != nil {
		return nil, err
	}
	found := findings{more: more}
	located, extra := 0, 0
	patient, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for _, p := range passes(img) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if patient.Err() != nil {
			break
		}
		r := p(patient)
		found.add(r.texts)
		located = max(located, r.located)
		if n := found.settled(); n > 0 {
			// Paper may bear a second code with a status assertion. Look for
			// one that was seen but not read, though not for ever.
			if extra++; n >= located || extra > maxExtra {
				break
			}
		}
	}
	if found.settled() == 0 && last != nil {
		found.add(last(ctx, data))
	}
	texts := found.texts()
	if len(texts) == 0 {
		return nil, ErrNoCode
	}
	return texts, nil
}

// findings gathers what passes read and decides what may leave.
type findings struct {
	more  []qr.Dictionary
	order []string
	count map[string]int
}

func (f *findings) add(texts []string) {
	if f.count == nil {
		f.count = map[string]int{}
	}
	for _, text := range texts {
		if f.count[text] == 0 {
			f.order = append(f.order, text)
		}
		f.count[text]++
	}
}

// settled counts the texts that may leave.
func (f *findings) settled() int { return len(f.texts()) }

func (f *findings) texts() (texts []string) {
	for _, text := range f.order {
		if f.proves(text) || f.count[text] > 1 {
			texts = append(texts, text)
		}
	}
	return texts
}

// proves tells whether text is a whole passport text. A part of one, or one
// that a newer program made, has too little to show for itself.
func (f *findings) proves(text string) bool {
	_, err := qr.DecodeText(text, f.more...)
	return err == nil
}
