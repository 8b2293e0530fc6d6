package boltstore

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"strings"
	"syscall"

	"github.com/employment-passport/passport/issuer"
)

// Code says what is wrong with a store; each has its own sentence and hint.
type Code string

// The reasons to refuse a store or an act on it.
const (
	Missing      Code = "missing"       // no passport.db
	Empty        Code = "empty"         // passport.db has no bytes
	Foreign      Code = "foreign"       // not a store of ours, or not the one that the guard knows
	Older        Code = "older"         // schema of an older release
	Newer        Code = "newer"         // schema of a newer release
	Truncated    Code = "truncated"     // shorter than its own header says
	Damaged      Code = "damaged"       // contents that do not fit together
	ReadOnly     Code = "readonly"      // cannot be written where it lies
	Owner        Code = "owner"         // belongs to another user
	RolledBack   Code = "rolled_back"   // older than its guard remembers
	GuardMissing Code = "guard_missing" // no passport.guard
	GuardDamaged Code = "guard_damaged" // a guard that does not read
	Locked       Code = "locked"        // another process has it open
	Exists       Code = "exists"        // asked to make one where one is
	Full         Code = "full"          // the disk is full; nothing was written
	Stopped      Code = "stopped"       // a write failed in a way that leaves its outcome unknown
	BackupBad    Code = "backup_bad"    // a backup that is cut, changed or none
	OtherStore   Code = "other_store"   // a backup of another store than the home's
)

// Error is why a store was refused. Nothing was created or changed.
type Error struct {
	Code Code
	Path string
	PID  string // of the process that has it open, for Locked; "?" when not known
	Err  error  // the technical cause, may be nil
}

func (e *Error) Error() string {
	s := "store " + strings.ReplaceAll(string(e.Code), "_", " ") + ": " + e.Path
	if e.PID != "" {
		s += " (process " + e.PID + ")"
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

func (e *Error) Unwrap() error { return e.Err }

// Is lets errors.Is compare codes: errors.Is(err, &Error{Code: Missing}). Full
// and Stopped are what the issuer calls so.
func (e *Error) Is(target error) bool {
	switch target {
	case issuer.ErrStoreFull:
		return e.Code == Full
	case issuer.ErrStoreStopped:
		return e.Code == Stopped
	}
	t, ok := target.(*Error)
	return ok && t.Path == "" && t.Code == e.Code
}

func refuse(code Code, path string, err error) *Error {
	return &Error{Code: code, Path: path, Err: err}
}

// damaged is what a table says of a record that does not fit its checksum.
func damaged(format string, args ...any) error {
	return &Error{Code: Damaged, Path: FileName, Err: fmt.Errorf(format, args...)}
}

// isFull tells a disk without room, a quota or a size limit from other errors.
// bbolt flattens the cause to text when growing the file fails.
func isFull(err error) bool {
	full := []error{syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG}
	if runtime.GOOS == "windows" {
		full = append(full, syscall.Errno(112)) // ERROR_DISK_FULL
	}
	for _, e := range full {
		if errors.Is(err, e) || strings.HasPrefix(err.Error(), "file resize error") && strings.HasSuffix(err.Error(), e.Error()) {
			return true
		}
	}
	return false
}

func isReadOnly(err error) bool {
	return errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS)
}

// fileError gives a file system's complaint its code.
func fileError(path string, err error) error {
	switch {
	case errors.Is(err, os.ErrNotExist):
		return refuse(Missing, path, err)
	case isReadOnly(err):
		return refuse(ReadOnly, path, err)
	case isFull(err):
		return refuse(Full, path, err)
	default:
		return fmt.Errorf("store %s: %w", path, err)
	}
}
