package main

import (
	"fmt"
	"strings"

	"github.com/employment-passport/passport/issuer"
	"github.com/spf13/cobra"
)

// issuerView is an issuer as the command line shows it.
type issuerView struct {
	Name       string    `json:"name"`
	Title      string    `json:"title"`
	DID        string    `json:"did"`
	Country    string    `json:"country"`
	Region     string    `json:"region,omitempty"`
	StatusBase string    `json:"statusBase"`
	FourEyes   bool      `json:"fourEyes,omitempty"`
	Keys       []keyView `json:"keys,omitempty"`
}

func viewIssuer(r issuer.IssuerRecord, keys []issuer.KeyRecord) issuerView {
	v := issuerView{Name: r.Name, Title: r.Title, DID: r.DID, Country: r.Country, Region: r.Region, StatusBase: r.StatusBase, FourEyes: r.FourEyes}
	for _, k := range keys {
		v.Keys = append(v.Keys, viewKey(k))
	}
	return v
}

func newIssuerCommand(a *app) *cobra.Command {
	return group("issuer", "The bodies that issue from this home", newIssuerAddCommand(a), newIssuerListCommand(a), newIssuerShowCommand(a), newIssuerSetCommand(a))
}

func newIssuerAddCommand(a *app) *cobra.Command {
	var n issuer.NewIssuer
	c := &cobra.Command{
		Use:   "add NAME",
		Short: "Make an issuer with its keys",
		Long: `Makes an issuer with two ES256 keys, one for credentials and one for status. NAME
is its short name on the command line; --title is the body's name on what it signs.
With --did key the issuer is its only key: fit for demonstrations, never for more,
because that key can never be rotated.`,
		Example: `  passport issuer add ferrara --title "Città di Ferrara" --did web --domain ferrara.example --country IT --region ITH56
  passport issuer add prova --did key --status-base https://status.example --country IT`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			n.Name, n.Title = args[0], firstOf(n.Title, args[0])
			i, done, err := a.openIssuer(c.Context(), true)
			if err != nil {
				return err
			}
			r, err := i.AddIssuer(c.Context(), a.actor(), n)
			if err := firstError(err, done); err != nil {
				return err
			}
			if n.Method == "key" {
				a.talk("issuer.key_for_ever", "name", r.Name)
			}
			if a.json {
				return a.printJSON(viewIssuer(r, nil))
			}
			_, err = fmt.Fprintln(a.out, r.DID)
			return err
		},
	}
	f := c.Flags()
	f.StringVar(&n.Title, "title", "", "the body's name on its credentials (default NAME)")
	f.StringVar(&n.Method, "did", "web", "web, or key for demonstrations")
	f.StringVar(&n.Domain, "domain", "", "HOST[:PORT][/PATH] of a did:web issuer")
	f.StringVar(&n.StatusBase, "status-base", "", "https address below which a did:key issuer's status lists are found")
	f.StringVar(&n.Country, "country", "", "country, two letters (ISO 3166-1)")
	f.StringVar(&n.Region, "region", "", "region (NUTS code)")
	f.BoolVar(&n.FourEyes, "four-eyes", false, "a second person must approve what is signed or ended in its name")
	return c
}

func newIssuerListCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List the issuers", Example: "  passport issuer list --json", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			i, done, err := a.openIssuer(c.Context(), false)
			if err != nil {
				return err
			}
			bodies, err := i.Bodies(c.Context())
			if err := firstError(err, done); err != nil {
				return err
			}
			for _, r := range bodies {
				if a.json {
					err = a.printJSON(viewIssuer(r, nil))
				} else {
					_, err = fmt.Fprintf(a.out, "%s\t%s\t%s\n", r.Name, r.DID, oneLine(r.Title))
				}
				if err != nil {
					return err
				}
			}
			return nil
		},
	}
}

func newIssuerShowCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "show NAME", Short: "Show an issuer and its keys", Example: "  passport issuer show ferrara", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			i, done, err := a.openIssuer(c.Context(), false)
			if err != nil {
				return err
			}
			r, err := i.Body(c.Context(), args[0])
			var keys []issuer.KeyRecord
			if err == nil {
				keys, err = i.Keys(c.Context(), args[0])
			}
			if err := firstError(err, done); err != nil {
				return err
			}
			v := viewIssuer(r, keys)
			if a.json {
				return a.printJSON(v)
			}
			_, err = fmt.Fprintf(a.out, "%s\n%s\n%s %s\n%s\n%s", oneLine(v.Title), v.DID, v.Country, v.Region, v.StatusBase, keyLines(v.Keys))
			return err
		},
	}
}

func keyLines(keys []keyView) string {
	var b strings.Builder
	for _, k := range keys {
		fmt.Fprintf(&b, "%s\t%s\t%s\t%s\t%s\n", k.KID, k.Use, k.State, k.From, firstOf(k.Until, "-"))
	}
	return b.String()
}

// firstError closes what a command opened and returns the first thing that
// went wrong.
func firstError(err error, closeAll func() error) error {
	if closeErr := closeAll(); err == nil {
		return closeErr
	}
	return err
}
