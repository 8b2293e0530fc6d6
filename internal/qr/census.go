package qr

import (
	"strings"

	"github.com/employment-passport/passport/internal/strictjson"
)

// Types that are not credentials.
const (
	typPresentation = "vp+jwt"
	typAssertion    = "status-assertion+jwt"
)

// census counts credentials and keeps the order of tokens: credentials or
// presentations first, status assertions after them.
type census struct {
	tokens      int
	credentials int
	assertions  bool
}

// token judges a token of the outermost level.
func (c *census) token(token string) error {
	typ := tokenType(token)
	if typ == typAssertion {
		c.assertions = true
	} else if c.assertions {
		return malformed("a credential after a status assertion")
	}
	return c.count(typ)
}

// count takes in what says it is of type typ. Everything of no known other
// type is a credential; all of them together have a bound of their own.
func (c *census) count(typ string) error {
	if c.tokens++; c.tokens > MaxTokens {
		return tooLarge("more than %d tokens", MaxTokens)
	}
	if typ == typPresentation || typ == typAssertion {
		return nil
	}
	if c.credentials++; c.credentials > MaxCredentials {
		return tooLarge("more than %d credentials", MaxCredentials)
	}
	return nil
}

// tokenType is the typ of a compact JWS, "" for any other token. Only the
// counting rests on it, no check of a signature.
func tokenType(token string) string {
	part, _, _ := strings.Cut(token, ".")
	header, ok := base64Bytes(part)
	if !ok {
		return ""
	}
	return headerType(header)
}

func headerType(header []byte) string {
	var h struct {
		Typ string `json:"typ"`
	}
	if strictjson.Unmarshal(header, &h) != nil {
		return ""
	}
	return h.Typ
}
