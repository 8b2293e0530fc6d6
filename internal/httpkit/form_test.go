package httpkit

import (
	"regexp"
	"strings"
	"testing"
)

// TestForm: a form takes what a pattern with the bound in it takes, characters
// and not bytes.
func TestForm(t *testing.T) {
	bounded, form := regexp.MustCompile(`^[^/\\\p{C}]{1,100}$`), NewForm(`^[^/\\\p{C}]+$`, 100)
	for _, s := range []string{
		"", "a", "Ente di Formazione", "a/b", `a\b`, "a\x00b", "a\u200bb", "a\n", "\xff", "Εκπαίδευση",
		strings.Repeat("a", 100), strings.Repeat("a", 101), strings.Repeat("ά", 100), strings.Repeat("ά", 101), strings.Repeat("𝒜", 100), strings.Repeat("\xff", 101),
	} {
		if form.MatchString(s) != bounded.MatchString(s) {
			t.Errorf("%.20q of %d bytes: %v", s, len(s), form.MatchString(s))
		}
	}
}
