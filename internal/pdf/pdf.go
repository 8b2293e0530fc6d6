package pdf

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// Bounds of one file. What is above them is left out and told, or refused.
const (
	MaxAttachments = 2048      // the papers of a whole class in one file
	MaxAttachment  = 1 << 20   // bytes of one, inflated
	MaxAttached    = 16 << 20  // bytes of all
	MaxPictures    = 24        // a scan has one a page
	MaxPixels      = 40 << 20  // of one picture
	maxInflated    = 128 << 20 // bytes of one stream
	maxObjects     = 200_000
	leastSide      = 80 // pixels: no code of ours is smaller
)

// Patience is how long one file may be read.
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
	Pictures    [][]byte // PNG or JPEG, in the order of their object numbers
	Unread      int      // pictures and attachments above a bound, or of a form that we do not read
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

// Read takes the attachments and the pictures out of a PDF. It gives up after
// Patience: what is then still being read goes on in vain, without effects.
// Its error wraps one of those above, or is that of ctx.
func Read(ctx context.Context, data []byte) (*File, error) {
	ctx, cancel := context.WithTimeout(ctx, Patience)
	defer cancel()
	type result struct {
		file *File
		err  error
	}
	done := make(chan result, 1)
	go func() {
		file, err := read(ctx, data)
		done <- result{file, err}
	}()
	select {
	case r := <-done:
		return r.file, r.err
	case <-ctx.Done():
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			return nil, fmt.Errorf("%w: not read within %v", ErrTooLarge, Patience)
		}
		return nil, ctx.Err()
	}
}

// read turns the library's panics, which broken files bring about, into errors.
func read(ctx context.Context, data []byte) (file *File, err error) {
	defer func() {
		if v := recover(); v != nil {
			file, err = nil, fmt.Errorf("%w: %v", ErrPDF, v)
		}
	}()
	doc, err := pdfcpu.ReadWithContext(ctx, bytes.NewReader(data), configuration())
	switch {
	case errors.Is(err, pdfcpu.ErrWrongPassword), errors.Is(err, pdfcpu.ErrEncrypted):
		return nil, fmt.Errorf("%w: %w", ErrLocked, err)
	case err != nil:
		return nil, fmt.Errorf("%w: %w", ErrPDF, err)
	}
	r := reading{ctx: ctx, doc: doc, file: &File{}}
	for _, number := range numbers(doc.Table) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		r.object(number, doc.Table[number].Object)
	}
	return r.file, nil
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
	c.Limits.MaxStreamBytes, c.Limits.MaxDecodeBytes = maxInflated, maxInflated
	c.Limits.MaxImagePixels, c.Limits.MaxImageBytes = MaxPixels, 4*MaxPixels
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

	attached int // bytes taken
}

func (r *reading) object(number int, o types.Object) {
	switch o := o.(type) {
	case types.StreamDict:
		r.stream(number, &o)
	case *types.StreamDict:
		r.stream(number, o)
	case types.Dict:
		r.within(o, 0)
	case types.Array:
		r.within(o, 0)
	}
}

// within looks for file specifications (ISO 32000-1, 7.11.3), which may stand
// in another object.
func (r *reading) within(o types.Object, depth int) {
	if depth > 8 {
		return
	}
	switch o := o.(type) {
	case types.Dict:
		if files, ok := o["EF"]; ok {
			r.attachment(o, files)
			return
		}
		for _, key := range sortedKeys(o) {
			r.within(o[key], depth+1)
		}
	case types.Array:
		for _, one := range o {
			r.within(one, depth+1)
		}
	}
}

func sortedKeys(d types.Dict) []string {
	keys := make([]string, 0, len(d))
	for key := range d {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

func (r *reading) attachment(spec types.Dict, files types.Object) {
	embedded, err := r.doc.DereferenceDict(files)
	if err != nil || embedded == nil {
		return
	}
	for _, key := range []string{"UF", "F"} {
		o, ok := embedded[key]
		if !ok {
			continue
		}
		stream, _, err := r.doc.DereferenceStreamDict(o)
		if err != nil || stream == nil {
			r.file.Unread++
			return
		}
		r.take(spec, stream)
		return
	}
}

func (r *reading) take(spec types.Dict, stream *types.StreamDict) {
	data, err := stream.DecodeLengthWithLimit(-1, MaxAttachment)
	if err != nil || len(r.file.Attachments) == MaxAttachments {
		r.file.Unread++
		return
	}
	if len(stream.FilterPipeline) == 0 {
		data = stream.Raw
	}
	if r.attached += len(data); len(data) > MaxAttachment || r.attached > MaxAttached {
		r.file.Unread++
		return
	}
	name := ""
	for _, key := range []string{"UF", "F"} {
		if text, err := r.doc.DereferenceText(spec[key]); err == nil && text != "" {
			name = text
			break
		}
	}
	r.file.Attachments = append(r.file.Attachments, Attachment{name, bytes.Clone(data)})
}
