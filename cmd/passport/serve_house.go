package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/boltstore"
)

// house is the opened home of a service: its store, which this process alone
// holds, its unlocked keys and the issuer over both.
type house struct {
	app    *app
	dir    string
	bolt   *boltstore.Store
	store  *meteredStore
	issuer *issuer.Issuer
	meters *meters
	log    *slog.Logger
}

// serveWait is how long a server waits for another program to leave the home:
// a short command, not another server.
const serveWait = time.Second

// openHouse opens the home for a service and finishes what an earlier one left
// pending. Two servers on one home: the second is told of the first.
func (a *app) openHouse(ctx context.Context, c config) (*house, error) {
	dir, err := a.homeDir()
	if err != nil {
		return nil, err
	}
	a.talk("serve.opening") // a key takes a second, a large store some more
	a.warnOpenPassphrase()
	if err := a.unlockFirst(ctx); err != nil {
		return nil, err
	}
	bolt, err := boltstore.OpenWith(dir, boltstore.Options{Wait: serveWait})
	if err != nil {
		return nil, storeFailure(err)
	}
	h := &house{app: a, dir: dir, bolt: bolt, meters: newMeters(), log: newLog(a.err, c)}
	h.store = &meteredStore{Store: bolt, meters: h.meters, now: a.now}
	if h.issuer, err = a.issuerOver(ctx, h.store, true); err != nil {
		return nil, errors.Join(err, bolt.Close())
	}
	return h, nil
}

// warnOpenPassphrase tells of a passphrase file that everybody on the machine
// reads. It is no refusal: containers give files such modes.
func (a *app) warnOpenPassphrase() {
	file := firstOf(a.passphraseFile, os.Getenv("PASSPORT_PASSPHRASE_FILE"))
	if info, err := os.Stat(file); err == nil && info.Mode().IsRegular() && info.Mode().Perm()&0o004 != 0 { //nolint:gosec // G703: the operator names the file
		a.warn("serve.passphrase_open", "path", file)
	}
}

// path is that of a file in the home.
func (h *house) path(name string) string { return filepath.Join(h.dir, name) }

// close closes the store after the rest has ended with err.
func (h *house) close(err error) error { return errors.Join(err, h.bolt.Close()) }
