package sealed

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
)

// ErrSymlink means that a symbolic link stands where a file is expected: who
// can plant one could send a secret elsewhere or have another file overwritten.
var ErrSymlink = errors.New("is a symbolic link")

// ErrTooLarge means a file above the reader's limit.
var ErrTooLarge = errors.New("file is too large")

// ErrNotFile means that a folder, a pipe or a device stands where a file is to
// be written: to rename a file over it would destroy it.
var ErrNotFile = errors.New("is no regular file")

// NewFile is a file on its way: what is written to it appears at its path with
// Commit, whole, or never.
type NewFile struct {
	path string
	tmp  *os.File
	done bool
}

// Create begins a file that is to appear at path, with exactly this mode
// whatever the umask. It refuses a path where something else than a regular
// file or nothing stands, and a folder that cannot be written, so that who has
// something to lose calls it before the act. Drop it or Commit it.
func Create(path string, perm fs.FileMode) (*NewFile, error) {
	switch info, err := os.Lstat(path); {
	case err != nil: // nothing there, or CreateTemp says why not
	case info.Mode()&fs.ModeSymlink != 0:
		return nil, fmt.Errorf("%s: %w", path, ErrSymlink)
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s: %w", path, ErrNotFile)
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*.tmp")
	if err != nil {
		return nil, err
	}
	f := &NewFile{path: path, tmp: tmp}
	if err := tmp.Chmod(perm); err != nil {
		f.Drop()
		return nil, err
	}
	return f, nil
}

func (f *NewFile) Write(p []byte) (int, error) { return f.tmp.Write(p) }

// Drop takes back a file that has not been committed.
func (f *NewFile) Drop() {
	if f.done {
		return
	}
	f.done = true
	_ = f.tmp.Close()
	_ = os.Remove(f.tmp.Name())
}

// Commit makes the bytes durable, only then puts them at the path, and then
// makes the name durable. When it fails before that, the path holds what it
// held.
func (f *NewFile) Commit() error {
	defer f.Drop()
	if err := syncFile(f.tmp); err != nil {
		return err
	}
	if err := f.tmp.Close(); err != nil {
		return err
	}
	if err := os.Rename(f.tmp.Name(), f.path); err != nil {
		return err
	}
	f.done = true
	return SyncDir(filepath.Dir(f.path))
}

// syncFile is replaced by the test of a disk that fails.
var syncFile = (*os.File).Sync

// WriteFileAtomic puts data at path so that after any crash path holds the old
// content or the new one, and that once it has returned nil the new one stays:
// see Create and Commit.
func WriteFileAtomic(path string, data []byte, perm fs.FileMode) error {
	f, err := Create(path, perm)
	if err != nil {
		return err
	}
	defer f.Drop()
	if _, err := f.Write(data); err != nil {
		return err
	}
	return f.Commit()
}

// FreeName is path, or path with the first number behind it under which nothing
// stands yet: what is set aside never takes the place of what was before.
func FreeName(path string) string {
	name := path
	for n := 2; ; n++ {
		if _, err := os.Lstat(name); errors.Is(err, fs.ErrNotExist) {
			return name
		}
		name = path + "-" + strconv.Itoa(n)
	}
}

// SyncDir makes the names in a folder durable. Windows has no such call and
// needs none: its rename is journalled with the file.
func SyncDir(dir string) error {
	if runtime.GOOS == "windows" || runtime.GOOS == "js" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer func() { _ = d.Close() }() // only read
	return d.Sync()
}

// ReadFile reads a whole file of at most limit bytes. It refuses symbolic
// links and everything that is no regular file.
func ReadFile(path string, limit int64) ([]byte, error) {
	f, err := openRegular(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // only read
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > limit {
		return nil, fmt.Errorf("%s: %w (limit %d bytes)", path, ErrTooLarge, limit)
	}
	return data, nil
}

// openTries is how often another process may put a new file at the path just
// while we open it, as WriteFileAtomic does.
const openTries = 100

func openRegular(path string) (*os.File, error) {
	for range openTries {
		named, err := os.Lstat(path)
		if err != nil {
			return nil, err
		}
		if named.Mode()&fs.ModeSymlink != 0 {
			break
		}
		if !named.Mode().IsRegular() {
			return nil, fmt.Errorf("%s: not a regular file", path)
		}
		f, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		// A link put there between the two calls would open another file.
		if opened, err := f.Stat(); err == nil && os.SameFile(named, opened) {
			return f, nil
		}
		_ = f.Close()
	}
	return nil, fmt.Errorf("%s: %w", path, ErrSymlink)
}
