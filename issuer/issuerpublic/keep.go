package issuerpublic

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"runtime"

	"github.com/employment-passport/passport/internal/trust"
)

// folder keeps the last signed files across restarts. Names are hashes: what a
// URL says never becomes a path. A file is written beside its place, synced and
// renamed, so that who is killed at any step leaves the old one or the new one.
type folder struct {
	root  *os.Root
	fault *func(step string) error
}

// maxKept is the largest file that is read back: a bundle with its lists.
const maxKept = 2 * trust.MaxList

var errTooLarge = errors.New("file is too large")

func openFolder(dir string, fault *func(string) error) (*folder, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	return &folder{root, fault}, nil
}

// keptName is the file of what is served under a name.
func keptName(name string) string {
	sum := sha256.Sum256([]byte(name))
	return hex.EncodeToString(sum[:])
}

// write keeps data under a name, durably.
func (f *folder) write(name string, data []byte) error {
	place := keptName(name)
	staged := place + ".new"
	if err := f.stage(staged, data); err != nil {
		return err
	}
	if err := (*f.fault)("written"); err != nil {
		return err
	}
	if err := f.root.Rename(staged, place); err != nil {
		return err
	}
	if err := (*f.fault)("renamed"); err != nil {
		return err
	}
	return f.sync()
}

func (f *folder) stage(name string, data []byte) error {
	file, err := f.root.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	if err == nil {
		err = file.Sync()
	}
	return errors.Join(err, file.Close())
}

// sync makes the renaming durable. Windows has no such call and needs none.
func (f *folder) sync() error {
	if runtime.GOOS == "windows" {
		return nil
	}
	dir, err := f.root.Open(".")
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// read gives what was kept under a name; fs.ErrNotExist when there is nothing.
func (f *folder) read(name string) ([]byte, error) {
	if f == nil {
		return nil, fs.ErrNotExist
	}
	return f.readFile(keptName(name))
}

func (f *folder) readFile(file string) ([]byte, error) {
	opened, err := f.root.Open(file)
	if err != nil {
		return nil, err
	}
	defer func() { _ = opened.Close() }() // only read
	data, err := io.ReadAll(io.LimitReader(opened, maxKept+1))
	if err == nil && len(data) > maxKept {
		err = errTooLarge
	}
	return data, err
}
