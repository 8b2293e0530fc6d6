package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/schema"
	"github.com/employment-passport/passport/verifier/intake"
	"github.com/employment-passport/passport/verifier/report"
	"github.com/employment-passport/passport/wallet"
	"github.com/spf13/cobra"
)

// walletRow is one credential as list prints it.
type walletRow struct {
	ID             string       `json:"id"`
	Title          string       `json:"title"`
	Kind           string       `json:"kind,omitempty"`
	Issuer         string       `json:"issuer"`
	IssuerName     string       `json:"issuerName,omitempty"`
	IssuedAt       string       `json:"issuedAt,omitempty"` // YYYY-MM-DD
	DocumentNumber string       `json:"documentNumber,omitempty"`
	Owner          wallet.Owner `json:"owner"`
	Check          string       `json:"check"` // valid, invalid, unknown or unchecked
	CheckedAt      *time.Time   `json:"checkedAt,omitempty"`
	Status         string       `json:"status,omitempty"` // of the last check
	StatusAsOf     *time.Time   `json:"statusAsOf,omitempty"`
	StapledUntil   *time.Time   `json:"stapledUntil,omitempty"` // end of the newest status assertion
	SupersededBy   string       `json:"supersededBy,omitempty"`
	OtherPerson    string       `json:"otherPerson,omitempty"` // name, where it is not the wallet's person
}

func walletRowOf(w *wallet.Wallet, h wallet.Held) walletRow {
	c := h.Credential()
	view := c.View()
	row := walletRow{
		ID: h.ID, Title: firstOf(view.Title, c.Name, c.Kind(), "—"), Kind: c.Kind(), Issuer: c.Issuer.ID, IssuerName: c.Issuer.Name,
		IssuedAt: schema.DateOf(c.ValidFrom).String(), DocumentNumber: view.DocumentNumber,
		Owner: w.Owner(h), Check: "unchecked", SupersededBy: w.SupersededBy(h),
	}
	if c.ValidFrom.IsZero() {
		row.IssuedAt = ""
	}
	if name, other := ofOther(w, h); other {
		row.OtherPerson = firstOf(name, "—")
	}
	if k := h.Checked; k != nil {
		row.Check, row.Status, row.CheckedAt, row.StatusAsOf = k.Verdict, k.State, timeOrNil(k.At), timeOrNil(k.StatusAsOf)
	}
	if len(h.Assertions) > 0 {
		row.StapledUntil = timeOrNil(h.Assertions[0].Expires)
	}
	return row
}

func timeOrNil(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func newWalletListCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Short:   "List the credentials in the wallet",
		Example: "  passport wallet list\n  passport wallet list --json",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return runWalletList(cmd.Context(), a) },
	}
}

func runWalletList(ctx context.Context, a *app) error {
	w, err := a.openWallet(ctx)
	if err != nil {
		return err
	}
	held := w.ByDate()
	if a.json {
		enc := json.NewEncoder(a.out)
		for _, h := range held {
			if err := enc.Encode(walletRowOf(w, h)); err != nil {
				return err
			}
		}
		return nil
	}
	if len(held) == 0 {
		a.tell("wallet.none")
		return nil
	}
	table := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	for _, h := range held {
		row := walletRowOf(w, h)
		note := a.word("wallet.check." + row.Check)
		if row.SupersededBy != "" {
			note = a.word("wallet.superseded")
		}
		if row.OtherPerson != "" {
			note += ", " + a.word("wallet.mark_other")
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", oneLine(row.ID), i18n.Date(i18n.Match(a.lang), row.IssuedAt),
			oneLine(intake.FirstRunes(row.Title, 60)), oneLine(intake.FirstRunes(firstOf(row.IssuerName, row.Issuer), 40)), note)
	}
	return table.Flush()
}

func (a *app) word(key string) string { return i18n.T(a.lang, key, nil) }

func newWalletShowCommand(a *app) *cobra.Command {
	var token bool
	cmd := &cobra.Command{
		Use:   "show [ID]",
		Short: "Show one credential, or the wallet's own DID",
		Long: `Shows what a credential says, or without ID the holder's DID. ID is its id, its document number or a prefix of the
id that only one has. --token prints the signed token as the issuer gave it: who
shows that, shows paper, and the checker compares name and birth date.`,
		Example: "  passport wallet show MC-PZ-2026-0042\n  passport wallet show 9a3f --token > credential.jwt",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return runWalletDID(cmd.Context(), a)
			}
			return runWalletShow(cmd.Context(), a, args[0], token)
		},
	}
	cmd.Flags().BoolVar(&token, "token", false, "print the signed token, with stapled status after it")
	return cmd
}

func runWalletDID(ctx context.Context, a *app) error {
	w, err := a.openWallet(ctx)
	if err != nil {
		return err
	}
	if a.json {
		return json.NewEncoder(a.out).Encode(struct {
			DID         string `json:"did"`
			Credentials int    `json:"credentials"`
		}{w.DID(), len(w.Held())})
	}
	fmt.Fprintln(a.out, w.DID())
	return nil
}

func runWalletShow(ctx context.Context, a *app, ref string, token bool) error {
	w, err := a.openWallet(ctx)
	if err != nil {
		return err
	}
	h, err := w.Find(ref)
	if err != nil {
		return walletFailure(ref, err)
	}
	if token {
		fmt.Fprintln(a.out, h.Token)
		if s, ok := h.LiveAssertion(a.now()); ok {
			fmt.Fprintln(a.out, s.Token)
		}
		return nil
	}
	row, view := walletRowOf(w, h), h.Credential().View()
	_, person := h.Credential().Holder()
	if a.json {
		return json.NewEncoder(a.out).Encode(struct {
			walletRow
			Person   []schema.Identity `json:"person"`
			Contents schema.View       `json:"contents"`
			Token    string            `json:"token"`
		}{row, person, view, h.Token})
	}
	a.printShown(row, view, person, titlesIn(w))
	return nil
}

// printShown prints the contents, a label and a value a line.
func (a *app) printShown(row walletRow, view schema.View, person []schema.Identity, parts report.Parts) {
	line := func(label, value string) {
		if value != "" {
			fmt.Fprintf(a.out, "%s: %s\n", a.word("wallet.label."+label), oneLine(value))
		}
	}
	var names []string
	for _, p := range person {
		names = append(names, p.Value)
	}
	line("title", row.Title)
	line("person", strings.Join(names, " · "))
	line("issuer", firstOf(row.IssuerName, row.Issuer))
	line("date", i18n.Date(i18n.Match(a.lang), row.IssuedAt))
	line("number", row.DocumentNumber)
	line("result", view.Result)
	for _, o := range view.Outcomes {
		line("outcome", o)
	}
	a.printOwn(view, parts)
	line("owner", a.word("wallet.owner."+string(row.Owner)))
	check := a.word("wallet.check." + row.Check)
	if row.CheckedAt != nil {
		check += " (" + i18n.Day(i18n.Match(a.lang), *row.CheckedAt) + ")"
	}
	line("check", check)
	if row.SupersededBy != "" {
		line("superseded", row.SupersededBy)
	}
	line("id", row.ID)
}

// printOwn prints what only this kind of document says, an entry a line.
func (a *app) printOwn(view schema.View, parts report.Parts) {
	line := func(l report.Line, text string) {
		fmt.Fprintf(a.out, "%s: %s\n", i18n.T(i18n.Match(a.lang), l.Key, nil), oneLine(text))
	}
	if took := report.TookPlace(i18n.Match(a.lang), view); took != "" {
		line(report.Line{Key: "label.period"}, took)
	}
	for _, l := range report.Contents(i18n.Match(a.lang), view, parts) {
		if l.Value != "" {
			line(l, l.Value)
		}
		for _, item := range l.Items {
			line(l, item.Text)
		}
	}
}

// titlesIn names the components of a passport by what the wallet holds.
func titlesIn(w *wallet.Wallet) report.Parts {
	return func(_ schema.DefinitionRef, c schema.Component) string {
		for _, h := range w.Held() {
			if h.ID == c.ID {
				return walletRowOf(w, h).Title
			}
		}
		return ""
	}
}

func newWalletRemoveCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "remove ID",
		Short:   "Take a credential out of the wallet",
		Long:    `Takes a credential out of the wallet. Backups made before still have it.`,
		Example: "  passport wallet remove MC-PZ-2026-0042",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runWalletRemove(cmd.Context(), a, args[0])
		},
	}
}

func runWalletRemove(ctx context.Context, a *app, ref string) error {
	var row walletRow
	err := a.updateWallet(ctx, func(w *wallet.Wallet) error {
		h, err := w.Remove(ref)
		if err != nil {
			return walletFailure(ref, err)
		}
		row = walletRowOf(w, h)
		return nil
	})
	if err != nil {
		return err
	}
	if a.json {
		return json.NewEncoder(a.out).Encode(row)
	}
	fmt.Fprintln(a.out, row.ID)
	a.tell("wallet.removed", "title", row.Title)
	return nil
}
