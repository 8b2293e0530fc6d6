package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/schema"
	"github.com/spf13/cobra"
)

// lifeOptions are those of revoke, suspend, reinstate and reissue.
type lifeOptions struct {
	sheet               string
	reason, note, until string
	learner, out        string
	again               string // the refusal that a sheet run a second time meets, and that is none then
	profile             string
}

func (o *lifeOptions) bindSheet(cmd *cobra.Command) {
	cmd.Flags().StringVar(&o.sheet, "sheet", "", "many: a CSV with a column id or documentNumber, - for standard input")
}

// bindReason binds the reason, which must be given: who leaves it out is told
// which there are, in their language.
func (o *lifeOptions) bindReason(a *app, cmd *cobra.Command, known ...schema.Reason) {
	cmd.Flags().StringVar(&o.reason, "reason", "", "reason code, see above")
	cmd.Flags().StringVar(&o.note, "note", "", "a sentence for the register; never published")
	cmd.PreRunE = func(*cobra.Command, []string) error {
		if o.reason != "" {
			return nil
		}
		var words []string
		for _, r := range known {
			words = append(words, string(r)+" ("+a.word("reason."+string(r))+")")
		}
		return fail(exitUsage, "reason_missing", "known", strings.Join(words, ", "))
	}
}

func newRevokeCommand(a *app) *cobra.Command {
	var o lifeOptions
	cmd := &cobra.Command{
		Use:   "revoke ID",
		Short: "End a credential for good",
		Long: `Ends a credential for good: nothing brings it back. ID is the credential's id, its
document number, or the beginning of its id. Others see it once the status list is
published, with "passport status publish". A sheet can be run again: what was revoked
before is told, and is no fault.

Reasons: ` + reasonList(schema.RevocationReasons()),
		Example: `  passport revoke MC-PZ-2026-0042 --reason issued-in-error --note "wrong course"
  passport revoke --sheet gone.csv --reason accreditation-withdrawn`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.again = "already_revoked"
			return a.eachCredential(cmd.Context(), o, args, false, func(i *issuer.Issuer, ref string) (issuer.Issuance, error) {
				return i.Revoke(cmd.Context(), a.actor(), ref, o.reasonGiven())
			})
		},
	}
	o.bindSheet(cmd)
	o.bindReason(a, cmd, schema.RevocationReasons()...)
	return cmd
}

func newSuspendCommand(a *app) *cobra.Command {
	var o lifeOptions
	cmd := &cobra.Command{
		Use:   "suspend ID",
		Short: "Take a credential's validity away for a time",
		Long: `Takes a credential's validity away until a day, or until "passport reinstate". Only
credentials made from a suspendable template can be suspended. To suspend one again
gives it the new day, or none.

Reason: ` + string(schema.Disputed),
		Example: "  passport suspend MC-PZ-2026-0042 --reason disputed --until 2026-12-31",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			until, err := dayFlag(o.until)
			if err != nil {
				return err
			}
			return a.eachCredential(cmd.Context(), o, args, false, func(i *issuer.Issuer, ref string) (issuer.Issuance, error) {
				return i.Suspend(cmd.Context(), a.actor(), ref, o.reasonGiven(), until)
			})
		},
	}
	o.bindSheet(cmd)
	o.bindReason(a, cmd, schema.Disputed)
	cmd.Flags().StringVar(&o.until, "until", "", "the day (YYYY-MM-DD) on which it is valid again; without it until reinstated")
	return cmd
}

func newReinstateCommand(a *app) *cobra.Command {
	var o lifeOptions
	cmd := &cobra.Command{
		Use:     "reinstate ID",
		Short:   "End a suspension",
		Example: "  passport reinstate MC-PZ-2026-0042",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.eachCredential(cmd.Context(), o, args, false, func(i *issuer.Issuer, ref string) (issuer.Issuance, error) {
				return i.Reinstate(cmd.Context(), a.actor(), ref)
			})
		},
	}
	o.bindSheet(cmd)
	return cmd
}

func newReissueCommand(a *app) *cobra.Command {
	var o lifeOptions
	var lost lostOptions
	cmd := &cobra.Command{
		Use:   "reissue ID",
		Short: "Sign a credential anew and revoke the old copy, in one act",
		Long: `Signs a credential anew, for a person who has lost the old copy or whose
particulars were wrong, and revokes the old copy as superseded. Look at an identity
document first: a scan of a paper alone is no reason to reissue. The new token is
made as the old one, unless --profile says otherwise.

With --lost everything that the person has of this body is revoked at once and made
anew, bound to no key, to be printed; with --offer it is offered to a new phone. Say
with --seen-id which identity document you have seen: its kind stands in the audit
log, its number nowhere.`,
		Example: `  passport reissue MC-PZ-2026-0042 --out amina.jwt
  passport reissue MC-PZ-2026-0042 --learner corrected.json
  passport reissue MC-PZ-2026-0042 --lost --seen-id residence-permit --out amina.pdf
  passport reissue MC-PZ-2026-0042 --lost --seen-id passport --offer --qr amina.png`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := lost.check(); err != nil {
				return err
			}
			if lost.lost {
				return a.reissueLost(cmd.Context(), lost, o.out, args)
			}
			return runReissue(cmd.Context(), a, o, args)
		},
	}
	o.bindSheet(cmd)
	bindProfile(cmd, &o.profile, "")
	lost.bind(cmd)
	cmd.Flags().StringVar(&o.learner, "learner", "", "learner file with new particulars, - for standard input")
	cmd.Flags().StringVar(&o.out, "out", "", "write the token to this file; with --lost the tokens, one a line, or as paper where it ends with .pdf")
	cmd.MarkFlagsMutuallyExclusive("lost", "learner")
	cmd.MarkFlagsMutuallyExclusive("offer", "out")
	cmd.MarkFlagsMutuallyExclusive("sheet", "learner")
	cmd.MarkFlagsMutuallyExclusive("sheet", "out")
	return cmd
}

func runReissue(ctx context.Context, a *app, o lifeOptions, args []string) error {
	profile, err := profileFlag(o.profile)
	if err != nil {
		return err
	}
	var learner *schema.Learner
	if o.learner != "" {
		data, err := a.readJSON(o.learner)
		if err != nil {
			return err
		}
		l, err := schema.ParseLearner(data)
		if err != nil {
			return a.issuerFailure(err)
		}
		learner = &l
	}
	return a.eachCredential(ctx, o, args, true, func(i *issuer.Issuer, ref string) (issuer.Issuance, error) {
		reissue := i.Reissue
		if o.profile != "" {
			reissue = func(ctx context.Context, by issuer.Actor, ref string, l *schema.Learner) (*issuer.Issuance, error) {
				return i.ReissueAs(ctx, by, ref, l, profile)
			}
		}
		row, err := reissue(ctx, a.actor(), ref, learner)
		if err != nil {
			return issuer.Issuance{}, err
		}
		return *row, nil
	})
}

func (o lifeOptions) reasonGiven() issuer.Reason {
	return issuer.Reason{Code: schema.Reason(o.reason), Note: o.note}
}

// eachCredential does one thing to one credential, or to each of a sheet. One
// that is refused does not keep the others: all are told, and the exit code is
// that of a refusal.
func (a *app) eachCredential(ctx context.Context, o lifeOptions, args []string, reissued bool, do func(*issuer.Issuer, string) (issuer.Issuance, error)) (err error) {
	refs, err := a.references(o.sheet, args)
	if err != nil {
		return err
	}
	out, err := a.openTarget(o.out)
	if err != nil {
		return err
	}
	defer out.drop()
	if !reissued && !a.json {
		defer func() {
			if err == nil {
				a.tellPublish(ctx)
			}
		}()
	}
	return a.withIssuer(ctx, reissued, func(i *issuer.Issuer) error {
		if o.sheet == "" {
			row, err := do(i, refs[0])
			if err != nil {
				return err
			}
			return a.printChanged(row, reissued, out)
		}
		return a.eachOfSheet(ctx, o, refs, func(ref string) error {
			row, err := do(i, ref)
			if err != nil {
				return err
			}
			return a.printChanged(row, reissued, out)
		})
	})
}

// eachOfSheet does one thing to many and tells what is refused; a refusal that
// only says that it was done before is none.
func (a *app) eachOfSheet(ctx context.Context, o lifeOptions, refs []string, do func(ref string) error) error {
	refused := 0
	for _, ref := range refs {
		if err := ctx.Err(); err != nil {
			return err
		}
		err := a.issuerFailure(do(ref))
		var f *failure
		switch {
		case err == nil:
		case !errors.As(err, &f) || f.exit == exitInternal:
			return err
		case f.code == o.again:
			a.warn("revoke.again", "ref", ref)
		default:
			a.say("fault", ref+": "+a.failureWords(f))
			refused++
		}
	}
	if refused > 0 {
		return fail(exitInvalid, "some_refused", "count", fmt.Sprint(refused), "total", fmt.Sprint(len(refs)))
	}
	return nil
}

// tellPublish says how the world hears of a change: a running service publishes
// it by itself.
func (a *app) tellPublish(ctx context.Context) {
	if at, err := a.serverBase(ctx); err == nil && at.URL != "" {
		a.tell("issuer.publish.server")
		return
	}
	a.tell("issuer.publish.yourself")
}

// printChanged prints a credential after its change: a new token as issue
// does, anything else as list does.
func (a *app) printChanged(row issuer.Issuance, reissued bool, out *target) error {
	if reissued {
		return a.handOver(row, out)
	}
	if a.json {
		return json.NewEncoder(a.out).Encode(listedLineOf(row))
	}
	fmt.Fprintln(a.out, row.ID)
	key, date := "issuer.now."+string(row.State), ""
	if !row.SuspendedUntil.IsZero() {
		key, date = "issuer.now.suspended_until", row.SuspendedUntil.Format(time.DateOnly)
	}
	a.tell(key, "id", row.ID, "number", firstOf(row.DocumentNumber, row.ID), "date", date)
	return nil
}

func reasonList(rs []schema.Reason) string {
	words := make([]string, len(rs))
	for n, r := range rs {
		words[n] = string(r)
	}
	return strings.Join(words, ", ")
}
