package main

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/wallet"
	"github.com/spf13/cobra"
)

func walletCommands(a *app) []*cobra.Command {
	cmd := &cobra.Command{
		Use:   "wallet",
		Short: "Keep credentials and show them",
		Long: `A wallet is one file, sealed with a passphrase. It holds a person's credentials
and the key with which the person signs what is shown. Copy it with "wallet backup".`,
		Args: cobra.NoArgs,
	}
	cmd.AddCommand(
		newWalletInitCommand(a),
		newWalletImportCommand(a),
		newWalletReceiveCommand(a),
		newWalletListCommand(a),
		newWalletProgressCommand(a),
		newWalletShowCommand(a),
		newWalletRemoveCommand(a),
		newWalletPresentCommand(a),
		newWalletCVCommand(a),
		newWalletRefreshCommand(a),
		newWalletBackupCommand(a),
		newWalletRestoreCommand(a),
	)
	return []*cobra.Command{cmd}
}

func newWalletInitCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "init",
		Short: "Make a wallet and print its holder's DID",
		Long: `Makes a wallet file, sealed with a passphrase, and in it a new holder key. Give the
printed DID to a training body: its credentials are then bound to your key.`,
		Example: "  passport wallet init\n  passport --wallet /media/stick/wallet.age wallet init",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return runWalletInit(cmd.Context(), a) },
	}
}

func runWalletInit(ctx context.Context, a *app) error {
	file, err := a.walletFileAt()
	if err != nil {
		return err
	}
	passphrase, err := a.newPassphrase(ctx)
	if err != nil {
		return err
	}
	w, err := file.Create(ctx, passphrase)
	if err != nil {
		return walletFailure(file.Path, err)
	}
	if a.json {
		return json.NewEncoder(a.out).Encode(struct {
			DID    string `json:"did"`
			Wallet string `json:"wallet"`
		}{w.DID(), file.Path})
	}
	fmt.Fprintln(a.out, w.DID())
	a.tell("wallet.made", "file", file.Path)
	return nil
}

// walletFileAt is the wallet's place with the cost of its seal.
func (a *app) walletFileAt() (wallet.File, error) {
	path, err := a.walletPath()
	if err != nil {
		return wallet.File{}, err
	}
	c, err := a.loadConfig()
	if err != nil {
		return wallet.File{}, err
	}
	return wallet.File{Path: path, WorkFactor: c.WorkFactor}, nil
}

// openWallet opens the wallet for looking at it.
func (a *app) openWallet(ctx context.Context) (*wallet.Wallet, error) {
	file, passphrase, err := a.walletAndPassphrase(ctx)
	if err != nil {
		return nil, err
	}
	w, err := file.Open(passphrase)
	if err != nil {
		return nil, walletFailure(file.Path, err)
	}
	return w, nil
}

// updateWallet opens the wallet, changes it and writes it back, or leaves it.
func (a *app) updateWallet(ctx context.Context, change func(*wallet.Wallet) error) error {
	file, passphrase, err := a.walletAndPassphrase(ctx)
	if err != nil {
		return err
	}
	return walletFailure(file.Path, file.Update(ctx, passphrase, change))
}

func (a *app) walletAndPassphrase(ctx context.Context) (wallet.File, string, error) {
	file, err := a.walletFileAt()
	if err != nil {
		return wallet.File{}, "", err
	}
	if err := file.Exists(); err != nil {
		return wallet.File{}, "", walletFailure(file.Path, err) // before anybody is asked for a passphrase
	}
	passphrase, err := a.passphrase(ctx)
	return file, passphrase, err
}

// tell is talk for people: on stderr, unless --quiet or --json.
func (a *app) tell(key string, args ...string) {
	if a.quiet || a.json {
		return
	}
	a.warn(key, args...)
}

// warn is talk that only --quiet keeps away.
func (a *app) warn(key string, args ...string) {
	if a.quiet {
		return
	}
	values := map[string]string{}
	for i := 0; i+1 < len(args); i += 2 {
		values[args[i]] = args[i+1]
	}
	fmt.Fprintln(a.err, oneLine(i18n.T(a.lang, key, values)))
}
