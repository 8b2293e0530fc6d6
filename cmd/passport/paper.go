package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/internal/paper"
	"github.com/employment-passport/passport/internal/qr"
	"github.com/employment-passport/passport/verifier/intake"
	"github.com/spf13/cobra"
)

func paperCommands(a *app) []*cobra.Command { return []*cobra.Command{newPrintCommand(a)} }

type printOptions struct {
	layout, out, sheet string
	holder             string // language
	base, logo         string
	bundle, anchor     string
	public             bool
	more               printMore
}

func newPrintCommand(a *app) *cobra.Command {
	var o printOptions
	cmd := &cobra.Command{
		Use:   "print ID|FILE|DIR... --out FILE.pdf",
		Short: "Print credentials of this home, or of token files, as PDF",
		Long: `Lays credentials out on paper: the code to scan, the number to type, what the
person can do in plain words, and how to check it. The signed token is attached
inside the PDF, so that "passport verify" reads the file without any scanning.

ID is the credential's id, its document number, or the beginning of its id. FILE is
a file with one token a line. Without --layout each is printed on the paper of its
kind. With a passphrase at hand a status is signed and printed too, so that an
employer who never went online still gets a dated answer.

What is revoked, suspended or replaced is not printed; --layout revocation is the
letter that tells the person so. --layout booklet puts all that one person holds
into a passport of A5 pages, on A4 sheets to print on both sides (turned over the
short edge) and to fold. --layout receipt takes what "verify --json" printed.

--layout programme lays out the calendar of a body's workshops from a JSON file:
title, period, organiser, workshops (date, from, hours, title, place, seats, free),
and if need be place, notes, partners, language. What it does not know it refuses.
examples/programmes/bussola-2026-2.json is one to start from.`,
		Example: "  passport print MC-PZ-2026-0042 --out amina.pdf --lang-holder en\n" +
			"  passport print --sheet report.csv --layout card --out cards.pdf\n" +
			"  passport print --learner did:key:zDna... --layout booklet --out booklet.pdf\n" +
			"  passport print MC-PZ-2026-0042 --layout revocation --days 30 --out letter.pdf\n" +
			"  passport print examples/programmes/bussola-2026-2.json --layout programme --out programme.pdf",
		RunE: func(cmd *cobra.Command, args []string) error { return runPrint(cmd.Context(), a, o, args) },
	}
	f := cmd.Flags()
	f.StringVar(&o.layout, "layout", "", "micro, card, booklet, attendance, internship, assessment, operator, membership, accreditation, passport, revocation, receipt or programme")
	f.StringVar(&o.out, "out", "", "PDF file to write, - for standard output")
	f.StringVar(&o.sheet, "sheet", "", "CSV file with a column id or documentNumber: many in one PDF")
	f.StringVar(&o.holder, "lang-holder", "", "the holder's language, printed beside the issuer's: it, en, es, el or pl")
	f.StringVar(&o.base, "base", "", "link of the verify page in the code (default verifyBase of the configuration)")
	f.StringVar(&o.logo, "logo", "", "PNG or JPEG for the head of the page")
	f.StringVar(&o.bundle, "bundle", "", "trust bundle to judge token files with")
	f.StringVar(&o.anchor, "anchor", "", "fingerprint of the authority's root")
	f.BoolVar(&o.public, "public-administration", false, "print the notice of Italian public administrations on token files too")
	o.more.bind(cmd)
	must(cmd.MarkFlagRequired("out"))
	cmd.MarkFlagsRequiredTogether("bundle", "anchor")
	return cmd
}

func runPrint(ctx context.Context, a *app, o printOptions, args []string) error {
	if o.holder != "" && !slices.Contains(i18n.Languages, o.holder) {
		return fail(exitUsage, "print_language", "language", o.holder)
	}
	if o.layout == layoutReceipt {
		return a.printReceipt(o, args)
	}
	if !o.known() {
		return fail(exitUsage, "print_layout", "layout", o.layout)
	}
	options := paper.Options{Now: a.now()}
	if o.logo != "" {
		var err error
		if options.Logo, err = a.readUpTo(o.logo, maxLogoFile); err != nil {
			return err
		}
	}
	if err := a.printOptions(o, &options); err != nil {
		return err
	}
	if o.layout == string(paper.LayoutProgramme) {
		return a.printProgramme(o, options, args)
	}
	args, err := spread(args)
	if err != nil {
		return err
	}
	refs, err := a.printed(ctx, o, args)
	if err != nil {
		return err
	}
	if o.layout == string(paper.LayoutRevocation) {
		return a.printLetters(ctx, o, refs, options)
	}
	if o.base, err = a.verifyBase(o.base); err != nil {
		return err
	}
	out, err := a.openTarget(o.out)
	if err != nil {
		return err
	}
	defer out.drop()
	sheets, err := a.paperSheets(ctx, o, refs)
	if err != nil {
		return err
	}
	a.ownDefinitions(ctx, sheets, &options)
	return a.writePaper(o, options, sheets, out)
}

// layoutReceipt is an employer's receipt of a check, whose files are reports.
const layoutReceipt = "receipt"

// known tells whether there is such a paper. A letter and a programme are no
// documents, so that paper.Render does not have them.
func (o printOptions) known() bool {
	return o.layout == "" || slices.Contains([]paper.Layout{paper.LayoutRevocation, paper.LayoutProgramme}, paper.Layout(o.layout)) || paper.Layout(o.layout).Known()
}

const maxLogoFile = 4 << 20

// printed are the arguments, or the column of the sheet, or what a holder has.
func (a *app) printed(ctx context.Context, o printOptions, args []string) ([]string, error) {
	if o.more.learner != "" {
		return a.credentialsOf(ctx, o, args)
	}
	return a.references(o.sheet, args)
}

// writePaper renders the sheets and tells what was made.
func (a *app) writePaper(o printOptions, options paper.Options, sheets []paper.Sheet, out *target) error {
	var pdf bytes.Buffer
	if err := renderPaper(&pdf, paper.Layout(o.layout), sheets, options); err != nil {
		return paperFailure(o.layout, err)
	}
	if err := out.write(pdf.Bytes()); err != nil {
		return err
	}
	if o.out == "-" {
		return nil
	}
	ids := make([]string, len(sheets))
	for i, s := range sheets {
		ids[i] = s.Credential.ID
	}
	if a.json {
		return json.NewEncoder(a.out).Encode(struct {
			File        string   `json:"file"`
			Layout      string   `json:"layout,omitempty"`
			Credentials []string `json:"credentials"`
		}{o.out, o.layout, ids})
	}
	_, err := fmt.Fprintln(a.out, o.out)
	return err
}

// paperFailure gives the errors of paper their words.
func paperFailure(layout string, err error) error {
	switch {
	case errors.Is(err, paper.ErrForeign):
		return fail(exitInvalid, "print_foreign", "detail", err.Error()).wrap(err)
	case errors.Is(err, paper.ErrEnded):
		return fail(exitInvalid, "print_ended", "detail", err.Error()).wrap(err)
	case errors.Is(err, paper.ErrKind):
		return fail(exitUsage, "print_kind", "layout", layout, "detail", err.Error()).wrap(err)
	case errors.Is(err, paper.ErrLayout):
		return fail(exitUsage, "print_layout", "layout", layout).wrap(err)
	case errors.Is(err, paper.ErrLogo):
		return fail(exitUsage, "print_logo", "detail", err.Error()).wrap(err)
	case errors.Is(err, qr.ErrTooLarge):
		return fail(exitInvalid, "print_code_large").wrap(err)
	}
	return err
}

// isTokenFile tells a file from the reference of a credential.
func isTokenFile(arg string) bool {
	info, err := os.Stat(arg)
	return err == nil && info.Mode().IsRegular() || arg == "-" || intake.IsToken(arg) && strings.Count(arg, ".") == 2
}
