package main

import (
	"errors"
	"os"
	"path/filepath"

	"github.com/employment-passport/passport/internal/sealed"
)

// target is where a command puts what it makes: a file that appears whole and
// that only its owner reads, standard output, or nowhere. It is opened before
// the act, because what is signed stays signed.
type target struct {
	a    *app
	path string // "" is nowhere, "-" is standard output
	file *sealed.NewFile
}

// openTarget refuses at once what could not be written later.
func (a *app) openTarget(path string) (*target, error) {
	t := &target{a: a, path: path}
	if path == "" || path == "-" {
		return t, nil
	}
	file, err := sealed.Create(path, 0o600)
	switch {
	case errors.Is(err, sealed.ErrNotFile), errors.Is(err, sealed.ErrSymlink):
		return nil, fail(exitUsage, "file_kind", "file", path).wrap(err)
	case err != nil:
		return nil, fail(exitUsage, "file_write", "file", path).wrap(err)
	}
	t.file = file
	return t, nil
}

// openFolder makes a folder that only its owner reads, or tries whether files
// can be made in the one that stands there.
func (a *app) openFolder(path string) error {
	err := os.MkdirAll(path, 0o700)
	if err == nil {
		var probe *sealed.NewFile
		if probe, err = sealed.Create(filepath.Join(path, "token"), 0o600); err == nil {
			probe.Drop()
		}
	}
	if err != nil {
		return fail(exitUsage, "file_write", "file", path).wrap(err)
	}
	return nil
}

// write puts all of it there.
func (t *target) write(data []byte) error {
	if t.file == nil {
		if t.path == "-" {
			_, err := t.a.out.Write(data)
			return err
		}
		return nil
	}
	_, err := t.file.Write(data)
	if err == nil {
		err = t.file.Commit()
	}
	if err != nil {
		return fail(exitInternal, "file_write", "file", t.path).wrap(err)
	}
	return nil
}

// drop leaves no trace of a target that was not written.
func (t *target) drop() {
	if t.file != nil {
		t.file.Drop()
	}
}
