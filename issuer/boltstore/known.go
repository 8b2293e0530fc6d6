package boltstore

import (
	"bytes"
	"sync"

	"github.com/employment-passport/passport/issuer"
)

// maxKnown bounds the records that are kept as they were read, and maxKnownText
// how long one of them may be: bodies, their keys and their templates, which
// every credential asks for and nobody changes for months.
const (
	maxKnown     = 4096
	maxKnownText = 64 << 10
)

// readBefore keeps records by their table and key as they were read. Whoever
// reads one compares the bytes in the file with those that it was read from,
// checksum and all, so that another act's change is seen at once and damage is
// found as ever. Nobody changes what a record holds.
var readBefore = struct {
	mu      sync.RWMutex
	records map[string]knownRecord
}{records: map[string]knownRecord{}}

type knownRecord struct {
	stored []byte
	value  any
}

// known reads a record of a table, or gives it as it was read before.
func known[T any](t *table, key, stored []byte) (record T, err error) {
	place := append(append(append(make([]byte, 0, 128), t.name...), 0), key...)
	readBefore.mu.RLock()
	before := readBefore.records[string(place)]
	readBefore.mu.RUnlock()
	if record, ok := before.value.(T); ok && bytes.Equal(before.stored, stored) {
		return record, nil
	}
	value, err := t.value(key, stored)
	if err != nil {
		return record, err
	}
	if err := t.decode(value, &record); err != nil || len(stored) > maxKnownText {
		return record, err
	}
	readBefore.mu.Lock()
	defer readBefore.mu.Unlock()
	if len(readBefore.records) >= maxKnown {
		clear(readBefore.records)
	}
	readBefore.records[string(place)] = knownRecord{bytes.Clone(stored), record}
	return record, nil
}

// getKnown is get for a table whose records are known.
func getKnown[T any](t *tx, name, key string) (record T, err error) {
	table, err := t.table(name)
	if err != nil {
		return record, err
	}
	stored := table.bucket.Get([]byte(key))
	if stored == nil {
		return record, issuer.ErrNotFound
	}
	return known[T](table, []byte(key), stored)
}
