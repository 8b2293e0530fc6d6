package main

import (
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/employment-passport/passport/issuer"
	"github.com/spf13/cobra"
)

// auditView is one entry of the log as the command line shows it.
type auditView struct {
	Seq     uint64 `json:"seq"`
	At      string `json:"at"`
	Actor   string `json:"actor"`
	Act     string `json:"act"`
	Subject string `json:"subject"`
	Details string `json:"details,omitempty"`
	Hash    string `json:"hash"`
}

func newAuditCommand(a *app) *cobra.Command {
	var verify bool
	var since string
	c := &cobra.Command{
		Use:   "audit",
		Short: "Show the log of what was done, or verify its chain",
		Long: `Shows every act with who did it and when. Each entry bears a hash over itself and
the entry before it; --verify checks them all, and prints the last hash: note it
somewhere else, and nobody can shorten the log unnoticed.`,
		Example: "  passport audit --since 2026-11-01\n  passport audit --verify",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			from, err := parseSince(since)
			if err != nil {
				return err
			}
			i, done, err := a.openIssuer(c.Context(), false)
			if err != nil {
				return err
			}
			if verify {
				return firstError(a.verifyAudit(c, i), done)
			}
			return firstError(a.listAudit(c, i, from), done)
		},
	}
	c.Flags().BoolVar(&verify, "verify", false, "verify the chain; exit 1 at the first broken entry")
	c.Flags().StringVar(&since, "since", "", "date (2026-11-01) or time (RFC 3339) of the first entry to show")
	return c
}

func parseSince(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	for _, form := range []string{time.DateOnly, time.RFC3339} {
		if t, err := time.Parse(form, s); err == nil {
			return t, nil
		}
	}
	return time.Time{}, usage(fmt.Errorf("--since is a date or a time, not %q", s))
}

func (a *app) verifyAudit(c *cobra.Command, i *issuer.Issuer) error {
	entries, head, err := i.VerifyAudit(c.Context())
	var broken *issuer.BrokenChainError
	if errors.As(err, &broken) {
		return fail(exitInvalid, "audit_broken", "seq", strconv.FormatUint(broken.Seq, 10), "reason", broken.Reason).wrap(err)
	}
	if err != nil {
		return err
	}
	if a.json {
		return a.printJSON(map[string]any{"entries": entries, "hash": hex.EncodeToString(head[:])})
	}
	a.talk("audit.whole", "entries", strconv.FormatUint(entries, 10))
	_, err = fmt.Fprintf(a.out, "%d\t%x\n", entries, head)
	return err
}

func (a *app) listAudit(c *cobra.Command, i *issuer.Issuer, since time.Time) error {
	var failed error
	err := i.Audit(c.Context(), 1, func(e issuer.AuditEntry) bool {
		if e.At.Before(since) {
			return true
		}
		v := auditView{e.Seq, e.At.UTC().Format(time.RFC3339Nano), e.Actor, e.Act, e.Subject, e.Details, hex.EncodeToString(e.Hash[:])}
		if a.json {
			failed = a.printJSON(v)
		} else {
			_, failed = fmt.Fprintf(a.out, "%d\t%s\t%s\t%s\t%s\t%s\n", v.Seq, v.At, oneLine(v.Actor), v.Act, oneLine(v.Subject), oneLine(v.Details))
		}
		return failed == nil
	})
	if err != nil {
		return err
	}
	return failed
}
