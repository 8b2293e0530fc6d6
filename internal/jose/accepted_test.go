package jose

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"math/big"
	"strings"
	"testing"
)

// TestAcceptedSum: the short way gives what Canonical gives, for both spellings
// of a signature.
func TestAcceptedSum(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	token, err := Sign(context.Background(), TypeVC, "k", key, []byte(`{"a":1}`))
	if err != nil {
		t.Fatal(err)
	}
	dot := strings.LastIndexByte(token, '.')
	signature, err := base64.RawURLEncoding.DecodeString(token[dot+1:])
	if err != nil {
		t.Fatal(err)
	}
	s := new(big.Int).SetBytes(signature[32:])
	s.Sub(elliptic.P256().Params().N, s).FillBytes(signature[32:])
	other := token[:dot+1] + base64.RawURLEncoding.EncodeToString(signature)
	want, err := Digest(token)
	if err != nil {
		t.Fatal(err)
	}
	for _, spelling := range []string{token, other} {
		sum, err := AcceptedSum(Header{Alg: "ES256"}, spelling)
		if err != nil || [16]byte(sum[:16]) != want {
			t.Errorf("%x, %v; want %x", sum[:16], err, want)
		}
	}
	if _, err := AcceptedSum(Header{Alg: "ES256"}, "a.b.c"); err == nil {
		t.Error("a token without a signature has a sum")
	}
}
