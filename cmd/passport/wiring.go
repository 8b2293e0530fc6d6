package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"time"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/internal/keyring"
	"github.com/employment-passport/passport/internal/sealed"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/boltstore"
)

// keysDir is the folder of sealed keys in a home.
const keysDir = "keys"

// openIssuer opens the home with its store and keyring and finishes what an
// interrupted command left pending. needKeys opens the keyring at once, so that
// a wrong passphrase is told before anything is written; without it nobody is
// asked. The caller calls close, whose error matters after writing.
func (a *app) openIssuer(ctx context.Context, needKeys bool) (i *issuer.Issuer, close func() error, err error) {
	if needKeys {
		if err := a.unlockFirst(ctx); err != nil {
			return nil, nil, err
		}
	}
	store, err := a.openStore(ctx)
	if err != nil {
		return nil, nil, err
	}
	i, err = a.issuerOver(ctx, store, needKeys)
	if err != nil {
		return nil, nil, errors.Join(err, store.Close())
	}
	return i, store.Close, nil
}

// unlockFirst opens the keys before the store: while the passphrase is worked
// out, others may write. What is wrong with the store is for openStore to say.
func (a *app) unlockFirst(ctx context.Context) error {
	dir, err := a.homeDir()
	if err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(dir, boltstore.FileName)); err != nil {
		return nil //nolint:nilerr // openStore tells it
	}
	return keyFailure(a.keyring(dir).Unlock(ctx))
}

// keyring is the one of a home, which asks for the passphrase once.
func (a *app) keyring(home string) *keyring.Folder {
	if a.keys == nil || a.keysOf != home {
		a.keys, a.keysOf = keyring.Open(filepath.Join(home, keysDir), a.passphrase), home
	}
	return a.keys
}

func (a *app) issuerOver(ctx context.Context, store issuer.Store, needKeys bool) (*issuer.Issuer, error) {
	dir, err := a.homeDir()
	if err != nil {
		return nil, err
	}
	keys := a.keyring(dir)
	c, err := a.loadConfig()
	if err != nil {
		return nil, err
	}
	var signers issuer.Keyring = translatedKeys{keys}
	if _, given, err := a.givenPassphrase(); !needKeys && (!given || err != nil) {
		signers = nil // a passport that falls with what is revoked asks nobody for a passphrase
	}
	i, err := issuer.New(issuer.Config{
		Store: store, Keys: signers, Now: a.now, AcceptClock: time.Time(c.AcceptClock), MethodType: c.MethodType, Erasers: erasers(dir),
		Notice: func(code string, args map[string]string) { a.say("warning", oneLine(i18n.T(a.lang, code, args))) },
	})
	if err != nil {
		return nil, err
	}
	if !needKeys {
		return i, nil
	}
	if err := keys.Unlock(ctx); err != nil {
		return nil, keyFailure(err)
	}
	if isLent(store) {
		return i, nil // what is pending there may be under way
	}
	return i, a.finishPending(ctx, i)
}

// finishPending finishes what an interrupted command left. What has to wait for
// its key is told, and stops nobody.
func (a *app) finishPending(ctx context.Context, i *issuer.Issuer) error {
	err := i.Resume(ctx)
	var waiting *issuer.PendingError
	if errors.As(err, &waiting) {
		a.warn("issue.pending_left", "count", strconv.Itoa(len(waiting.IDs)), "id", waiting.IDs[0])
		return nil
	}
	if err != nil {
		return fmt.Errorf("finish pending credentials: %w", err)
	}
	return nil
}

// actor is who the audit log says that a command was run by.
func (a *app) actor() issuer.Actor {
	if u, err := user.Current(); err == nil && u.Username != "" {
		return issuer.Actor("cli:" + u.Username)
	}
	return "cli"
}

// storeFailure gives a refusal of the store its words.
func storeFailure(err error) error {
	var e *boltstore.Error
	if !errors.As(err, &e) {
		return lentFailure(err)
	}
	exit := exitUsage
	switch e.Code {
	case boltstore.RolledBack:
		exit = exitInvalid
	case boltstore.Full, boltstore.Stopped:
		exit = exitInternal
	}
	return fail(exit, "store_"+string(e.Code), "path", e.Path, "pid", e.PID).wrap(err)
}

// keyFailure gives a refusal of the keyring its words. The cause stays out of
// the sentence, whatever it says.
func keyFailure(err error) error {
	for _, known := range []struct {
		err  error
		code string
	}{
		{sealed.ErrWrongPassphrase, "passphrase_wrong"},
		{sealed.ErrNoPassphrase, "passphrase_missing"},
		{sealed.ErrTooCostly, "keys_costly"},
		{sealed.ErrWrongIdentity, "keys_damaged"},
		{sealed.ErrDamaged, "keys_damaged"},
		{sealed.ErrNotSealed, "keys_damaged"},
		{sealed.ErrSymlink, "keys_damaged"},
		{keyring.ErrNoIdentity, "keys_missing"},
		{keyring.ErrUnknownKey, "keys_missing"},
		{keyring.ErrExists, "store_exists"},
		{os.ErrPermission, "keys_unreadable"},
	} {
		if errors.Is(err, known.err) {
			return fail(exitUsage, known.code).wrap(err)
		}
	}
	return err
}
