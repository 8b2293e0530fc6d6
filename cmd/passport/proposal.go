package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/employment-passport/passport/issuer/access"
	"github.com/spf13/cobra"
)

func newProposalCommand(a *app) *cobra.Command {
	return group("proposal", "What one person prepares and another approves",
		newProposeIssueCommand(a),
		newProposeRevokeCommand(a), newProposeSuspendCommand(a), newProposeReinstateCommand(a), newProposeReissueCommand(a),
		newProposalListCommand(a), newProposalShowCommand(a), newProposalApproveCommand(a), newProposalRejectCommand(a),
	)
}

// local is who stands at the command line: whoever can read the home's files
// may do everything, under the name that the operating system knows them by.
func (a *app) local() access.Principal {
	return access.Principal{
		ID: string(a.actor()), Name: string(a.actor()), Actor: a.actor(),
		Grants: []access.Grant{{Role: access.RegistryAdmin}, {Role: access.Officer}},
	}
}

// withProposals is withAccess with the words for what is not there.
func (a *app) withProposals(ctx context.Context, keys bool, id string, f func(*access.Service) error) error {
	return a.withAccess(ctx, keys, func(s *access.Service) error {
		err := f(s)
		if errors.Is(err, access.ErrNotHere) {
			return fail(exitUsage, "proposal_unknown", "id", id).wrap(err)
		}
		return err
	})
}

func newProposalListCommand(a *app) *cobra.Command {
	var every bool
	c := &cobra.Command{
		Use: "list", Short: "List the proposals that wait, the newest first",
		Example: "  passport proposal list\n  passport proposal list --all --json", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.withProposals(c.Context(), false, "", func(s *access.Service) error {
				list, err := s.Proposals(c.Context(), a.local())
				for _, p := range list {
					if every || p.State == access.StateOpen || p.State == access.StateTaken {
						err = errors.Join(err, a.showProposal(p))
					}
				}
				return err
			})
		},
	}
	c.Flags().BoolVar(&every, "all", false, "the last 200 that were decided too; they are kept for 30 days")
	return c
}

func newProposalShowCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "show ID", Short: "Show a proposal and whom it is for", Example: "  passport proposal show 3dkx7b2qfa", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.withProposals(c.Context(), false, args[0], func(s *access.Service) error {
				p, err := s.Proposal(c.Context(), a.local(), args[0])
				if err != nil {
					return err
				}
				if err := a.showProposal(p); err != nil || a.json {
					return err
				}
				for _, l := range p.Draft.Learners {
					if _, err := fmt.Fprintf(a.out, "\t%s\t%s\t%s\n", oneLine(firstOf(l.Organisation, l.Name, strings.TrimSpace(l.GivenName+" "+l.FamilyName))), oneLine(l.BirthDate), oneLine(l.DocumentNumber)); err != nil {
						return err
					}
				}
				return nil
			})
		},
	}
}

func newProposalApproveCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "approve ID", Short: "Approve what somebody else prepared, and do it",
		Long: `Does what a proposal asks for, in the name of both. Whoever prepared it cannot
approve it. Here the account on this computer says who you are.

It prints the ids of the credentials. Approving one again that was interrupted
finishes it and does nothing twice.`,
		Example: "  passport proposal approve 3dkx7b2qfa", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.withProposals(c.Context(), true, args[0], func(s *access.Service) error {
				p, err := s.Approve(c.Context(), a.local(), args[0])
				if err != nil {
					return err
				}
				if a.json {
					return a.printJSON(p)
				}
				_, err = fmt.Fprintln(a.out, strings.Join(p.Results, "\n"))
				return err
			})
		},
	}
}

func newProposalRejectCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "reject ID", Short: "Close a proposal, somebody else's or your own", Example: "  passport proposal reject 3dkx7b2qfa", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.withProposals(c.Context(), false, args[0], func(s *access.Service) error {
				p, err := s.Reject(c.Context(), a.local(), args[0])
				if err != nil {
					return err
				}
				return a.showProposal(p)
			})
		},
	}
}

// showProposal prints one line: id, state, what for whom, who and when, the
// document's title.
func (a *app) showProposal(p access.Proposal) error {
	if a.json {
		return a.printJSON(p)
	}
	d := p.Draft
	of := firstOf(d.Credential, d.Template)
	if n := len(d.Learners); n > 0 {
		of += fmt.Sprintf(" × %d", n)
	}
	_, err := fmt.Fprintf(a.out, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", p.ID, p.State, d.Kind, oneLine(d.Issuer), oneLine(of), p.PreparedBy, p.PreparedAt.UTC().Format(time.RFC3339), oneLine(p.Title))
	return err
}
