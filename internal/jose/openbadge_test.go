package jose

import (
	"context"
	"encoding/base64"
	"strings"
	"testing"
)

const badgePayload = `{"issuer":"did:web:ente.example","iss":"did:web:ente.example","nbf":1763769600}`

// TestOpenBadge: what we sign has alg and kid in its header and nothing else;
// what we read may have typ "JWT" besides.
func TestOpenBadge(t *testing.T) {
	key := testKey(t, "ES256")
	token := sign(t, TypeOpenBadge, key, badgePayload)
	head, _, _ := strings.Cut(token, ".")
	raw, err := base64.RawURLEncoding.DecodeString(head)
	if err != nil || string(raw) != `{"alg":"ES256","kid":"did:web:ente.example#key-1"}` {
		t.Fatalf("header %s (%v)", raw, err)
	}
	if TypeOf(token) != TypeOpenBadge || TypeOf(sign(t, TypeVC, key, goodPayload)) != TypeVC || TypeOf("x") != "" {
		t.Error("TypeOf")
	}
	for _, row := range []struct{ name, header, payload, code string }{
		{"no typ", `{"alg":"ES256","kid":"a"}`, badgePayload, ""},
		{"JWT", `{"alg":"ES256","kid":"a","typ":"JWT"}`, badgePayload, ""},
		{"jwt", `{"alg":"ES256","typ":"jwt"}`, badgePayload, CodeType},
		{"in full", `{"alg":"ES256","typ":"application/JWT"}`, badgePayload, CodeType},
		{"empty", `{"alg":"ES256","typ":""}`, badgePayload, CodeType},
		{"number", `{"alg":"ES256","typ":1}`, badgePayload, CodeType},
		{"vc+jwt", `{"alg":"ES256","typ":"vc+jwt"}`, badgePayload, CodeType},
		{"cty", `{"alg":"ES256","cty":"vc"}`, badgePayload, CodeType},
		{"cty empty", `{"alg":"ES256","cty":""}`, badgePayload, CodeType},
		{"another parameter", `{"alg":"ES256","iat":1}`, badgePayload, CodeHeader},
		{"a jwk", `{"alg":"ES256","jwk":{}}`, badgePayload, CodeHeader},
		{"crit", `{"alg":"ES256","crit":["exp"]}`, badgePayload, CodeCrit},
		{"a vc claim", `{"alg":"ES256"}`, `{"vc":{}}`, CodeClaim},
		{"a broken nbf", `{"alg":"ES256"}`, `{"nbf":"1"}`, CodeClaim},
	} {
		_, _, err := Verify(context.Background(), TypeOpenBadge, forge(t, key, row.header, row.payload), only1(key.Public()))
		if row.code == "" {
			if err != nil {
				t.Errorf("%s: %v", row.name, err)
			}
			continue
		}
		t.Run(row.name, func(t *testing.T) { mustRefuse(t, err, row.code) })
	}
	if _, err := Sign(context.Background(), TypeOpenBadge, "", key, []byte(`{"vc":{}}`)); err == nil {
		t.Error("signed a vc claim")
	}
}

// TestNoCrossUse: a token of one type is none of another, whichever it is.
func TestNoCrossUse(t *testing.T) {
	key := testKey(t, "ES256")
	types := []Type{TypeVC, TypeVP, TypeOpenBadge, TypeBundle, TypeDelegation, TypeStatusAssertion}
	for _, signed := range types {
		token := sign(t, signed, key, badgePayload)
		for _, asked := range types {
			_, _, err := Verify(context.Background(), asked, token, only1(key.Public()))
			if (err == nil) != (signed == asked) {
				t.Errorf("%s taken for %s: %v", signed, asked, err)
			}
		}
	}
}
