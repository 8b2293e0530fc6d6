package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/employment-passport/passport/issuer/issuervci"
	"github.com/employment-passport/passport/issuer/sockstore"
	"github.com/spf13/cobra"
)

func newOfferListCommand(a *app) *cobra.Command {
	var name string
	c := &cobra.Command{
		Use:     "list",
		Short:   "List offers and what has become of them",
		Example: "  passport offer list --issuer ferrara",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.withOffers(c.Context(), "", func(o *issuervci.Offers, _ sockstore.Base) error {
				var all []issuervci.View
				err := o.List(c.Context(), name, "", func(v issuervci.View) bool {
					all = append(all, v)
					return true
				})
				if err != nil {
					return err
				}
				return a.printOffers(all)
			})
		},
	}
	c.Flags().StringVar(&name, "issuer", "", "only those of this issuer")
	return c
}

func (a *app) printOffers(all []issuervci.View) error {
	if a.json {
		lines := json.NewEncoder(a.out)
		for _, v := range all {
			if err := lines.Encode(v); err != nil {
				return err
			}
		}
		return nil
	}
	table := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	for _, v := range all {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", v.ID, v.Issuer, strings.Join(v.Templates, ","), a.word("offer.state."+string(v.State)), shortTime(v.Expires))
	}
	return table.Flush()
}

func newOfferEndCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "revoke ID",
		Short:   "End an offer; what was handed over by it stays",
		Example: "  passport offer revoke 4Qm0dZ0yN8vVn1m0k2bF7w",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.withOffers(c.Context(), "", func(o *issuervci.Offers, _ sockstore.Base) error {
				if err := o.Revoke(c.Context(), a.actor(), args[0]); err != nil {
					return err
				}
				a.talk("offer.revoked", "id", args[0])
				return nil
			})
		},
	}
}

func newOfferApproveCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "approve ID",
		Short: "Let what is held be handed over",
		Long: `Approves an offer that somebody else has made and that waits for it. The credential is
signed in both names when the wallet comes for it.`,
		Example: "  passport offer approve 4Qm0dZ0yN8vVn1m0k2bF7w",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.withOffers(c.Context(), "", func(o *issuervci.Offers, _ sockstore.Base) error {
				if err := o.Approve(c.Context(), a.actor(), args[0]); err != nil {
					return err
				}
				a.talk("offer.approved", "id", args[0])
				return nil
			})
		},
	}
}
