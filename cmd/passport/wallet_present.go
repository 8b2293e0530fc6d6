package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/employment-passport/passport/internal/qr"
	"github.com/employment-passport/passport/internal/sealed"
	"github.com/employment-passport/passport/verifier/report"
	"github.com/employment-passport/passport/wallet"
	"github.com/spf13/cobra"
)

type walletPresentOptions struct {
	all             bool
	format, out     string
	audience, nonce string
	lasts           time.Duration
	base            string
}

func newWalletPresentCommand(a *app) *cobra.Command {
	var o walletPresentOptions
	cmd := &cobra.Command{
		Use:   "present ID... | --all",
		Short: "Sign a presentation of credentials, as a QR code, a PDF or a token",
		Long: `Signs a presentation with the holder's key and staples the newest status to it.
Without --audience it lives five minutes: for showing the code to somebody now. For
a printed code name who it is for, and for how long: --audience … --for 720h. Who
verifies it gives the same --audience; without, it counts as paper. --format pdf
lays the credentials out on A4, with the code and the presentation attached.

What is not one of our documents, or breaks its own rules, is not shown: it may hold
what is nobody's business. What does not fit one QR code becomes several: FILE-1.png,
FILE-2.png and so on.`,
		Example: "  passport wallet present MC-PZ-2026-0042 --format qr --out show.png\n" +
			"  passport wallet present --all --format jwt --audience https://employer.example --nonce 8f1c --out vp.jwt\n" +
			"  passport wallet present --all --format pdf --audience https://employer.example --for 720h --out passport.pdf",
		RunE: func(cmd *cobra.Command, args []string) error { return runWalletPresent(cmd.Context(), a, o, args) },
	}
	f := cmd.Flags()
	f.BoolVar(&o.all, "all", false, "all of the holder's own credentials")
	f.StringVar(&o.format, "format", "", "qr, svg, pdf or jwt (default from the ending of --out, else jwt)")
	f.StringVar(&o.out, "out", "-", "file to write; - prints the token or the text of the code")
	f.StringVar(&o.audience, "audience", "", "for whom: only this verifier will accept it as signed for it")
	f.StringVar(&o.nonce, "nonce", "", "the verifier's nonce")
	f.DurationVar(&o.lasts, "for", wallet.DefaultLifetime, "lifetime; longer than 5m needs an audience")
	f.StringVar(&o.base, "base", "", "link of the verify page in the code (default from the configuration)")
	return cmd
}

// check settles the format and refuses what cannot be done.
func (o *walletPresentOptions) check(args []string) error {
	if o.all == (len(args) > 0) {
		return fail(exitUsage, "wallet_which")
	}
	if o.format == "" {
		o.format = map[string]string{".png": "qr", ".svg": "svg", ".pdf": "pdf"}[strings.ToLower(filepath.Ext(o.out))]
	}
	switch o.format {
	case "", "jwt":
		o.format = "jwt"
	case "qr", "svg":
	case "pdf":
		if o.out == "-" {
			return fail(exitUsage, "wallet_pdf_out")
		}
	default:
		return fail(exitUsage, "wallet_format", "format", o.format)
	}
	return nil
}

func runWalletPresent(ctx context.Context, a *app, o walletPresentOptions, args []string) error {
	if err := o.check(args); err != nil {
		return err
	}
	w, err := a.openWallet(ctx)
	if err != nil {
		return err
	}
	if o.all {
		args = a.ownCredentials(w)
	} else if err := mayTravel(w, args); err != nil {
		return err
	}
	show := shower{w: w, how: wallet.Showing{Audience: o.audience, Nonce: o.nonce, For: o.lasts, Now: a.now()}, paper: o.format == "pdf"}
	if o.format == "jwt" {
		err = show.token(ctx, args)
	} else {
		if show.base, err = a.presentBase(o.base); err != nil {
			return err
		}
		err = show.codes(ctx, args)
	}
	if err != nil {
		return walletFailure(strings.Join(args, " "), err)
	}
	a.tellMismatch(w, show.shown)
	files, err := a.writeShown(o, &show)
	if err != nil {
		return err
	}
	return a.printPresented(o, &show, files)
}

// ownCredentials are those that --all means: the holder's own and those bound
// to no key, without what a newer one has replaced, what names another person and
// what may not leave.
func (a *app) ownCredentials(w *wallet.Wallet) []string {
	var refs []string
	for _, h := range w.Held() {
		_, other := ofOther(w, h)
		switch {
		case other && w.Owner(h) == wallet.OwnerBearer:
			a.warn("wallet.left_other", "title", walletRowOf(w, h).Title)
		case other || w.Owner(h) == wallet.OwnerOther || w.SupersededBy(h) != "":
		case !h.Credential().MayBeShown():
			a.warn("wallet.left_foreign", "title", walletRowOf(w, h).Title)
		default:
			refs = append(refs, h.ID)
		}
	}
	return refs
}

// tellMismatch says, before the employer does, that somebody else's credential
// cannot be shown as one's own.
func (a *app) tellMismatch(w *wallet.Wallet, shown []wallet.Held) {
	for _, h := range shown {
		if w.Owner(h) == wallet.OwnerOther {
			a.warn("wallet.mismatch", "title", walletRowOf(w, h).Title, "id", h.ID)
		}
	}
}

func (a *app) presentBase(flag string) (string, error) {
	c, err := a.loadConfig()
	return firstOf(flag, c.linkBase(), defaultVerifyBase), err
}

// shower signs presentations and, for codes, splits them until they fit.
type shower struct {
	w     *wallet.Wallet
	how   wallet.Showing
	base  string
	paper bool // codes are printed: level M only

	signed []*wallet.Presented
	shown  []wallet.Held
	drawn  []wallet.Code
}

func (s *shower) token(ctx context.Context, refs []string) error {
	p, err := s.w.Present(ctx, refs, s.how)
	if err != nil {
		return err
	}
	s.signed, s.shown = append(s.signed, p), append(s.shown, p.Shown...)
	return nil
}

// codes makes a code of everything or, above the budget, one of each credential.
func (s *shower) codes(ctx context.Context, refs []string) error {
	out, err := s.w.Draw(ctx, refs, wallet.Drawing{Showing: s.how, Base: s.base, Paper: s.paper})
	var large *wallet.CodeLargeError
	switch {
	case errors.As(err, &large):
		return fail(exitInvalid, "wallet_code_large", "id", large.ID)
	case errors.Is(err, qr.ErrBase), errors.Is(err, qr.ErrTooLarge), errors.Is(err, qr.ErrMalformed):
		return qrFailure("", err)
	case err != nil:
		return err
	}
	s.signed, s.drawn = out.Signed, out.Codes
	for _, p := range out.Signed {
		s.shown = append(s.shown, p.Shown...)
	}
	return nil
}

// writeShown writes the files of --out.
func (a *app) writeShown(o walletPresentOptions, s *shower) ([]string, error) {
	if o.out == "-" {
		return nil, nil
	}
	if o.format == "pdf" {
		return a.writePDF(o, s)
	}
	if o.format == "jwt" {
		text := strings.Join(s.signed[0].Tokens(), "\n") + "\n"
		if err := sealed.WriteFileAtomic(o.out, []byte(text), 0o600); err != nil {
			return nil, fail(exitUsage, "qr_write", "file", o.out).wrap(err)
		}
		return []string{o.out}, nil
	}
	file := o.out
	if ext := map[string]string{"qr": ".png", "svg": ".svg"}[o.format]; !strings.EqualFold(filepath.Ext(file), ext) {
		file += ext
	}
	var files []string
	for i, c := range s.drawn {
		name := numberedFile(file, i, len(s.drawn))
		if err := drawQRFile(name, c.Text, c.Level, moduleDots); err != nil {
			return nil, err
		}
		files = append(files, name)
	}
	return files, nil
}

// walletShown is what present prints with --json.
type walletShown struct {
	Holder      string    `json:"holder"`
	Credentials []string  `json:"credentials"`
	Mismatch    []string  `json:"mismatch,omitempty"` // ids of credentials of another key
	Audience    string    `json:"audience,omitempty"`
	ExpiresAt   time.Time `json:"expiresAt"`
	Tokens      []string  `json:"tokens"` // presentations, each followed by its status assertions
	Texts       []string  `json:"texts,omitempty"`
	Files       []string  `json:"files,omitempty"`
}

func (a *app) printPresented(o walletPresentOptions, s *shower, files []string) error {
	out := walletShown{Holder: s.w.DID(), Audience: o.audience, ExpiresAt: s.signed[0].ExpiresAt, Files: files}
	for _, h := range s.shown {
		out.Credentials = append(out.Credentials, h.ID)
		if s.w.Owner(h) == wallet.OwnerOther {
			out.Mismatch = append(out.Mismatch, h.ID)
		}
	}
	for _, p := range s.signed {
		out.Tokens = append(out.Tokens, p.Tokens()...)
	}
	for _, c := range s.drawn {
		out.Texts = append(out.Texts, c.Text)
	}
	if a.json {
		return json.NewEncoder(a.out).Encode(out)
	}
	lines := files
	if len(lines) == 0 {
		if lines = out.Texts; o.format == "jwt" {
			lines = out.Tokens
		}
	}
	for _, line := range lines {
		fmt.Fprintln(a.out, line)
	}
	until := report.Moment(a.lang, out.ExpiresAt)
	if o.audience == "" {
		a.tell("wallet.presented_anybody", "until", until)
		return nil
	}
	a.tell("wallet.presented", "until", until, "audience", o.audience)
	return nil
}
