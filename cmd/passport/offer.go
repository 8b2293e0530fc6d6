package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/employment-passport/passport/internal/qr"
	"github.com/employment-passport/passport/issuer/issuervci"
	"github.com/employment-passport/passport/issuer/sockstore"
	"github.com/employment-passport/passport/schema"
	"github.com/spf13/cobra"
)

// offerCommands are those by which a person's wallet gets a credential.
func offerCommands(a *app) []*cobra.Command { return []*cobra.Command{newOfferCommand(a)} }

type offerOptions struct {
	issuer, learner, life, base, qr string
	slip, holder                    string
	templates                       []string
	txCode, hold                    bool
}

func newOfferCommand(a *app) *cobra.Command {
	var o offerOptions
	c := &cobra.Command{
		Use:   "offer",
		Short: "Offer a credential to a person's wallet, by a link or a code",
		Long: `Makes an offer that a wallet on a phone takes by OpenID4VCI, and prints its link; the
last line is an https page with that link, for e-mails and messages. The running server hands the credential over; nothing is signed before that. A link works
once, for 10 minutes. With --tx-code a second code is shown, which the person must type
and which must reach them another way; such an offer may last 14 days, for paper.

People without a phone need none of this: "passport issue" and "passport print".`,
		Example: `  passport offer --issuer ferrara --template food-hygiene --learner amina.json --qr offer.png
  passport offer --issuer ferrara --template food-hygiene --learner amina.json --tx-code --for 14d --slip slip.pdf --lang-holder en`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return runOffer(c.Context(), a, o) },
	}
	f := c.Flags()
	f.StringVar(&o.issuer, "issuer", "", "short name of the issuer")
	f.StringSliceVar(&o.templates, "template", nil, "name of the template; several for several documents of one person")
	f.StringVar(&o.learner, "learner", "", "file with the learner, or -")
	f.BoolVar(&o.txCode, "tx-code", false, "ask for a second code, which is printed once")
	f.BoolVar(&o.hold, "hold", false, `hand nothing over before "passport offer approve"`)
	f.StringVar(&o.life, "for", "", "how long it may be taken (default 10m; 1h at most, with --tx-code 14d)")
	f.StringVar(&o.base, "base-url", "", "address of the server (default that of the running server, else baseURL of the configuration)")
	f.StringVar(&o.qr, "qr", "", "draw the link as a code into this PNG or SVG file")
	f.StringVar(&o.slip, "slip", "", "draw a claim slip into this PDF file, the code on a part that is cut off")
	f.StringVar(&o.holder, "lang-holder", "", "with --slip: the person's language, printed beside --lang: it, en, es, el or pl")
	c.AddCommand(newOfferListCommand(a), newOfferEndCommand(a), newOfferApproveCommand(a))
	return c
}

func runOffer(ctx context.Context, a *app, o offerOptions) error {
	if o.issuer == "" || o.learner == "" || len(o.templates) == 0 {
		return usage(errors.New("needs --issuer, --template and --learner"))
	}
	n := issuervci.NewOffer{Issuer: o.issuer, TxCode: o.txCode, Hold: o.hold}
	if o.life != "" {
		life, err := parseDuration(o.life)
		if err != nil || life <= 0 {
			return usage(fmt.Errorf("--for is a time like 10m or 14d, not %q", o.life))
		}
		n.Life = life
	}
	data, err := a.readJSON(o.learner)
	if err != nil {
		return err
	}
	learner, err := schema.ParseLearner(data)
	if err != nil {
		return a.issuerFailure(err)
	}
	for _, t := range o.templates {
		n.Items = append(n.Items, issuervci.Item{Template: t, Learner: learner})
	}
	slip, err := a.openSlip(o)
	if err != nil {
		return err
	}
	defer slip.drop()
	return a.withOffers(ctx, o.base, func(offers *issuervci.Offers, at sockstore.Base) error {
		if at.Assumed && o.slip != "" {
			return fail(exitUsage, "offer_local", "base", at.URL)
		}
		made, err := offers.Make(ctx, a.actor(), n)
		if err != nil {
			return err
		}
		if at.Assumed {
			a.talk("offer.local", "base", at.URL)
		}
		// The link first: it is shown once, whatever becomes of a file.
		return errors.Join(a.printOffer(made), drawOffer(o.qr, made.Link), a.drawSlip(slip, o, made, learner))
	})
}

// withOffers opens the home, does f, and closes it. Nothing is signed.
func (a *app) withOffers(ctx context.Context, base string, f func(*issuervci.Offers, sockstore.Base) error) error {
	at, err := a.serviceBase(ctx, base)
	if err != nil {
		return err
	}
	store, err := a.openStore(ctx)
	if err != nil {
		return err
	}
	i, err := a.issuerOver(ctx, store, false)
	if err != nil {
		return errors.Join(err, store.Close())
	}
	offers, err := issuervci.NewOffers(issuervci.Config{Issuer: i, Store: store, Base: at.URL, Now: a.now})
	if err == nil {
		err = a.issuerFailure(f(offers, at))
	}
	return errors.Join(err, store.Close())
}

// drawOffer draws a link as a code, at a size that a phone reads from paper.
func drawOffer(file, link string) error {
	if file == "" {
		return nil
	}
	return drawQRFile(file, link, qr.LevelM, moduleDots)
}

func (a *app) printOffer(made *issuervci.Made) error {
	if a.json {
		return a.printJSON(made)
	}
	fmt.Fprintln(a.out, made.Link)
	if made.TxCode != "" {
		fmt.Fprintln(a.out, made.TxCode)
		a.talk("offer.code")
	}
	fmt.Fprintln(a.out, made.Page)
	a.talk("offer.made", "id", made.ID, "until", made.Expires.Local().Format("2006-01-02 15:04"))
	if made.Held {
		a.talk("offer.held", "id", made.ID)
	}
	return nil
}

// shortTime is a moment for a table.
func shortTime(t time.Time) string { return t.UTC().Format("2006-01-02 15:04Z") }
