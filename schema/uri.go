package schema

import (
	"strings"
	"unicode/utf8"
)

// inURL tells which ASCII characters a URL may hold after its scheme; those
// beyond ASCII are an IRI's business.
var inURL = func() (ok [256]bool) {
	for c := '!'; c <= '~'; c++ {
		ok[c] = !strings.ContainsRune("<>\"{}|\\^`", c)
	}
	return ok
}()

// isURL tells whether s is an absolute URL or IRI: a scheme, a colon, and
// something after it that no URL syntax forbids. It resolves nothing.
func isURL(s string) bool {
	scheme, rest, ok := strings.Cut(s, ":")
	if !ok || rest == "" || !isScheme(scheme) {
		return false
	}
	for i := 0; i < len(rest); i++ {
		if rest[i] < utf8.RuneSelf && !inURL[rest[i]] {
			return false
		}
		if rest[i] == 0xc2 && rest[i+1] <= 0xa0 { // U+0080 to U+00A0: controls and a space
			return false
		}
	}
	return true
}

func isScheme(s string) bool {
	for i, c := range []byte(s) {
		letter := c|0x20 >= 'a' && c|0x20 <= 'z'
		if !letter && (i == 0 || !(c >= '0' && c <= '9' || c == '+' || c == '-' || c == '.')) {
			return false
		}
	}
	return s != ""
}

// isLink tells whether s may stand as a reference in our own documents: web
// addresses, DIDs and URNs in plain ASCII. A page that shows a document may
// make a link of it, so javascript: and data: stay out.
func isLink(s string) bool {
	if len(s) > maxLong {
		return false
	}
	for _, scheme := range [...]string{"https://", "http://", "urn:", "did:"} {
		if rest, ok := strings.CutPrefix(s, scheme); ok {
			return rest != "" && isLinkText(rest)
		}
	}
	return false
}

func isLinkText(s string) bool {
	for i := 0; i < len(s); i++ {
		if !inURL[s[i]] {
			return false
		}
	}
	return true
}

func isDID(s string) bool {
	rest, ok := strings.CutPrefix(s, "did:")
	method, id, found := strings.Cut(rest, ":")
	return ok && found && method != "" && id != "" && len(s) <= maxLong && isLinkText(rest)
}

// isUUIDURN tells whether s is urn:uuid: and a lower-case UUID (RFC 9562).
func isUUIDURN(s string) bool {
	id, ok := strings.CutPrefix(s, "urn:uuid:")
	return ok && isUUID(id)
}

func isUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := 0; i < len(s); i++ {
		if i == 8 || i == 13 || i == 18 || i == 23 {
			if s[i] != '-' {
				return false
			}
		} else if !isHex(s[i]) {
			return false
		}
	}
	return true
}

func isHex(c byte) bool { return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' }

// isSHA256 tells whether s is a digest in lower-case hexadecimal.
func isSHA256(s string) bool {
	if len(s) != 64 {
		return false
	}
	for i := 0; i < len(s); i++ {
		if !isHex(s[i]) {
			return false
		}
	}
	return true
}

// isLanguage tells whether s has the form that Open Badges allows for a
// language: en, pt-BR, sr-Latn, zh-Hans-CN, es-419.
func isLanguage(s string) bool {
	parts := strings.Split(s, "-")
	if len(parts) > 3 || !isLower(parts[0], 2, 4) {
		return false
	}
	parts = parts[1:]
	if len(parts) > 0 && isScript(parts[0]) {
		parts = parts[1:]
	}
	return len(parts) == 0 || len(parts) == 1 && isRegionSubtag(parts[0])
}

func isLower(s string, low, high int) bool {
	return len(s) >= low && len(s) <= high && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz") == ""
}

func isUpper(s string) bool { return strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == "" }

func isDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

func isScript(s string) bool { return len(s) == 4 && isUpper(s[:1]) && isLower(s[1:], 3, 3) }

func isRegionSubtag(s string) bool { return len(s) == 2 && isUpper(s) || len(s) == 3 && isDigits(s) }
