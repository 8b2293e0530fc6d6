package main

import (
	"github.com/employment-passport/passport/issuer"
	"github.com/spf13/cobra"
)

// newIssuerSetCommand changes what of an issuer can be changed.
func newIssuerSetCommand(a *app) *cobra.Command {
	var fourEyes bool
	c := &cobra.Command{
		Use:   "set NAME",
		Short: "Turn the four-eyes rule of an issuer on or off",
		Long: `With the four-eyes rule nothing is signed or ended in the body's name before a
second person has approved it: see "passport proposal". One thing does not wait, the
revocation of what was lost or stolen.`,
		Example: "  passport issuer set ferrara --four-eyes=true\n  passport issuer set ferrara --four-eyes=false",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.withIssuer(c.Context(), false, func(i *issuer.Issuer) error {
				r, err := i.SetFourEyes(c.Context(), a.actor(), args[0], fourEyes)
				if err != nil {
					return err
				}
				key := "issuer.four_eyes_off"
				if r.FourEyes {
					key = "issuer.four_eyes_on"
				}
				a.talk(key, "issuer", r.Name)
				if a.json {
					return a.printJSON(viewIssuer(r, nil))
				}
				return nil
			})
		},
	}
	c.Flags().BoolVar(&fourEyes, "four-eyes", false, "whether a second person must approve")
	must(c.MarkFlagRequired("four-eyes"))
	return c
}
