package verifier_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/sha256"
	"encoding/base64"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/employment-passport/passport/verifier"
)

// BenchmarkVerifyCredential sets the whole judgement (gate, signature, typed
// reading, rules, recognition, dates, status) beside the bare cryptography of
// the same token on the same machine. ratio is the rate of the one to the rate
// of the other; the project asks for 0.55 or more.
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
	b.Run("bare", func(b *testing.B) {
		for b.Loop() {
			raw()
		}
	})
	b.Run("whole", func(b *testing.B) {
		b.ReportAllocs()
		// Both run in turns, so that a busy machine slows both alike.
		var bare, full time.Duration
		for b.Loop() {
			start := time.Now()
			raw()
			middle := time.Now()
			whole()
			bare += middle.Sub(start)
			full += time.Since(middle)
		}
		b.ReportMetric(float64(bare)/float64(full), "ratio")
		b.ReportMetric(float64(full.Nanoseconds())/float64(b.N), "ns/verify")
	})
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
