package main

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/employment-passport/passport/schema"
	"github.com/spf13/cobra"
)

func profileCommands(a *app) []*cobra.Command {
	cmd := &cobra.Command{
		Use:   "profile",
		Short: "Show the rules of countries and regions that this program knows",
		Long: `A profile holds what a country or a region asks: the hours of an internship, the
allowance, the notices on paper, the level framework. Each is an example: the
body that uses it checks it first.`,
		Args: cobra.NoArgs,
	}
	cmd.AddCommand(newProfileListCommand(a), newProfileShowCommand(a))
	return []*cobra.Command{cmd}
}

func newProfileListCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Short:   "List the profiles",
		Example: "  passport profile list",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			for _, p := range schema.RegionProfiles() {
				line := profileLine{p.Code(), a.profilePlace(p), p.Example}
				if err := a.printLine(line, line.Code, line.Place); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

func newProfileShowCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "show [CODE]",
		Short: "Show one profile, the neutral one without a code",
		Long: `CODE is a country (IT) or a country and its region (IT-ITI3). A region without
rules of its own has those of its country.`,
		Example: `  passport profile show IT-ITI3
  passport profile show PL --json`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			p := schema.ProfileFor("", "")
			if len(args) > 0 {
				var ok bool
				if p, ok = schema.RegionProfileByCode(args[0]); !ok {
					return fail(exitUsage, "region_profile", "code", args[0])
				}
			}
			if a.json {
				return json.NewEncoder(a.out).Encode(shownProfileOf(a.profilePlace(p), p))
			}
			a.printProfile(p)
			return nil
		},
	}
}

// profileLine is a profile as scripts read it in a listing.
type profileLine struct {
	Code    string `json:"code"`
	Place   string `json:"place"`
	Example bool   `json:"example"`
}

// profilePlace names the country, or the country and its region.
func (a *app) profilePlace(p schema.RegionProfile) string {
	switch {
	case p.Country == "":
		return a.word("regional.neutral")
	case p.Region == "":
		return schema.CountryName(p.Country, a.lang)
	}
	return schema.RegionName(p.Region, a.lang) + ", " + schema.CountryName(p.Country, a.lang)
}

// printProfile prints what is known, a line each; what is not known has none.
func (a *app) printProfile(p schema.RegionProfile) {
	i := p.Internship
	percent := strconv.Itoa(i.MinimumPercent) + "%"
	if len(p.Assumed) > 0 {
		percent += " (" + a.word("regional.assumed") + ")"
	}
	a.profileRow("place", p.Code()+" "+a.profilePlace(p))
	a.profileRow("minimum", percent)
	a.profileRow("maximum", wholeNumber(i.MaximumMonths))
	a.profileRow("agreement", wholeNumber(i.AgreementMonths))
	a.profileRow("types", strings.Join(i.Types, ", "))
	a.profileRow("signers", strings.Join(i.Signers, ", "))
	a.profileRow("events", strings.Join(i.Events, ", "))
	if r := p.Allowance; r != nil {
		a.profileRow("month", euros(r.Cents))
		a.profileRow("full", wholeNumber(r.FullPercent))
		a.profileRow("floor", euros(r.FloorCents))
	}
	a.profileRow("levels", strings.TrimSpace("EQF "+p.Levels.Name))
	a.profileRow("repertories", strings.Join(p.Repertories, ", "))
	a.profileRow("scopes", strings.Join(p.ProviderScope, ", "))
	for _, n := range p.Legal {
		of := strings.Join(strings.Fields(n.Kind+" "+n.LegalValue), ", ")
		fmt.Fprintf(a.out, "%s (%s): %s\n", a.word("regional.show.notice"), of, n.In(a.lang))
	}
	a.profileRow("public", p.PublicBodyNotice(a.lang))
	for _, source := range p.Sources {
		a.profileRow("source", source)
	}
	if p.Example {
		fmt.Fprintln(a.out, p.NoticeIn(a.lang))
	}
}

func (a *app) profileRow(key, value string) {
	if value != "" {
		fmt.Fprintf(a.out, "%s: %s\n", a.word("regional.show."+key), value)
	}
}

func wholeNumber(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// euros writes an amount of cents, empty for none.
func euros(cents int64) string {
	if cents == 0 {
		return ""
	}
	return fmt.Sprintf("%d.%02d EUR", cents/100, cents%100)
}
