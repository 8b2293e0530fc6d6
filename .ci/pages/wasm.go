package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// experiments let both of the JSON packages share one implementation, and leave a
// second collector out (measured; see docs/design/2026-11-22-browser.md).
const experiments = "jsonv2,nogreenteagc"

// flags make the smallest file that is the same everywhere: no symbols, no paths
// and no inlining, which costs a tenth of the size (measured; see
// docs/design/2026-11-22-browser.md).
var flags = []string{"-trimpath", "-buildvcs=false", "-ldflags=-s -w -buildid=", "-gcflags=all=-l"}

// wasm is one command to compile.
type wasm struct{ pkg, name string }

func (w wasm) make() error {
	stamp, err := w.stamp()
	if err != nil {
		return err
	}
	mark := filepath.Join(built, "."+w.name+".stamp")
	old, _ := os.ReadFile(mark) // nothing is another stamp
	if _, err := os.Stat(filepath.Join(built, w.name)); err == nil && string(old) == stamp {
		return nil
	}
	work, err := os.MkdirTemp("", "pages")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(work) }() // a temporary folder
	plain := filepath.Join(work, "plain.wasm")
	if _, err := goTool(append(append([]string{"build"}, flags...), "-o", plain, w.pkg)...); err != nil {
		return err
	}
	data, err := os.ReadFile(plain)
	if err != nil {
		return err
	}
	packed, err := pack(data)
	if err != nil {
		return err
	}
	fmt.Printf("%s: %.2f MB, %.2f MB packed\n", w.name, float64(len(data))/1e6, float64(len(packed))/1e6)
	if err := put(built, w.name, packed); err != nil {
		return err
	}
	return os.WriteFile(mark, []byte(stamp), 0o644)
}

// pack is gzip (RFC 1952) at its best, with no name and no time: GNU gzip, which
// finds 1 % more than Go's, where the machine has it. The same machine gives the
// same bytes.
func pack(data []byte) ([]byte, error) {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(data); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	gnu := exec.Command("gzip", "-9", "-n", "-c")
	gnu.Stdin = bytes.NewReader(data)
	if packed, err := gnu.Output(); err == nil && len(packed) > 0 && len(packed) < out.Len() {
		return packed, nil
	}
	return out.Bytes(), nil
}

// stamp is a hash over everything of ours that the file is made of: sources,
// what they embed, the modules' sums, the compiler and its flags.
func (w wasm) stamp() (string, error) {
	out, err := goTool("list", "-deps", "-json=Dir,Standard,Module,GoFiles,EmbedFiles", w.pkg)
	if err != nil {
		return "", err
	}
	h := sha256.New()
	fmt.Fprintln(h, runtime.Version(), flags, experiments)
	files := []string{"go.mod", "go.sum"}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p struct {
			Dir                 string
			Standard            bool
			Module              *struct{ Main bool }
			GoFiles, EmbedFiles []string
		}
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return "", err
		}
		if p.Module == nil || !p.Module.Main {
			continue
		}
		for _, name := range append(p.GoFiles, p.EmbedFiles...) {
			files = append(files, filepath.Join(p.Dir, name))
		}
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(h, "%s %x\n", filepath.Base(name), sha256.Sum256(data))
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// loader is Go's own, of the compiler that makes the wasm: both belong together.
func loader() error {
	root, err := goTool("env", "GOROOT")
	if err != nil {
		return err
	}
	data, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm", "wasm_exec.js"))
	if err != nil {
		return err
	}
	return put(built, "wasm_exec.js", data)
}

func goTool(args ...string) ([]byte, error) {
	cmd := exec.Command("go", args...)
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm", "CGO_ENABLED=0", "GOEXPERIMENT="+experiments)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go %s: %w", args[0], err)
	}
	return out, nil
}
