package main

import (
	"bytes"
	"strings"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/verifier"
)

// plainText takes off what editors and mail programs put around a text: a UTF-8
// byte order mark, and space and line ends at both ends. UTF-16 has another
// byte for every letter and is refused by its name.
func plainText(name string, data []byte) ([]byte, error) {
	if bytes.HasPrefix(data, []byte{0xff, 0xfe}) || bytes.HasPrefix(data, []byte{0xfe, 0xff}) ||
		bytes.HasPrefix(data, []byte{'e', 0, 'y', 0}) || bytes.HasPrefix(data, []byte{0, 'e', 0, 'y'}) {
		return nil, fail(exitUsage, "text_utf16", "file", name)
	}
	if rest, ok := bytes.CutPrefix(data, []byte("\xef\xbb\xbf")); ok {
		return bytes.TrimSpace(rest), nil
	}
	return data, nil
}

// nothingIn says that an input is empty, in the words of where it came from.
func nothingIn(name string) *failure {
	if name == "-" {
		return fail(exitUsage, "verify_nothing")
	}
	return fail(exitUsage, "verify_empty_file", "file", name)
}

// isBroken tells a token, or the text of a code, that a mail program or an
// editor has cut into lines. It is told and never mended: what stood at the
// ends of the lines cannot be known.
func isBroken(fields []string) bool {
	if len(fields) < 2 {
		return false
	}
	if isQRText(fields[0]) {
		return strings.Trim(strings.Join(fields[1:], ""), "0123456789") == ""
	}
	whole := strings.Join(fields, "")
	if !strings.HasPrefix(whole, "ey") || strings.Trim(whole, base64urlAndDots) != "" {
		return false
	}
	for _, field := range fields {
		if !isTokenLike(field) {
			return true
		}
	}
	return false
}

const base64urlAndDots = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.="

// notCredential says what a text is that holds none of a person's documents,
// by what it calls itself: a trust bundle, a delegation, a status confirmation.
// One such text beside a credential is the verifier's business.
func notCredential(name string, tokens []string) *failure {
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
	return fail(exitUsage, code, "file", name)
}

// saysStatusList tells whether a token calls itself a status list. Nothing is
// believed by it; the verdict is the verifier's.
func saysStatusList(token string) bool {
	_, payload, err := jose.ParseUnverified(token)
	return err == nil && bytes.Contains(payload, []byte(`"BitstringStatusListCredential"`))
}

// sayKind lets the sentence about a key that may not sign this, or is not at
// hand, say what the text calls itself when that is a status list. The codes
// and the verdict stay.
func sayKind(r *verifier.Report, tokens []string) {
	if r == nil || len(tokens) != 1 || !saysStatusList(tokens[0]) {
		return
	}
	for i, c := range r.Checks {
		if c.Code == verifier.CodePurpose || c.Code == verifier.CodeKeyUnknown {
			r.Checks[i].Args = withCase(c.Args, "list")
		}
	}
}

func withCase(args map[string]string, name string) map[string]string {
	all := map[string]string{"case": name}
	for k, v := range args {
		if k != "case" {
			all[k] = v
		}
	}
	return all
}

// isGzip: only bundles come packed.
func isGzip(data []byte) bool { return bytes.HasPrefix(data, []byte{0x1f, 0x8b}) }
