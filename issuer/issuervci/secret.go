package issuervci

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"regexp"
	"strings"
)

// An offer has an id, which is in the log and in lists, and a secret, which only
// its link has. The pre-authorized code and the place of the offer are both made
// of that secret; the store has hashes of what it must recognise, and nothing
// from which any of it could be made again.
//
// A code and an access token begin with the id, so that they are found without a
// search, and each hash bears the name of its use: none passes for another.

var (
	idForm     = regexp.MustCompile(`^[A-Za-z0-9_-]{22}$`)
	secretForm = regexp.MustCompile(`^[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}$`)
)

// random gives 8 bits a byte in base64url.
func random(bytes int) string {
	b := make([]byte, bytes)
	rand.Read(b) // never fails, see crypto/rand
	return base64.RawURLEncoding.EncodeToString(b)
}

// sum is the SHA-256 of what the parts say, under the name of a use.
func sum(use string, parts ...string) []byte {
	h := sha256.Sum256([]byte("passport " + use + "\x00" + strings.Join(parts, "\x00")))
	return h[:]
}

func same(a, b []byte) bool { return len(a) > 0 && subtle.ConstantTimeCompare(a, b) == 1 }

// newID names an offer. It does not begin with a dash: on a command line that
// would be a flag.
func newID() string {
	for {
		if id := random(16); id[0] != '-' {
			return id
		}
	}
}

// newSecret makes the secret of an offer, with its id before it.
func newSecret(id string) string { return id + "." + random(32) }

// codeOf is the pre-authorized code that belongs to a secret.
func codeOf(secret string) string {
	return idOf(secret) + "." + base64.RawURLEncoding.EncodeToString(sum("code", secret))
}

// idOf is the id that a secret, a code or a token begins with; empty for a text
// of another form.
func idOf(s string) string {
	if !secretForm.MatchString(s) {
		return ""
	}
	id, _, _ := strings.Cut(s, ".")
	return id
}

const txCodeDigits = 6

// newTxCode makes a transaction code. 5 tries of 6 digits are one chance in
// 200 000.
func newTxCode() string {
	code := make([]byte, 0, txCodeDigits)
	var b [1]byte
	for len(code) < txCodeDigits {
		rand.Read(b[:])
		if b[0] < 250 { // every digit as likely as the others
			code = append(code, '0'+b[0]%10)
		}
	}
	return string(code)
}
