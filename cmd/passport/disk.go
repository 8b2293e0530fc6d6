package main

import (
	"errors"
	"io/fs"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
)

// withoutRoom gives an error that comes of a full disk the sentence for that,
// whatever was being written: what to do about it is the same.
func withoutRoom(err error) error {
	var f *failure
	told := errors.As(err, &f)
	if err == nil || !diskFull(err) || told && strings.HasPrefix(f.code, "store_") {
		return err
	}
	file := ""
	var at *fs.PathError
	if errors.As(err, &at) {
		file = at.Path
	}
	if told {
		for _, name := range []string{"file", "path"} {
			if f.args[name] != "" {
				file = f.args[name] // what was asked for, and not its temporary name
			}
		}
	} else if dir, name := filepath.Split(file); strings.HasPrefix(name, ".") && strings.HasSuffix(name, ".tmp") {
		name = strings.TrimSuffix(strings.TrimPrefix(name, "."), ".tmp")
		if dot := strings.LastIndexByte(name, '.'); dot > 0 {
			name = name[:dot]
		}
		file = filepath.Join(dir, name)
	}
	return fail(exitInternal, "disk_full", "file", file).wrap(err)
}

// diskFull tells a disk without room, a quota or a limit on the size of files.
func diskFull(err error) bool {
	full := []error{syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG}
	if runtime.GOOS == "windows" {
		full = append(full, syscall.Errno(112)) // ERROR_DISK_FULL
	}
	for _, e := range full {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}
