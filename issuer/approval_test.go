package issuer_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/schema"
)

// TestFourEyes: what a body with the rule is asked for by one person alone is
// refused and leaves no trace; approved by another it is done and the log names
// both. A revocation of what was stolen waits for nobody.
func TestFourEyes(t *testing.T) {
	d := newDesk(t)
	plain, suspendable := d.templateNames(t)
	one, two, three := d.issue(t, suspendable, "MC-1"), d.issue(t, plain, "MC-2"), d.issue(t, plain, "MC-3")
	_, err := d.SetFourEyes(t.Context(), clerk, "ente", true)
	must(t, err)

	ctx := t.Context()
	acts := map[string]func(context.Context) error{
		"issue": func(ctx context.Context) error {
			_, err := d.Issue(ctx, clerk, d.offer(t, plain, "MC-4"))
			return err
		},
		"batch": func(ctx context.Context) error {
			_, err := d.IssueBatch(ctx, clerk, []issuer.Offer{d.offer(t, plain, "MC-5")}, nil)
			return err
		},
		"suspend": func(ctx context.Context) error {
			_, err := d.Suspend(ctx, clerk, one.ID, issuer.Reason{Code: schema.Disputed}, time.Time{})
			return err
		},
		"revoke": func(ctx context.Context) error {
			_, err := d.Revoke(ctx, clerk, two.ID, issuer.Reason{Code: schema.IssuedInError})
			return err
		},
		"reissue": func(ctx context.Context) error {
			_, err := d.Reissue(ctx, clerk, three.ID, nil)
			return err
		},
	}
	before := d.acts(t)
	for _, act := range acts {
		for _, alone := range []context.Context{ctx, issuer.Approved(ctx, clerk), issuer.Approved(ctx, "")} {
			refused(t, act(alone), issuer.CodeNeedsApproval)
		}
	}
	if after := d.acts(t); after != before {
		t.Errorf("what was refused left %q", strings.TrimPrefix(after, before))
	}
	for name, act := range acts {
		if err := act(issuer.Approved(ctx, "user:ben")); err != nil {
			t.Errorf("%s, approved: %v", name, err)
		}
	}
	if both := strings.Count(d.acts(t), string(clerk)+"+user:ben "); both == 0 || strings.Contains(strings.TrimPrefix(d.acts(t), before), "\n"+string(clerk)+" ") {
		t.Errorf("the log does not name both:\n%s", d.acts(t))
	}
	_, err = d.Reinstate(ctx, clerk, one.ID)
	refused(t, err, issuer.CodeNeedsApproval)
	if _, err := d.Revoke(ctx, clerk, one.ID, issuer.Reason{Code: schema.LostOrCompromised}); err != nil {
		t.Errorf("what was stolen waits: %v", err)
	}
}

// TestFourEyesOffIsAnAct that the log keeps; what it is already is none.
func TestFourEyesOffIsAnAct(t *testing.T) {
	d := newDesk(t)
	for _, on := range []bool{false, true, true, false, false} {
		r, err := d.SetFourEyes(t.Context(), clerk, "ente", on)
		must(t, err)
		if r.FourEyes != on {
			t.Errorf("%+v", r)
		}
	}
	if log := d.acts(t); strings.Count(log, "issuer.four-eyes.on ente") != 1 || strings.Count(log, "issuer.four-eyes.off ente") != 1 {
		t.Error(log)
	}
	_, err := d.SetFourEyes(t.Context(), clerk, "nobody", true)
	refused(t, err, "issuer_unknown")
}

// acts is the audit log as text, one entry a line.
func (d *desk) acts(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	must(t, d.Audit(t.Context(), 1, func(e issuer.AuditEntry) bool {
		b.WriteString(e.Actor + " " + e.Act + " " + e.Subject + " " + e.Details + "\n")
		return true
	}))
	return b.String()
}
