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
	btx, err := s.db.Begin(true)
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
	return nil
}

// fill runs f over a fresh transaction and returns the marks that it reaches.
func (s *Store) fill(btx *bbolt.Tx, f func(*tx) error) (Marks, error) {
	t, err := openTables(btx)
	if err != nil {
		return Marks{}, err
	}
	defer t.end()
	t.reached = s.marks.clone()
	t.reached.Generation++
	if err := f(t); err != nil {
		return Marks{}, err
	}
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

// view runs f over a read transaction.
func (s *Store) view(f func(*tx) error) (err error) {
	defer s.recoverDamage(&err, false)
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	btx, err := s.db.Begin(false)
	if errors.Is(err, berrors.ErrDatabaseNotOpen) {
		return errClosed
	}
	if err != nil {
		return err
	}
	defer func() { _ = btx.Rollback() }()
	t, err := openTables(btx)
	if err != nil {
		return err
	}
	defer t.end()
	return f(t)
}

// recoverDamage turns a panic of bbolt over a damaged page into an error. A
// panic of anybody else goes on: it is a bug, not a damaged store.
func (s *Store) recoverDamage(err *error, writing bool) {
	v := recover()
	if v == nil {
		return
	}
	_, fault := v.(interface{ Addr() uintptr }) // read where nothing is mapped
	if !fault && !raisedByBolt() {
		panic(v)
	}
	cause := fmt.Errorf("%v", v)
	*err = refuse(Damaged, filepath.Join(s.dir, FileName), cause)
	if writing {
		_ = s.stop(cause)
	}
}

// raisedByBolt looks for the function that panicked: the first one of the stack,
// below the recovering ones, that is not the runtime's.
func raisedByBolt() bool {
	pc := make([]uintptr, 64)
	frames := runtime.CallersFrames(pc[:runtime.Callers(3, pc)])
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
