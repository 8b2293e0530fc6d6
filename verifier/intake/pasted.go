package intake

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
)

// quotes stand around a text in a message or in a program: marks of quotation,
// brackets, the sign of a mail program before a line that it quotes.
const quotes = "\"'`<>(),;\u00ab\u00bb\u2018\u2019\u201a\u201c\u201d\u201e\u2039\u203a\u200b\ufeff"

// mended takes the quotes off a pasted text, and the words of a message from around
// what stands whole in it, and joins the lines of one token, or of the text of one
// code. What is wrong inside stays wrong: the signature, or
// the code's own checksum, decides. Of more than one broken token nobody knows
// which line belongs to which, so they stay as they are.
func mended(fields []string) []string {
	var bare []string
	for _, field := range fields {
		if field = strings.Trim(field, quotes); field != "" {
			bare = append(bare, field)
		}
	}
	if signed := signedOf(bare); len(signed) > 0 && !slices.ContainsFunc(signed, isPart) {
		bare = signed
	}
	if len(bare) < 2 {
		return bare
	}
	if IsCode(bare[0]) && isBroken(bare) {
		return []string{strings.Join(bare, "")}
	}
	for i := range bare {
		bare[i] = strings.TrimSuffix(bare[i], "=") // the end of a line in RFC 2045, 6.7
	}
	whole := strings.Join(bare, "")
	if strings.HasPrefix(whole, "ey") && strings.Count(whole, ".") == 2 && strings.Trim(whole, base64urlAndDots) == "" {
		if n, made := signatureOf(whole); made == 0 || n <= made { // else a word stood behind the token
			return []string{whole}
		}
	}
	return bare
}

// signedOf leaves out the words of the message around what was pasted: what is too
// short for a line of a broken token, no digits that a code goes on with, and
// nothing that is signed.
func signedOf(fields []string) (signed []string) {
	for i, f := range fields {
		goesOn := i > 0 && isDigits(f) && (IsCode(fields[i-1]) || isDigits(fields[i-1]))
		if len(f) >= 30 || goesOn || IsCode(f) || IsToken(f) || IsShortCode(f) {
			signed = append(signed, f)
		}
	}
	return signed
}

func isDigits(s string) bool { return strings.Trim(s, "0123456789") == "" }

// isPart tells what is not whole: beside it a word may be the rest of it.
func isPart(field string) bool {
	n, made := signatureOf(field)
	return !IsCode(field) && (!IsToken(field) || n != made)
}

// signatureBytes are the lengths of the signatures that are taken (RFC 7518,
// 3.4; RFC 8037, 3.1).
var signatureBytes = map[string]int{"ES256": 64, "ES384": 96, "ES512": 132, "EdDSA": 64}

// signatureOf counts the letters of a token's signature, and those that its
// algorithm makes: none for one that is not taken. A token without the part has
// fewer than none.
func signatureOf(token string) (n, made int) {
	parts := strings.Split(token, ".")
	header, err := base64.RawURLEncoding.DecodeString(parts[0])
	var h struct {
		Alg string `json:"alg"`
	}
	if err == nil && json.Unmarshal(header, &h) == nil {
		made = base64.RawURLEncoding.EncodedLen(signatureBytes[h.Alg])
	}
	switch len(parts) {
	case 2:
		return -1, made
	case 3:
		return len(parts[2]), made
	}
	return made, made
}

// isCut tells a token whose end is missing for sure: it has no signature part,
// or one that has begun and is shorter than its algorithm makes it. One that was
// emptied, and one of an algorithm that is not taken, are no bad copies.
func isCut(token string) bool {
	if !IsToken(token) || strings.Trim(token, base64urlAndDots) != "" {
		return false
	}
	n, made := signatureOf(token)
	return made > 0 && n != 0 && n < made
}
