package main

import (
	"errors"
	"io/fs"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/internal/sealed"
	"github.com/employment-passport/passport/schema"
	"github.com/employment-passport/passport/wallet"
)

// walletFailures gives each refusal its sentence: refused after judging is 1,
// bad input and a wallet that cannot be read are 64.
var walletFailures = []struct {
	err  error
	exit int
	code string
}{
	{wallet.ErrMissing, exitUsage, "wallet_missing"},
	{wallet.ErrExists, exitUsage, "wallet_exists"},
	{wallet.ErrEmpty, exitUsage, "wallet_empty"},
	{wallet.ErrNewer, exitUsage, "wallet_newer"},
	{wallet.ErrNotWallet, exitUsage, "wallet_foreign"},
	{wallet.ErrOlder, exitInvalid, "wallet_older"},
	{wallet.ErrOtherWallet, exitInvalid, "wallet_other"},
	{wallet.ErrBusy, exitUsage, "wallet_busy"},
	{wallet.ErrFull, exitInvalid, "wallet_full"},
	{wallet.ErrSameID, exitInvalid, "wallet_same_id"},
	{wallet.ErrNotFound, exitUsage, "wallet_unknown"},
	{wallet.ErrAmbiguous, exitUsage, "wallet_ambiguous"},
	{wallet.ErrNothingToShow, exitUsage, "wallet_nothing"},
	{wallet.ErrTooManyShown, exitUsage, "wallet_many"},
	{wallet.ErrNeedsAudience, exitUsage, "wallet_audience"},
	{wallet.ErrLifetime, exitUsage, "wallet_lifetime"},
	{wallet.ErrNotCredential, exitUsage, "wallet_no_credential"},
	{sealed.ErrWrongPassphrase, exitUsage, "wallet_passphrase"},
	{sealed.ErrNoPassphrase, exitUsage, "passphrase_missing"},
	{sealed.ErrDamaged, exitUsage, "wallet_damaged"},
	{sealed.ErrNotSealed, exitUsage, "wallet_foreign"},
	{sealed.ErrTooCostly, exitUsage, "wallet_costly"},
	{sealed.ErrSymlink, exitUsage, "wallet_symlink"},
	{sealed.ErrTooLarge, exitUsage, "wallet_foreign"},
	{fs.ErrPermission, exitUsage, "wallet_permission"},
}

// walletFailure finds the sentence for an error that concerns file, which may
// also be what was to be imported.
func walletFailure(file string, err error) error {
	var told *failure
	var refused *wallet.RefusedError
	var token *jose.Error
	switch {
	case err == nil || errors.As(err, &told):
		return err
	case errors.As(err, &refused):
		return fail(exitInvalid, "wallet_refused", "file", file, "id", refused.ID, "checks", refused.Codes()).wrap(err)
	}
	for _, known := range walletFailures {
		if errors.Is(err, known.err) {
			return fail(known.exit, known.code, "file", file).wrap(err)
		}
	}
	if errors.As(err, &token) || schema.FaultsOf(err) != nil {
		return fail(exitUsage, "wallet_no_credential", "file", file).wrap(err)
	}
	return err
}
