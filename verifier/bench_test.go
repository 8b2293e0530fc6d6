package verifier_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/sha256"
	"encoding/base64"
	"math/big"
	"strings"
	"testing"

	"github.com/employment-passport/passport/passporttest"
	"github.com/employment-passport/passport/verifier"
)

// BenchmarkVerifyCredential sets the whole judgement (gate, signature, typed
// reading, rules, recognition, dates, status) beside the bare cryptography of
// the same token on the same machine. The project asks for 55 % of the bare rate
// or more, which is 1.82 times its time or less.
func BenchmarkVerifyCredential(b *testing.B) {
	w := newWorld(b)
	token := w.issue()
	v := w.verifier()
	raw := bareVerify(b, w, token)
	whole := func() {
		r, err := v.VerifyCredential(context.Background(), token)
		if err != nil || r.Verdict != verifier.Valid {
			b.Fatalf("%v %v", r, err)
		}
	}
	passporttest.Beside(b, raw, whole)
}

// bareVerify is ES256 with its hash and nothing else: the parts of the token
// are decoded beforehand.
func bareVerify(b *testing.B, w *world, token string) func() {
	signed := token[:strings.LastIndexByte(token, '.')]
	signature, err := base64.RawURLEncoding.DecodeString(token[len(signed)+1:])
	must(b, err)
	r, s := new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:])
	key := &w.body.credentials.PublicKey
	return func() {
		sum := sha256.Sum256([]byte(signed))
		if !ecdsa.Verify(key, sum[:], r, s) {
			b.Fatal("bare verification failed")
		}
	}
}
