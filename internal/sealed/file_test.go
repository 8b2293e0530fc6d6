package sealed_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"

	"github.com/employment-passport/passport/internal/sealed"
)

func TestWriteFileAtomic(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "vault.age")
	for _, content := range []string{"first", "second"} {
		if err := sealed.WriteFileAtomic(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := sealed.ReadFile(path, 100)
		if err != nil || string(got) != content {
			t.Errorf("got %q, %v", got, err)
		}
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	// A write that cannot end leaves the old content and no litter.
	if err := os.Mkdir(filepath.Join(dir, "folder"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := sealed.WriteFileAtomic(filepath.Join(dir, "folder"), []byte("x"), 0o600); err == nil {
		t.Error("replaced a folder by a file")
	}
	names, err := filepath.Glob(filepath.Join(dir, ".*"))
	if err != nil || len(names) != 0 {
		t.Errorf("litter: %v, %v", names, err)
	}
}

func TestSymlinksAreRefused(t *testing.T) {
	dir := t.TempDir()
	target, link := filepath.Join(dir, "target"), filepath.Join(dir, "link")
	if err := os.WriteFile(target, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(target, link); err != nil {
		t.Fatal(err)
	}
	if err := sealed.WriteFileAtomic(link, []byte("x"), 0o600); !errors.Is(err, sealed.ErrSymlink) {
		t.Errorf("write: %v", err)
	}
	if _, err := sealed.ReadFile(link, 100); !errors.Is(err, sealed.ErrSymlink) {
		t.Errorf("read: %v", err)
	}
	if got, err := os.ReadFile(target); err != nil || string(got) != "precious" {
		t.Errorf("target: %q, %v", got, err)
	}
}

func TestReadFileIsBounded(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	if err := os.WriteFile(path, bytes.Repeat([]byte{1}, 11), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := sealed.ReadFile(path, 11); err != nil {
		t.Error(err)
	}
	if _, err := sealed.ReadFile(path, 10); !errors.Is(err, sealed.ErrTooLarge) {
		t.Errorf("got %v", err)
	}
	if _, err := sealed.ReadFile(filepath.Dir(path), 10); err == nil {
		t.Error("read a folder")
	}
	if _, err := sealed.ReadFile(path+"x", 10); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}

// A reader in the middle of writes by others finds one of their files, and
// takes none for a link.
func TestReadFileWhileOthersWrite(t *testing.T) {
	path := filepath.Join(t.TempDir(), "wallet")
	if err := sealed.WriteFileAtomic(path, []byte("0"), 0o600); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() {
		for range 200 {
			if err := sealed.WriteFileAtomic(path, []byte("1"), 0o600); err != nil {
				done <- err
				return
			}
		}
		close(done)
	}()
	for {
		select {
		case err := <-done:
			if err != nil {
				t.Error(err)
			}
			return
		default:
			if _, err := sealed.ReadFile(path, 9); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// TestFailedSyncReplacesNothing: after a failed fsync nobody knows what the disk
// holds, so the good file stays where it is.
func TestFailedSyncReplacesNothing(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "passport.backup")
	if err := sealed.WriteFileAtomic(path, []byte("good"), 0o600); err != nil {
		t.Fatal(err)
	}
	defer sealed.FailingSync(syscall.EIO)()
	f, err := sealed.Create(path, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write([]byte("new")); err != nil {
		t.Fatal(err)
	}
	if err := f.Commit(); !errors.Is(err, syscall.EIO) {
		t.Errorf("committed: %v", err)
	}
	f.Drop()
	if got, err := os.ReadFile(path); err != nil || string(got) != "good" {
		t.Errorf("the file holds %q, %v", got, err)
	}
	if names, _ := filepath.Glob(filepath.Join(dir, ".*")); len(names) != 0 {
		t.Errorf("litter: %v", names)
	}
}

func TestCreateRefusesWhatIsNoFile(t *testing.T) {
	dir := t.TempDir()
	if _, err := sealed.Create(dir, 0o600); !errors.Is(err, sealed.ErrNotFile) {
		t.Errorf("a folder: %v", err)
	}
	if _, err := sealed.Create("/dev/null", 0o600); runtime.GOOS != "windows" && !errors.Is(err, sealed.ErrNotFile) {
		t.Errorf("a device: %v", err)
	}
	if _, err := sealed.Create(filepath.Join(dir, "no", "file"), 0o600); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("in no folder: %v", err)
	}
}

func TestFreeName(t *testing.T) {
	path := filepath.Join(t.TempDir(), "wallet.before-restore")
	for _, want := range []string{path, path + "-2", path + "-3"} {
		got := sealed.FreeName(path)
		if got != want {
			t.Errorf("%s, want %s", got, want)
		}
		if err := os.WriteFile(got, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
