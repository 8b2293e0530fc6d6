package qr

import "crypto/sha256"

// ended holds the tokens that are complete, in the order of their ends, for
// markHash. A token is hashed once, however often a frame refers to it: a few
// bytes of a stranger's would else stand for minutes of work.
type ended []endedToken

type endedToken struct{ token, hash string }

// add notes a complete token once: a token that is one JWS ends twice.
func (e *ended) add(token string) {
	if n := len(*e); n == 0 || (*e)[n-1].token != token {
		*e = append(*e, endedToken{token: token})
	}
}

// hash is the SHA-256 of the i-th token in base64url.
func (e ended) hash(i int) string {
	if e[i].hash == "" {
		sum := sha256.Sum256([]byte(e[i].token))
		e[i].hash = base64Text(sum[:])
	}
	return e[i].hash
}
