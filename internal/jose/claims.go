package jose

import "strconv"

// maxDate is the end of the year 9999 in seconds, the last one that a date in
// a credential can name.
const maxDate = 253402300799

// claims looks at the registered claims (RFC 7519 section 4.1) while the
// payload is read. It judges their form; what they mean is the caller's to
// judge, with a clock.
type claims struct {
	typ Type
	bad string // the first claim that is wrong
}

func (c *claims) see(name, value []byte) {
	if c.bad == "" && !c.fits(string(name), value) {
		c.bad = string(name)
	}
}

func (c *claims) fits(name string, value []byte) bool {
	switch name {
	case "exp", "nbf":
		return isDate(value)
	case "iss", "sub", "jti":
		return value[0] == '"'
	case "vc", "vp":
		// VC-JOSE-COSE section 1.1.2.1: the payload is the credential; the
		// claims of version 1.1 MUST NOT be there (C21). In an Open Badge, neither.
		return c.typ != TypeVC && c.typ != TypeVP && c.typ != TypeOpenBadge
	}
	// iat is left alone: tokens of the W3C's own suite hold a text there. It
	// decides nothing here; callers that use it judge it.
	return true
}

// isDate takes whole seconds from 1970 on. RFC 7519 also allows fractions;
// readers round them differently, so they are refused (C10, C11).
func isDate(value []byte) bool {
	n, err := strconv.ParseUint(string(value), 10, 64)
	return err == nil && n <= maxDate
}
