package engine

import (
	"context"
	"errors"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/internal/oid4vci"
	"github.com/employment-passport/passport/internal/qr"
	"github.com/employment-passport/passport/internal/sealed"
	"github.com/employment-passport/passport/schema"
	"github.com/employment-passport/passport/verifier/intake"
	"github.com/employment-passport/passport/wallet"
)

// with adds what a page may want to know beside the words.
func (r *Refusal) with(name string, value any) *Refusal {
	if r.More == nil {
		r.More = map[string]any{}
	}
	r.More[name] = value
	return r
}

// walletRefusals gives each refusal of the packages below its words.
var walletRefusals = []struct {
	err  error
	code string
}{
	{errNoWallet, "wb_none"},
	{wallet.ErrKeyOutside, "wb_key_lost"},
	{wallet.ErrKey, "wb_key_lost"},
	{wallet.ErrEmpty, "wb_state"},
	{wallet.ErrNewer, "wb_newer"},
	{wallet.ErrNotWallet, "wb_not_backup"},
	{wallet.ErrNotSheet, "wb_not_backup"},
	{wallet.ErrFull, "wb_full"},
	{wallet.ErrSameID, "wb_same_id"},
	{wallet.ErrNotFound, "wb_unknown"},
	{wallet.ErrAmbiguous, "wb_unknown"},
	{wallet.ErrNothingToShow, "wb_nothing"},
	{wallet.ErrTooManyShown, "wb_many"},
	{wallet.ErrNeedsAudience, "wb_audience"},
	{wallet.ErrLifetime, "wb_lifetime"},
	{wallet.ErrNeedsCode, "wb_offer_code"},
	{wallet.ErrNotOffer, "wb_not_offer"},
	{wallet.ErrOfferAddress, "wb_offer_address"},
	{wallet.ErrOtherHost, "wb_offer_host"},
	{wallet.ErrNotCredential, "wb_not_credential"},
	{sealed.ErrWrongPassphrase, "wb_words_wrong"},
	{sealed.ErrNoPassphrase, "wb_words_wrong"},
	{sealed.ErrDamaged, "wb_damaged"},
	{sealed.ErrNotSealed, "wb_not_backup"},
	{sealed.ErrTooCostly, "wb_damaged"},
	{qr.ErrBase, "wb_request"},
	{qr.ErrTooLarge, "wb_code_large"},
	{qr.ErrUpdate, "wb_newer"},
	{qr.ErrNotPassport, "wb_not_backup"},
	{qr.ErrMalformed, "wb_damaged"},
	{context.Canceled, "wb_stopped"},
	{context.DeadlineExceeded, "wb_unreachable"},
	{errGone, "wb_unreachable"},
}

// errNoWallet: nothing is open.
var errNoWallet = errors.New("no wallet is open")

// walletRefusal finds the words for an error. What has none stays an internal one.
func walletRefusal(err error) error {
	var told *Refusal
	var issuer *wallet.IssuerError
	var forged *wallet.RefusedError
	var token *jose.Error
	var lost *qr.MissingError
	var unread *intake.Problem
	switch {
	case err == nil:
		return nil
	case errors.As(err, &told):
		return told
	case errors.As(err, &unread): // has words of its own: what it is around may be that of a backup
		return unread
	case errors.Is(err, wallet.ErrOfferPlace) && errors.Is(err, errGone):
		return refuse("wb_offer_gone").because(err)
	case errors.As(err, &issuer) && issuer.Step == "token" && issuer.Code == oid4vci.CodeInvalidGrant:
		return refuse("wb_offer_spent").because(err)
	case errors.As(err, &issuer):
		return refuse("wb_offer_refused", "detail", first(issuer.Code, issuer.Step)).because(err)
	case errors.As(err, &forged):
		return refuse("wb_forged").because(err).with("checks", forged.Codes())
	case errors.As(err, &lost):
		return refuse("wb_parts").because(err).with("missing", lost.Missing).with("of", lost.Total)
	}
	for _, known := range walletRefusals {
		if errors.Is(err, known.err) {
			return refuse(known.code).because(err)
		}
	}
	if errors.As(err, &token) || schema.FaultsOf(err) != nil {
		return refuse("wb_not_credential").because(err)
	}
	return err
}

// first is the first of the values that is not empty.
func first(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}
