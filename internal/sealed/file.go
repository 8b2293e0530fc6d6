package sealed

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// ErrSymlink means that a symbolic link stands where a file is expected: who
// can plant one could send a secret elsewhere or have another file overwritten.
var ErrSymlink = errors.New("is a symbolic link")

// ErrTooLarge means a file above the reader's limit.
var ErrTooLarge = errors.New("file is too large")

// WriteFileAtomic puts data at path so that after any crash path holds the old
// content or the new one, and that once it has returned nil the new one stays:
// temporary file in the same folder, fsync, rename, fsync of the folder.
// perm is set exactly, whatever the umask. A symbolic link at path is refused.
func WriteFileAtomic(path string, data []byte, perm fs.FileMode) (err error) {
	if info, err := os.Lstat(path); err == nil && info.Mode()&fs.ModeSymlink != 0 {
		return fmt.Errorf("%s: %w", path, ErrSymlink)
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*.tmp")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = tmp.Close()
			_ = os.Remove(tmp.Name())
		}
	}()
	if err := tmp.Chmod(perm); err != nil {
		return err
	}
	if _, err := tmp.Write(data); err != nil {
		return err
	}
	if err := tmp.Sync(); err != nil {
		return err
	}
	if err := tmp.Close(); err != nil {
		return err
	}
	if err := os.Rename(tmp.Name(), path); err != nil {
		return err
	}
	return SyncDir(filepath.Dir(path))
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
