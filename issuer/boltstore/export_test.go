package boltstore

import (
	"path/filepath"

	"go.etcd.io/bbolt"
)

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

// MakeOld makes the store one of the first schema, as releases before composites
// wrote it.
func MakeOld(btx *bbolt.Tx) error {
	t, err := openTables(btx)
	if err != nil {
		return err
	}
	for _, name := range tableNames[len(tablesOf(1)):] {
		if err := btx.DeleteBucket([]byte(name)); err != nil {
			return err
		}
		delete(t.tables, name)
	}
	m, err := t.marks()
	if err != nil {
		return err
	}
	m.Schema = 1
	return t.finish(m)
}

// GuardFile is the text of a guard.
var GuardFile = guardFile

// OpenUnchanged opens a store and brings nothing up to date.
func OpenUnchanged(dir string) (*Store, error) {
	db, err := openFile(filepath.Join(dir, FileName), lockWait)
	if err != nil {
		return nil, err
	}
	s := &Store{dir: dir, db: db, writer: make(chan struct{}, 1)}
	s.writer <- struct{}{}
	return s, nil
}
