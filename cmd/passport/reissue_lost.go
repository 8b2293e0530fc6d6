package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/internal/paper"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/access"
	"github.com/employment-passport/passport/issuer/issuervci"
	"github.com/employment-passport/passport/issuer/sockstore"
	"github.com/spf13/cobra"
)

// lostOptions are those of "reissue --lost".
type lostOptions struct {
	lost, offer       bool
	seen              string
	life, base, drawn string
}

func (o *lostOptions) bind(cmd *cobra.Command) {
	f := cmd.Flags()
	f.BoolVar(&o.lost, "lost", false, "everything that the person whom ID is of has lost, in one act; needs --seen-id")
	f.StringVar(&o.seen, "seen-id", "", "with --lost: the kind of identity document that you have seen: "+seenList())
	f.BoolVar(&o.offer, "offer", false, "with --lost: offer the new copies to the person's new phone")
	f.StringVar(&o.life, "for", "", "with --offer: how long it may be taken (default 1h, 14d at most)")
	f.StringVar(&o.base, "base-url", "", "with --offer: address of the server (default that of the running server, else baseURL of the configuration)")
	f.StringVar(&o.drawn, "qr", "", "with --offer: draw the link as a code into this PNG or SVG file")
	cmd.MarkFlagsMutuallyExclusive("lost", "sheet")
	cmd.MarkFlagsMutuallyExclusive("lost", "profile")
}

// check refuses flags of the drill without it: nobody is to believe that a word
// was kept which was not.
func (o lostOptions) check() error {
	switch {
	case o.lost && o.seen == "":
		return fail(exitUsage, "seen_missing", "known", seenList())
	case !o.lost && (o.seen != "" || o.offer):
		return fail(exitUsage, "lost_flag")
	case !o.offer && (o.life != "" || o.base != "" || o.drawn != ""):
		return fail(exitUsage, "lost_flag_offer")
	}
	return nil
}

func seenList() string {
	var words []string
	for _, s := range issuer.SeenIDs() {
		words = append(words, string(s))
	}
	return strings.Join(words, ", ")
}

// reissueLost makes anew what a person has lost.
func (a *app) reissueLost(ctx context.Context, o lostOptions, out string, args []string) error {
	if len(args) != 1 {
		return fail(exitUsage, "credential_missing")
	}
	l, err := a.statement(ctx, o, args[0])
	if err != nil {
		return err
	}
	if o.offer {
		return a.offerLost(ctx, o, l)
	}
	target, err := a.openTarget(out)
	if err != nil {
		return err
	}
	defer target.drop()
	var done access.Replaced
	err = a.withAccess(ctx, true, func(s *access.Service) (err error) {
		done, err = s.ReissueLost(ctx, a.local(), l)
		return err
	})
	if err != nil {
		return err
	}
	return a.handOverLost(ctx, done, target)
}

// statement names everything that the person holds and that can be made anew, and
// says what cannot.
func (a *app) statement(ctx context.Context, o lostOptions, ref string) (l issuer.Lost, err error) {
	err = a.withIssuer(ctx, false, func(i *issuer.Issuer) error {
		row, err := i.Find(ctx, ref)
		if err != nil {
			return err
		}
		all, err := i.CopiesOf(ctx, row.ID)
		if err != nil {
			return err
		}
		l = issuer.Lost{Issuer: row.Issuer, Seen: issuer.SeenID(o.seen)}
		for _, c := range all {
			if c.Why != nil {
				a.warn("lost.cli.left", "number", c.DocumentNumber, "why", i18n.T(i18n.Match(a.lang), "error."+c.Why.Code, c.Why.Args))
				continue
			}
			if c.Doubt {
				learner, err := c.Learner()
				if err != nil {
					return err
				}
				a.warn("lost.cli.left", "number", c.DocumentNumber, "why", i18n.T(i18n.Match(a.lang), "lost.doubt", map[string]string{"name": firstOf(learner.Organisation, learner.Name, strings.TrimSpace(learner.GivenName+" "+learner.FamilyName))}))
				continue
			}
			l.Credentials = append(l.Credentials, c.ID)
		}
		if len(l.Credentials) == 0 {
			return fail(exitInvalid, "lost_nothing", "ref", ref)
		}
		return nil
	})
	return l, err
}

// lostLine is what "reissue --lost --json" prints.
type lostLine struct {
	Issued    []issuedLine      `json:"issued"`
	Proposals []string          `json:"proposals"`
	Offers    []*issuervci.Made `json:"offers"`
	Again     []string          `json:"again"` // ids of composites, to be awarded or reissued later
}

func (a *app) handOverLost(ctx context.Context, done access.Replaced, out *target) error {
	line := lostLine{Issued: []issuedLine{}, Proposals: []string{}, Offers: []*issuervci.Made{}, Again: []string{}}
	var rows []issuer.Issuance
	for _, p := range done.Proposals {
		line.Proposals = append(line.Proposals, p.ID)
	}
	for _, r := range done.Renewed {
		if r.New != nil {
			rows, line.Issued = append(rows, *r.New), append(line.Issued, issuedLineOf(*r.New))
			continue
		}
		line.Again = append(line.Again, r.Old)
		if r.Why != nil {
			a.warn("lost.cli.again", "id", r.Old, "why", i18n.T(i18n.Match(a.lang), "error."+r.Why.Code, r.Why.Args))
		}
	}
	if err := a.printLost(line); err != nil || len(rows) == 0 {
		return err
	}
	if strings.EqualFold(filepath.Ext(out.path), ".pdf") {
		var pdf bytes.Buffer
		err := a.withIssuer(ctx, true, func(i *issuer.Issuer) error {
			base, err := a.verifyBase("")
			if err != nil {
				return err
			}
			return a.printRows(ctx, &pdf, i, rows, printOptions{base: base})
		})
		if err != nil {
			return err
		}
		return out.write(pdf.Bytes())
	}
	var tokens strings.Builder
	for _, row := range rows {
		tokens.WriteString(row.Token + "\n")
	}
	return out.write([]byte(tokens.String()))
}

func (a *app) printLost(line lostLine) error {
	if a.json {
		return a.printJSON(line)
	}
	for _, one := range line.Issued {
		fmt.Fprintln(a.out, one.ID)
	}
	for _, id := range line.Proposals {
		fmt.Fprintln(a.out, id)
	}
	if len(line.Proposals) > 0 {
		a.warn("lost.cli.wait")
	}
	return nil
}

// offerLost offers the new copies to a phone.
func (a *app) offerLost(ctx context.Context, o lostOptions, l issuer.Lost) error {
	life := issuervci.LostLife
	if o.life != "" {
		var err error
		if life, err = parseDuration(o.life); err != nil || life <= 0 {
			return usage(fmt.Errorf("--for is a time like 1h or 14d, not %q", o.life))
		}
	}
	return a.withOffers(ctx, o.base, func(offers *issuervci.Offers, at sockstore.Base) error {
		made, err := offers.OfferLost(ctx, a.actor(), l, life)
		if err != nil {
			return err
		}
		if at.Assumed {
			a.talk("offer.local", "base", at.URL)
		}
		for _, id := range made.Again {
			a.warn("lost.cli.again", "id", id, "why", "")
		}
		m, line := made.Offer, lostLine{Issued: []issuedLine{}, Proposals: []string{}, Offers: []*issuervci.Made{}, Again: made.Again}
		if m != nil {
			line.Offers = append(line.Offers, m)
		}
		switch {
		case a.json:
			err = a.printJSON(line)
		case m != nil:
			err = a.printOffer(m)
		}
		if m != nil && o.drawn != "" { // after the link, which is shown once
			err = errors.Join(err, drawOffer(o.drawn, m.Link))
		}
		return err
	})
}

// printRows writes credentials of the register as one PDF.
func (a *app) printRows(ctx context.Context, w io.Writer, i *issuer.Issuer, rows []issuer.Issuance, o printOptions) error {
	sheets := make([]paper.Sheet, 0, len(rows))
	for _, row := range rows {
		sheet, err := a.registerSheet(ctx, i, o, row.ID, true)
		if err != nil {
			return err
		}
		sheets = append(sheets, sheet)
	}
	if err := a.addCodes(ctx, sheets); err != nil {
		return err
	}
	return paperFailure(o.layout, renderPaper(w, paper.Layout(o.layout), sheets, paper.Options{Now: a.now()}))
}
