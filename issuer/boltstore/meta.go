package boltstore

import "sync/atomic"

// The records that every transaction begins with.
var (
	lastTotals latest[map[string]total]
	lastMarks  latest[Marks]
)

// latest is a record of the meta bucket as it was last read. What it says
// depends on its text alone, checksum and all, so that the same text is not read
// twice, whatever store it stands in. Nobody changes what it holds.
type latest[T any] struct{ last atomic.Pointer[metaText[T]] }

type metaText[T any] struct {
	text  string
	value T
}

// read gives the record of a key.
func (r *latest[T]) read(t *tx, key []byte) (value T, err error) {
	text := t.meta.Get(key)
	if known := r.last.Load(); known != nil && known.text == string(text) {
		return known.value, nil
	}
	whole := string(text) // the bytes are the page's own
	if err := t.readMeta(key, &value); err != nil {
		return value, err
	}
	r.last.Store(&metaText[T]{whole, value})
	return value, nil
}
