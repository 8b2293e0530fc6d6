package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"strconv"
	"time"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/internal/qr"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/schema"
	"github.com/spf13/cobra"
)

func newTemplateCommand(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "template",
		Short: "Describe a course once, for everybody who will pass it",
		Long: `A template is a document with the learner's part left out. It is checked when it
is made, the size of the printed code included, so that no print fails later.`,
		Args: cobra.NoArgs,
	}
	cmd.AddCommand(newTemplateCheckCommand(a), newTemplateAddCommand(a), newTemplateListCommand(a), newTemplateShowCommand(a))
	return cmd
}

func newTemplateCheckCommand(a *app) *cobra.Command {
	var large bool
	var profile string
	cmd := &cobra.Command{
		Use:   "check FILE",
		Short: "Check a template and tell how large its printed code will be",
		Long: `Checks a template and packs a credential made from it as it will be printed. When the
code is larger than usual it names the longest texts. What a learner file adds beyond
a few lines (the activities of an internship, the skills of an assessment) is not in it.`,
		Example: `  passport template check examples/templates/01-food-hygiene-it.json
  passport template check examples/templates/01-food-hygiene-it.json --profile ob3`,
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			t, budget, err := a.readTemplate(args[0], profile, large)
			if err != nil {
				return err
			}
			return a.printTemplate(templateLine{Name: t.Name, Title: t.Title(), QRVersion: budget.Version}, budget, t.Raw)
		},
	}
	cmd.Flags().BoolVar(&large, "allow-large", false, "accept a template whose code is above the budget")
	bindProfile(cmd, &profile, "")
	return cmd
}

func newTemplateAddCommand(a *app) *cobra.Command {
	var large bool
	var owner string
	cmd := &cobra.Command{
		Use:   "add FILE",
		Short: "Check a template and keep it under its name",
		Long: `Checks a template and keeps it under its name, in the place of an earlier one. Without
--issuer a new template is for every body of the home; with it one body alone issues
from it.`,
		Example: `  passport template add examples/templates/01-food-hygiene-it.json
  passport template add examples/templates/01-food-hygiene-it.json --issuer ente`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			t, budget, err := a.readTemplate(args[0], "", large)
			if err != nil {
				return err
			}
			return a.withIssuer(cmd.Context(), false, func(i *issuer.Issuer) error {
				var r issuer.TemplateRecord
				if owner == "" {
					r, err = i.AddTemplate(cmd.Context(), a.actor(), t.Raw, budget.Version)
				} else {
					r, err = i.AddOwnTemplate(cmd.Context(), a.actor(), owner, t.Raw, budget.Version)
				}
				if err != nil {
					return err
				}
				return a.printTemplate(templateLineOf(r), budget, t.Raw)
			})
		},
	}
	cmd.Flags().BoolVar(&large, "allow-large", false, "accept a template whose code is above the budget")
	cmd.Flags().StringVar(&owner, "issuer", "", "the one body that issues from it (default every body)")
	return cmd
}

// readTemplate reads and checks a template file, its printed code included.
func (a *app) readTemplate(file, profileName string, large bool) (*schema.Template, qr.Budget, error) {
	profile, err := profileFlag(profileName)
	if err != nil {
		return nil, qr.Budget{}, err
	}
	data, err := a.readJSON(file)
	if err != nil {
		return nil, qr.Budget{}, err
	}
	t, err := schema.ParseTemplate(data)
	if err == nil {
		err = t.Check().Err()
	}
	if err != nil {
		return nil, qr.Budget{}, a.issuerFailure(err)
	}
	budget, err := templateBudget(t, profile)
	switch {
	case err != nil:
		return nil, budget, a.issuerFailure(err)
	case budget.Version == 0, !budget.OnPaper && !large:
		return nil, budget, fail(exitInvalid, "template_large", "bytes", strconv.Itoa(budget.Frame),
			"cap", strconv.Itoa(qr.Cap(qr.LevelM)), "version", strconv.Itoa(budget.Version), "texts", roomyList(toShorten(data)))
	}
	return t, budget, nil
}

// templateLine is a template as scripts read it.
type templateLine struct {
	Name      string `json:"name"`
	Title     string `json:"title"`
	QRVersion int    `json:"qrVersion"`
	Issuer    string `json:"issuer,omitempty"` // empty is every body
}

func templateLineOf(r issuer.TemplateRecord) templateLine {
	return templateLine{r.Name, r.Title, r.QRVersion, r.Issuer}
}

// printTemplate prints its name and the room that its code takes. Above the
// usual size it names the longest texts.
func (a *app) printTemplate(t templateLine, b qr.Budget, file []byte) error {
	var long []roomyText
	if !b.OnTarget {
		long = toShorten(file)
	}
	if a.json {
		return json.NewEncoder(a.out).Encode(struct {
			templateLine
			QRBytes int         `json:"qrBytes"`
			PrintMM float64     `json:"printMM"`
			Shorten []roomyText `json:"shorten,omitempty"`
		}{t, b.Frame, math.Round(b.PrintMM*10) / 10, long})
	}
	fmt.Fprintln(a.out, t.Name)
	a.tell("issuer.template.size", "title", t.Title, "version", strconv.Itoa(b.Version),
		"bytes", strconv.Itoa(b.Frame), "mm", i18n.Decimals(a.lang, strconv.FormatFloat(b.PrintMM, 'f', 1, 64)))
	if len(long) > 0 {
		a.tell("issuer.template.shorten", "target", strconv.Itoa(qr.PaperTarget), "texts", roomyList(long))
	}
	return nil
}

func newTemplateListCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Short:   "List the templates",
		Example: "  passport template list --json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.withIssuer(cmd.Context(), false, func(i *issuer.Issuer) error {
				all, err := i.Templates(cmd.Context())
				if err != nil {
					return err
				}
				for _, r := range all {
					if err := a.printLine(templateLineOf(r), r.Name, r.Title, strconv.Itoa(r.QRVersion), firstOf(r.Issuer, "-")); err != nil {
						return err
					}
				}
				return nil
			})
		},
	}
}

func newTemplateShowCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "show NAME",
		Short:   "Print a template as it was added",
		Example: "  passport template show food-hygiene",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withIssuer(cmd.Context(), false, func(i *issuer.Issuer) error {
				r, err := i.Template(cmd.Context(), args[0])
				if err != nil {
					return err
				}
				if a.json {
					return json.NewEncoder(a.out).Encode(struct {
						templateLine
						AddedAt  string          `json:"addedAt"`
						Template json.RawMessage `json:"template"`
					}{templateLineOf(r), r.AddedAt.Format(time.RFC3339), r.Body})
				}
				_, err = a.out.Write(append(r.Body, '\n'))
				return err
			})
		},
	}
}

// printLine prints one row of a listing: an object with --json, else its cells
// with tabs between them, made harmless for a terminal.
func (a *app) printLine(object any, cells ...string) error {
	if a.json {
		return json.NewEncoder(a.out).Encode(object)
	}
	for n, c := range cells {
		if n > 0 {
			fmt.Fprint(a.out, "\t")
		}
		fmt.Fprint(a.out, oneLine(c))
	}
	_, err := fmt.Fprintln(a.out)
	return err
}

// maxDocument bounds a template, a learner or a raw document.
const maxDocument = 1 << 20

// readDocument reads a small file, or standard input for "-".
func (a *app) readDocument(name string) ([]byte, error) { return a.readUpTo(name, maxDocument) }

func (a *app) readUpTo(name string, limit int64) ([]byte, error) {
	in := a.in
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			return nil, fail(exitUsage, "file_read", "file", name).wrap(err)
		}
		defer func() { _ = file.Close() }() // only read
		in = file
	}
	data, err := io.ReadAll(io.LimitReader(in, limit+1))
	switch {
	case err != nil:
		return nil, fail(exitUsage, "file_read", "file", name).wrap(err)
	case int64(len(data)) > limit:
		return nil, fail(exitUsage, "file_large", "file", name, "limit", strconv.FormatInt(limit>>20, 10))
	}
	return data, nil
}
