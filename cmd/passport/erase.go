package main

import (
	"bufio"
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/boltstore"
	"github.com/spf13/cobra"
)

// erasedView is the result of erase as data. It has no name.
type erasedView struct {
	Person      string    `json:"person"`
	Issuer      string    `json:"issuer"`
	ErasedAt    time.Time `json:"erasedAt"`
	Credentials []string  `json:"credentials"`
}

func newEraseCommand(a *app) *cobra.Command {
	var yes bool
	c := &cobra.Command{
		Use:   "erase PERSON",
		Short: "Erase what the register says of a person",
		Long: `Erases the name, the document numbers and the credentials of a person from the
register, for good: the person's key is destroyed and the store's file rewritten.
PERSON is a document number, a credential's id or the id of the person. All that
this issuer has of the person goes; who has the same name and the same date (or only
year) of birth counts as the same person. What stays is the id, the hash and the place in
the status list: the copies that the person has still verify, and each can still be
revoked by its id. Nothing can be printed or reissued any more.

A backup made before still holds the name: make a new one and destroy the older
ones when their time has come. Restored, such a backup is erased again before it
issues, as long as the home still remembers.`,
		Example: "  passport erase MC-PZ-2026-0042\n  passport erase per-06h055qdo2949ut00g6vl511t4 --yes --json",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			i, done, err := a.openIssuer(c.Context(), false)
			if err != nil {
				return err
			}
			if !yes {
				err = a.askErase(c.Context(), i, args[0])
			}
			var erased issuer.Erased
			if err == nil {
				erased, err = i.Erase(c.Context(), a.actor(), args[0])
			}
			if err := firstError(a.issuerFailure(err), done); err != nil {
				return err
			}
			a.tellAside()
			if a.json {
				return a.printJSON(erasedView{erased.Person.ID, erased.Person.Issuer, erased.Person.ErasedAt.UTC(), erased.Credentials})
			}
			a.talk("erase.done", "person", erased.Person.ID, "count", strconv.Itoa(len(erased.Credentials)))
			return nil
		},
	}
	c.Flags().BoolVar(&yes, "yes", false, "do not ask")
	return c
}

// tellAside names the stores that restores have kept beside the home's.
func (a *app) tellAside() {
	dir, err := a.homeDir()
	if err != nil {
		return // the erasure has had one
	}
	kept, _ := filepath.Glob(filepath.Join(dir, boltstore.FileName+".replaced*")) // the pattern is good
	for _, path := range kept {
		a.warn("erase.aside", "path", path)
	}
}

// askErase shows what would go and asks. Who cannot be asked must have said --yes.
func (a *app) askErase(ctx context.Context, i *issuer.Issuer, ref string) error {
	would, err := i.Erasable(ctx, ref)
	if err != nil {
		return err
	}
	if !a.canAsk() {
		return fail(exitUsage, "erase_confirm", "ref", ref)
	}
	if err := a.showErase(ctx, i, would); err != nil {
		return err
	}
	fmt.Fprintf(a.err, "%s [%s] ", oneLine(i18n.T(a.lang, "prompt.erase", nil)), a.word("prompt.yes_no"))
	line, err := bufio.NewReader(a.in).ReadString('\n')
	if err != nil || !slices.Contains(strings.Fields(a.word("prompt.yes")), strings.ToLower(strings.TrimSpace(line))) {
		return fail(exitInvalid, "erase_declined")
	}
	return nil
}

// showErase shows whose data would go and what of theirs, with what lets somebody
// who knows them see that a credential is a namesake's.
func (a *app) showErase(ctx context.Context, i *issuer.Issuer, would issuer.Erased) error {
	a.tell("erase.would", "name", would.Person.Name, "issuer", would.Person.Issuer, "count", strconv.Itoa(len(would.Credentials)))
	for _, id := range would.Credentials {
		row, err := i.Find(ctx, id)
		if err != nil {
			return err
		}
		fmt.Fprintf(a.err, "  %s  %s  %s  %s  %s  %s\n", oneLine(row.DocumentNumber), oneLine(row.LearnerName),
			oneLine(row.Template), row.CreatedAt.UTC().Format(time.DateOnly), row.State, row.ID)
	}
	if len(would.Credentials) > 1 {
		a.tell("erase.same")
	}
	return nil
}
