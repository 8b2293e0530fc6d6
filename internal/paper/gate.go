package paper

import (
	"errors"
	"fmt"
	"time"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/schema"
)

// ErrForeign: not one of our own documents, or one that breaks its own rules.
// What such a document holds nobody here has looked at, and a code that was
// printed cannot be called back.
var ErrForeign = errors.New("no document of ours that keeps its rules")

// ErrEnded: the end date that the document bears has passed.
var ErrEnded = errors.New("a copy whose end date has passed")

// admit refuses sheets whose documents may not leave, by the same rule as
// exports, and those that had ended by now; a zero now leaves that out.
func admit(now time.Time, sheets ...Sheet) error {
	for _, s := range sheets {
		switch {
		case s.Credential == nil:
			return fmt.Errorf("a sheet without a credential: %w", ErrNothing)
		case !s.Credential.Travels():
			return fmt.Errorf("%s: %w", s.Credential.ID, ErrForeign)
		case !now.IsZero() && !s.Credential.ValidUntil.IsZero() && now.After(s.Credential.ValidUntil):
			return fmt.Errorf("%s, %s: %w", s.Credential.ID, s.Credential.ValidUntil.UTC().Format(time.DateOnly), ErrEnded)
		}
	}
	return nil
}

// until says how long this copy is good for: never the skill, which does not
// end. It is empty where the document states no end. A copy that ends at
// midnight is good until the day before.
func (t tongues) until(key string, c *schema.Credential) twice {
	if c.ValidUntil.IsZero() {
		return twice{}
	}
	last := c.ValidUntil.Add(-time.Second)
	return t.each(func(lang string) string { return i18n.T(lang, key, map[string]string{"date": i18n.Day(lang, last)}) })
}
