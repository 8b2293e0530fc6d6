package wallet

import (
	"context"
	"fmt"
	"time"

	"github.com/employment-passport/passport/verifier"
)

// Recheck judges a held credential again with its stapled status and notes the
// outcome where somebody's trust stands behind it. noted tells that the note is
// another than before, but for its hour. What is not genuine after all stays, with
// that note: it was kept before anybody could tell.
func (w *Wallet) Recheck(ctx context.Context, ref string, judge Judge, now time.Time) (r *verifier.Report, noted bool, err error) {
	i, err := w.find(ref)
	if err != nil {
		return nil, false, err
	}
	h := w.held[i]
	var stapled []string
	if a, ok := h.LiveAssertion(now); ok {
		stapled = append(stapled, a.Token)
	}
	if r, err = judge.VerifyCredential(ctx, h.Token, stapled...); err != nil {
		return nil, false, fmt.Errorf("check credential %s: %w", h.ID, err)
	}
	if r.Authority.Anchor == "" && r.Genuine != verifier.No {
		return r, false, nil
	}
	note := noteOf(r, now)
	if h.Checked != nil && note.like(h.Checked) {
		return r, false, nil
	}
	w.held[i].Checked = note
	return r, true, nil
}

// like tells whether two notes say the same.
func (c *Check) like(o *Check) bool {
	same := func(a, b *bool) bool { return (a == nil) == (b == nil) && (a == nil || *a == *b) }
	return c.Verdict == o.Verdict && c.State == o.State && c.StatusAsOf.Equal(o.StatusAsOf) && same(c.Genuine, o.Genuine) && same(c.Recognised, o.Recognised)
}
