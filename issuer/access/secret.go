package access

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"strings"
)

// A secret is a prefix that says what it is, an id that finds its record, and 200
// random bits: "ppk_3dkx7b2qfa_…". Prefixes let scanners of source code find
// those that were published by mistake.
const (
	prefixKey    = "ppk_"
	prefixInvite = "inv_"

	idLength     = 10 // characters of 5 bits
	secretLength = 40
)

var base32Lower = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// random returns n characters of 5 random bits each; n is a multiple of 8 or 10.
func random(n int) string {
	b := make([]byte, (n*5+7)/8)
	rand.Read(b) // never fails, see crypto/rand
	return base32Lower.EncodeToString(b)[:n]
}

// sum is what is kept of a secret. It is a fast hash on purpose: a slow one makes
// guessing costly where people choose the secret, and nobody guesses 200 random
// bits from their hash; it would only make every request, and every request of an
// attacker, expensive.
type sum [sha256.Size]byte

// newSecret makes a secret with its id.
func newSecret(prefix string) (id, secret string, kept sum) {
	id = random(idLength)
	secret = prefix + id + "_" + random(secretLength)
	return id, secret, sha256.Sum256([]byte(secret))
}

// idOf returns the id within a secret, and false for what has not its form, which
// everybody knows.
func idOf(prefix, secret string) (id string, ok bool) {
	rest, ok := strings.CutPrefix(secret, prefix)
	if !ok || len(rest) != idLength+1+secretLength || rest[idLength] != '_' {
		return "", false
	}
	for i, c := range []byte(rest) {
		if i != idLength && (c < 'a' || c > 'z') && (c < '2' || c > '7') {
			return "", false
		}
	}
	return rest[:idLength], true
}

// matches compares in constant time.
func (s sum) matches(secret string) bool {
	given := sha256.Sum256([]byte(secret))
	return subtle.ConstantTimeCompare(s[:], given[:]) == 1
}
