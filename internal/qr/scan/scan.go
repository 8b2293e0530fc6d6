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

// patience is how long our own passes may look at one picture.
const patience = 20 * time.Second

// Sight is what a picture shows.
type Sight struct {
	Texts  []string // of the codes that were read, in no order
	Unread int      // codes beside them that were seen and could not be read
}

// Read gives the texts of all codes in a picture, and how many more it shows.
// More are the dictionaries of a trust bundle.
func Read(ctx context.Context, data []byte, more ...qr.Dictionary) (Sight, error) {
	return read(ctx, data, zbarimg, more...)
}

// reader is a reader of last resort; it takes a picture and gives texts.
type reader func(context.Context, []byte) []string

// read tries our own passes until one reads a code, then the last one, which
// may be nil. With one code read it looks for the others.
func read(ctx context.Context, data []byte, last reader, more ...qr.Dictionary) (Sight, error) {
	img, err := decodePicture(data)
	if err != nil {
		return Sight{}, err
	}
	found := findings{more: more}
	patient, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for _, p := range passes(img) {
		if err := ctx.Err(); err != nil {
			return Sight{}, err
		}
		if patient.Err() != nil {
			break
		}
		found.add(p(patient).codes)
		if found.settled() > 0 {
			break
		}
	}
	if found.settled() == 0 && last != nil {
		found.add(placeless(last(ctx, data)))
	}
	if found.settled() == 0 {
		return Sight{}, ErrNoCode
	}
	others := search{img: img, found: &found, last: last}
	unread := others.run(ctx)
	return Sight{Texts: found.texts(), Unread: unread}, ctx.Err()
}

// findings gathers what passes read and decides what may leave.
type findings struct {
	more  []qr.Dictionary
	order []string
	count map[string]int
	where map[string][]area
}

func (f *findings) add(codes []spot) {
	if f.count == nil {
		f.count, f.where = map[string]int{}, map[string][]area{}
	}
	for _, c := range codes {
		if f.count[c.text] == 0 {
			f.order = append(f.order, c.text)
		}
		f.count[c.text]++
		if c.area != (area{}) {
			f.where[c.text] = append(f.where[c.text], c.area)
		}
	}
}

// areas are the places of the texts that may leave.
func (f *findings) areas() (all []area) {
	for _, text := range f.texts() {
		all = append(all, f.where[text]...)
	}
	return all
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
