package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/schema"
	"github.com/spf13/cobra"
)

func compositeCommands(a *app) []*cobra.Command {
	return []*cobra.Command{newDefineCommand(a), newAwardCommand(a)}
}

func newDefineCommand(a *app) *cobra.Command {
	var name, out string
	cmd := &cobra.Command{
		Use:   "define FILE",
		Short: "Sign which micro-credentials make an employment passport",
		Long: `Checks the definition of a passport, a JSON file, and signs it as an issuer of this
home. Trust bundles of the home then carry it, if the issuer is recognised for
EmploymentPassport; wallets count by it, and "passport award" awards by it.

A version is signed once. To change it, raise "version" and define it again; to
withdraw one, revoke its id.`,
		Example: "  passport define passaporto.json --issuer consorzio --out passaporto.jwt",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runDefine(cmd.Context(), a, args[0], name, out)
		},
	}
	cmd.Flags().StringVar(&name, "issuer", "", "name of the issuer")
	cmd.Flags().StringVar(&out, "out", "", "write the signed definition to this file; - for standard output")
	must(cmd.MarkFlagRequired("issuer"))
	return cmd
}

// definedLine is a signed definition as scripts read it.
type definedLine struct {
	ID           string `json:"id"` // of the credential, for revoke
	Issuer       string `json:"issuer"`
	Definition   string `json:"definition"`
	Version      string `json:"version"`
	Requirements int    `json:"requirements"`
	Minimum      int    `json:"minimum"`
	Example      bool   `json:"example,omitempty"`
	Index        uint32 `json:"statusListIndex"`
	Token        string `json:"token"`
}

func runDefine(ctx context.Context, a *app, file, name, path string) error {
	data, err := a.readJSON(file)
	if err != nil {
		return err
	}
	d, err := schema.ParseDefinition(data)
	if err != nil {
		return a.issuerFailure(err)
	}
	out, err := a.openTarget(path)
	if err != nil {
		return err
	}
	defer out.drop()
	return a.withIssuer(ctx, true, func(i *issuer.Issuer) error {
		row, err := i.Define(ctx, a.actor(), name, d)
		if err != nil {
			return err
		}
		if row.Repeated {
			a.warn("define.again", "version", d.Version, "id", row.ID)
		}
		if out.path == "-" {
			return out.write([]byte(row.Token + "\n"))
		}
		if a.json {
			err = json.NewEncoder(a.out).Encode(definedLine{
				row.ID, row.Issuer, d.ID, d.Version, len(d.Requirements), d.Minimum, d.Example, row.StatusIndex, row.Token,
			})
		} else {
			_, err = fmt.Fprintln(a.out, row.ID)
			a.tell("define.done", "title", d.In(d.Title, a.lang), "minimum", strconv.Itoa(d.Minimum), "of", strconv.Itoa(len(d.Requirements)))
		}
		if err != nil {
			return err
		}
		return out.write([]byte(row.Token + "\n"))
	})
}
