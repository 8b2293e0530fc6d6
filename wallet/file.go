//go:build !js

package wallet

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/employment-passport/passport/internal/sealed"
	"github.com/employment-passport/passport/internal/strictjson"
)

var (
	// ErrMissing: there is no wallet file.
	ErrMissing = errors.New("no wallet here")
	// ErrExists: a file stands where a new one should be made.
	ErrExists = errors.New("a file is already there")
	// ErrOlder: an older copy than the newest that this folder has seen.
	ErrOlder = errors.New("an older copy of the wallet")
	// ErrOtherWallet: another wallet, or a file that cannot be opened, stands
	// where a backup should be restored.
	ErrOtherWallet = errors.New("another wallet is there")
	// ErrBusy: another process holds the wallet.
	ErrBusy = errors.New("another program is using the wallet")
)

// Beside the vault stand two small files that hold nothing secret and may be
// lost: the guard with the highest counter seen, and the lock.
const (
	guardSuffix    = ".guard"
	lockSuffix     = ".lock"
	replacedSuffix = ".before-restore"
)

// File is a vault on disk. Every change is one atomic, durable replacement of
// the file, and changes wait for each other across processes.
type File struct {
	Path       string
	WorkFactor int           // of scrypt; zero is the default of package sealed
	Wait       time.Duration // for another process; zero means 30 s
}

// guard remembers how new the vault was when it was last written here.
type guard struct {
	Wallet  string `json:"wallet"`
	Counter uint64 `json:"counter"`
}

// Exists returns nil when there is a file that could be a wallet.
func (f File) Exists() error {
	_, err := readVaultFile(f.Path)
	return err
}

// Create makes a new wallet, never over an existing file.
func (f File) Create(ctx context.Context, passphrase string) (*Wallet, error) {
	if err := os.MkdirAll(filepath.Dir(f.Path), 0o700); err != nil {
		return nil, fmt.Errorf("make wallet folder: %w", err)
	}
	unlock, err := f.lock(ctx)
	if err != nil {
		return nil, err
	}
	defer unlock()
	if err := mustBeFree(f.Path); err != nil {
		return nil, err
	}
	w, err := New()
	if err != nil {
		return nil, err
	}
	return w, f.write(w, passphrase)
}

// Open reads the wallet for looking at it. It takes no lock: the file is
// always a whole one. An older copy than the guard knows is refused.
func (f File) Open(passphrase string) (*Wallet, error) {
	data, err := readVaultFile(f.Path)
	if err != nil {
		return nil, err
	}
	return f.open(data, passphrase)
}

func (f File) open(data []byte, passphrase string) (*Wallet, error) {
	w, err := Unseal(data, passphrase)
	if err != nil {
		return nil, err
	}
	if g := f.guard(); g.Wallet == w.id && g.Counter > w.counter {
		return nil, fmt.Errorf("%w: change %d, the newest seen here was %d", ErrOlder, w.counter, g.Counter)
	}
	return w, nil
}

// Update opens the wallet, lets change work on it and writes it back. When it
// returns nil the change is on disk; on any error the file is as it was.
func (f File) Update(ctx context.Context, passphrase string, change func(*Wallet) error) error {
	if err := f.Exists(); err != nil {
		return err // before a lock file is made beside nothing
	}
	unlock, err := f.lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	w, err := f.Open(passphrase)
	if err != nil {
		return err
	}
	if err := change(w); err != nil {
		return err
	}
	return f.write(w, passphrase)
}

func (f File) write(w *Wallet, passphrase string) error {
	data, err := w.Seal(passphrase, f.WorkFactor)
	if err != nil {
		return err
	}
	return f.put(w, data)
}

// put replaces the vault, then raises the guard. A guard that could not be
// written is lower than the vault, which harms nothing: the change is kept,
// and an older copy may go unnoticed until the next one.
func (f File) put(w *Wallet, data []byte) error {
	if err := sealed.WriteFileAtomic(f.Path, data, 0o600); err != nil {
		return fmt.Errorf("write wallet: %w", err)
	}
	if g, err := json.Marshal(guard{Wallet: w.id, Counter: w.counter}); err == nil {
		_ = sealed.WriteFileAtomic(f.Path+guardSuffix, g, 0o600)
	}
	return nil
}

// guard reads the guard; a missing or unreadable one knows nothing.
func (f File) guard() guard {
	var g guard
	data, err := sealed.ReadFile(f.Path+guardSuffix, 4<<10)
	if err != nil || strictjson.UnmarshalKnown(data, &g) != nil {
		return guard{}
	}
	return g
}

func mustBeFree(path string) error {
	switch _, err := os.Lstat(path); {
	case err == nil:
		return fmt.Errorf("%s: %w", path, ErrExists)
	case errors.Is(err, fs.ErrNotExist):
		return nil
	default:
		return err
	}
}

// lock makes changes wait for each other. The lock file stays: removing it
// would let two processes lock two files of one name.
func (f File) lock(ctx context.Context) (unlock func(), err error) {
	wait := f.Wait
	if wait == 0 {
		wait = 30 * time.Second
	}
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	file, err := os.OpenFile(f.Path+lockSuffix, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock wallet: %w", err)
	}
	for {
		got, err := sealed.TryLock(file)
		if got {
			return func() { _ = file.Close() }, nil // closing releases the lock
		}
		if err != nil {
			_ = file.Close()
			return nil, fmt.Errorf("lock wallet: %w", err)
		}
		select {
		case <-ctx.Done():
			_ = file.Close()
			if errors.Is(ctx.Err(), context.Canceled) {
				return nil, ctx.Err()
			}
			return nil, ErrBusy
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func readVaultFile(path string) ([]byte, error) {
	data, err := sealed.ReadFile(path, MaxVault)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%s: %w", path, ErrMissing)
	case err != nil:
		return nil, fmt.Errorf("read wallet: %w", err)
	case len(data) == 0:
		return nil, ErrEmpty
	}
	return data, nil
}
