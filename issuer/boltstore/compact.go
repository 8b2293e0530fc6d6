package boltstore

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/employment-passport/passport/issuer"
	"go.etcd.io/bbolt"
)

var _ issuer.Compacter = (*Store)(nil)

const (
	// freshName is the file that the store is rewritten into.
	freshName = FileName + ".compact"

	// copyStep is how many bytes of records share a transaction of the copy.
	copyStep = 4 << 20
)

// rewriteKey stands in the meta bucket from an erasure on until the file has
// been rewritten.
var rewriteKey = []byte("rewrite")

// Compact copies what the store holds into a new file and puts that in the place
// of the old one, see issuer.Compacter: what was deleted is in neither of them.
// Nobody writes meanwhile. Who reads goes on: the old file lives, without a name,
// for as long as readers are in it, a backup under way among them.
//
// A crash leaves the old store or the new one, and the mark that asks for the
// next attempt as long as it is the old one; the guard comes last.
func (s *Store) Compact(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-s.writer:
	}
	defer func() { s.writer <- struct{}{} }()
	if e := s.stopped.Load(); e != nil {
		return e
	}
	if s.closed {
		return errClosed
	}
	return s.compact(ctx)
}

// compact is Compact for the holder of the writer's token.
func (s *Store) compact(ctx context.Context) (err error) {
	if s.marks.erased != s.erased {
		if err := s.remember(); err != nil {
			return err
		}
	}
	path, fresh := filepath.Join(s.dir, FileName), filepath.Join(s.dir, freshName)
	if err := removeFile(fresh); err != nil {
		return fileError(fresh, err)
	}
	marks := s.marks.clone()
	marks.Generation++
	db, err := s.copyTo(ctx, fresh, marks)
	if err != nil {
		_ = removeFile(fresh)
		return err
	}
	if err := stageGuard(s.dir, marks); err != nil {
		dropStagedGuard(s.dir)
		_ = errors.Join(db.Close(), removeFile(fresh))
		return fileError(filepath.Join(s.dir, GuardName), err)
	}
	if err := os.Rename(fresh, path); err != nil {
		dropStagedGuard(s.dir)
		_ = errors.Join(db.Close(), removeFile(fresh))
		return fileError(path, err)
	}
	// From here on the new file is the store, whatever fails.
	old := s.db.Swap(db)
	s.marks = marks
	s.retired.Go(func() { _ = old.Close() }) // waits for its readers; nobody writes to it any more
	err = syncDir(s.dir)
	if err == nil { // or a power cut might leave the old file with the new guard
		err = placeGuard(s.dir)
	}
	if err != nil {
		return s.stop(fmt.Errorf("rewrite: %w", err))
	}
	return syncDir(s.dir)
}

// copyTo writes the store into a new file that is durable and locked when it
// returns.
func (s *Store) copyTo(ctx context.Context, path string, marks Marks) (db *bbolt.DB, err error) {
	defer s.recoverDamage(&err, false)
	db, err = bbolt.Open(path, 0o600, &bbolt.Options{
		Timeout: lockWait, NoSync: true, NoStatistics: true, InitialMmapSize: mapSize(),
		OpenFile: func(name string, flag int, mode os.FileMode) (*os.File, error) {
			return os.OpenFile(name, flag|os.O_EXCL, mode)
		},
	})
	if err != nil {
		return nil, fileError(path, err)
	}
	db.AllocSize = 1 << 20
	if err = s.copyInto(ctx, db, marks); err == nil {
		db.NoSync = false
		err = db.Sync()
	}
	if err != nil {
		_ = db.Close()
		return nil, fileError(path, err)
	}
	return db, nil
}

func (s *Store) copyInto(ctx context.Context, db *bbolt.DB, marks Marks) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := bbolt.Compact(db, s.db.Load(), copyStep); err != nil {
		return err
	}
	return db.Update(func(btx *bbolt.Tx) error {
		t, err := openTables(btx)
		if err != nil {
			return err
		}
		defer t.end()
		if err := t.meta.Delete(rewriteKey); err != nil {
			return err
		}
		return t.finish(marks)
	})
}

// wantsRewrite tells whether something was erased since the file was written.
func (s *Store) wantsRewrite() (wants bool, err error) {
	err = s.view(func(t *tx) error {
		wants = t.meta.Get(rewriteKey) != nil
		return nil
	})
	return wants, err
}

func removeFile(path string) error {
	if err := os.Remove(path); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}
