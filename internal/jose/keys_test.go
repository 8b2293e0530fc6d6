package jose

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"strings"
	"testing"
)

// testKey makes a key for an algorithm.
func testKey(t testing.TB, alg string) crypto.Signer {
	t.Helper()
	if alg == algEdDSA {
		_, key, err := ed25519.GenerateKey(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		return key
	}
	curves := map[string]elliptic.Curve{"ES256": elliptic.P256(), "ES384": elliptic.P384(), "ES512": elliptic.P521()}
	key, err := ecdsa.GenerateKey(curves[alg], rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// only1 is a KeyFunc that knows one key.
func only1(pub crypto.PublicKey) KeyFunc {
	return func(context.Context, Header, []byte) (crypto.PublicKey, error) { return pub, nil }
}

// sign makes a good token.
func sign(t testing.TB, typ Type, key crypto.Signer, payload string) string {
	t.Helper()
	token, err := Sign(context.Background(), typ, "did:web:ente.example#key-1", key, []byte(payload))
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// forge signs any header and payload, however wrong, with a real key: what is
// refused then is refused by the gate.
func forge(t testing.TB, key crypto.Signer, header, payload string) string {
	t.Helper()
	alg, err := Algorithm(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	signed := b64(header) + "." + b64(payload)
	signature, err := signBytes(alg, key, []byte(signed))
	if err != nil {
		t.Fatal(err)
	}
	return signed + "." + base64.RawURLEncoding.EncodeToString(signature)
}

func b64(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }

// mustRefuse asserts the code, and that the error repeats nothing of the token.
func mustRefuse(t *testing.T, err error, code string) {
	t.Helper()
	var refused *Error
	if !errors.As(err, &refused) {
		t.Fatalf("got %v, want a refusal with code %q", err, code)
	}
	if refused.Code != code {
		t.Fatalf("got code %q (%v), want %q", refused.Code, err, code)
	}
	if len(err.Error()) > 300 || strings.ContainsAny(err.Error(), "\r\n\x00") {
		t.Fatalf("the error carries foreign text: %q", err)
	}
}
