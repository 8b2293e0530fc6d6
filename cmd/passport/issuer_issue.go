package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/sheet"
	"github.com/employment-passport/passport/schema"
	"github.com/spf13/cobra"
)

type issueOptions struct {
	issuer, template  string
	learner, document string
	sheet, report     string
	worksheet         string
	out               string
	profile           string
	dryRun            bool
	skipFaulty        bool
	scan              scanOptions
}

func newIssueCommand(a *app) *cobra.Command {
	var o issueOptions
	cmd := &cobra.Command{
		Use:   "issue",
		Short: "Sign a credential for one learner, or for a sheet of them",
		Long: `Signs one credential from a learner file, or one for every row of a sheet. Nothing
is issued for a sheet with faults unless --skip-faulty; running the same sheet again
issues nothing twice.

With --scan it signs one for each person whose paper or phone was scanned, as at the
door of a workshop: pictures, PDFs, tokens or folders of them, each judged by --bundle
and --anchor. --hours and --on say how long and when they were there.

With --profile ob3 the token is the strict one of Open Badges 3.0, which names its
subject: the learner needs a holder DID. Reissue with the other profile to change it.`,
		Example: `  passport issue --issuer ente --template food-hygiene --learner learner.json --out amina.jwt
  passport issue --issuer ente --template food-hygiene --sheet class.csv --dry-run --report faults.csv
  passport issue --issuer ente --template food-hygiene --sheet class.xlsx --out tokens
  passport issue --issuer ente --template workshop --scan photos --hours 3 --on 2026-11-22 --bundle trust.bundle --anchor FINGERPRINT
  passport issue --issuer ente --template food-hygiene --learner amina.json --profile ob3`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runIssue(cmd.Context(), a, o) },
	}
	f := cmd.Flags()
	f.StringVar(&o.issuer, "issuer", "", "name of the issuer")
	f.StringVar(&o.template, "template", "", "name of the template")
	f.StringVar(&o.learner, "learner", "", "learner file, - for standard input")
	f.StringVar(&o.document, "document", "", "a whole credential of your own to sign, instead of template and learner")
	f.StringVar(&o.sheet, "sheet", "", "sheet of learners (CSV or .xlsx), - for standard input")
	f.StringVar(&o.worksheet, "worksheet", "", "with --sheet: worksheet of an .xlsx file by name (default the first that is not hidden)")
	f.StringVar(&o.out, "out", "", "write the token to this file, or with --sheet one file for each into this folder; - for standard output")
	f.StringVar(&o.report, "report", "", "with --sheet: write what became of each row to this CSV file")
	f.StringArrayVar(&o.scan.files, "scan", nil, "file or folder with the scans of those who were there; may be given again")
	f.Float64Var(&o.scan.hours, "hours", 0, "with --scan: hours attended by each")
	f.StringVar(&o.scan.on, "on", "", "with --scan: the day, YYYY-MM-DD")
	f.StringVar(&o.scan.trust.bundle, "bundle", "", "with --scan: trust bundle to judge the scans with")
	f.StringVar(&o.scan.trust.anchor, "anchor", "", "with --scan: fingerprint of the authority's root")
	bindProfile(cmd, &o.profile, profileNames[issuer.ProfileVC])
	f.BoolVar(&o.dryRun, "dry-run", false, "with --sheet: name the faults and issue nothing")
	f.BoolVar(&o.skipFaulty, "skip-faulty", false, "with --sheet: issue the rows without faults")
	must(cmd.MarkFlagRequired("issuer"))
	cmd.MarkFlagsOneRequired("learner", "sheet", "document", "scan")
	cmd.MarkFlagsMutuallyExclusive("learner", "sheet", "document", "scan")
	cmd.MarkFlagsMutuallyExclusive("template", "document")
	return cmd
}

// must is for mistakes in this program's own flags.
func must(err error) {
	if err != nil {
		panic(err)
	}
}

func runIssue(ctx context.Context, a *app, o issueOptions) error {
	if _, err := profileFlag(o.profile); err != nil {
		return err
	}
	switch {
	case o.document == "" && o.template == "":
		return fail(exitUsage, "template_missing")
	case o.sheet == "" && (o.dryRun || o.skipFaulty || o.report != "" || o.worksheet != ""):
		return fail(exitUsage, "sheet_missing")
	case o.sheet != "":
		return runIssueSheet(ctx, a, o)
	case len(o.scan.files) > 0:
		return runIssueScan(ctx, a, o)
	}
	data, err := a.readJSON(o.learner + o.document)
	if err != nil {
		return err
	}
	sign, err := a.issuing(o, data)
	if err != nil {
		return err
	}
	out, err := a.openTarget(o.out)
	if err != nil {
		return err
	}
	defer out.drop()
	return a.withIssuer(ctx, true, func(i *issuer.Issuer) error {
		row, err := sign(ctx, i)
		if err != nil {
			return err
		}
		return a.handOver(*row, out)
	})
}

// issuing reads what is to be signed, before the passphrase is asked for.
func (a *app) issuing(o issueOptions, data []byte) (func(context.Context, *issuer.Issuer) (*issuer.Issuance, error), error) {
	profile, err := profileFlag(o.profile)
	if err != nil {
		return nil, err
	}
	if o.document != "" {
		return func(ctx context.Context, i *issuer.Issuer) (*issuer.Issuance, error) {
			return i.IssueRaw(ctx, a.actor(), issuer.RawOffer{Issuer: o.issuer, Document: data, Profile: profile})
		}, nil
	}
	learner, err := schema.ParseLearner(data)
	if err != nil {
		return nil, a.issuerFailure(err)
	}
	return func(ctx context.Context, i *issuer.Issuer) (*issuer.Issuance, error) {
		return a.issueOnce(ctx, i, issuer.Offer{
			Issuer: o.issuer, Template: o.template, Learner: learner, Profile: profile,
		})
	}, nil
}

// issueOnce issues a document number once: a second time, by a file or by a
// sheet, it is the same credential. A learner without a number gets a new one
// each time.
func (a *app) issueOnce(ctx context.Context, i *issuer.Issuer, o issuer.Offer) (*issuer.Issuance, error) {
	number := o.Learner.DocumentNumber
	row, err := i.Numbered(ctx, o)
	if err == nil && row == nil {
		if number != "" {
			o.IdempotencyKey = sheet.Key(o.Issuer, o.Template, o.Learner)
		}
		return i.Issue(ctx, a.actor(), o)
	}
	if err == nil {
		a.warn("issue.again", "number", number, "id", row.ID)
	}
	return row, err
}

// issuedLine is a credential as scripts read it after issuing.
type issuedLine struct {
	ID       string `json:"id"`
	Issuer   string `json:"issuer"`
	Template string `json:"template"`
	Index    uint32 `json:"statusListIndex"`
	Token    string `json:"token"`
}

func issuedLineOf(i issuer.Issuance) issuedLine {
	return issuedLine{i.ID, i.Issuer, i.Template, i.StatusIndex, i.Token}
}

// handOver prints what was issued, then writes its token where out says: of what
// is signed the id is told, whatever becomes of the file.
func (a *app) handOver(row issuer.Issuance, out *target) error {
	token := []byte(row.Token + "\n")
	if out.path == "-" {
		return out.write(token)
	}
	var err error
	if a.json {
		err = json.NewEncoder(a.out).Encode(issuedLineOf(row))
	} else {
		_, err = fmt.Fprintln(a.out, row.ID)
	}
	return errors.Join(err, out.write(token))
}

// handOverAt is handOver for one of many, whose file is opened now.
func (a *app) handOverAt(row issuer.Issuance, path string) error {
	out, err := a.openTarget(path)
	if err != nil {
		return errors.Join(err, a.handOver(row, &target{}))
	}
	defer out.drop()
	return a.handOver(row, out)
}
