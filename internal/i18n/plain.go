package i18n

import "strings"

// OneLine takes out of a stranger's text what would act on a terminal, end a
// line or turn its reading direction: control characters, escape sequences, bidi
// marks.
func OneLine(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\r', r == '\t':
			return ' '
		case r < 0x20, r >= 0x7f && r < 0xa0, r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0x200e, r == 0x200f,
			r == 0x061c, r == 0x2028, r == 0x2029:
			return -1
		}
		return r
	}, s)
}
