package boltstore

import (
	"context"
	"errors"
	"path/filepath"

	"github.com/employment-passport/passport/issuer"
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
	m, err := lastMarks.read(t, marksKey)
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
	if err := t.disown(); err != nil {
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
	s := &Store{dir: dir, writer: make(chan struct{}, 1)}
	s.db.Store(db)
	s.writer <- struct{}{}
	return s, nil
}

// Generation is how many commits the store has seen.
func (s *Store) Generation() uint64 {
	<-s.writer
	defer func() { s.writer <- struct{}{} }()
	return s.marks.Generation
}

// Stop lets a test say that a write failed.
func (s *Store) Stop(cause error) { _ = s.stop(cause) }

// disown writes all rows as they were before there were people: nobody's, and
// not sealed.
func (t *tx) disown() error {
	var rows []issuer.Issuance
	err := t.Issuances(issuer.Filter{}, func(i issuer.Issuance) bool { rows = append(rows, i); return true })
	if err != nil {
		return err
	}
	for _, old := range rows {
		at, err := t.in("ids").get([]byte(old.ID))
		if err != nil {
			return err
		}
		at = clone(at)
		if old.IdempotencyKey != "" {
			word, err := t.keyedText("key", old.IdempotencyKey)
			if err != nil {
				return err
			}
			if err := t.in("keys_seen").remove([]byte(word)); err != nil {
				return err
			}
		}
		now := old
		now.Person = ""
		if err := t.writeRow(at, old, now); err != nil {
			return err
		}
	}
	return t.meta.Delete(secretKey)
}

// PersonKey is the key that seals what rows say of a person.
func (s *Store) PersonKey(person string) (key []byte) {
	_ = s.view(func(t *tx) error {
		value, err := t.in("person_keys").get([]byte(person))
		key = clone(value)
		return err
	})
	return key
}

// Tamper changes or removes (a nil value) a record of a table as who knows the
// format would: checksums and totals fit.
func (s *Store) Tamper(table string, key []byte, change func(value []byte) []byte) error {
	<-s.writer
	defer func() { s.writer <- struct{}{} }()
	return s.commit(func(t *tx) error {
		value, err := t.in(table).get(key)
		if err != nil && !errors.Is(err, issuer.ErrNotFound) {
			return err
		}
		if value = change(clone(value)); value == nil {
			return t.in(table).remove(key)
		}
		return t.in(table).put(key, value)
	})
}

// CopyFresh writes the file that Compact would put in place, and stops there.
func (s *Store) CopyFresh(ctx context.Context) error {
	<-s.writer
	defer func() { s.writer <- struct{}{} }()
	marks := s.marks.clone()
	marks.Generation++
	db, err := s.copyTo(ctx, filepath.Join(s.dir, freshName), marks)
	if err != nil {
		return err
	}
	return db.Close()
}

// Names and readers of the files beside the store.
const (
	FreshName  = freshName
	ErasedName = erasedName
)

// ParseErased is what the fuzz target reads with; ErasedFile is the text of the file.
var (
	ParseErased = parseErased
	ErasedFile  = erasedFile
)
