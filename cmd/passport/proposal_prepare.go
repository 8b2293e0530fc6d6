package main

import (
	"context"
	"fmt"

	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/access"
	"github.com/employment-passport/passport/issuer/sheet"
	"github.com/employment-passport/passport/schema"
	"github.com/spf13/cobra"
)

// propose prints the id of what was prepared, which the approver needs.
func (a *app) propose(ctx context.Context, s *access.Service, d access.Draft) error {
	p, err := s.Prepare(ctx, a.local(), d)
	if err != nil {
		return err
	}
	a.talk("proposal.prepared", "id", p.ID)
	if a.json {
		return a.printJSON(p)
	}
	_, err = fmt.Fprintln(a.out, p.ID)
	return err
}

func newProposeIssueCommand(a *app) *cobra.Command {
	var o issueOptions
	c := &cobra.Command{
		Use:   "issue",
		Short: "Prepare credentials for somebody else to approve",
		Long: `Prepares what "passport issue" would sign: for one learner file, for the rows of a
sheet, 500 at most, or a document of your own. Nothing is signed. Another person
looks at it and approves it.`,
		Example: `  passport proposal issue --issuer ente --template food-hygiene --learner amina.json
  passport proposal issue --issuer ente --template food-hygiene --sheet class.csv`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return a.proposeIssue(c.Context(), o) },
	}
	f := c.Flags()
	f.StringVar(&o.issuer, "issuer", "", "name of the issuer")
	f.StringVar(&o.template, "template", "", "name of the template")
	f.StringVar(&o.learner, "learner", "", "learner file, - for standard input")
	f.StringVar(&o.document, "document", "", "a whole credential of your own to sign, instead of template and learner")
	f.StringVar(&o.sheet, "sheet", "", "sheet of learners (CSV or .xlsx), - for standard input")
	f.StringVar(&o.worksheet, "worksheet", "", "with --sheet: worksheet of an .xlsx file by name")
	bindProfile(c, &o.profile, profileNames[issuer.ProfileVC])
	must(c.MarkFlagRequired("issuer"))
	c.MarkFlagsOneRequired("learner", "sheet", "document")
	c.MarkFlagsMutuallyExclusive("learner", "sheet", "document")
	c.MarkFlagsMutuallyExclusive("template", "document")
	return c
}

func (a *app) proposeIssue(ctx context.Context, o issueOptions) error {
	profile, err := profileFlag(o.profile)
	if err != nil {
		return err
	}
	d := access.Draft{Kind: access.KindIssue, Issuer: o.issuer, Template: o.template, Profile: profile}
	switch {
	case o.document == "" && o.template == "":
		return fail(exitUsage, "template_missing")
	case o.sheet != "":
		return a.proposeSheet(ctx, o, d)
	}
	data, err := a.readJSON(o.learner + o.document)
	if err != nil {
		return err
	}
	if o.document != "" {
		d.Kind, d.Document = access.KindDocument, data
		return a.withAccess(ctx, false, func(s *access.Service) error { return a.propose(ctx, s, d) })
	}
	learner, err := schema.ParseLearner(data)
	if err != nil {
		return a.issuerFailure(err)
	}
	d.Learners = []schema.Learner{learner}
	if learner.DocumentNumber != "" { // as "passport issue" does: a number is issued once
		d.Keys = []string{sheet.Key(o.issuer, o.template, learner)}
	}
	return a.withAccess(ctx, false, func(s *access.Service) error { return a.propose(ctx, s, d) })
}

// proposeSheet takes a sheet without faults only: an approver is to see what was
// meant.
func (a *app) proposeSheet(ctx context.Context, o issueOptions, d access.Draft) error {
	data, err := a.readUpTo(o.sheet, maxSheet)
	if err != nil {
		return err
	}
	o.dryRun = true
	var faulty error
	err = a.withIssuer(ctx, false, func(i *issuer.Issuer) error {
		s, err := a.readSheet(ctx, i, o, data)
		if err != nil {
			return err
		}
		a.saySheet(s)
		for _, r := range s.Rows {
			d.Learners, d.Keys = append(d.Learners, r.Learner), append(d.Keys, r.Key)
		}
		if len(s.Faults) > 0 {
			faulty = fail(exitInvalid, "sheet_faults", "count", fmt.Sprint(len(s.Faults)), "rows", fmt.Sprint(s.FaultyRows))
		}
		return nil
	})
	if err != nil || faulty != nil {
		return firstOfErrors(err, faulty)
	}
	return a.withAccess(ctx, false, func(s *access.Service) error { return a.propose(ctx, s, d) })
}

func firstOfErrors(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// proposeLife prepares an act on one credential, whose issuer is looked up.
func (a *app) proposeLife(ctx context.Context, ref string, d access.Draft) error {
	err := a.withIssuer(ctx, false, func(i *issuer.Issuer) error {
		row, err := i.Find(ctx, ref)
		d.Issuer, d.Credential = row.Issuer, row.ID
		return err
	})
	if err != nil {
		return err
	}
	return a.withAccess(ctx, false, func(s *access.Service) error { return a.propose(ctx, s, d) })
}

func newProposeRevokeCommand(a *app) *cobra.Command {
	var o lifeOptions
	c := &cobra.Command{
		Use: "revoke ID", Short: "Prepare the end of a credential",
		Long: `Prepares what "passport revoke" would do. With the reason ` + string(schema.LostOrCompromised) + ` no approval is
needed: "passport revoke" does it at once.

Reasons: ` + reasonList(schema.RevocationReasons()),
		Example: "  passport proposal revoke MC-PZ-2026-0042 --reason issued-in-error", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.proposeLife(c.Context(), args[0], access.Draft{Kind: access.KindRevoke, Reason: schema.Reason(o.reason), Note: o.note})
		},
	}
	o.bindReason(a, c, schema.RevocationReasons()...)
	return c
}

func newProposeSuspendCommand(a *app) *cobra.Command {
	var o lifeOptions
	c := &cobra.Command{
		Use: "suspend ID", Short: "Prepare a suspension",
		Example: "  passport proposal suspend MC-PZ-2026-0042 --reason disputed --until 2026-12-31", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			until, err := dayFlag(o.until)
			if err != nil {
				return err
			}
			return a.proposeLife(c.Context(), args[0], access.Draft{Kind: access.KindSuspend, Reason: schema.Reason(o.reason), Note: o.note, Until: until})
		},
	}
	o.bindReason(a, c, schema.Disputed)
	c.Flags().StringVar(&o.until, "until", "", "the day (YYYY-MM-DD) on which it is valid again; without it until reinstated")
	return c
}

func newProposeReinstateCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "reinstate ID", Short: "Prepare the end of a suspension", Example: "  passport proposal reinstate MC-PZ-2026-0042", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.proposeLife(c.Context(), args[0], access.Draft{Kind: access.KindReinstate})
		},
	}
}

func newProposeReissueCommand(a *app) *cobra.Command {
	var o lifeOptions
	c := &cobra.Command{
		Use: "reissue ID", Short: "Prepare a new copy, which revokes the old one",
		Example: "  passport proposal reissue MC-PZ-2026-0042 --learner corrected.json", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			d := access.Draft{Kind: access.KindReissue}
			if o.learner != "" {
				data, err := a.readJSON(o.learner)
				if err != nil {
					return err
				}
				learner, err := schema.ParseLearner(data)
				if err != nil {
					return a.issuerFailure(err)
				}
				d.Learner = &learner
			}
			return a.proposeLife(c.Context(), args[0], d)
		},
	}
	c.Flags().StringVar(&o.learner, "learner", "", "learner file with the corrected particulars")
	return c
}
