package qr

import (
	"fmt"
	"strconv"
	"strings"
)

// EncodeBackup splits a sealed backup of a wallet over printed codes, size bytes
// in each. It takes the form of chunks (two digits of the index, two of the
// total, five of the first 16 bits of the SHA-256) under a kind of its own, so
// that no checker takes a page of it for a document. Unlike chunks they are
// printed: a sheet that lost one code is still a sheet on which the person can
// see which one is lost.
func EncodeBackup(base string, sealed []byte, size int) ([]string, error) {
	if err := CheckBase(base); err != nil {
		return nil, err
	}
	if len(sealed) == 0 {
		return nil, malformed("an empty backup")
	}
	return pieces(base, kindBackup, sealed, size)
}

// CollectBackup puts the codes of a backup together, in any order; one that was
// read twice counts once. ErrIncomplete comes with a *MissingError. What it gives
// is sealed, and whole only if it opens.
func CollectBackup(texts []string) ([]byte, error) {
	var own []string
	seen := map[string]bool{}
	for _, text := range texts {
		c, err := parsePiece(text, kindBackup)
		if err != nil {
			return nil, err
		}
		if key := fmt.Sprint(c.index, c.total, c.id, string(c.data)); !seen[key] {
			seen[key] = true
			own = append(own, text)
		}
	}
	_, data, err := join(own, kindBackup)
	return data, err
}

// IsBackup tells the text of a code of a backup.
func IsBackup(text string) bool {
	_, err := parsePiece(text, kindBackup)
	return err == nil
}

// MissingError says which parts are missing, counted from 1.
type MissingError struct {
	Missing []int
	Total   int
}

func (e *MissingError) Error() string {
	return fmt.Sprintf("%v: %s", ErrIncomplete, e.Numbers())
}

// Numbers are the missing parts and how many there are, without a word of any
// language: "2, 4 / 5".
func (e *MissingError) Numbers() string {
	names := make([]string, len(e.Missing))
	for i, n := range e.Missing {
		names[i] = strconv.Itoa(n)
	}
	return fmt.Sprintf("%s / %d", strings.Join(names, ", "), e.Total)
}

// Unwrap gives ErrIncomplete.
func (e *MissingError) Unwrap() error { return ErrIncomplete }
