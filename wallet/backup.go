//go:build !js

package wallet

import (
	"context"
	"errors"
	"fmt"

	"github.com/employment-passport/passport/internal/sealed"
)

// Backup copies the sealed vault to a new file, after having opened it: a
// backup that does not open is found today, not on the day it is needed. The
// copy opens with the same passphrase. An existing file is never overwritten.
func (f File) Backup(passphrase, to string) (*Wallet, error) {
	if err := mustBeFree(to); err != nil {
		return nil, err
	}
	data, err := readVaultFile(f.Path)
	if err != nil {
		return nil, err
	}
	w, err := f.open(data, passphrase)
	if err != nil {
		return nil, err
	}
	if err := sealed.WriteFileAtomic(to, data, 0o600); err != nil {
		return nil, fmt.Errorf("write backup: %w", err)
	}
	return w, nil
}

// Restore puts a backup in the wallet's place. It refuses an older copy than
// the wallet, or than the guard remembers, unless acceptOlder: what was
// imported since would be missing. It refuses to replace another wallet. The
// file that it replaces is kept beside it as "….before-restore", or with a number
// behind that where an earlier one stands.
func (f File) Restore(ctx context.Context, passphrase, from string, acceptOlder bool) (*Wallet, error) {
	data, err := readVaultFile(from)
	if err != nil {
		return nil, err
	}
	w, err := Unseal(data, passphrase)
	if err != nil {
		return nil, err
	}
	unlock, err := f.lock(ctx)
	if err != nil {
		return nil, err
	}
	defer unlock()

	newest, err := f.newestKnown(w, passphrase)
	if err != nil {
		return nil, err
	}
	if newest > w.counter {
		if !acceptOlder {
			return nil, fmt.Errorf("%w: change %d, the newest known is %d", ErrOlder, w.counter, newest)
		}
		// Numbered past everything known, so that it is the newest from now on.
		w.NumberAfter(newest)
		if data, err = w.Seal(passphrase, f.WorkFactor); err != nil {
			return nil, err
		}
	}
	if err := f.setAside(); err != nil {
		return nil, err
	}
	return w, f.put(w, data)
}

// newestKnown is the highest counter that the guard or the vault in place has
// for the wallet w; an error when the vault in place is not this wallet.
func (f File) newestKnown(w *Wallet, passphrase string) (uint64, error) {
	g := f.guard()
	ours := g.Wallet == w.id
	current, err := readVaultFile(f.Path)
	switch {
	case errors.Is(err, ErrMissing) && ours:
		return g.Counter, nil
	case errors.Is(err, ErrMissing):
		return 0, nil
	case err != nil && !errors.Is(err, ErrEmpty):
		return 0, err
	}
	there, err := Unseal(current, passphrase)
	switch {
	case err == nil && there.id == w.id && ours:
		return max(there.counter, g.Counter), nil
	case err == nil && there.id == w.id:
		return there.counter, nil
	case err != nil && ours:
		return g.Counter, nil // the damaged file that the backup is to mend
	default:
		return 0, fmt.Errorf("%s: %w", f.Path, ErrOtherWallet)
	}
}

// setAside keeps a copy of what Restore replaces.
func (f File) setAside() error {
	current, err := readVaultFile(f.Path)
	switch {
	case errors.Is(err, ErrMissing), errors.Is(err, ErrEmpty):
		return nil
	case err != nil:
		return err
	}
	if err := sealed.WriteFileAtomic(sealed.FreeName(f.Path+replacedSuffix), current, 0o600); err != nil {
		return fmt.Errorf("keep the replaced wallet: %w", err)
	}
	return nil
}
