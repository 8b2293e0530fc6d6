package issuer_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/employment-passport/passport/issuer"
)

// Every act stands in the log with who did it, in order, and no name of a
// person does.
func TestAuditTellsTheStory(t *testing.T) {
	d := newDesk(t)
	plain, _ := d.templateNames(t)
	row := d.issue(t, plain, "MC-1")
	_, err := d.Revoke(t.Context(), clerk, "MC-1", mistake)
	must(t, err)
	var acts []string
	must(t, d.Audit(t.Context(), 1, func(e issuer.AuditEntry) bool {
		if e.Subject == row.ID {
			acts = append(acts, e.Act)
			if e.Actor != "test" || strings.Contains(e.Details, "Amina") {
				t.Errorf("entry %+v", e)
			}
		}
		return true
	}))
	if got := strings.Join(acts, " "); got != "issue.pending issue.done revoke" {
		t.Errorf("the log says %s", got)
	}
	entries, head, err := d.VerifyAudit(t.Context())
	must(t, err)
	if entries < 8 || head == [32]byte{} {
		t.Errorf("%d entries, head %x", entries, head)
	}
}

// forged shows an audit log that somebody has worked on.
type forged struct {
	issuer.Store
	change func([]issuer.AuditEntry) []issuer.AuditEntry
}

func (f *forged) View(ctx context.Context, do func(issuer.Tx) error) error {
	return f.Store.View(ctx, func(tx issuer.Tx) error { return do(&forgedTx{tx, f}) })
}

type forgedTx struct {
	issuer.Tx
	f *forged
}

func (tx *forgedTx) AuditFrom(seq uint64, yield func(issuer.AuditEntry) bool) error {
	var all []issuer.AuditEntry
	err := tx.Tx.AuditFrom(seq, func(e issuer.AuditEntry) bool {
		all = append(all, e)
		return true
	})
	for _, e := range tx.f.change(all) {
		if !yield(e) {
			break
		}
	}
	return err
}

func TestRowT8AuditFindsTheFirstBrokenEntry(t *testing.T) {
	d := newDesk(t)
	plain, _ := d.templateNames(t)
	for _, number := range []string{"MC-1", "MC-2", "MC-3"} {
		d.issue(t, plain, number)
	}
	type log = []issuer.AuditEntry
	for name, row := range map[string]struct {
		change func(log) log
		reason string
	}{
		"a word changed":  {func(l log) log { l[4].Details = "nothing"; return l }, "audit_hash"},
		"an actor put in": {func(l log) log { l[4].Actor = "somebody"; return l }, "audit_hash"},
		"hash made anew":  {func(l log) log { l[4].Act = "x"; l[4].Hash = l[4].Sum(); l[4].Prev[0] ^= 1; return l }, "audit_prev"},
		"one taken out":   {func(l log) log { return append(l[:4:4], l[5:]...) }, "audit_gap"},
		"two exchanged":   {func(l log) log { l[4], l[5] = l[5], l[4]; return l }, "audit_gap"},
	} {
		i, err := issuer.New(issuer.Config{Store: &forged{d.store, row.change}, Now: d.clock.Now})
		must(t, err)
		entries, _, err := i.VerifyAudit(t.Context())
		var broken *issuer.BrokenChainError
		if !errors.As(err, &broken) || broken.Seq != 5 || broken.Reason != row.reason || entries != 4 {
			t.Errorf("%s: %v after %d entries", name, err, entries)
		}
	}
	// An end cut off cannot be seen from inside: whoever kept the head can.
	i, err := issuer.New(issuer.Config{Store: &forged{d.store, func(l log) log { return l[:6] }}, Now: d.clock.Now})
	must(t, err)
	_, cut, err := i.VerifyAudit(t.Context())
	must(t, err)
	if _, head, err := d.VerifyAudit(t.Context()); err != nil || head == cut {
		t.Error("the head does not tell a cut log from a whole one")
	}
}
