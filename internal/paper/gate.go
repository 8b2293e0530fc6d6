package paper

import (
	"errors"
	"fmt"

	"github.com/employment-passport/passport/internal/export"
)

// ErrForeign: not one of our own documents, or one that breaks its own rules.
// What such a document holds nobody here has looked at, and a code that was
// printed cannot be called back.
var ErrForeign = errors.New("no document of ours that keeps its rules")

// admit refuses sheets whose documents may not leave: by the same rule as exports.
func admit(sheets ...Sheet) error {
	for _, s := range sheets {
		switch {
		case s.Credential == nil:
			return fmt.Errorf("a sheet without a credential: %w", ErrNothing)
		case !export.Travels(s.Credential):
			return fmt.Errorf("%s: %w", s.Credential.ID, ErrForeign)
		}
	}
	return nil
}
