// Package boltstore keeps an issuer's store in one bbolt file with a guard
// beside it.
//
// It promises the issuer what issuer.Store asks for, and the operator four
// things more. A store is made on purpose: Open refuses a missing, empty,
// foreign, cut or rolled-back file with an Error and creates nothing. What was
// acknowledged is durable: the data and the guard's marks are on the disk
// before Update returns. What was read is what was written: every record bears
// a checksum over its table, key and value, and every table a count and a sum,
// so that a flipped bit or a lost row is told and never served. One process
// writes: a second one is told which process that is.
//
// The adversary is the operator's own mistake (a copied file, a restored
// backup, two programs, a full disk) and decaying hardware. Who can write both
// the store and its guard can roll both back together; against him stands the
// audit hash, when somebody else keeps a copy of it.
package boltstore

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/employment-passport/passport/issuer"
	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"
)

// Names in a home folder.
const (
	FileName        = "passport.db"
	GuardName       = "passport.guard"
	pidName         = "passport.pid"
	stagedGuardName = "passport.guard.new"
)

// schemaVersion is that of the tables. A release that changes them raises it
// and brings the step from the version before, see tx.migrate: a store of
// oldestSchema or later is brought up to it when it is opened.
const (
	schemaVersion = 3
	oldestSchema  = 1
)

// lockWait is how long a second process waits for the first to finish, unless
// its Options say otherwise; lockGlance is how long before it says so.
const (
	lockWait   = time.Second
	lockGlance = 200 * time.Millisecond
)

// Options say how to open a store.
type Options struct {
	Wait    time.Duration    // for another process to give it free; zero for one second
	Waiting func(pid string) // called once when the wait begins, may be nil; pid is "?" when not known
}

// Store is an open store. It is safe for concurrent use.
type Store struct {
	dir     string
	db      atomic.Pointer[bbolt.DB]
	touches atomic.Int64   // uses of the file since its pages were given back
	retired sync.WaitGroup // files that Compact has replaced and that are still read
	erased  uint64         // how many people are, as far as the file of erasures says
	writer  chan struct{}  // holds one token: whoever takes it may write
	waiting queue          // the updates that wait for it
	marks   Marks          // of the last commit; belongs to the holder of the token
	found   Marks          // those that the file had when it was opened
	closed  bool           // likewise
	// stopped is set when a write failed in a way that leaves its outcome
	// unknown: after a failed fsync the kernel may have dropped the pages, and
	// trying again would report success for data that is not there.
	stopped atomic.Pointer[Error]
}

var _ issuer.Store = (*Store)(nil)

// Create makes an empty store in the folder, which it makes too. It refuses a
// folder that holds a store, or the guard of one that has been lost.
func Create(dir string) error {
	for _, name := range []string{FileName, GuardName} {
		path := filepath.Join(dir, name)
		if _, err := os.Lstat(path); err == nil {
			return refuse(Exists, path, nil)
		} else if !errors.Is(err, fs.ErrNotExist) {
			return fileError(path, err)
		}
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fileError(dir, err)
	}
	marks := Marks{Store: rand.Text(), Schema: schemaVersion, Generation: 1, Lists: map[string]uint32{}}
	// Both are made under other names, so that who is killed here leaves no half
	// store: only then do the two appear.
	path, staged := filepath.Join(dir, FileName), filepath.Join(dir, FileName+".new")
	_ = os.Remove(staged)
	err := createFile(staged, marks)
	if err == nil {
		err = stageGuard(dir, marks)
	}
	if err == nil {
		err = os.Rename(staged, path)
	}
	if err != nil {
		_ = os.Remove(staged)
		dropStagedGuard(dir)
		return fileError(path, err)
	}
	if err := placeGuard(dir); err != nil {
		return fileError(filepath.Join(dir, GuardName), err)
	}
	return syncDir(dir)
}

func createFile(path string, marks Marks) error {
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{
		Timeout: lockWait,
		OpenFile: func(name string, flag int, mode os.FileMode) (*os.File, error) {
			return os.OpenFile(name, flag|os.O_EXCL, mode)
		},
	})
	if err != nil {
		return err
	}
	err = db.Update(func(btx *bbolt.Tx) error {
		t, err := createTables(btx)
		if err != nil {
			return err
		}
		return t.finish(marks)
	})
	return errors.Join(err, db.Close())
}

// Open opens the store of a home folder for reading and writing. Every refusal
// is an *Error. A store that is ahead of its guard, because a process died
// between the two, is fine: the guard catches up.
func Open(dir string) (*Store, error) { return OpenWith(dir, Options{}) }

// OpenWith is Open with a say about another process that has the store open.
func OpenWith(dir string, o Options) (*Store, error) {
	path := filepath.Join(dir, FileName)
	if err := checkFile(path); err != nil {
		return nil, err
	}
	db, err := openWaiting(path, o)
	if err != nil {
		return nil, err
	}
	s := &Store{dir: dir, writer: make(chan struct{}, 1)}
	s.db.Store(db)
	if err := s.adopt(); err != nil {
		_ = s.db.Load().Close()
		return nil, err
	}
	s.writer <- struct{}{}
	return s, nil
}

// openWaiting opens the file as soon as no other process has it, and says when
// that is not at once.
func openWaiting(path string, o Options) (*bbolt.DB, error) {
	if o.Wait == 0 {
		o.Wait = lockWait
	}
	glance := min(o.Wait, lockGlance)
	db, err := openFile(path, glance)
	var refused *Error
	if !errors.As(err, &refused) || refused.Code != Locked || o.Wait == glance {
		return db, err
	}
	if o.Waiting != nil {
		o.Waiting(refused.PID)
	}
	return openFile(path, o.Wait-glance)
}

// openFile opens a file that exists and never makes one. A damaged freelist
// makes bbolt panic, or read where nothing is mapped: both become an error.
func openFile(path string, wait time.Duration) (db *bbolt.DB, err error) {
	var opened *os.File
	defer func() {
		if v := recover(); v != nil {
			if opened != nil {
				_ = opened.Close() // or its lock would stay
			}
			db, err = nil, refuse(Damaged, path, fmt.Errorf("%v", v))
		}
	}()
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	db, err = bbolt.Open(path, 0o600, &bbolt.Options{
		Timeout:         wait,
		NoStatistics:    true,
		NoSync:          noSync,
		NoGrowSync:      noSync,
		InitialMmapSize: mapSize(),
		OpenFile: func(name string, flag int, mode os.FileMode) (_ *os.File, err error) {
			opened, err = os.OpenFile(name, flag&^os.O_CREATE, mode)
			return opened, err
		},
	})
	if err == nil {
		db.AllocSize = 1 << 20
	}
	switch {
	case errors.Is(err, berrors.ErrTimeout):
		return nil, &Error{Code: Locked, Path: path, PID: readPID(filepath.Dir(path))}
	case errors.Is(err, berrors.ErrInvalid), errors.Is(err, berrors.ErrChecksum), errors.Is(err, berrors.ErrVersionMismatch):
		return nil, refuse(Damaged, path, err)
	case err != nil:
		return nil, fileError(path, err)
	}
	if !sameFile(opened, path) { // another process has rewritten the store while this one waited
		if err := db.Close(); err != nil {
			return nil, fileError(path, err)
		}
		return openFile(path, wait)
	}
	return db, nil
}

// sameFile tells whether an open file is the one that stands at the path.
func sameFile(f *os.File, path string) bool {
	is, err := f.Stat()
	stands, statErr := os.Stat(path)
	return err == nil && statErr == nil && os.SameFile(is, stands)
}

// mapSize is how much address space the file gets from the start. To map a file
// again that has outgrown its mapping, bbolt waits for every reader: a backup
// under way would hold up all writing. Windows would make the file that long.
func mapSize() int {
	if runtime.GOOS == "windows" || strconv.IntSize < 64 {
		return 0
	}
	return math.MaxInt32 + 1
}

// adopt checks that the open file is ours, of our schema and not older than
// its guard, and takes the folder.
func (s *Store) adopt() error {
	path := filepath.Join(s.dir, FileName)
	if err := s.readMarks(); err != nil {
		return withPath(err, path)
	}
	if err := s.compareGuard(); err != nil {
		return err
	}
	if err := s.upgrade(); err != nil {
		return withPath(err, path)
	}
	if err := writePID(s.dir); err != nil {
		return fileError(s.dir, err)
	}
	sweepStages(s.dir)
	sweepFresh(s.dir)
	return s.finishErasing()
}

// finishErasing does what a process that died between an erasure and its end has
// left undone. Where the file cannot be rewritten now, it is another time.
func (s *Store) finishErasing() error {
	if err := s.remember(); err != nil && !isFull(err) {
		return err
	}
	wants, err := s.wantsRewrite()
	if err != nil || !wants {
		return err
	}
	if err := s.compact(context.Background()); s.stopped.Load() != nil {
		return err
	}
	return nil
}

// upgrade brings the tables of an older release up to date, in one commit: a
// crash leaves them as they were or as they must be.
func (s *Store) upgrade() error {
	s.found = s.marks
	if s.marks.Schema == schemaVersion {
		return nil
	}
	return s.commit((*tx).migrate)
}

func (s *Store) readMarks() error {
	return s.view(func(t *tx) error {
		if err := t.findAll(); err != nil {
			return err
		}
		marks, err := t.marks()
		if err != nil {
			return err
		}
		s.marks = marks
		return nil
	})
}

func (s *Store) compareGuard() error {
	path := filepath.Join(s.dir, FileName)
	guard, err := readGuard(s.dir)
	if err != nil {
		return err
	}
	if guard.Store != s.marks.Store {
		return refuse(Foreign, path, errors.New("its guard belongs to another store"))
	}
	if err := s.marks.behind(guard, s.auditHash); err != nil {
		return refuse(RolledBack, path, err)
	}
	if guard.Generation < s.marks.Generation {
		return writeGuard(s.dir, s.marks)
	}
	return nil
}

// writeGuard brings a guard up to marks that are already durable.
func writeGuard(dir string, m Marks) error {
	err := stageGuard(dir, m)
	if err == nil {
		err = placeGuard(dir)
	}
	if err != nil {
		dropStagedGuard(dir)
		return fileError(filepath.Join(dir, GuardName), err)
	}
	return syncDir(dir)
}

// Identity is the store's own name, made at init.
func (s *Store) Identity() string { return s.marks.Store }

// Path is where the store's file lies.
func (s *Store) Path() string { return filepath.Join(s.dir, FileName) }

// Close waits for the transactions under way and gives the folder free.
func (s *Store) Close() error {
	if s.stopped.Load() != nil {
		// A transaction that bbolt broke off may hold its lock for ever; the
		// end of the process gives the file free.
		removePID(s.dir)
		return nil
	}
	<-s.writer
	defer func() { s.writer <- struct{}{} }()
	if !s.closed {
		s.closed = true
		removePID(s.dir)
	}
	err := s.db.Load().Close()
	s.retired.Wait()
	return err
}

// View runs f over one consistent state, see issuer.Store.
func (s *Store) View(ctx context.Context, f func(issuer.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return s.view(func(t *tx) error { return f(t) })
}
