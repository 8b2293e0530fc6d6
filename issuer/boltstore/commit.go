package boltstore

import (
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/employment-passport/passport/internal/sealed"
	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"
)

var errClosed = errors.New("store is closed")

// commit runs f and makes what it wrote durable together with the guard's
// marks. The caller holds the writer's token.
func (s *Store) commit(f func(*tx) error) (err error) {
	defer s.recoverDamage(&err, true)
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	btx, err := s.db.Load().Begin(true)
	if errors.Is(err, berrors.ErrDatabaseNotOpen) {
		return errClosed
	}
	if err != nil {
		return s.stop(fmt.Errorf("begin: %w", err))
	}
	defer func() { _ = btx.Rollback() }() // says "closed" once committed
	marks, err := s.fill(btx, f)
	if err != nil {
		return err
	}
	if err := stageGuard(s.dir, marks); err != nil {
		dropStagedGuard(s.dir)
		if !isFull(err) && !isReadOnly(err) { // a sync that failed once is not asked again
			return s.stop(fmt.Errorf("stage guard: %w", err))
		}
		return fileError(filepath.Join(s.dir, GuardName), err)
	}
	if err := btx.Commit(); err != nil {
		dropStagedGuard(s.dir)
		return s.failedCommit(err)
	}
	s.marks = marks
	// The rename needs no room and no fsync of the folder: should a power cut
	// undo it, the guard is one commit behind, which is allowed.
	if err := placeGuard(s.dir); err != nil {
		return s.stop(fmt.Errorf("place guard: %w", err))
	}
	if marks.erased == s.erased {
		return nil
	}
	// What was committed stays: without room for the file the next commit writes
	// it, or Compact, which an erasure ends with.
	if err := s.remember(); err != nil && !isFull(err) {
		return s.stop(fmt.Errorf("remember who was erased: %w", err))
	}
	return nil
}

// fill runs f over a fresh transaction and returns the marks that it reaches.
func (s *Store) fill(btx *bbolt.Tx, f func(*tx) error) (Marks, error) {
	t, err := beginTables(btx)
	if err != nil {
		return Marks{}, err
	}
	defer t.end()
	t.reached = s.marks.clone()
	t.reached.Generation++
	if err := f(t); err != nil {
		return Marks{}, err
	}
	t.reached.erased = t.in("erased").total.Count
	return t.reached, t.finish(t.reached)
}

// failedCommit decides what a failed commit means. bbolt writes the data, syncs,
// writes the header, syncs. A full disk in the first step has changed nothing:
// the store goes on, and works again once there is room. Anything else stops it.
func (s *Store) failedCommit(cause error) error {
	path := filepath.Join(s.dir, FileName)
	if !isFull(cause) {
		return s.stop(fmt.Errorf("commit: %w", cause))
	}
	unchanged := false
	err := s.view(func(t *tx) error {
		now, err := t.marks()
		unchanged = err == nil && now.Generation == s.marks.Generation
		return err
	})
	if err != nil || !unchanged {
		return s.stop(fmt.Errorf("commit: %w", cause))
	}
	return refuse(Full, path, cause)
}

// stop ends all writing of this process.
func (s *Store) stop(cause error) error {
	e := refuse(Stopped, filepath.Join(s.dir, FileName), cause)
	s.stopped.CompareAndSwap(nil, e)
	return e
}

// beginView begins to read. A file that was replaced in this moment is no more
// to be read; the one in its place is.
func (s *Store) beginView() (*bbolt.Tx, error) {
	for {
		db := s.db.Load()
		btx, err := db.Begin(false)
		if !errors.Is(err, berrors.ErrDatabaseNotOpen) || db == s.db.Load() {
			return btx, err
		}
	}
}

// view runs f over a read transaction.
func (s *Store) view(f func(*tx) error) (err error) {
	defer s.recoverDamage(&err, false)
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	btx, err := s.beginView()
	if errors.Is(err, berrors.ErrDatabaseNotOpen) {
		return errClosed
	}
	if err != nil {
		return err
	}
	defer func() { _ = btx.Rollback() }()
	t, err := beginTables(btx)
	if err != nil {
		return err
	}
	defer t.end()
	t.touched = func(uses int64) { s.touched(btx, uses) }
	defer t.touched(1)
	return f(t)
}

// recoverDamage turns a panic of bbolt over a damaged page into an error. A
// panic of anybody else goes on: it is a bug, not a damaged store.
func (s *Store) recoverDamage(err *error, writing bool) {
	v := recover()
	if v == nil {
		return
	}
	if *err = s.damage(v, writing); *err == nil {
		panic(v)
	}
}

// damage is the error of a panic of bbolt over a damaged page; nil for any other
// panic. It is asked while that panics.
func (s *Store) damage(v any, writing bool) error {
	_, fault := v.(interface{ Addr() uintptr }) // read where nothing is mapped
	_, lost := v.(tableGone)
	if !fault && !lost && !raisedByBolt() {
		return nil
	}
	cause := fmt.Errorf("%v", v)
	if writing {
		_ = s.stop(cause)
	}
	return refuse(Damaged, filepath.Join(s.dir, FileName), cause)
}

// raisedByBolt looks for the function that panicked: the first one of the stack,
// below the recovering ones, that is not the runtime's.
func raisedByBolt() bool {
	pc := make([]uintptr, 64)
	frames := runtime.CallersFrames(pc[:runtime.Callers(4, pc)])
	for panicking := false; ; {
		frame, more := frames.Next()
		if strings.HasPrefix(frame.Function, "runtime.") {
			panicking = panicking || frame.Function == "runtime.gopanic"
		} else if panicking {
			return strings.HasPrefix(frame.Function, "go.etcd.io/bbolt") ||
				strings.HasPrefix(frame.Function, "encoding/binary") // a short freelist
		}
		if !more {
			return false
		}
	}
}

func syncDir(dir string) error { return sealed.SyncDir(dir) }
