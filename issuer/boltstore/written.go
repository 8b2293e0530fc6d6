package boltstore

import (
	"bytes"
	"sync"

	"github.com/employment-passport/passport/issuer"
)

// maxWritten bounds the pending rows that are kept as they were written: those of
// a batch, and of all clients that wait for a signature.
const maxWritten = 1024

// justWritten keeps sealed rows while they are pending. Every one of them is read
// again a moment later, when it has been signed, and to open and decode it would
// be a quarter of what that costs. Whoever reads one compares the bytes in the
// file: sealing them took a random nonce, so that no other row, and no other run
// of the same act, is written in the same.
var justWritten = written{rows: map[string]writtenRow{}}

type written struct {
	mu   sync.Mutex
	rows map[string]writtenRow // by the number of the row
}

type writtenRow struct {
	stored []byte // with its checksum
	row    issuer.Issuance
}

// keep keeps a row that is pending and forgets one that is not.
func (w *written) keep(at, stored []byte, row issuer.Issuance) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if row.State != issuer.StatePending || row.Person == "" || row.Erased {
		delete(w.rows, string(at))
		return
	}
	if len(w.rows) >= maxWritten {
		clear(w.rows)
	}
	row.Payload = bytes.Clone(row.Payload)
	w.rows[string(at)] = writtenRow{bytes.Clone(stored), row}
}

// of returns the row whose bytes these are. Its payload is not the caller's.
func (w *written) of(at, stored []byte) (row issuer.Issuance, known bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	kept, known := w.rows[string(at)]
	if !known || !bytes.Equal(kept.stored, stored) {
		return row, false
	}
	return kept.row, true
}
