// Command pages makes what the pages of the verifier and the wallet load besides
// their own modules, into internal/pagekit/built: both WebAssembly files, Go's
// loader for them, and the camera's reader from its pinned package. Each is made
// again only when something that it is made of has changed, and the same sources
// give the same bytes.
//
// Without npm there is no camera's reader; it says so and goes on.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"github.com/employment-passport/passport/internal/i18n"
)

const (
	kit   = "internal/pagekit"
	built = kit + "/built"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "pages:", err)
		os.Exit(1)
	}
}

func run() error {
	if _, err := os.Stat(built); err != nil {
		return errors.New("run it at the root of the project")
	}
	free, err := lock(filepath.Join(built, ".lock"))
	if err != nil {
		return err
	}
	defer free()
	if err := words(); err != nil {
		return err
	}
	for _, w := range []wasm{{"./cmd/browser", "passport.wasm.gz"}, {"./cmd/browser/files", "files.wasm.gz"}} {
		if _, err := os.Stat(w.pkg); err != nil {
			continue
		}
		if err := w.make(); err != nil {
			return err
		}
	}
	if err := loader(); err != nil {
		return err
	}
	return reader()
}

// words writes the sentences that the wasm says, one file a language: a page
// loads those of its reader.
func words() error {
	files, err := i18n.Pack()
	if err != nil {
		return err
	}
	for name, text := range files {
		data, err := json.Marshal(text)
		if err != nil {
			return err
		}
		if err := put(built, "engine-"+name+".json", data); err != nil {
			return err
		}
	}
	return nil
}

// lock lets one build at a time write.
func lock(path string) (free func(), err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		return nil, err
	}
	return func() { _ = f.Close() }, nil
}

// put writes a file whole or not at all, and leaves one alone that is the same.
func put(dir, name string, data []byte) error {
	path := filepath.Join(dir, filepath.FromSlash(name))
	if old, err := os.ReadFile(path); err == nil && string(old) == string(data) {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	next := path + ".next"
	if err := os.WriteFile(next, data, 0o644); err != nil {
		return err
	}
	return os.Rename(next, path)
}
