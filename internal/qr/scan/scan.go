// Package scan reads the QR codes of PNG and JPEG pictures: photographs,
// scans and screenshots. A page loads it as a program of its own
// (cmd/browser/files), for every picture that is chosen: beside its camera's
// reader, or instead of it where that reads nothing.
//
// Pictures come from strangers: their size is bounded before a pixel is
// decoded, and the time by the context. A wrong text must not leave. The text
// of a passport carries its own proof of being whole, its grammar; any other
// text is given only when two different passes read the same.
package scan

import (
	"context"
	"errors"
	"runtime"
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

// quick is how many passes look at the whole picture before its parts are.
const quick = 3

// read tries a few of our own passes on the whole picture, then looks for codes
// in its parts, beside those that were read. Where there is still none, it goes
// through the other passes and asks the last reader, which may be nil.
func read(ctx context.Context, data []byte, last reader, more ...qr.Dictionary) (Sight, error) {
	img, err := decodePicture(data)
	if err != nil {
		return Sight{}, err
	}
	found := &findings{more: more}
	patient, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	all := passes(img)
	for _, p := range all[:quick] {
		if late(patient) || found.settled() > 0 {
			break
		}
		found.add(p(patient).codes)
	}
	parts := search{img: img, found: found, last: last}
	unread := parts.run(ctx, searchTime)
	if found.settled() == 0 {
		for _, p := range all[quick:] {
			if late(patient) || found.settled() > 0 {
				break
			}
			found.add(p(patient).codes)
		}
		if found.settled() == 0 && last != nil && ctx.Err() == nil {
			found.add(placeless(last(ctx, data)))
		}
		if found.settled() > 0 {
			unread = parts.run(ctx, searchTime)
		}
	}
	if err := ctx.Err(); err != nil {
		return Sight{}, err
	}
	if found.settled() == 0 {
		return Sight{}, ErrNoCode
	}
	return Sight{Texts: found.texts(), Unread: unread}, nil
}

// late tells that the time of ctx is up. It lets the clock have its turn, which
// nothing else does where a program has one thread, as in a browser.
func late(ctx context.Context) bool {
	runtime.Gosched()
	return ctx.Err() != nil
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
