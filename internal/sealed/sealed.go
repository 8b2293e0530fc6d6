// Package sealed closes secrets into files that only a passphrase or a key
// opens, in the age format (age-encryption.org/v1), and writes files so that a
// reader sees the old content or the new one, never half of either.
//
// It promises its callers (the vault of a wallet, the keys of an issuer) that
// what Open returns is whole and is what was sealed: age authenticates the
// header and every chunk, so one changed bit or one missing byte ends as an
// error. The attacker it has in mind holds the file, not the running process;
// he may also hand us a file that asks for a ruinous amount of key derivation.
package sealed

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"

	"filippo.io/age"
)

// Work factors of scrypt, as powers of two. DefaultWorkFactor takes about a
// second and 256 MiB to open; MaxWorkFactor is the most that a file may ask
// for unless the caller says less.
const (
	DefaultWorkFactor = 18
	MaxWorkFactor     = 20
)

// intro is the first line of every age file.
const intro = "age-encryption.org/v1\n"

var (
	// ErrWrongPassphrase means that the passphrase does not open the file. A
	// change to the few bytes that the passphrase protects looks the same.
	ErrWrongPassphrase = errors.New("wrong passphrase")
	// ErrWrongIdentity means that the file was sealed for another key.
	ErrWrongIdentity = errors.New("sealed for another key")
	// ErrDamaged means a sealed file that was cut short or changed.
	ErrDamaged = errors.New("sealed file is damaged")
	// ErrNotSealed means something else than a sealed file, or nothing at all.
	ErrNotSealed = errors.New("not a sealed file")
	// ErrTooCostly means a file that asks for more key derivation than allowed.
	ErrTooCostly = errors.New("sealed file asks for too much key derivation")
	// ErrNoPassphrase means an empty passphrase.
	ErrNoPassphrase = errors.New("passphrase is empty")
)

// SealPassphrase seals data with a passphrase. workFactor is the logarithm of
// scrypt's N, 1 to MaxWorkFactor; zero means DefaultWorkFactor.
func SealPassphrase(data []byte, passphrase string, workFactor int) ([]byte, error) {
	if passphrase == "" {
		return nil, ErrNoPassphrase
	}
	if workFactor == 0 {
		workFactor = DefaultWorkFactor
	}
	if workFactor < 1 || workFactor > MaxWorkFactor {
		return nil, fmt.Errorf("scrypt work factor %d is not between 1 and %d", workFactor, MaxWorkFactor)
	}
	r, err := age.NewScryptRecipient(passphrase)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	r.SetWorkFactor(workFactor)
	return seal(data, r)
}

// OpenPassphrase returns what SealPassphrase sealed, whole or not at all.
// A file with a higher work factor than maxWorkFactor (zero: MaxWorkFactor) is
// refused with ErrTooCostly before any work is done.
func OpenPassphrase(data []byte, passphrase string, maxWorkFactor int) ([]byte, error) {
	if passphrase == "" {
		return nil, ErrNoPassphrase
	}
	if maxWorkFactor <= 0 || maxWorkFactor > MaxWorkFactor {
		maxWorkFactor = MaxWorkFactor
	}
	if err := checkIntro(data); err != nil {
		return nil, err
	}
	if asksMoreThan(data, maxWorkFactor) {
		return nil, ErrTooCostly
	}
	id, err := age.NewScryptIdentity(passphrase)
	if err != nil {
		return nil, fmt.Errorf("open: %w", err)
	}
	id.SetMaxWorkFactor(maxWorkFactor)
	return open(data, id, ErrWrongPassphrase)
}

// Seal seals data for one recipient.
func Seal(data []byte, to Recipient) ([]byte, error) {
	if to.key == nil {
		return nil, errors.New("seal: no recipient")
	}
	return seal(data, to.key)
}

// Open returns what Seal sealed for the identity, whole or not at all.
func Open(data []byte, id *Identity) ([]byte, error) {
	if err := checkIntro(data); err != nil {
		return nil, err
	}
	return open(data, id.key, ErrWrongIdentity)
}

func seal(data []byte, to age.Recipient) ([]byte, error) {
	var out bytes.Buffer
	w, err := age.Encrypt(&out, to)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	if _, err := w.Write(data); err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	return out.Bytes(), nil
}

// open reads to the end before it returns a byte: age streams, and a caller
// must never see the first chunks of a file whose last one is missing.
func open(data []byte, id age.Identity, noMatch error) ([]byte, error) {
	r, err := age.Decrypt(bytes.NewReader(data), id)
	var mismatch *age.NoIdentityMatchError
	switch {
	case errors.As(err, &mismatch):
		return nil, noMatch
	case err != nil:
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	plain, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return plain, nil
}

// checkIntro tells a file that was never sealed from one that was cut.
func checkIntro(data []byte) error {
	switch {
	case bytes.HasPrefix(data, []byte(intro)):
		return nil
	case len(data) > 0 && bytes.HasPrefix([]byte(intro), data):
		return ErrDamaged
	default:
		return ErrNotSealed
	}
}

// AsksMoreThan tells whether a sealed file asks for a higher work factor than
// limit, as OpenPassphrase does before any work is done.
func AsksMoreThan(data []byte, limit int) bool {
	return checkIntro(data) == nil && asksMoreThan(data, limit)
}

// asksMoreThan reads the work factor out of a first line "-> scrypt SALT N".
// What it cannot read is left for age to refuse.
func asksMoreThan(data []byte, limit int) bool {
	line, _, _ := bytes.Cut(data[len(intro):], []byte("\n"))
	fields := bytes.Split(line, []byte(" "))
	if len(fields) != 4 || string(fields[1]) != "scrypt" {
		return false
	}
	n, err := strconv.Atoi(string(fields[3]))
	return errors.Is(err, strconv.ErrRange) || err == nil && n > limit
}
