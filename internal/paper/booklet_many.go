package paper

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"iter"
	"runtime"
	"sync"
)

// ManyGCPercent is how seldom a program that draws hundreds of booklets and then
// ends may collect its garbage (debug.SetGCPercent): drawing codes makes little
// but garbage, a third of the time goes into collecting it, and at this rate 500
// booklets stay under 256 MiB.
const ManyGCPercent = 350

// Booklets writes many people's booklets into one PDF for the printer. They are
// drawn on all cores and written as they come, in order, so that a thousand
// take no more room than a few. The tokens of all are attached. An error of the
// sequence ends it.
func Booklets(w io.Writer, all iter.Seq2[Booklet, error], o Options) error {
	join := newJoiner(w)
	lang := ""
	err := inOrder(all, func(b Booklet) ([]byte, error) { return bookletPDF(b, o) }, func(b Booklet, pdf []byte) error {
		if lang == "" {
			lang = tonguesOf(&Sheet{Credential: b.front().Credential, Languages: b.Languages})[0]
		}
		return join.add(pdf)
	})
	switch {
	case err != nil:
		return err
	case len(join.kids) == 0:
		return ErrNothing
	}
	return join.end("Passport", lang)
}

// BookletsOf puts the sheets of each person into one booklet, persons in the
// order in which they come.
func BookletsOf(sheets []Sheet) iter.Seq2[Booklet, error] {
	return func(yield func(Booklet, error) bool) {
		for _, b := range bookletsOf(sheets) {
			if !yield(b, nil) {
				return
			}
		}
	}
}

// OnePerson tells whether all sheets speak of the same person.
func OnePerson(sheets []Sheet) bool { return len(bookletsOf(sheets)) < 2 }

// bookletPDF draws one booklet as a PDF of its own.
func bookletPDF(b Booklet, o Options) ([]byte, error) {
	if err := admit(o.Now, b.sheets()...); err != nil {
		return nil, err
	}
	b.fill(o)
	p := newPage("Passport", "it", o.Now)
	p.allowLarge(b.sheets())
	if err := drawBooklet(p, b, o.InReadingOrder); err != nil {
		return nil, err
	}
	files := attachmentsOf(b.sheets())
	for i := range files { // many people's stand in one file
		sum := sha256.Sum256(files[i].data)
		files[i].name = fmt.Sprintf("%x-%s", sum[:4], files[i].name)
	}
	p.attach(files)
	var pdf bytes.Buffer
	err := p.end(&pdf)
	return pdf.Bytes(), err
}

// drawing is a booklet that a core is drawing, or has drawn.
type drawing struct {
	booklet Booklet
	pdf     []byte
	err     error
	done    chan struct{}
}

// ErrBroken: a fault of the program while it drew. It has drawn nothing.
var ErrBroken = errors.New("a fault of this program")

// sound turns a panic of a drawing into an error: in a goroutine of its own it
// would end the process with the exit code of another outcome.
func sound(draw func(Booklet) ([]byte, error), b Booklet) (pdf []byte, err error) {
	defer func() {
		if v := recover(); v != nil {
			pdf, err = nil, fmt.Errorf("%w: %v", ErrBroken, v)
		}
	}()
	return draw(b)
}

// inOrder draws on as many cores as there are and takes the results in the
// order in which the booklets came. At most two for each core are held.
func inOrder(all iter.Seq2[Booklet, error], draw func(Booklet) ([]byte, error), take func(Booklet, []byte) error) error {
	cores := runtime.GOMAXPROCS(0)
	begun, waiting := make(chan *drawing), make(chan *drawing, cores)
	stop := make(chan struct{})
	var workers sync.WaitGroup
	for range cores {
		workers.Go(func() {
			for d := range begun {
				d.pdf, d.err = sound(draw, d.booklet)
				close(d.done)
			}
		})
	}
	workers.Go(func() {
		defer close(waiting)
		defer close(begun)
		for b, err := range all {
			d := &drawing{booklet: b, err: err, done: make(chan struct{})}
			if err != nil {
				close(d.done)
			} else {
				select {
				case begun <- d:
				case <-stop:
					return
				}
			}
			select {
			case waiting <- d:
			case <-stop:
				return
			}
			if err != nil {
				return
			}
		}
	})
	var failed error
	for n := 1; failed == nil; n++ {
		d, more := <-waiting
		if !more {
			break
		}
		<-d.done
		if failed = d.err; failed == nil {
			failed = take(d.booklet, d.pdf)
		}
		if failed != nil {
			failed = fmt.Errorf("booklet %d: %w", n, failed)
		}
	}
	close(stop)
	for range waiting { //nolint:revive // what is begun is drawn to its end
	}
	workers.Wait()
	return failed
}
