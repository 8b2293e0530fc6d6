package main

import (
	"context"
	"errors"
	"os"
	"strings"

	"github.com/employment-passport/passport/internal/fetch"
	"github.com/employment-passport/passport/internal/oid4vci"
	"github.com/employment-passport/passport/verifier/intake"
	"github.com/employment-passport/passport/wallet"
	"github.com/spf13/cobra"
)

type receiveOptions struct {
	trust       walletTrust
	txCodeFile  string
	yes, resume bool
}

func newWalletReceiveCommand(a *app) *cobra.Command {
	var o receiveOptions
	c := &cobra.Command{
		Use:   "receive OFFER",
		Short: "Take the credentials of an offer",
		Long: `Takes an OpenID4VCI offer: the link itself, a file with it, or a picture of its code.
It says which host the offer comes from and asks before it contacts that host, and asks
again with what the host says of itself. No other host is ever contacted, no private
address, and nothing but https.

What comes is judged like an import before it is kept. Where somebody at the issuer has
yet to approve, the wallet remembers it, and --resume collects it.`,
		Example: `  passport wallet receive 'openid-credential-offer://?credential_offer_uri=…'
  passport wallet receive offer.png --tx-code-file code.txt --yes
  passport wallet receive --resume`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if o.resume != (len(args) == 0) {
				return usage(errors.New("needs one OFFER, or --resume"))
			}
			r := receiving{app: a, o: o, at: asker{fetch.New(a.fetchConfig())}}
			if o.resume {
				return r.collect(c.Context())
			}
			return r.take(c.Context(), args[0])
		},
	}
	o.trust.flags(c)
	f := c.Flags()
	f.StringVar(&o.txCodeFile, "tx-code-file", "", "file with the code that came beside the offer, or -")
	f.BoolVar(&o.yes, "yes", false, "contact the host of the offer and accept without asking")
	f.BoolVar(&o.resume, "resume", false, "collect what issuers had yet to approve")
	return c
}

// receiving is one run of the command.
type receiving struct {
	app *app
	o   receiveOptions
	at  wallet.Asker
}

// take goes from the text of an offer to credentials in the wallet. The wallet
// is opened before the code is spent: a wrong passphrase must not cost the offer.
func (r receiving) take(ctx context.Context, arg string) error {
	text, err := r.app.offerText(ctx, arg)
	if err != nil {
		return err
	}
	link, err := wallet.ReadOffer(text)
	if err != nil {
		return receiveFailure(intake.FirstRunes(arg, 60), "", err)
	}
	r.app.tell("receive.host", "host", link.Host)
	if err := r.confirm("prompt.receive", link.Host); err != nil {
		return err
	}
	invitation, err := link.Open(ctx, r.at)
	if err != nil {
		return receiveFailure(arg, link.Host, err)
	}
	r.app.tell("receive.says", "name", oneLine(firstOf(invitation.Name, link.Host)), "titles", oneLine(strings.Join(invitation.Titles, ", ")))
	if err := r.confirm("prompt.accept", link.Host); err != nil {
		return err
	}
	code, err := r.txCode(ctx, invitation)
	if err != nil {
		return err
	}
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
	handed, err := invitation.Take(ctx, w, r.at, code, r.app.now())
	if handed == nil {
		return walletFailure(file.Path, receiveFailure(arg, link.Host, err))
	}
	k := keeping{receiving: r, file: file, passphrase: passphrase, setup: setup, host: link.Host}
	return errors.Join(k.keep(ctx, handed, handed.Later, nil), receiveFailure(arg, link.Host, err))
}

// asker reaches issuers through the one door.
type asker struct{ client *fetch.Client }

var jsonAnswer = []string{"application/json"}

func (f asker) Get(ctx context.Context, url string) ([]byte, error) {
	r, err := f.client.Get(ctx, url, fetch.Options{Accept: jsonAnswer, MaxBytes: oid4vci.MaxMessage})
	if err != nil {
		return nil, err
	}
	return r.Body, nil
}

func (f asker) Post(ctx context.Context, url, mediaType, bearer string, body []byte) (int, []byte, error) {
	r, err := f.client.Post(ctx, url, fetch.Posting{Type: mediaType, Body: body, Bearer: bearer}, fetch.Options{Accept: jsonAnswer, MaxBytes: oid4vci.MaxMessage})
	if err != nil {
		return 0, nil, err
	}
	return r.Status, r.Body, nil
}

// maxOfferFile bounds a file or a picture with an offer.
const maxOfferFile = 64 << 20

// offerText finds the offer in an argument: the text itself, or a file or
// picture that holds it and no second one.
func (a *app) offerText(ctx context.Context, arg string) (string, error) {
	if strings.HasPrefix(arg, oid4vci.Scheme+":") {
		return arg, nil
	}
	if _, err := os.Stat(arg); err != nil && arg != "-" {
		return arg, nil // no file: ReadOffer says what it is not
	}
	data, err := a.readUpTo(arg, maxOfferFile)
	if err != nil {
		return "", err
	}
	if strings.HasPrefix(strings.TrimSpace(string(data)), "{") {
		return string(data), nil
	}
	texts, err := a.qrTexts(ctx, arg, data)
	if err != nil {
		return "", qrFailure(arg, err)
	}
	found := ""
	for _, t := range texts {
		switch {
		case !strings.HasPrefix(t, oid4vci.Scheme+":"):
		case found != "":
			return "", fail(exitUsage, "offer_several", "offer", arg)
		default:
			found = t
		}
	}
	return firstOf(found, strings.Join(texts, " ")), nil
}
