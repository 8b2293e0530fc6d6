package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/employment-passport/passport/internal/keyring"
	"github.com/employment-passport/passport/internal/sealed"
	"github.com/employment-passport/passport/issuer/boltstore"
	"github.com/spf13/cobra"
)

func newInitCommand(a *app) *cobra.Command {
	var workFactor int
	c := &cobra.Command{
		Use:   "init",
		Short: "Make the home: store, guard, sealed keys, first configuration",
		Long: `Makes the home folder with an empty store and its guard, a folder of keys sealed
with a passphrase, and a configuration with every field explained. An existing
home is refused and left as it is.`,
		Example: `  passport init
  passport init --home /srv/passport --passphrase-file /run/credentials/passphrase`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			dir, err := a.initHome(c.Context(), workFactor)
			if err != nil {
				return err
			}
			if a.json {
				return a.printJSON(map[string]string{"home": dir})
			}
			_, err = fmt.Fprintln(a.out, dir)
			a.talk("init.done", "home", dir)
			return err
		},
	}
	c.Flags().IntVar(&workFactor, "work-factor", sealed.DefaultWorkFactor, "cost of the passphrase as a power of two, 1 to 20; lower it for tests only")
	return c
}

// initHome makes everything or says what stands in the way. The store comes
// last: until it is there no command takes the folder for a home.
func (a *app) initHome(ctx context.Context, workFactor int) (dir string, err error) {
	if dir, err = a.homeDir(); err != nil {
		return "", err
	}
	if workFactor < 1 || workFactor > sealed.MaxWorkFactor {
		return "", usage(fmt.Errorf("--work-factor is between 1 and %d", sealed.MaxWorkFactor))
	}
	if _, err := leftover(dir); err != nil {
		return "", err
	}
	passphrase, err := a.newPassphrase(ctx)
	if err != nil {
		return "", err
	}
	if workFactor < sealed.DefaultWorkFactor {
		a.talk("init.weak")
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fail(exitUsage, "store_readonly", "path", dir).wrap(err)
	}
	done, err := lockInit(dir)
	if err != nil {
		return "", err
	}
	defer done()
	return dir, a.fillHome(dir, passphrase, workFactor)
}

// fillHome makes what a home holds, the store last. An init that was killed
// before that has left keys that nothing was ever sealed to: they go.
func (a *app) fillHome(dir, passphrase string, workFactor int) error {
	left, err := leftover(dir)
	if err != nil {
		return err
	}
	if left != "" {
		a.talk("init.finished", "path", left)
		if err := os.RemoveAll(left); err != nil {
			return fail(exitUsage, "store_readonly", "path", left).wrap(err)
		}
	}
	if err := keyring.Create(filepath.Join(dir, keysDir), passphrase, workFactor); err != nil {
		return keyFailure(err)
	}
	if err := sealed.WriteFileAtomic(filepath.Join(dir, configName), configText(workFactor), 0o600); err != nil {
		return fail(exitUsage, "store_readonly", "path", dir).wrap(err)
	}
	return storeFailure(boltstore.Create(dir))
}

// leftover finds the folder of keys that an interrupted init has left, "" when
// there is none, and refuses whatever else is there: a store, its guard, a
// configuration that somebody wrote, a key of an issuer.
func leftover(dir string) (string, error) {
	there := func(name string) bool {
		_, err := os.Lstat(filepath.Join(dir, name))
		return !errors.Is(err, fs.ErrNotExist)
	}
	for _, name := range []string{boltstore.FileName, boltstore.GuardName} {
		if there(name) {
			return "", fail(exitUsage, "store_exists", "path", filepath.Join(dir, name))
		}
	}
	keys := filepath.Join(dir, keysDir)
	if !there(keysDir) {
		if there(configName) {
			return "", fail(exitUsage, "store_exists", "path", filepath.Join(dir, configName))
		}
		return "", nil
	}
	if !keyring.Unused(keys) {
		return "", fail(exitUsage, "store_exists", "path", keys)
	}
	return keys, nil
}

// initLock is the file that keeps two inits of one home apart.
const initLock = "passport.init"

// lockInit refuses while another init is at work. done takes the lock away.
func lockInit(dir string) (done func(), err error) {
	path := filepath.Join(dir, initLock)
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fail(exitUsage, "store_readonly", "path", dir).wrap(err)
	}
	if got, err := sealed.TryLock(f); !got {
		_ = f.Close()
		return nil, fail(exitUsage, "store_exists", "path", path).wrap(err)
	}
	return func() {
		_ = os.Remove(path)
		_ = f.Close()
	}, nil
}
