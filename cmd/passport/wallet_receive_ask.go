package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/employment-passport/passport/internal/fetch"
	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/internal/oid4vci"
	"github.com/employment-passport/passport/wallet"
)

// confirm asks a person at a terminal; anybody else must have said --yes.
func (r receiving) confirm(question, host string) error {
	if r.o.yes {
		return nil
	}
	a := r.app
	if !a.canAsk() {
		return fail(exitUsage, "offer_confirm", "host", host)
	}
	fmt.Fprintf(a.err, "%s [%s] ", oneLine(i18n.T(a.lang, question, map[string]string{"host": host})), a.word("prompt.yes_no"))
	line, err := bufio.NewReader(a.in).ReadString('\n')
	if err != nil || !slices.Contains(strings.Fields(a.word("prompt.yes")), strings.ToLower(strings.TrimSpace(line))) {
		return fail(exitInvalid, "offer_declined")
	}
	return nil
}

// txCode is the code that came beside the offer, when that asks for one.
func (r receiving) txCode(ctx context.Context, i *wallet.Invitation) (string, error) {
	switch {
	case !i.NeedsCode:
		return "", nil
	case r.o.txCodeFile != "":
		data, err := r.app.readUpTo(r.o.txCodeFile, oid4vci.MaxText)
		if code := strings.TrimSpace(string(data)); err != nil || code != "" {
			return code, err
		}
	case r.app.canAsk():
		return r.app.ask(ctx, "prompt.tx_code")
	}
	return "", fail(exitUsage, "offer_code")
}

// receiveFailure gives a failure on the way to an issuer its words.
func receiveFailure(offer, host string, err error) error {
	var told *failure
	var refused *wallet.IssuerError
	var door *fetch.Error
	switch {
	case err == nil, errors.As(err, &told), errors.Is(err, context.Canceled):
		return err
	case errors.Is(err, wallet.ErrNotOffer):
		return fail(exitUsage, "offer_link", "offer", offer).wrap(err)
	case errors.Is(err, wallet.ErrOfferAddress):
		return fail(exitUsage, "offer_address").wrap(err)
	case errors.Is(err, wallet.ErrOtherHost):
		return fail(exitInvalid, "offer_host", "host", host, "detail", strings.TrimPrefix(err.Error(), wallet.ErrOtherHost.Error()+": ")).wrap(err)
	case errors.As(err, &refused) && refused.Step == "token" && refused.Code == oid4vci.CodeInvalidGrant:
		return fail(exitInvalid, "offer_spent", "host", host).wrap(err)
	case errors.As(err, &refused):
		return fail(exitInvalid, "offer_refused", "host", host, "detail", firstOf(refused.Code, refused.Step)).wrap(err)
	case errors.As(err, &door) && (door.Code == fetch.CodeURL || door.Code == fetch.CodeAddress || door.Code == fetch.CodeRedirect):
		return fail(exitUsage, "offer_address").wrap(err)
	case errors.As(err, &door):
		return fail(exitUnknown, "offer_unreachable", "host", host, "detail", door.Code).wrap(err)
	}
	return err
}

// collect asks for everything that the wallet waits for.
func (r receiving) collect(ctx context.Context) error {
	setup, err := r.app.walletSetup(ctx, r.o.trust)
	if err != nil {
		return err
	}
	file, passphrase, err := r.app.walletAndPassphrase(ctx)
	if err != nil {
		return err
	}
	w, err := file.Open(passphrase)
	if err != nil {
		return walletFailure(file.Path, err)
	}
	waiting := w.Awaited()
	if len(waiting) == 0 {
		r.app.tell("receive.nothing")
	}
	var all error
	for _, l := range waiting {
		k := keeping{receiving: r, file: file, passphrase: passphrase, setup: setup, host: l.Host}
		all = errors.Join(all, k.collectOne(ctx, w, l))
	}
	return all
}

// keeping is what came from one host on its way into the wallet.
type keeping struct {
	receiving
	file       wallet.File
	passphrase string
	setup      *verifySetup
	host       string
}

// collectOne asks for one credential. What will never come is forgotten.
func (k keeping) collectOne(ctx context.Context, w *wallet.Wallet, l wallet.Later) error {
	handed, err := l.Collect(ctx, w, k.at, k.app.now())
	var refused *wallet.IssuerError
	switch {
	case errors.Is(err, wallet.ErrNotYet):
		k.app.warn("receive.later", "host", l.Host, "title", oneLine(l.Title))
		return verdict(exitUnknown)
	case errors.As(err, &refused) && refused.Final():
		k.app.warn("receive.never", "host", l.Host, "title", oneLine(l.Title))
		return errors.Join(receiveFailure("", l.Host, err), k.forget(ctx, l))
	case err != nil:
		return receiveFailure("", l.Host, err)
	}
	return k.keep(ctx, handed, nil, []wallet.Later{l})
}

func (k keeping) forget(ctx context.Context, gone wallet.Later) error {
	return walletFailure(k.file.Path, k.file.Update(ctx, k.passphrase, func(w *wallet.Wallet) error {
		w.Collected(gone)
		return nil
	}))
}

// keep judges what was handed over, each for itself, and keeps what is good, with
// what is to come and without what has come, in one writing of the wallet; then
// it tells the issuer. Nothing that is bad, or finds no room, costs the others.
func (k keeping) keep(ctx context.Context, handed *wallet.Handed, later, come []wallet.Later) error {
	if len(handed.Tokens)+len(later)+len(come) == 0 {
		return nil
	}
	ctx = context.WithoutCancel(ctx) // the offer is spent: what came must be kept
	inputs := make([]walletInput, len(handed.Tokens))
	for n, token := range handed.Tokens {
		inputs[n].name = k.host
		inputs[n].parcel, inputs[n].err = wallet.Receive(ctx, []string{token}, k.setup.v, k.app.now())
	}
	var w *wallet.Wallet
	var full error
	err := k.file.Update(ctx, k.passphrase, func(open *wallet.Wallet) error {
		w = open
		w.Collected(come...)
		_ = keepAll(w, inputs) // each input says what became of it
		full = w.Await(later...)
		return nil
	})
	if err != nil {
		return walletFailure(k.file.Path, err)
	}
	full = walletFailure(k.file.Path, full)
	for _, l := range later {
		k.app.warn("receive.later", "host", l.Host, "title", oneLine(l.Title))
	}
	if len(inputs) == 0 {
		return full
	}
	bad := slices.ContainsFunc(inputs, func(in walletInput) bool { return in.err != nil })
	if handed.Tell(ctx, k.at, !bad) != nil {
		k.app.warn("receive.untold", "host", k.host) // nothing depends on it
	}
	return errors.Join(full, k.app.printImported(w, inputs))
}
