package jose

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"encoding/json"
	"errors"
	"testing"
)

// TestOnlyAProofBringsItsKey: what a wallet signs to prove a key may carry it
// (OpenID4VCI 1.0 appendix F.1); under any other type it is refused as ever.
func TestOnlyAProofBringsItsKey(t *testing.T) {
	key := testKey(t, "ES256").(*ecdsa.PrivateKey)
	public, err := NewJWK(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	jwk, err := json.Marshal(public)
	if err != nil {
		t.Fatal(err)
	}
	token := func(typ Type) string {
		return forge(t, key, `{"alg":"ES256","jwk":`+string(jwk)+`,"typ":"`+string(typ)+`"}`, goodPayload)
	}
	own := func(_ context.Context, h Header, _ []byte) (crypto.PublicKey, error) {
		k, err := ParseJWK([]byte(h.JWK))
		return k.Public(), err
	}
	if _, _, err := Verify(t.Context(), TypeProof, token(TypeProof), own); err != nil {
		t.Fatal(err)
	}
	var refused *Error
	for _, typ := range []Type{TypeVC, TypeVP, TypeBundle, TypeDelegation, TypeStatusAssertion} {
		if _, _, err := Verify(t.Context(), typ, token(typ), own); !errors.As(err, &refused) || refused.Code != CodeHeader {
			t.Errorf("%s: %v", typ, err)
		}
	}
	if _, _, err := ParseUnverified(token(TypeProof)); !errors.As(err, &refused) || refused.Code != CodeHeader {
		t.Errorf("a proof that nobody asked for: %v", err)
	}
}
