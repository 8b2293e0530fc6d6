package main

import (
	"context"
	"fmt"
	"strconv"

	"github.com/employment-passport/passport/issuer"
	"github.com/spf13/cobra"
)

// fsckView is the result of fsck as data.
type fsckView struct {
	OK          bool             `json:"ok"`
	Credentials int              `json:"credentials"`
	Lists       int              `json:"statusLists"`
	Entries     uint64           `json:"auditEntries"`
	Findings    []issuer.Finding `json:"findings"`
}

func newFsckCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "fsck",
		Short: "Check everything in the store",
		Long: `Reads every record against its checksum, verifies every stored token with the key
that the register names, the audit chain, that no status index was given twice and
that every status bit says what its credential's state says. Exit 1 when something
is wrong. Nothing is changed and no passphrase is asked for.`,
		Example: "  passport fsck\n  passport fsck --json",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			v, err := a.fsck(c.Context())
			if err != nil {
				return err
			}
			if a.json {
				if err := a.printJSON(v); err != nil {
					return err
				}
			} else if err := a.printFsck(v); err != nil {
				return err
			}
			if !v.OK {
				return fail(exitInvalid, "fsck_findings", "count", strconv.Itoa(len(v.Findings)))
			}
			return nil
		},
	}
}

// fsck looks at the file first: the register of a damaged file may not be read.
func (a *app) fsck(ctx context.Context) (v fsckView, err error) {
	store, err := a.openStore(ctx)
	if err != nil {
		return v, err
	}
	defer func() { err = firstError(storeFailure(err), store.Close) }()
	problems, err := store.Check(ctx)
	if err != nil {
		return v, err
	}
	v.Findings = []issuer.Finding{}
	for _, p := range problems {
		v.Findings = append(v.Findings, issuer.Finding{Code: "file", Subject: store.Path(), Detail: p})
	}
	if len(problems) > 0 {
		return v, nil
	}
	i, err := a.issuerOver(ctx, store, false)
	if err != nil {
		return v, err
	}
	checked, err := i.Fsck(ctx)
	if err != nil {
		return v, err
	}
	v.Credentials, v.Lists, v.Entries = checked.Credentials, checked.Lists, checked.Entries
	v.Findings = append(v.Findings, checked.Findings...)
	v.OK = len(v.Findings) == 0
	return v, nil
}

func (a *app) printFsck(v fsckView) error {
	for _, f := range v.Findings {
		if _, err := fmt.Fprintf(a.out, "%s\t%s\t%s\n", f.Code, oneLine(f.Subject), oneLine(f.Detail)); err != nil {
			return err
		}
	}
	if v.OK {
		a.talk("fsck.ok", "credentials", strconv.Itoa(v.Credentials), "lists", strconv.Itoa(v.Lists), "entries", strconv.FormatUint(v.Entries, 10))
	}
	return nil
}
