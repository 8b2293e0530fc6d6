package httpkit

import (
	"regexp"
	"unicode/utf8"
)

// Form is what a text may look like: a pattern, and so many characters at most.
// A pattern that itself says {1,100} of a class of Unicode holds that class a
// hundred times: three megabytes for as long as the program runs.
type Form struct {
	pattern *regexp.Regexp
	max     int
}

// NewForm compiles a form; a pattern that does not compile panics.
func NewForm(pattern string, max int) Form { return Form{regexp.MustCompile(pattern), max} }

// MatchString tells whether a text has the form.
func (f Form) MatchString(s string) bool {
	return len(s) <= utf8.UTFMax*f.max && utf8.RuneCountInString(s) <= f.max && f.pattern.MatchString(s)
}
