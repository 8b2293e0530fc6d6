package boltstore

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/employment-passport/passport/internal/sealed"
	"github.com/employment-passport/passport/internal/strictjson"
	"github.com/employment-passport/passport/issuer"
)

var _ issuer.Rememberer = (*Store)(nil)

const (
	// erasedName is the file that remembers who was erased, beside the store: a
	// backup from before knows nothing of it.
	erasedName    = "passport.erased"
	erasedFormat  = "passport erased 1"
	maxErasedFile = 64 << 20
)

// Remembered returns the erasures that the home remembers, those of a life that
// a restore has ended among them.
func (s *Store) Remembered(context.Context) ([]issuer.Erasure, error) { return readErased(s.dir) }

// readErased reads the file; none is no error.
func readErased(dir string) ([]issuer.Erasure, error) {
	path := filepath.Join(dir, erasedName)
	data, err := sealed.ReadFile(path, maxErasedFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fileError(path, err)
	}
	all, err := parseErased(data)
	if err != nil {
		return nil, refuse(GuardDamaged, path, err)
	}
	return all, nil
}

// parseErased reads the text of the file: a line of format, one of JSON and one
// with the SHA-256 of the two before it.
func parseErased(data []byte) (all []issuer.Erasure, err error) {
	lines := bytes.SplitAfter(data, []byte("\n"))
	if len(lines) != 4 || len(lines[3]) != 0 || string(lines[0]) != erasedFormat+"\n" {
		return nil, errors.New("not a file of erasures")
	}
	sum := sha256.Sum256(append(bytes.Clone(lines[0]), lines[1]...))
	if string(lines[2]) != hex.EncodeToString(sum[:])+"\n" {
		return nil, errors.New("checksum does not fit")
	}
	return all, strictjson.UnmarshalKnown(bytes.TrimSuffix(lines[1], []byte("\n")), &all)
}

func erasedFile(all []issuer.Erasure) ([]byte, error) {
	body, err := json.Marshal(all)
	if err != nil {
		return nil, err
	}
	text := fmt.Appendf(nil, "%s\n%s\n", erasedFormat, body)
	return fmt.Appendf(text, "%x\n", sha256.Sum256(text)), nil
}

func writeErased(dir string, all []issuer.Erasure) error {
	path := filepath.Join(dir, erasedName)
	text, err := erasedFile(all)
	if err != nil {
		return err
	}
	f, err := sealed.Create(path, 0o600)
	if err != nil {
		return fileError(path, err)
	}
	defer f.Drop()
	if _, err := f.Write(text); err != nil {
		return fileError(path, err)
	}
	if err := f.Commit(); err != nil {
		return fileError(path, err)
	}
	return nil
}

// remember brings the file up to what the store's own table says. A crash before
// it is made up for at the next opening.
func (s *Store) remember() error {
	known, err := readErased(s.dir)
	if err != nil && !is(err, GuardDamaged) {
		return err
	}
	before, count := len(known), uint64(0)
	err = s.view(func(t *tx) error {
		if count = t.in("erased").total.Count; count == 0 {
			return nil
		}
		own, err := all[issuer.Erasure](t.in("erased"), nil)
		known = joinErased(known, own)
		return err
	})
	if err == nil && len(known) != before {
		err = writeErased(s.dir, known)
	}
	if err == nil {
		s.erased = count
	}
	return err
}

// rememberAlso adds the erasures of the life that a restore ends.
func (s *Store) rememberAlso(erased []issuer.Erasure) error {
	known, err := readErased(s.dir)
	if err != nil || len(erased) == 0 {
		return err
	}
	return writeErased(s.dir, joinErased(known, erased))
}

// joinErased is both lists, by person, each person once.
func joinErased(a, b []issuer.Erasure) []issuer.Erasure {
	all := slices.Concat(a, b)
	slices.SortStableFunc(all, func(x, y issuer.Erasure) int { return strings.Compare(x.Person, y.Person) })
	return slices.CompactFunc(all, func(x, y issuer.Erasure) bool { return x.Person == y.Person })
}

// sweepFresh removes what a rewriting that was killed has left.
func sweepFresh(dir string) { _ = os.Remove(filepath.Join(dir, freshName)) }
