package intake

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/employment-passport/passport/internal/jose"
)

// shortCode is what stands under a printed code for typing: a document number,
// capitals and digits in groups.
var shortCode = regexp.MustCompile(`^[\p{Lu}0-9]{1,24}([-/][\p{Lu}0-9]{1,24}){1,5}$`)

// IsShortCode tells what may stand under a printed code: a name without a digit
// is no number of a document.
func IsShortCode(s string) bool {
	return shortCode.MatchString(s) && strings.ContainsAny(s, "0123456789")
}

// IsToken: a compact token begins with {" in base64url and has dots. Whether it
// is a good one is the verifier's to say.
func IsToken(s string) bool { return strings.HasPrefix(s, "ey") && strings.Contains(s, ".") }

// IsCode tells the text of a QR code of ours: anything, "#", a kind, digits.
func IsCode(s string) bool {
	_, body, ok := strings.Cut(s, "#")
	return ok && len(body) > 1 && strings.Trim(body, "0123456789") == ""
}

// IsGzip: only bundles come packed.
func IsGzip(data []byte) bool { return bytes.HasPrefix(data, []byte{0x1f, 0x8b}) }

// IsStatusList tells whether a token calls itself a status list. Nothing is
// believed by it; the verdict is the verifier's.
func IsStatusList(token string) bool {
	_, payload, err := jose.ParseUnverified(token)
	return err == nil && bytes.Contains(payload, []byte(`"BitstringStatusListCredential"`))
}

// IsAssertion tells whether a token calls itself a status assertion.
func IsAssertion(token string) bool {
	h, _, err := jose.ParseUnverified(token)
	return err == nil && h.Type() == jose.TypeStatusAssertion
}

// Documents counts the tokens that are no status assertions.
func Documents(tokens []string) (n int) {
	for _, t := range tokens {
		if !IsAssertion(t) {
			n++
		}
	}
	return n
}

// isBroken tells a token, or the text of a code, that a mail program or an
// editor has cut into lines. It is told and never mended: what stood at the
// ends of the lines cannot be known.
func isBroken(fields []string) bool {
	if len(fields) < 2 {
		return false
	}
	if IsCode(fields[0]) {
		return strings.Trim(strings.Join(fields[1:], ""), "0123456789") == ""
	}
	whole := strings.Join(fields, "")
	if !strings.HasPrefix(whole, "ey") || strings.Trim(whole, base64urlAndDots) != "" {
		return false
	}
	for _, field := range fields {
		if !IsToken(field) {
			return true
		}
	}
	return false
}

const base64urlAndDots = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.="

// notCredential says what a text is that holds none of a person's documents,
// by what it calls itself: a trust bundle, a delegation, a status confirmation.
// One such text beside a credential is the verifier's business.
func (s Source) notCredential(tokens []string) *Problem {
	code := ""
	for _, token := range tokens {
		switch jose.TypeOf(token) {
		case jose.TypeBundle:
			code = "verify_is_bundle"
		case jose.TypeDelegation:
			code = "verify_is_delegation"
		case jose.TypeStatusAssertion:
			code = "verify_is_assertion"
		default:
			return nil
		}
	}
	if code == "" {
		return nil
	}
	return problem(code, "file", s.Name)
}

// Kinds of texts that a page meets.
const (
	KindCode      = "code" // of a QR code of ours, or a link with one
	KindToken     = "token"
	KindOffer     = "offer" // of OpenID4VCI
	KindShortCode = "shortcode"
	KindBackup    = "backup" // a sealed wallet, printed
	KindOther     = "other"
)

// KindOf tells what a text looks like. Nothing is believed by it.
func KindOf(text string) string {
	text = strings.TrimSpace(text)
	_, fragment, _ := strings.Cut(text, "#")
	switch {
	case IsCode(text) && strings.HasPrefix(fragment, "3") && len(fragment) > 17: // a place in a page is shorter
		return KindBackup
	case IsCode(text):
		return KindCode
	case strings.HasPrefix(text, "openid-credential-offer:"), strings.Contains(text, "://") && strings.Contains(text, "/claim/"), strings.Contains(text, "credential_offer"):
		return KindOffer
	case len(TokensInJSON([]byte(text))) > 0, IsToken(text):
		return KindToken
	case IsShortCode(text):
		return KindShortCode
	}
	return KindOther
}
