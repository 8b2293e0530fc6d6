package onetime

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"time"
)

// Nonces gives out nonces that cost no memory until one is used: a nonce
// carries its own end under a MAC, so that whoever asks for a million of them
// fills nothing. Only used ones are remembered, until they would have expired.
//
// The key of the MAC lives as long as the process. A nonce from before a
// restart is refused, and its holder asks for another.
type Nonces struct {
	life time.Duration
	now  func() time.Time
	key  [32]byte
	used *Memory
}

// NewNonces makes nonces that live for life. At most max used ones are
// remembered at a time: more uses than that within a life are refused.
func NewNonces(life time.Duration, max int, now func() time.Time) *Nonces {
	n := &Nonces{life: life, now: now, used: NewMemory(max, now)}
	rand.Read(n.key[:]) // never fails, see crypto/rand
	return n
}

const (
	nonceRandom = 16 // bytes: the 128 bits of OpenID4VP 1.0 section 5
	nonceBody   = nonceRandom + 8
	nonceLength = nonceBody + 16 // and half a MAC
)

// New makes a nonce, in base64url.
func (n *Nonces) New() string {
	b := make([]byte, nonceBody, nonceLength)
	rand.Read(b[:nonceRandom])
	binary.BigEndian.PutUint64(b[nonceRandom:], uint64(n.now().Add(n.life).Unix())) //nolint:gosec // after 1970
	return base64.RawURLEncoding.EncodeToString(n.mac(b))
}

// Use accepts a nonce of ours once. It returns ErrGone for every other, and
// ErrFull when so many were used just now that no more can be remembered.
func (n *Nonces) Use(nonce string) error {
	if len(nonce) != base64.RawURLEncoding.EncodedLen(nonceLength) {
		return ErrGone // the decoder would skip line breaks
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(nonce)
	if err != nil || len(b) != nonceLength {
		return ErrGone
	}
	if !hmac.Equal(n.mac(b[:nonceBody:nonceBody]), b) {
		return ErrGone
	}
	now, expires := n.now(), time.Unix(int64(binary.BigEndian.Uint64(b[nonceRandom:nonceBody])), 0) //nolint:gosec // ours
	if !now.Before(expires) {
		return ErrGone
	}
	return n.used.add(string(b[:nonceRandom]), now, expires)
}

// mac appends the MAC of a nonce's body to it.
func (n *Nonces) mac(body []byte) []byte {
	h := hmac.New(sha256.New, n.key[:])
	h.Write(body)
	return append(body, h.Sum(nil)[:nonceLength-nonceBody]...)
}
