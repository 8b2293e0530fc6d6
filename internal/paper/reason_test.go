package paper

import (
	"strings"
	"testing"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/schema"
)

// TestEveryReasonHasItsWords: each code of the standard list its own, and one
// that nobody knows confesses to nothing.
func TestEveryReasonHasItsWords(t *testing.T) {
	seen := map[string]schema.Reason{}
	for _, r := range []schema.Reason{
		schema.IssuedInError, schema.AssessmentInvalid, schema.AccreditationWithdrawn, schema.LostOrCompromised,
		schema.Superseded, schema.HolderRequest, schema.Disputed, "unheard-of",
	} {
		l := letterOf("Amina Diallo", [2]string{"it", ""})
		l.Reason = r
		p, err := drawnLetters([]RevocationLetter{l}, Options{Now: today})
		if err != nil {
			t.Fatal(err)
		}
		words := i18n.T("it", reasonKey(r), nil)
		if other, twice := seen[words]; twice || !strings.Contains(p.said(), squeezed(words)) {
			t.Errorf("%s reads as %s: %s", r, other, words)
		}
		seen[words] = r
		if r != schema.IssuedInError && strings.Contains(p.said(), "errore") {
			t.Errorf("%s owns up to a mistake", r)
		}
	}
	if reasonKey("") != reasonKey("unheard-of") || reasonKey(schema.Disputed) == reasonKey("") {
		t.Error("no reason, an unknown one and a dispute are not told apart")
	}
}

// TestGreekCapitalsKeepTheirRules: a title stands as it is written; capitals
// made of Greek letters would bear accents that they must not have.
func TestGreekCapitalsKeepTheirRules(t *testing.T) {
	s := quick(t, 1, courses[0], person("Amina Diallo", ""), [2]string{"el", ""})
	p, err := drawnCV(cvOf(t, "el", Booklet{Rows: []Sheet{s}}, 1), Options{Now: today})
	if err != nil {
		t.Fatal(err)
	}
	title := i18n.T("el", "cv.title", nil)
	if said := p.said(); !strings.Contains(said, squeezed(title)) || strings.Contains(said, squeezed(strings.ToUpper(title))) {
		t.Errorf("the curriculum is not called %q", title)
	}
}
