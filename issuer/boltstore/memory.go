package boltstore

import "go.etcd.io/bbolt"

// touchLimit is after how many uses of the store the process asks how many pages
// of files it has mapped, and maxMapped how many bytes of them it keeps. Rows of a
// large register lie everywhere in the file, and Linux maps 64 KiB around each page
// that is read: an update of ten pages would add 640 KiB to what the process is
// said to use, for as long as it runs. A small store is kept whole: to find its
// pages again costs more than to read them.
const (
	touchLimit = 32
	maxMapped  = 48 << 20
)

// touched counts a use of the file, or several, and now and then gives the
// pages back. The transaction is one that reads, and is still open.
func (s *Store) touched(btx *bbolt.Tx, uses int64) {
	if s.touches.Add(uses) < touchLimit {
		return
	}
	s.touches.Store(0)
	if mapped() > maxMapped {
		dropPages(btx.DB(), btx)
	}
}

// touchedByWriter is touched after a commit.
func (s *Store) touchedByWriter(uses int) {
	if s.touches.Add(int64(uses)) < touchLimit {
		return
	}
	s.touches.Store(0)
	if mapped() <= maxMapped {
		return
	}
	if btx, err := s.beginView(); err == nil {
		dropPages(btx.DB(), btx)
		_ = btx.Rollback() // only read
	}
}
