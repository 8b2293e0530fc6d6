package main

import (
	"context"
	"errors"
	"time"

	"github.com/employment-passport/passport/verifier"
	"github.com/employment-passport/passport/verifier/report"
	"github.com/spf13/cobra"
)

func verifyCommands(a *app) []*cobra.Command {
	return []*cobra.Command{newVerifyCommand(a), newInspectCommand(a), newVersionCommand(a)}
}

type verifyOptions struct {
	bundle, anchor  string
	at              string
	online          bool
	maxStatusAge    string
	audience, nonce string
	csv             bool
	receipt         string
}

func newVerifyCommand(a *app) *cobra.Command {
	var o verifyOptions
	cmd := &cobra.Command{
		Use:   "verify [FILE|DIR|-]...",
		Short: "Judge credentials: genuine, recognised, in force, shown by whom",
		Long: `Judges tokens, the text of QR codes, pictures of them (PNG, JPEG), PDFs and
folders of all these, with no network unless --online. Of a PDF both what is attached
and the pictures on its pages are judged. A file may hold several tokens, one
a line: credentials or presentations, then status assertions; space and line
ends around a token, and a byte order mark before it, are cut off. Inside a token
nothing is mended: one that is broken over several lines is refused.

Who may be believed comes from a trust bundle and the fingerprint of the
authority's root, and from nowhere else. Without them the verdict is UNKNOWN.

Exit code: 0 valid, 1 invalid, 2 unknown; of many inputs the worst in the order
invalid, unknown, valid.`,
		Example: "  passport verify passport.png --bundle trust.bundle --anchor FINGERPRINT\n" +
			"  passport verify inbox/ --bundle trust.bundle --anchor FINGERPRINT --csv > results.csv",
		RunE: func(cmd *cobra.Command, args []string) error { return runVerify(cmd.Context(), a, o, args) },
	}
	f := cmd.Flags()
	f.StringVar(&o.bundle, "bundle", "", "trust bundle: recognised issuers, their keys and status lists")
	f.StringVar(&o.anchor, "anchor", "", "fingerprint of the authority's root")
	f.StringVar(&o.at, "at", "", "judge as of this day or time (2026-11-22 or 2026-11-22T10:00:00Z)")
	f.BoolVar(&o.online, "online", false, "fetch a newer bundle, and status lists and keys of recognised issuers")
	f.StringVar(&o.maxStatusAge, "max-status-age", "", "a status older than this is no answer (default 30d)")
	f.StringVar(&o.audience, "audience", "", "name that the presentation must be signed for")
	f.StringVar(&o.nonce, "nonce", "", "value that the presentation must repeat")
	f.BoolVar(&o.csv, "csv", false, "print one line a document, for a spreadsheet")
	f.StringVar(&o.receipt, "receipt", "", "write a receipt without personal data to this PDF file")
	return cmd
}

// judged is one input with its report, or why it could not be read.
type judged struct {
	input   string
	report  *verifier.Report
	foreign []string // link bases of printed codes that the authority does not know
	problem *failure // of reading; report is nil then
	parts   report.Parts
}

func (j judged) verdict() verifier.Verdict {
	if j.report == nil {
		return verifier.Unknown
	}
	return j.report.Verdict
}

func runVerify(ctx context.Context, a *app, o verifyOptions, args []string) error {
	if o.csv && a.json {
		return usage(errors.New("--csv and --json are two forms of the same result, choose one"))
	}
	setup, err := a.verifySetup(ctx, o)
	if err != nil {
		return err
	}
	if len(args) == 0 {
		args = []string{"-"}
	}
	inputs, many, err := a.verifyInputs(args)
	if err != nil {
		return err
	}
	out := a.withReceipt(o, a.verifyPrinter(o, many))
	shown := together{out: out, worst: verifier.Valid}
	for _, in := range inputs {
		j, err := a.judgeInput(ctx, setup, in)
		if err != nil {
			return err
		}
		if j.problem != nil && !many {
			return unread(a, o, out, j)
		}
		if err := shown.add(j); err != nil {
			return err
		}
	}
	if err := shown.end(); err != nil {
		return err
	}
	return verdict(exitOf(shown.worst))
}

// unread ends with the reason why the only input could not be read. Where that
// is UNKNOWN (a newer program made it) a script gets the verdict all the same.
func unread(a *app, o verifyOptions, out verifyPrinter, j judged) error {
	if j.problem.exit != exitUnknown || !a.json && !o.csv {
		return j.problem
	}
	if err := out.print(j); err != nil {
		return err
	}
	if err := out.end(); err != nil {
		return err
	}
	return j.problem
}

func exitOf(v verifier.Verdict) int {
	switch v {
	case verifier.Valid:
		return exitOK
	case verifier.Invalid:
		return exitInvalid
	}
	return exitUnknown
}

// judgeInput reads one input and verifies what it holds.
func (a *app) judgeInput(ctx context.Context, s *verifySetup, in verifyInput) (judged, error) {
	j := judged{input: in.name}
	read, problem := a.readVerifyInput(ctx, s, in)
	if problem != nil {
		j.problem = problem
		return j, ctx.Err()
	}
	j.foreign = report.ForeignBases(s.bundle, read.Bases)
	var err error
	if j.report, err = s.verify(ctx, read.Tokens); err != nil {
		return j, err
	}
	s.sayMissing(j.report)
	report.Finish(j.report, read)
	j.parts = report.PartsOf(a.lang, s.bundle, j.report)
	return j, nil
}

// parseMoment reads an instant with a zone, or a day: the end of it, but not
// beyond now, because what its evening will say nobody knows in the morning. A
// day that is still ahead begins at 00:00 UTC.
func parseMoment(s string, now time.Time) (time.Time, error) {
	if day, err := time.Parse(time.DateOnly, s); err == nil {
		end := day.Add(24*time.Hour - time.Second)
		switch {
		case day.After(now):
			return day, nil
		case end.After(now):
			return now, nil
		}
		return end, nil
	}
	return time.Parse(time.RFC3339, s)
}
