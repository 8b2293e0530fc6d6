package boltstore

import "go.etcd.io/bbolt"

// FailedCommit lets a test say how a commit failed.
func (s *Store) FailedCommit(cause error) error {
	<-s.writer
	defer func() { s.writer <- struct{}{} }()
	return s.failedCommit(cause)
}

// SetSchema makes the store one of another release.
func SetSchema(btx *bbolt.Tx, n int) error {
	t := &tx{meta: btx.Bucket(metaBucket)}
	m, err := t.marks()
	if err != nil {
		return err
	}
	m.Schema = n
	return t.writeMeta(marksKey, m)
}

// ParseGuard and Unpack are what the fuzz targets read with.
var (
	ParseGuard = parseGuard
	Unpack     = unpack
)
