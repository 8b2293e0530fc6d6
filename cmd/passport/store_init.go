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
	for _, name := range []string{boltstore.FileName, boltstore.GuardName, configName, keysDir} {
		path := filepath.Join(dir, name)
		if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
			return "", fail(exitUsage, "store_exists", "path", path)
		}
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
	if err := keyring.Create(filepath.Join(dir, keysDir), passphrase, workFactor); err != nil {
		return "", keyFailure(err)
	}
	if err := sealed.WriteFileAtomic(filepath.Join(dir, configName), configText(workFactor), 0o600); err != nil {
		return "", fail(exitUsage, "store_readonly", "path", dir).wrap(err)
	}
	return dir, storeFailure(boltstore.Create(dir))
}
