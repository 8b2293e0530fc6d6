package jose

import (
	"context"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"strings"
	"testing"

	"github.com/employment-passport/passport/passporttest"
)

// BenchmarkVerify sets the whole of Verify, and the hash that follows it,
// beside the bare verification of the same bytes; 1 would be a gate that costs
// nothing.
func BenchmarkVerify(b *testing.B) {
	key := testKey(b, "ES256").(*ecdsa.PrivateKey)
	payload := []byte(`{"name":"` + strings.Repeat("Applica le norme di igiene. ", 100) + `","validFrom":"2026-11-20T00:00:00Z"}`)
	token := sign(b, TypeVC, key, string(payload))
	sum := sha256.Sum256([]byte(token))
	signature, err := ecdsa.SignASN1(rand.Reader, key, sum[:])
	if err != nil {
		b.Fatal(err)
	}
	bare := func() {
		sum := sha256.Sum256([]byte(token))
		if !ecdsa.VerifyASN1(&key.PublicKey, sum[:], signature) {
			b.Fatal("the bare verification fails")
		}
	}
	compare := func(name string, ours func() error) {
		b.Run(name, func(b *testing.B) {
			passporttest.Beside(b, bare, func() {
				if err := ours(); err != nil {
					b.Fatal(err)
				}
			})
		})
	}
	ctx := context.Background()
	compare("verify", func() error {
		_, _, err := Verify(ctx, TypeVC, token, only1(&key.PublicKey))
		return err
	})
	compare("verify+digest", func() error {
		h, _, err := Verify(ctx, TypeVC, token, only1(&key.PublicKey))
		if err != nil {
			return err
		}
		_, err = AcceptedSum(h, token)
		return err
	})
}
