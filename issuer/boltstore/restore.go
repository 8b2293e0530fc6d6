package boltstore

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"

	"github.com/employment-passport/passport/internal/sealed"
	"github.com/employment-passport/passport/issuer"
	"go.etcd.io/bbolt"
)

// RestoreOptions say how to restore.
type RestoreOptions struct {
	// AcceptRollback restores a backup that is older than what the home
	// remembers, or into a home that can remember nothing.
	AcceptRollback bool

	// Settle is called with the unpacked store before anything of the home is
	// touched: it checks what the records say and makes the store safe to issue
	// from. above is the highest status list number that the home remembers.
	Settle func(ctx context.Context, s *Store, above int) error
}

// Restored says what Restore did.
type Restored struct {
	Manifest Manifest
	Aside    []string // files of the home that were different and kept under these names
}

// Restore puts a backup in the place of a home. It unpacks beside the home,
// verifies all of it, and only then renames; a crash in between leaves the old
// store or a store that its guard refuses, never one that issues twice. Keys
// that the home has and the backup lacks stay.
func Restore(ctx context.Context, r io.Reader, dir string, o RestoreOptions) (Restored, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return Restored{}, fileError(dir, err)
	}
	held, err := holdHome(dir)
	if err != nil {
		return Restored{}, err
	}
	if held != nil {
		defer func() { _ = held.Close() }() // only held
	}
	if held != nil { // nobody else is restoring here
		sweepStages(dir)
	}
	stage, err := os.MkdirTemp(dir, stagePrefix)
	if err != nil {
		return Restored{}, fileError(dir, err)
	}
	defer func() { _ = os.RemoveAll(stage) }() // tidies up; what counts was moved out
	m, err := unpack(r, stage)
	if err != nil {
		if full := fileError(stage, err); isFull(err) {
			return Restored{}, full
		}
		return Restored{}, refuse(BackupBad, "", err)
	}
	memory, err := remembered(dir, m.Marks.Store)
	if err != nil {
		return Restored{}, err
	}
	if err := settle(ctx, stage, m, memory, o); err != nil {
		return Restored{}, err
	}
	aside, err := putInPlace(stage, dir, m.Files)
	return Restored{m, aside}, err
}

// stagePrefix begins the name of the folder that a backup is unpacked into.
const stagePrefix = ".restore-"

// sweepStages removes what a restore that was killed has left behind. It is for
// whoever holds the store: no restore is under way meanwhile. What cannot be
// removed now is removed another time.
func sweepStages(dir string) {
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		if e.IsDir() && strings.HasPrefix(e.Name(), stagePrefix) {
			_ = os.RemoveAll(filepath.Join(dir, e.Name()))
		}
	}
}

// holdHome keeps other processes off the home's store meanwhile. A store that
// does not open, which may be why there is a restore, cannot be held.
func holdHome(dir string) (*bbolt.DB, error) {
	path := filepath.Join(dir, FileName)
	if checkFile(path) != nil {
		return nil, nil //nolint:nilerr // nothing to hold
	}
	db, err := openFile(path, lockWait)
	var e *Error
	if errors.As(err, &e) && e.Code == Locked {
		return nil, err
	}
	return db, nil
}

// memory is what a home remembers of the store that it held.
type memory struct {
	marks  Marks
	erased []issuer.Erasure
	why    error // the home cannot remember: its guard is missing or damaged beside a store
}

func remembered(dir, store string) (memory, error) {
	guard, err := readGuard(dir)
	if err == nil && guard.Store != store {
		return memory{}, refuse(OtherStore, dir, nil)
	}
	erased, lost := readErased(dir)
	switch {
	case lost != nil:
		return memory{marks: guard, why: lost}, nil //nolint:nilerr // why keeps it
	case err == nil:
		return memory{marks: guard, erased: erased}, nil
	}
	if _, statErr := os.Lstat(filepath.Join(dir, FileName)); errors.Is(statErr, fs.ErrNotExist) && is(err, GuardMissing) {
		return memory{erased: erased}, nil // an empty home, or one that has lost all but who was erased
	}
	return memory{erased: erased, why: err}, nil
}

func is(err error, code Code) bool { return errors.Is(err, &Error{Code: code}) }

// settle opens the unpacked store, checks all of it and lets it move on.
func settle(ctx context.Context, stage string, m Manifest, home memory, o RestoreOptions) (err error) {
	path := filepath.Join(filepath.Dir(stage), FileName)
	if err := writeGuard(stage, m.Marks); err != nil {
		return err
	}
	s, err := Open(stage)
	if err != nil {
		return refuse(BackupBad, "", err)
	}
	defer func() {
		if closing := s.Close(); err == nil { // it is moved next
			err = closing
		}
	}()
	if !reflect.DeepEqual(s.found, m.Marks) {
		return refuse(BackupBad, "", errors.New("the store is not the one that the manifest describes"))
	}
	problems, err := s.Check(ctx)
	if err != nil {
		return refuse(BackupBad, "", err)
	}
	if len(problems) > 0 {
		return refuse(BackupBad, "", errors.New(problems[0]))
	}
	if !o.AcceptRollback {
		if home.why != nil {
			return refuse(RolledBack, path, home.why)
		}
		if err := s.marks.behind(home.marks, s.auditHash); err != nil {
			return refuse(RolledBack, path, err)
		}
	}
	// Past whatever the home remembers: an older copy put back later is then
	// older than its guard.
	s.marks.Generation = max(s.marks.Generation, home.marks.Generation)
	if err := s.rememberAlso(home.erased); err != nil {
		return err
	}
	return o.Settle(ctx, s, highestNumber(home.marks.Lists))
}

// highestNumber reads the numbers at the end of the lists' URLs.
func highestNumber(lists map[string]uint32) (highest int) {
	for url := range lists {
		if n, err := strconv.Atoi(url[strings.LastIndexByte(url, '/')+1:]); err == nil {
			highest = max(highest, n)
		}
	}
	return highest
}

// putInPlace renames the unpacked files into the home: keys and configuration,
// then the guard, then the store. Between the last two the home holds the old
// store with the new guard, which refuses it.
func putInPlace(stage, dir string, files []ManifestFile) (aside []string, err error) {
	if err := os.MkdirAll(filepath.Join(dir, keysFolder), 0o700); err != nil {
		return nil, fileError(dir, err)
	}
	names := []string{}
	for _, f := range files {
		if f.Name != FileName {
			names = append(names, f.Name)
		}
	}
	if _, err := os.Lstat(filepath.Join(stage, erasedName)); err == nil {
		names = append(names, erasedName)
	}
	for _, name := range append(names, GuardName, FileName) {
		kept, err := replaceFile(filepath.Join(stage, filepath.FromSlash(name)), filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil {
			return aside, fileError(filepath.Join(dir, name), err)
		}
		if kept != "" {
			aside = append(aside, kept)
		}
	}
	return aside, errors.Join(syncDir(filepath.Join(dir, keysFolder)), syncDir(dir))
}

// replaceFile makes from durable and renames it to to. A different file that stood there is kept
// under a name of its own; not a guard, whose marks the new one has passed, and
// not who was erased, all of whom the new one names.
func replaceFile(from, to string) (kept string, err error) {
	if err := syncFile(from); err != nil {
		return "", err
	}
	if _, err := os.Lstat(to); err == nil && filepath.Base(to) != GuardName && filepath.Base(to) != erasedName && !sameContent(from, to) {
		kept = sealed.FreeName(to + ".replaced")
		if err := os.Rename(to, kept); err != nil {
			return "", err
		}
	}
	return kept, os.Rename(from, to)
}

func syncFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

func sameContent(a, b string) bool {
	left, errA := os.ReadFile(a)
	right, errB := os.ReadFile(b)
	return errA == nil && errB == nil && bytes.Equal(left, right)
}
