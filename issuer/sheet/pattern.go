package sheet

import (
	"regexp"
	"sync"
)

// pattern is a regular expression that is compiled when the first cell asks
// for it: most starts of the program read no sheet.
func pattern(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}
