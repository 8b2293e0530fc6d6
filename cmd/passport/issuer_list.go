package main

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/schema"
	"github.com/spf13/cobra"
)

type listOptions struct{ issuer, template, status, since, learner string }

func newListCommand(a *app) *cobra.Command {
	var o listOptions
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the credentials of this home, oldest first",
		Example: `  passport list --issuer ente --status suspended
  passport list --since 2026-11-01 --json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			f, err := o.filter()
			if err != nil {
				return err
			}
			return a.withIssuer(cmd.Context(), false, func(i *issuer.Issuer) error {
				if o.issuer != "" { // a slip of the pen is no empty list
					if _, err := i.Body(cmd.Context(), o.issuer); err != nil {
						return err
					}
				}
				var failed error
				err := i.List(cmd.Context(), f, func(row issuer.Issuance) bool {
					if row.State != issuer.StateVoid || f.State == issuer.StateVoid {
						failed = a.printListed(row)
					}
					return failed == nil
				})
				if err == nil {
					err = failed
				}
				return err
			})
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.issuer, "issuer", "", "of this issuer")
	f.StringVar(&o.template, "template", "", "from this template")
	f.StringVar(&o.status, "status", "", "pending, issued, suspended, revoked, superseded or void")
	f.StringVar(&o.since, "since", "", "issued on this day (YYYY-MM-DD) or later")
	f.StringVar(&o.learner, "learner", "", "whose name contains this")
	return cmd
}

func (o listOptions) filter() (issuer.Filter, error) {
	f := issuer.Filter{Issuer: o.issuer, Template: o.template, State: issuer.State(o.status), Learner: o.learner}
	switch f.State {
	case "", issuer.StatePending, issuer.StateIssued, issuer.StateSuspended, issuer.StateRevoked, issuer.StateSuperseded, issuer.StateVoid:
	default:
		return f, fail(exitUsage, "status_unknown", "status", o.status)
	}
	since, err := dayFlag(o.since)
	f.Since = since
	return f, err
}

// dayFlag reads a day, empty being none.
func dayFlag(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	d, err := schema.ParseDate(s)
	if err != nil {
		return time.Time{}, fail(exitUsage, "day_flag", "date", s).wrap(err)
	}
	return d.Time(), nil
}

// listedLine is a credential as scripts read it in a listing.
type listedLine struct {
	ID       string `json:"id"`
	Issuer   string `json:"issuer"`
	Template string `json:"template"`
	Status   string `json:"status"`
	IssuedAt string `json:"issuedAt,omitempty"`
	Number   string `json:"documentNumber"`
	Learner  string `json:"learner,omitempty"`
}

func listedLineOf(row issuer.Issuance) listedLine {
	l := listedLine{ID: row.ID, Issuer: row.Issuer, Template: row.Template, Status: string(row.State), Number: row.DocumentNumber, Learner: row.LearnerName}
	if !row.IssuedAt.IsZero() {
		l.IssuedAt = row.IssuedAt.UTC().Format(time.RFC3339)
	}
	return l
}

func (a *app) printListed(row issuer.Issuance) error {
	l := listedLineOf(row)
	day := "-"
	if !row.IssuedAt.IsZero() {
		day = row.IssuedAt.UTC().Format(time.DateOnly)
	}
	return a.printLine(l, l.ID, a.stateWord(row.State), day, l.Number, l.Issuer, l.Template, l.Learner)
}

// stateWord is a state for people; --json keeps the code.
func (a *app) stateWord(s issuer.State) string { return a.word("issuer.state." + string(s)) }

func newShowCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "show ID",
		Short: "Show one credential of this home",
		Long:  "ID is the credential's id, its document number, or the beginning of its id.",
		Example: `  passport show MC-PZ-2026-0042
  passport show 9a3f6b2e --json`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withIssuer(cmd.Context(), false, func(i *issuer.Issuer) error {
				row, err := i.Find(cmd.Context(), args[0])
				if err != nil {
					return err
				}
				return a.printShownRow(row)
			})
		},
	}
}

// shownLine is everything about one credential.
type shownLine struct {
	listedLine
	List            string  `json:"statusList,omitempty"`
	Index           *uint32 `json:"statusListIndex,omitempty"`
	SuspensionList  string  `json:"suspensionList,omitempty"`
	SuspensionIndex *uint32 `json:"suspensionListIndex,omitempty"`
	Reason          string  `json:"reason,omitempty"`
	Note            string  `json:"note,omitempty"`
	ChangedAt       string  `json:"changedAt"`
	Until           string  `json:"suspendedUntil,omitempty"`
	Supersedes      string  `json:"supersedes,omitempty"`
	SupersededBy    string  `json:"supersededBy,omitempty"`
	KeyID           string  `json:"keyId"`
	Token           string  `json:"token,omitempty"`
}

func shownLineOf(row issuer.Issuance) shownLine {
	s := shownLine{
		listedLine: listedLineOf(row), List: row.StatusList, SuspensionList: row.SuspensionList,
		Reason: row.Reason, Note: row.Note, ChangedAt: row.ChangedAt.UTC().Format(time.RFC3339),
		Supersedes: row.Supersedes, SupersededBy: row.SupersededBy, KeyID: row.KeyID, Token: row.Token,
	}
	if row.StatusList != "" {
		s.Index = &row.StatusIndex
	}
	if row.Suspendable() {
		s.SuspensionIndex = &row.SuspensionIndex
	}
	if !row.SuspendedUntil.IsZero() {
		s.Until = row.SuspendedUntil.Format(time.DateOnly)
	}
	return s
}

// printShownRow prints the members that --json has, a line each.
func (a *app) printShownRow(row issuer.Issuance) error {
	s := shownLineOf(row)
	if a.json {
		return json.NewEncoder(a.out).Encode(s)
	}
	for _, line := range []struct{ key, value string }{
		{"id", s.ID}, {"status", a.stateWord(row.State)}, {"issued", s.IssuedAt}, {"number", s.Number}, {"learner", s.Learner},
		{"issuer", s.Issuer}, {"template", s.Template}, {"list", s.List}, {"reason", s.Reason}, {"note", s.Note},
		{"until", s.Until}, {"supersedes", s.Supersedes}, {"superseded_by", s.SupersededBy}, {"key", s.KeyID}, {"token", s.Token},
	} {
		if line.value != "" {
			fmt.Fprintf(a.out, "%s: %s\n", a.word("issuer.show."+line.key), oneLine(line.value))
		}
	}
	return nil
}
