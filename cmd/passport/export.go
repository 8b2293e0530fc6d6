package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"strings"

	"github.com/employment-passport/passport/internal/export"
	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/schema"
	"github.com/employment-passport/passport/verifier/intake"
	"github.com/employment-passport/passport/wallet"
	"github.com/spf13/cobra"
)

func exportCommands(a *app) []*cobra.Command { return []*cobra.Command{newExportCommand(a)} }

type exportOptions struct {
	format, out string
	upload      bool
	trust       walletTrust
}

func newExportCommand(a *app) *cobra.Command {
	var o exportOptions
	cmd := &cobra.Command{
		Use:   "export ID|FILE --format FORMAT",
		Short: "Write a credential in a form that other systems read",
		Long: `Takes a credential of this home by its id or document number, or one from a file,
and writes it as:

  elm      European Learning Model, not signed: for the issuer of European Digital
           Credentials, which completes and seals it (--upload makes its form)
  ob3-png  an Open Badges 3.0 picture with the signed token inside
  ob3-svg  the same as a drawing

"passport verify" reads the pictures back. What is revoked is not exported.`,
		Example: "  passport export MC-PZ-2026-0042 --format elm --out credential.json\n" +
			"  passport export credential.jwt --format ob3-png --out badge.png",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return runExport(cmd.Context(), a, o, args[0]) },
	}
	f := cmd.Flags()
	f.StringVar(&o.format, "format", "", "elm, ob3-png or ob3-svg")
	f.StringVar(&o.out, "out", "-", "file to write; - is standard output")
	f.BoolVar(&o.upload, "upload", false, "put elm into the envelope of the upload form")
	o.trust.flags(cmd)
	return cmd
}

// exported are the forms of one credential.
var exported = map[string]func(*bytes.Buffer, export.Line, export.Options, string) error{
	"elm": func(w *bytes.Buffer, l export.Line, o export.Options, _ string) error { return export.ELM(w, l, o) },
	"ob3-png": func(w *bytes.Buffer, l export.Line, _ export.Options, lang string) error {
		return export.BadgePNG(w, l, lang)
	},
	"ob3-svg": func(w *bytes.Buffer, l export.Line, _ export.Options, lang string) error {
		return export.BadgeSVG(w, l, lang)
	},
}

func runExport(ctx context.Context, a *app, o exportOptions, ref string) error {
	form, ok := exported[o.format]
	if !ok {
		return fail(exitUsage, "export_format", "format", o.format, "known", "elm, ob3-png, ob3-svg")
	}
	line, err := a.exportLine(ctx, o, ref)
	if err != nil {
		return err
	}
	out, err := a.openTarget(o.out)
	if err != nil {
		return err
	}
	defer out.drop()
	var made bytes.Buffer
	if err := form(&made, line, export.Options{Now: a.now(), Upload: o.upload}, a.lang); err != nil {
		return exportFailure(ref, line.Credential, err)
	}
	if err := out.write(made.Bytes()); err != nil {
		return err
	}
	if o.format == "elm" {
		a.tell("export.elm_unsigned")
	}
	return nil
}

func exportFailure(ref string, c *schema.Credential, err error) error {
	switch {
	case errors.Is(err, export.ErrKind):
		return fail(exitInvalid, "export_kind", "file", ref, "kind", firstOf(c.Kind(), strings.Join(c.Types, " "))).wrap(err)
	case errors.Is(err, export.ErrCountry):
		return fail(exitInvalid, "export_country", "file", ref).wrap(err)
	}
	return err
}

// exportLine finds the one credential: in a file, or by its name in this home.
func (a *app) exportLine(ctx context.Context, o exportOptions, ref string) (export.Line, error) {
	if _, err := os.Stat(ref); err == nil || ref == "-" || intake.IsToken(ref) || intake.IsCode(ref) {
		return a.exportFile(ctx, o, ref)
	}
	var line export.Line
	err := a.withIssuer(ctx, false, func(i *issuer.Issuer) error {
		row, err := i.Find(ctx, ref)
		if err != nil {
			return err
		}
		if row.State != issuer.StateIssued {
			return fail(exitInvalid, "export_invalid", "id", row.ID)
		}
		line.Token = row.Token
		line.Credential, err = credentialOf(row.Token)
		return err
	})
	return line, err
}

// exportFile takes the credential out of a file and judges it as an import does:
// a bad signature is refused always, what is revoked with a bundle that says so.
func (a *app) exportFile(ctx context.Context, o exportOptions, file string) (export.Line, error) {
	setup, err := a.walletSetup(ctx, o.trust)
	if err != nil {
		return export.Line{}, err
	}
	held, err := a.judged(ctx, file, setup)
	if err != nil {
		return export.Line{}, walletFailure(intake.FirstRunes(file, 60), err)
	}
	if len(held) != 1 {
		return export.Line{}, fail(exitUsage, "export_several", "file", file, "count", countOf(held))
	}
	h := held[0]
	if h.Checked != nil && h.Checked.Verdict == "invalid" {
		return export.Line{}, fail(exitInvalid, "export_invalid", "id", h.ID)
	}
	return export.Line{Credential: h.Credential(), Token: h.Token}, nil
}

// judged reads what one file holds into a wallet of the moment.
func (a *app) judged(ctx context.Context, file string, setup *verifySetup) ([]wallet.Held, error) {
	tokens, err := a.tokensIn(ctx, setup, file)
	if err != nil {
		return nil, err
	}
	return a.judgedTokens(ctx, tokens, setup)
}

func (a *app) judgedTokens(ctx context.Context, tokens []string, setup *verifySetup) ([]wallet.Held, error) {
	parcel, err := wallet.Receive(ctx, tokens, setup.v, a.now())
	if err != nil {
		return nil, err
	}
	w, err := wallet.New()
	if err != nil {
		return nil, err
	}
	if _, err := w.Keep(parcel); err != nil {
		return nil, err
	}
	return w.Held(), nil
}

// credentialOf reads a token of this home, which was verified when it was signed.
func credentialOf(token string) (*schema.Credential, error) {
	_, payload, err := jose.ParseUnverified(token)
	if err != nil {
		return nil, err
	}
	return schema.ParseCredential(payload)
}
