package oid4vci

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/employment-passport/passport/internal/jose"
)

var now = time.Date(2026, 11, 22, 9, 30, 0, 0, time.UTC)

const us = "https://rete.example/ente"

type object = map[string]any

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func newKey(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	return key
}

// token signs whatever header and claims a test wants.
func token(t testing.TB, key *ecdsa.PrivateKey, header, claims object) string {
	t.Helper()
	enc := func(v any) string {
		data, err := json.Marshal(v)
		must(t, err)
		return base64.RawURLEncoding.EncodeToString(data)
	}
	signed := enc(header) + "." + enc(claims)
	sum := sha256.Sum256([]byte(signed))
	r, s, err := ecdsa.Sign(rand.Reader, key, sum[:])
	must(t, err)
	return signed + "." + base64.RawURLEncoding.EncodeToString(append(r.FillBytes(make([]byte, 32)), s.FillBytes(make([]byte, 32))...))
}

// with is m with some members changed; nil takes one out.
func with(m object, pairs ...any) object {
	m = maps.Clone(m)
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] == nil {
			delete(m, pairs[i].(string))
		} else {
			m[pairs[i].(string)] = pairs[i+1]
		}
	}
	return m
}

var errNoKey = errors.New("no such key")

// TestProofs goes through appendix F.1 and F.4: what a proof must say, one row
// for each way to say it wrongly. "" is accepted.
func TestProofs(t *testing.T) {
	key, other := newKey(t), newKey(t)
	jwk, err := jose.NewJWK(key.Public())
	must(t, err)
	public, err := json.Marshal(jwk)
	must(t, err)
	scalar, err := key.Bytes()
	must(t, err)
	var private object
	must(t, json.Unmarshal(public, &private))
	private["d"] = base64.RawURLEncoding.EncodeToString(scalar)

	byJWK := object{"alg": "ES256", "typ": "openid4vci-proof+jwt", "jwk": json.RawMessage(public)}
	byKid := with(byJWK, "jwk", nil, "kid", "did:key:zWallet#zWallet")
	claims := object{"aud": us, "iat": now.Unix(), "nonce": "abc"}
	for name, row := range map[string]struct {
		header, claims object
		client, code   string
	}{
		"by jwk":            {byJWK, claims, "", ""},
		"by kid":            {byKid, claims, "", ""},
		"aud a list":        {byJWK, with(claims, "aud", []string{us}), "", ""},
		"a known client":    {byJWK, with(claims, "iss", "wallet"), "wallet", ""},
		"a slow clock":      {byJWK, with(claims, "iat", now.Add(-9*time.Minute).Unix()), "", ""},
		"another typ":       {with(byJWK, "typ", "JWT"), claims, "", CodeInvalidProof},
		"no typ":            {with(byJWK, "typ", nil), claims, "", CodeInvalidProof},
		"typ of a VP":       {with(byJWK, "typ", "vp+jwt"), claims, "", CodeInvalidProof},
		"alg none":          {with(byJWK, "alg", "none"), claims, "", CodeInvalidProof},
		"alg HS256":         {with(byJWK, "alg", "HS256"), claims, "", CodeInvalidProof},
		"alg of another":    {with(byJWK, "alg", "ES384"), claims, "", CodeInvalidProof},
		"kid and jwk":       {with(byJWK, "kid", "did:key:zWallet#zWallet"), claims, "", CodeInvalidProof},
		"neither":           {with(byJWK, "jwk", nil), claims, "", CodeInvalidProof},
		"x5c":               {with(byJWK, "jwk", nil, "x5c", []string{"AAAA"}), claims, "", CodeInvalidProof},
		"x5c beside":        {with(byJWK, "x5c", []string{"AAAA"}), claims, "", CodeInvalidProof},
		"jku":               {with(byJWK, "jku", "https://evil.example/jwks"), claims, "", CodeInvalidProof},
		"crit":              {with(byJWK, "crit", []string{"exp"}), claims, "", CodeInvalidProof},
		"a private key":     {with(byJWK, "jwk", private), claims, "", CodeInvalidProof},
		"a secret key":      {with(byJWK, "jwk", object{"kty": "oct", "k": "AAAA"}), claims, "", CodeInvalidProof},
		"an unknown kid":    {with(byKid, "kid", "did:web:evil.example#1"), claims, "", CodeInvalidProof},
		"another issuer":    {byJWK, with(claims, "aud", "https://rete.example/altro"), "", CodeInvalidProof},
		"aud with a slash":  {byJWK, with(claims, "aud", us+"/"), "", CodeInvalidProof},
		"aud us and others": {byJWK, with(claims, "aud", []string{us, "https://evil.example"}), "", CodeInvalidProof},
		"aud empty list":    {byJWK, with(claims, "aud", []string{}), "", CodeInvalidProof},
		"no aud":            {byJWK, with(claims, "aud", nil), "", CodeInvalidProof},
		"old":               {byJWK, with(claims, "iat", now.Add(-time.Hour).Unix()), "", CodeInvalidProof},
		"from tomorrow":     {byJWK, with(claims, "iat", now.Add(24*time.Hour).Unix()), "", CodeInvalidProof},
		"no iat":            {byJWK, with(claims, "iat", nil), "", CodeInvalidProof},
		"iat a text":        {byJWK, with(claims, "iat", "now"), "", CodeInvalidProof},
		"iat far away":      {byJWK, with(claims, "iat", int64(9007199254740991)), "", CodeInvalidProof},
		"no nonce":          {byJWK, with(claims, "nonce", nil), "", CodeInvalidProof},
		"nonce a number":    {byJWK, with(claims, "nonce", 1), "", CodeInvalidProof},
		"long nonce":        {byJWK, with(claims, "nonce", strings.Repeat("x", MaxText+1)), "", CodeInvalidProof},
		"an anonymous iss":  {byJWK, with(claims, "iss", "wallet"), "", CodeInvalidProof},
		"another client":    {byJWK, with(claims, "iss", "wallet"), "other", CodeInvalidProof},
		"too long":          {byJWK, with(claims, "x", strings.Repeat("x", MaxProof)), "", CodeInvalidProof},
	} {
		want := Expected{Issuer: us, Client: row.client, Now: now, Key: func(kid string) (crypto.PublicKey, error) {
			if kid != "did:key:zWallet#zWallet" {
				return nil, errNoKey
			}
			return key.Public(), nil
		}}
		p, err := CheckProof(t.Context(), token(t, key, row.header, row.claims), want)
		var refused *Error
		switch errors.As(err, &refused); {
		case row.code == "" && (err != nil || p.Nonce != "abc" || !key.PublicKey.Equal(p.Key)):
			t.Errorf("%s: %+v, %v", name, p, err)
		case row.code != "" && (refused == nil || refused.Code != row.code):
			t.Errorf("%s: accepted: %v", name, err)
		case strings.HasPrefix(name, "x5c") && !strings.Contains(refused.Description, "x5c"):
			t.Errorf("%s: %s", name, refused.Description)
		}
		if row.code == "" {
			if _, err := CheckProof(t.Context(), token(t, other, row.header, row.claims), want); err == nil {
				t.Errorf("%s: signed by another key", name)
			}
		}
	}
}

// FuzzProof: whatever is sent as a proof is refused in the words of the
// protocol, or is signed by the key that it names.
func FuzzProof(f *testing.F) {
	key := newKey(f)
	jwk, err := jose.NewJWK(key.Public())
	must(f, err)
	header := object{"alg": "ES256", "typ": "openid4vci-proof+jwt", "jwk": jwk}
	claims := object{"aud": us, "iat": now.Unix(), "nonce": "abc"}
	f.Add(token(f, key, header, claims))
	f.Add(token(f, key, with(header, "jwk", nil, "kid", "a"), claims))
	f.Add("e30.e30.AA")
	f.Fuzz(func(t *testing.T, proof string) {
		want := Expected{Issuer: us, Now: now, Key: func(string) (crypto.PublicKey, error) { return key.Public(), nil }}
		p, err := CheckProof(context.Background(), proof, want)
		var refused *Error
		if err != nil && !errors.As(err, &refused) {
			t.Fatalf("no protocol error: %v", err)
		}
		if err == nil && (p.Key == nil || p.Nonce == "") {
			t.Fatalf("%+v", p)
		}
	})
}

// FuzzMessages: no message makes a parser panic, and what is accepted keeps its
// bounds.
func FuzzMessages(f *testing.F) {
	for _, seed := range []string{
		`{"credential_configuration_id":"a","proofs":{"jwt":["x"]}}`,
		`{"credential_issuer":"https://a.example/b","credential_configuration_ids":["a"],"grants":{"urn:ietf:params:oauth:grant-type:pre-authorized_code":{"pre-authorized_code":"c","tx_code":{}}}}`,
		`{"transaction_id":"x"}`, `{"notification_id":"x","event":"credential_accepted"}`,
		`{"credentials":[{"credential":"x"}],"notification_id":"n"}`, `{"access_token":"t","token_type":"bearer"}`,
		"openid-credential-offer://?credential_offer_uri=https%3A%2F%2Fa.example%2Fo",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		data := []byte(text)
		var refused *Error
		if r, err := ParseCredentialRequest(data, 5); err == nil && (len(r.Proofs.JWT) == 0 || len(r.Proofs.JWT) > 5 || (r.Configuration == "") == (r.Identifier == "") && r.Configuration != "") {
			t.Fatalf("%+v", r)
		} else if err != nil && !errors.As(err, &refused) {
			t.Fatalf("no protocol error: %v", err)
		}
		if _, err := ParseDeferredRequest(data); err != nil && !errors.As(err, &refused) {
			t.Fatal(err)
		}
		if _, err := ParseNotification(data); err != nil && !errors.As(err, &refused) {
			t.Fatal(err)
		}
		if o, err := ParseOffer(data); err == nil && (CheckIdentifier(o.Issuer) != nil || o.Grants.PreAuthorized == nil) {
			t.Fatalf("%+v", o)
		}
		if o, at, err := ParseLink(text); err == nil && (o == nil) == (at == "") {
			t.Fatalf("%+v, %q", o, at)
		}
		_, _ = ParseCredentialResponse(data)
		_, _ = ParseTokenResponse(data)
		_, _ = ParseNonceResponse(data)
		_, _ = ParseIssuerMetadata(data, us)
		_, _ = ParseServerMetadata(data, us)
		_, _ = ParseError(data)
	})
}
