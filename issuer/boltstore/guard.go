package boltstore

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"

	"github.com/employment-passport/passport/internal/sealed"
	"github.com/employment-passport/passport/internal/strictjson"
)

const (
	guardFormat  = "passport guard 1"
	maxGuardFile = 16 << 20
)

// Marks say how far a store had come: what a guard remembers and a backup
// states. A store below its guard's marks has been rolled back, and would give
// away status indexes a second time.
type Marks struct {
	Store      string            `json:"store"`      // identity, made at init
	Schema     int               `json:"schema"`     // version of the tables
	Generation uint64            `json:"generation"` // number of the last commit
	AuditSeq   uint64            `json:"auditSeq"`   // number of the last audit entry, 0 for none
	AuditHash  string            `json:"auditHash"`  // its hash, hex
	Lists      map[string]uint32 `json:"lists"`      // URL of each status list: indexes given away

	erased uint64 // how many people; a file of its own remembers who
}

func (m Marks) clone() Marks {
	m.Lists = maps.Clone(m.Lists)
	if m.Lists == nil {
		m.Lists = map[string]uint32{}
	}
	return m
}

// guardFile is the text of passport.guard: a line of format, one of JSON and
// one with the SHA-256 of the two before it.
func guardFile(m Marks) []byte {
	body, err := json.Marshal(m)
	if err != nil {
		panic(err) // strings and numbers always marshal
	}
	text := fmt.Appendf(nil, "%s\n%s\n", guardFormat, body)
	return fmt.Appendf(text, "%x\n", sha256.Sum256(text))
}

// parseGuard reads the text back and refuses what was cut or changed.
func parseGuard(data []byte) (m Marks, err error) {
	lines := bytes.SplitAfter(data, []byte("\n"))
	if len(lines) != 4 || len(lines[3]) != 0 || string(lines[0]) != guardFormat+"\n" {
		return m, errors.New("not a guard file")
	}
	sum := sha256.Sum256(append(bytes.Clone(lines[0]), lines[1]...))
	if string(lines[2]) != hex.EncodeToString(sum[:])+"\n" {
		return m, errors.New("checksum does not fit")
	}
	if err := strictjson.UnmarshalKnown(bytes.TrimSuffix(lines[1], []byte("\n")), &m); err != nil {
		return m, err
	}
	if m.Store == "" || m.Generation == 0 {
		return m, errors.New("names no store")
	}
	return m, nil
}

// readGuard returns the marks of a home; the error is an *Error.
func readGuard(dir string) (Marks, error) {
	path := filepath.Join(dir, GuardName)
	data, err := sealed.ReadFile(path, maxGuardFile)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Marks{}, refuse(GuardMissing, path, err)
	case isReadOnly(err):
		return Marks{}, refuse(ReadOnly, path, err)
	case err != nil:
		return Marks{}, refuse(GuardDamaged, path, err)
	}
	m, err := parseGuard(data)
	if err != nil {
		return Marks{}, refuse(GuardDamaged, path, err)
	}
	return m, nil
}

// A guard is written in two steps around a commit. stageGuard does all that
// needs room on the disk before the commit, so that a full disk undoes the
// transaction; placeGuard is a rename after it. Until then a reader sees the
// old guard, which is behind and never ahead of the store.
func stageGuard(dir string, m Marks) error {
	path := filepath.Join(dir, stagedGuardName)
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(guardFile(m))
	if err == nil {
		err = syncData(f)
	}
	return errors.Join(err, f.Close())
}

func placeGuard(dir string) error {
	return os.Rename(filepath.Join(dir, stagedGuardName), filepath.Join(dir, GuardName))
}

func dropStagedGuard(dir string) { _ = os.Remove(filepath.Join(dir, stagedGuardName)) }

// behind tells why a store with the marks m was rolled back according to its
// guard, or nil. auditHash returns the hash of the store's entry seq, "" when
// it has none.
func (m Marks) behind(guard Marks, auditHash func(seq uint64) (string, error)) error {
	if m.Generation < guard.Generation {
		return fmt.Errorf("commit %d, its guard remembers %d", m.Generation, guard.Generation)
	}
	if guard.AuditSeq > 0 {
		hash, err := auditHash(guard.AuditSeq)
		if err != nil {
			return err
		}
		if hash != guard.AuditHash {
			return fmt.Errorf("audit entry %d is not the one that the guard remembers", guard.AuditSeq)
		}
	}
	for url, next := range guard.Lists {
		if m.Lists[url] < next {
			return fmt.Errorf("status list %s has given %d indexes, its guard remembers %d", url, m.Lists[url], next)
		}
	}
	return nil
}
