// Command notices writes the licences of what others made and a release holds: go
// run ./.ci/notices FILE BINARY…, as make release does. It names every module that
// the binaries, or the two programs in their pages, link, with the texts of its
// licence, and ends with an error where a module has none, or where a binary says of
// itself that it holds a module that is not named. The same binaries give the same
// file.
package main

import (
	"bytes"
	"debug/buildinfo"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "notices: needs FILE BINARY…")
		os.Exit(64)
	}
	if err := write(os.Args[1], os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, "notices:", err)
		os.Exit(1)
	}
}

// linked are the modules by "path version": where each lies, and the folders of its
// packages that are linked.
type linked map[string]module

type module struct {
	dir      string
	packages map[string]bool
}

func write(file string, binaries []string) error {
	all := linked{}
	if err := all.list("js", "wasm", "./cmd/browser", "./cmd/browser/files"); err != nil {
		return err
	}
	for _, name := range binaries {
		if err := all.binary(name); err != nil {
			return err
		}
	}
	var out bytes.Buffer
	fmt.Fprintln(&out, "Passport holds work of others. Their names and their licences follow.")
	if err := errors.Join(golang(&out), camera(&out), all.print(&out)); err != nil {
		return err
	}
	fmt.Printf("%s: %d modules\n", file, len(all))
	return os.WriteFile(file, out.Bytes(), 0o644)
}

// binary adds what a program of a platform links, and holds it against what the
// program says of itself.
func (l linked) binary(name string) error {
	info, err := buildinfo.ReadFile(name)
	if err != nil {
		return err
	}
	set := map[string]string{}
	for _, s := range info.Settings {
		set[s.Key] = s.Value
	}
	if err := l.list(set["GOOS"], set["GOARCH"], "./cmd/passport"); err != nil {
		return err
	}
	for _, d := range info.Deps {
		if _, ok := l[d.Path+" "+d.Version]; !ok {
			return fmt.Errorf("%s holds %s %s, which is not named", name, d.Path, d.Version)
		}
	}
	return nil
}

func (l linked) list(system, machine string, packages ...string) error {
	cmd := exec.Command("go", append([]string{"list", "-deps", "-json=Dir,Module"}, packages...)...)
	cmd.Env, cmd.Stderr = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+system, "GOARCH="+machine), os.Stderr
	data, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("go list for %s/%s: %w", system, machine, err)
	}
	for d := json.NewDecoder(bytes.NewReader(data)); ; {
		var p struct {
			Dir    string
			Module *struct {
				Path, Version, Dir string
				Main               bool
			}
		}
		if err := d.Decode(&p); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		if p.Module == nil || p.Module.Main {
			continue
		}
		name := p.Module.Path + " " + p.Module.Version
		if l[name].packages == nil {
			l[name] = module{p.Module.Dir, map[string]bool{}}
		}
		l[name].packages[p.Dir] = true
	}
}

func (l linked) print(out io.Writer) error {
	for _, name := range slices.Sorted(maps.Keys(l)) {
		files, err := l[name].licences()
		if err != nil {
			return err
		}
		if len(files) == 0 {
			return fmt.Errorf("%s has no licence", name)
		}
		if err := part(out, name, l[name].dir, files...); err != nil {
			return err
		}
	}
	return nil
}

// legal are the names of files that a licence asks to be handed on.
var legal = regexp.MustCompile(`(?i)^(un)?(licen[cs]e|copying|notice|patents|copyright)s?([-._].*)?$`)

// licences are those of a module, and those of its own that a linked package or a
// folder above it has: code that came from elsewhere once.
func (m module) licences() (files []string, err error) {
	dirs := map[string]bool{}
	for dir := range m.packages {
		for ; dir != m.dir && strings.HasPrefix(dir, m.dir); dir = filepath.Dir(dir) {
			dirs[dir] = true
		}
	}
	for _, dir := range append([]string{m.dir}, slices.Sorted(maps.Keys(dirs))...) {
		found, err := os.ReadDir(dir)
		if err != nil {
			return nil, err
		}
		for _, f := range found {
			if f.Type().IsRegular() && legal.MatchString(f.Name()) && filepath.Ext(f.Name()) != ".go" {
				files = append(files, filepath.Join(dir, f.Name()))
			}
		}
	}
	return files, nil
}

// part writes the licences of one work, their names below dir.
func part(out io.Writer, title, dir string, files ...string) error {
	fmt.Fprintf(out, "\n%s\n%s\n", strings.Repeat("=", 78), title)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, file)
		if err != nil {
			return err
		}
		text = bytes.TrimSpace(bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")))
		fmt.Fprintf(out, "\n-- %s\n\n%s\n", filepath.ToSlash(name), text)
	}
	return nil
}

// golang is the standard library, and the loader of the programs in the pages.
func golang(out io.Writer) error {
	data, err := exec.Command("go", "env", "GOROOT", "GOVERSION").Output()
	if err != nil {
		return fmt.Errorf("go env: %w", err)
	}
	root, version, _ := strings.Cut(strings.TrimSpace(string(data)), "\n")
	return part(out, "The Go standard library "+version, root, filepath.Join(root, "LICENSE"), filepath.Join(root, "PATENTS"))
}

// camera is the reader of live pictures, which a build without npm does not have.
// Its wasm is compiled from ZXing-C++, whose Apache License it does not bring along.
func camera(out io.Writer) error {
	const dir = "internal/pagekit/built/zxing"
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	data, err := os.ReadFile("internal/pagekit/package.json")
	if err != nil {
		return err
	}
	var pinned struct{ Dependencies map[string]string }
	if err := json.Unmarshal(data, &pinned); err != nil {
		return err
	}
	title := "zxing-wasm " + pinned.Dependencies["zxing-wasm"] +
		"\nwith ZXing-C++, Copyright its authors, under the Apache License 2.0 (the text\nstands below github.com/prometheus/client_golang)"
	return part(out, title, dir, filepath.Join(dir, "LICENSE.txt"))
}
