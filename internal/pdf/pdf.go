package pdf

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// Bounds of one file. What is above them is counted as unread, or refused.
const (
	MaxAttachments = 2048     // the papers of a whole class in one file
	MaxAttachment  = 1 << 20  // bytes of one, inflated
	MaxAttached    = 16 << 20 // bytes of all
	MaxPictures    = 24       // a scan has one a page
	MaxPixels      = 20 << 20 // of one picture: A4 at 450 dots an inch
	MaxGrey        = 34 << 20 // of one in grey, or in black and white: A4 at 600 dots
	MaxInflated    = 48 << 20 // bytes of all that a file grows to, with one picture at a time
	maxFilters     = 2        // packings of one stream, one in the other
	maxObjects     = 50_000
	maxRaw         = 64 << 20
	soft           = 144 << 20 // bytes of the whole program, above which it collects
	leastSide      = 80        // pixels: no code of ours is smaller
)

// Patience is how long the reading of one file may take, looking at its
// pictures included.
const Patience = 20 * time.Second

// Errors of Read.
var (
	ErrPDF      = errors.New("not a readable PDF")
	ErrLocked   = errors.New("PDF with a password")
	ErrTooLarge = errors.New("PDF too large")
)

// File is what a PDF holds that may be a credential.
type File struct {
	Attachments []Attachment
	Unread      int // pictures and attachments above a bound, or of a form that we do not read
}

// Attachment is a file inside the PDF.
type Attachment struct {
	Name string // a stranger's word
	Data []byte
}

// IsPDF tells a PDF by its first bytes. The header may stand a little later
// (ISO 32000-1, note to 7.5.2), as mail programs and scanners leave it.
func IsPDF(data []byte) bool {
	return bytes.Contains(data[:min(len(data), 1024)], []byte("%PDF-"))
}

// one lets one file be read at a time: two bombs weigh more than one, and a
// reading that was given up may still go on for a while.
var one = make(chan struct{}, 1)

// Read takes the attachments out of a PDF and gives its pictures to look, one
// after the other, as PNG or JPEG; look tells whether it could look at one. All
// of it ends after Patience: what is left then is unread. Its error wraps one of
// those above, or is that of ctx.
func Read(ctx context.Context, data []byte, look func(ctx context.Context, picture []byte) bool) (*File, error) {
	within, cancel := context.WithTimeout(ctx, Patience)
	defer cancel()
	select {
	case one <- struct{}{}:
	case <-within.Done():
		return nil, late(ctx)
	}
	defer frugal()()
	type result struct {
		doc  *model.Context
		err  error
		left int64
	}
	done := make(chan result, 1)
	go func() {
		defer func() { <-one }()
		doc, left, err := open(within, data)
		done <- result{doc, err, left}
	}()
	select {
	case r := <-done:
		if r.err != nil {
			if within.Err() != nil {
				return nil, late(ctx)
			}
			return nil, r.err
		}
		reading := reading{ctx: within, doc: r.doc, left: r.left, file: &File{}, look: look, seen: map[int]bool{}, masks: map[int]bool{}}
		reading.all()
		return reading.file, ctx.Err()
	case <-within.Done():
		return nil, late(ctx)
	}
}

// frugal lets memory be collected early while a file is read, and gives back
// the limit that held before.
func frugal() (after func()) {
	before := debug.SetMemoryLimit(-1)
	debug.SetMemoryLimit(min(before, soft))
	return func() { debug.SetMemoryLimit(before) }
}

// late is why nothing was read: the caller's reason, or that it took too long.
func late(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return fmt.Errorf("%w: not read within %v", ErrTooLarge, Patience)
}

// open weighs a file and lets the library find its objects. The library's
// panics, which broken files bring about, are errors.
func open(ctx context.Context, data []byte) (doc *model.Context, left int64, err error) {
	defer func() {
		if v := recover(); v != nil {
			doc, err = nil, fmt.Errorf("%w: %v", ErrPDF, v)
		}
	}()
	weight, err := weigh(ctx, data, MaxInflated)
	if err != nil {
		return nil, 0, err
	}
	doc, err = pdfcpu.ReadWithContext(ctx, bytes.NewReader(data), configuration())
	switch {
	case errors.Is(err, pdfcpu.ErrWrongPassword), errors.Is(err, pdfcpu.ErrEncrypted):
		return nil, 0, fmt.Errorf("%w: %w", ErrLocked, err)
	case err != nil:
		return nil, 0, fmt.Errorf("%w: %w", ErrPDF, err)
	}
	return doc, MaxInflated - weight, nil
}

// offDisk tells the library, once, that it has no folder of settings.
var offDisk = sync.OnceFunc(func() { model.ConfigPath = "disable" })

// configuration keeps the library off the disk and off the network.
func configuration() *model.Configuration {
	offDisk()
	c := model.NewDefaultConfiguration()
	c.Offline = true
	c.ValidationMode = model.ValidationRelaxed
	c.Optimize, c.DecodeAllStreams, c.ValidateLinks = false, false, false
	c.Limits.MaxStreamBytes, c.Limits.MaxDecodeBytes = maxRaw, MaxInflated
	c.Limits.MaxImagePixels, c.Limits.MaxImageBytes = MaxGrey, MaxInflated
	c.Limits.MaxObjectCount, c.Limits.MaxXRefEntries = maxObjects, maxObjects
	return c
}

func numbers(table map[int]*model.XRefTableEntry) []int {
	var all []int
	for number, entry := range table {
		if entry != nil && !entry.Free && entry.Object != nil {
			all = append(all, number)
		}
	}
	slices.Sort(all)
	return all
}

// reading walks over the objects themselves: a file whose page tree or name
// tree is broken may still hold a credential, and nothing hides in a corner
// that no tree leads to.
type reading struct {
	ctx  context.Context
	doc  *model.Context
	file *File
	look func(context.Context, []byte) bool

	left     int64 // bytes that streams may still grow to
	attached int   // bytes of attachments taken
	pictures int
	masked   int          // pictures that are soft masks of others
	masks    map[int]bool // those, by the number of their object
	seen     map[int]bool // streams by the number of their object
}

// all takes the attachments first: they are small, and say the most.
func (r *reading) all() {
	all := numbers(r.doc.Table)
	for _, number := range all {
		r.guarded(func() { r.specifications(r.doc.Table[number].Object, 0) })
		switch o := r.doc.Table[number].Object.(type) {
		case types.StreamDict:
			r.masks[softMask(&o)] = true
		case *types.StreamDict:
			r.masks[softMask(o)] = true
		}
	}
	for _, number := range all {
		r.guarded(func() {
			switch o := r.doc.Table[number].Object.(type) {
			case types.StreamDict:
				r.stream(number, &o)
			case *types.StreamDict:
				r.stream(number, o)
			}
		})
	}
}

// guarded turns a panic of the library into something that was not read.
func (r *reading) guarded(do func()) {
	defer func() {
		if recover() != nil {
			r.file.Unread++
		}
	}()
	do()
}

// decoded unpacks a stream within limit and what is left of the budget.
func (r *reading) decoded(s *types.StreamDict, limit int64) ([]byte, bool) {
	limit = min(limit, r.left)
	if limit <= 0 || len(s.FilterPipeline) > maxFilters || r.ctx.Err() != nil {
		return nil, false
	}
	if len(s.FilterPipeline) == 0 {
		return s.Raw, int64(len(s.Raw)) <= limit
	}
	unpacked := *s // the library keeps what it unpacks in the stream
	data, err := unpacked.DecodeLengthWithLimit(-1, limit)
	if err != nil {
		r.left -= limit // so much may have come out of it
		return nil, false
	}
	r.left -= int64(len(data))
	return data, true
}
