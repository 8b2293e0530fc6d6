package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/employment-passport/passport/verifier/intake"
	"github.com/employment-passport/passport/wallet"
	"github.com/spf13/cobra"
)

type walletTrust struct{ bundle, anchor string }

func (t *walletTrust) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&t.bundle, "bundle", "", "offline bundle to check with")
	cmd.Flags().StringVar(&t.anchor, "anchor", "", "fingerprint of the authority's root that the bundle must hang on")
	cmd.MarkFlagsRequiredTogether("bundle", "anchor")
}

func newWalletImportCommand(a *app) *cobra.Command {
	var t walletTrust
	cmd := &cobra.Command{
		Use:   "import FILE|DIR|TOKEN|-...",
		Short: "Keep credentials: tokens, QR texts, pictures of QR codes and PDFs",
		Long: `Takes tokens, files with one token a line, the text of QR codes, pictures of them
(PNG, JPEG), PDFs and folders of these. All credentials of a file are kept, or none
of it. One that names another person than the wallet's is kept, marked and said so.

With --bundle and --anchor each is checked first. One whose signature is bad is
never kept; one that is revoked, expired or of an unknown issuer is kept with the
verdict beside it. Without a bundle credentials are kept unchecked.`,
		Example: "  passport wallet import credential.jwt\n  passport wallet import photo.jpg --bundle passport.bundle --anchor 6qv…",
		Args:    cobra.MinimumNArgs(1),
		RunE:    func(cmd *cobra.Command, args []string) error { return runWalletImport(cmd.Context(), a, t, args) },
	}
	t.flags(cmd)
	return cmd
}

// walletInput is one argument of import and what became of it.
type walletInput struct {
	name   string
	parcel *wallet.Parcel
	kept   []wallet.Kept
	err    error
}

func runWalletImport(ctx context.Context, a *app, t walletTrust, args []string) error {
	setup, err := a.walletSetup(ctx, t)
	if err != nil {
		return err
	}
	if args, err = spread(args); err != nil {
		return err
	}
	inputs := make([]walletInput, len(args))
	for i, arg := range args {
		inputs[i] = a.receive(ctx, arg, setup)
	}
	var w *wallet.Wallet
	err = a.updateWallet(ctx, func(open *wallet.Wallet) error {
		w = open
		return keepAll(w, inputs)
	})
	if err != nil && !errors.Is(err, errNothingKept) {
		return err
	}
	return a.printImported(w, inputs)
}

// errNothingKept leaves the wallet unwritten where no input was good.
var errNothingKept = errors.New("nothing kept")

func keepAll(w *wallet.Wallet, inputs []walletInput) error {
	kept := 0
	for i := range inputs {
		in := &inputs[i]
		if in.err != nil {
			continue
		}
		in.kept, in.err = w.Keep(in.parcel)
		kept += len(in.kept)
	}
	if kept == 0 {
		return errNothingKept
	}
	return nil
}

// receive reads and judges one input, before the wallet is opened.
func (a *app) receive(ctx context.Context, arg string, s *verifySetup) walletInput {
	in := walletInput{name: intake.FirstRunes(arg, 60)}
	var tokens []string
	if tokens, in.err = a.tokensIn(ctx, s, arg); in.err == nil {
		in.parcel, in.err = wallet.Receive(ctx, tokens, s.v, a.now())
	}
	return in
}

// tokensIn takes the tokens out of one argument: a token or the text of a code
// itself, a file of them, or a picture.
func (a *app) tokensIn(ctx context.Context, s *verifySetup, arg string) ([]string, error) {
	input := verifyInput{name: arg}
	if _, err := os.Stat(arg); err != nil && looksLikeText(arg) {
		input.text = arg
	}
	read, problem := a.readVerifyInput(ctx, s, input)
	if problem != nil {
		return nil, problem
	}
	a.remarkUnread(read)
	return read.Tokens, nil
}

// walletSetup checks with the bundle where there is one; without it a verifier
// still finds the bad signatures of issuers whose key stands in their name.
func (a *app) walletSetup(ctx context.Context, t walletTrust) (*verifySetup, error) {
	s, err := a.verifySetup(ctx, verifyOptions{bundle: t.bundle, anchor: t.anchor})
	if err != nil {
		return nil, err
	}
	if t.bundle != "" && s.bundle == nil {
		return nil, fail(exitUsage, "wallet_bundle", "file", t.bundle)
	}
	return s, nil
}

// printImported prints what was kept, one credential a line, and says what was
// refused. One input that fails is the command's own failure.
func (a *app) printImported(w *wallet.Wallet, inputs []walletInput) error {
	worst := exitOK
	for _, in := range inputs {
		if in.err != nil {
			f := &failure{}
			if err := walletFailure(in.name, in.err); len(inputs) == 1 || !errors.As(err, &f) {
				return err
			}
			a.sayFailure(f)
			worst = max(worst, f.exit)
			continue
		}
		for _, k := range in.kept {
			if err := a.printKept(w, in.name, k); err != nil {
				return err
			}
		}
	}
	return verdict(worst)
}

func (a *app) printKept(w *wallet.Wallet, input string, k wallet.Kept) error {
	row := walletRowOf(w, k.Held)
	if row.OtherPerson != "" {
		a.warn("wallet.of_other", "title", row.Title, "name", row.OtherPerson)
	}
	if a.json {
		return json.NewEncoder(a.out).Encode(struct {
			Input string `json:"input"`
			New   bool   `json:"new"`
			walletRow
		}{input, k.New, row})
	}
	fmt.Fprintln(a.out, k.ID)
	switch {
	case !k.New:
		a.tell("wallet.already", "title", row.Title)
	case k.Checked == nil:
		a.tell("wallet.kept_unchecked", "title", row.Title)
	default:
		a.tell("wallet.kept", "title", row.Title, "check", a.word("wallet.check."+row.Check))
	}
	return nil
}
