package main

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/employment-passport/passport/wallet"
	"github.com/spf13/cobra"
)

func newWalletBackupCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "backup FILE",
		Short: "Copy the sealed wallet to a new file",
		Long: `Opens the wallet to see that it is whole, then copies it, sealed as it is, to a new
file. The copy opens with the same passphrase. An existing file is never replaced.`,
		Example: "  passport wallet backup /media/stick/wallet-2026-11-22.age",
		Args:    cobra.ExactArgs(1),
		RunE:    func(cmd *cobra.Command, args []string) error { return runWalletBackup(cmd.Context(), a, args[0]) },
	}
}

func runWalletBackup(ctx context.Context, a *app, to string) error {
	file, passphrase, err := a.walletAndPassphrase(ctx)
	if err != nil {
		return err
	}
	w, err := file.Backup(passphrase, to)
	if err != nil {
		return walletFailure(to, err)
	}
	return a.printCopied("wallet.backed_up", to, w)
}

func newWalletRestoreCommand(a *app) *cobra.Command {
	var older bool
	cmd := &cobra.Command{
		Use:   "restore FILE",
		Short: "Put a backup in the wallet's place",
		Long: `Puts a backup in the wallet's place, whole or not at all. A backup that is older
than the wallet is refused: what was imported since would be missing. What stood
in its place is kept beside it as FILE.before-restore, with a number behind it from
the second time on.`,
		Example: "  passport wallet restore /media/stick/wallet-2026-11-22.age",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runWalletRestore(cmd.Context(), a, args[0], older)
		},
	}
	cmd.Flags().BoolVar(&older, "accept-older", false, "restore a copy that is older than the newest known here")
	return cmd
}

func runWalletRestore(ctx context.Context, a *app, from string, older bool) error {
	file, err := a.walletFileAt()
	if err != nil {
		return err
	}
	if err := (wallet.File{Path: from}).Exists(); err != nil {
		return walletFailure(from, err)
	}
	passphrase, err := a.passphrase(ctx)
	if err != nil {
		return err
	}
	w, err := file.Restore(ctx, passphrase, from, older)
	if err != nil {
		return walletFailure(from, err)
	}
	return a.printCopied("wallet.restored", file.Path, w)
}

func (a *app) printCopied(key, file string, w *wallet.Wallet) error {
	n := len(w.Held())
	if a.json {
		return json.NewEncoder(a.out).Encode(struct {
			File        string `json:"file"`
			DID         string `json:"did"`
			Credentials int    `json:"credentials"`
		}{file, w.DID(), n})
	}
	fmt.Fprintln(a.out, file)
	a.tell(key, "count", fmt.Sprint(n))
	return nil
}
