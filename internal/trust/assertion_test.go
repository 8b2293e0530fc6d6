package trust_test

import (
	"context"
	"crypto"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/internal/trust"
	"github.com/google/go-cmp/cmp"
)

func sha256Hex(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

func anAssertion(w *world) trust.Assertion {
	sum := sha256.Sum256([]byte("a credential"))
	return trust.Assertion{
		Issuer: w.forli.DID, IssuedAt: now, Expires: now.Add(7 * 24 * time.Hour),
		CredentialHash: base64.RawURLEncoding.EncodeToString(sum[:]), Status: trust.AssertedValid,
	}
}

// by gives one key to whoever asks for the names that it should.
func by(t *testing.T, pub crypto.PublicKey, issuer, kid string) func(context.Context, string, string) (crypto.PublicKey, error) {
	return func(_ context.Context, gotIssuer, gotKID string) (crypto.PublicKey, error) {
		if gotIssuer != issuer || gotKID != kid {
			t.Errorf("asked for %s of %s", gotKID, gotIssuer)
		}
		return pub, nil
	}
}

func TestAssertionRoundTrip(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	kid := w.forli.DID + "#status-1"
	for _, status := range []trust.AssertedStatus{trust.AssertedValid, trust.AssertedRevoked, trust.AssertedSuspended} {
		want := anAssertion(w)
		want.Status = status
		token, err := trust.SignAssertion(ctx, kid, w.forli.status, want)
		if err != nil {
			t.Fatal(err)
		}
		got, err := trust.ParseAssertion(ctx, token, by(t, w.forli.status.Public(), w.forli.DID, kid))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
}

// The dictionary of printed codes knows this order; it never changes.
func TestAssertionOnTheWire(t *testing.T) {
	w := newWorld(t)
	a := anAssertion(w)
	token, err := trust.SignAssertion(context.Background(), w.forli.DID+"#status-1", w.forli.status, a)
	if err != nil {
		t.Fatal(err)
	}
	h, payload, err := jose.ParseUnverified(token)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"iss":"did:web:forli.example","iat":1795339800,"exp":1795944600,"credential_hash":"` + a.CredentialHash +
		`","credential_hash_alg":"sha-256","credential_status_type":"0x00"}`
	if string(payload) != want {
		t.Errorf("payload\n%s, want\n%s", payload, want)
	}
	if h.Typ != "status-assertion+jwt" {
		t.Errorf("typ %s", h.Typ)
	}
}

func TestAssertionsThatAreRefused(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	kid := w.forli.DID + "#status-1"
	for name, row := range map[string]struct {
		change func(*trust.Assertion)
		code   string
	}{
		"no hash":            {func(a *trust.Assertion) { a.CredentialHash = "" }, trust.CodeFormat},
		"a short hash":       {func(a *trust.Assertion) { a.CredentialHash = "AAAA" }, trust.CodeFormat},
		"over before it is":  {func(a *trust.Assertion) { a.Expires = a.IssuedAt }, trust.CodeDates},
		"longer than a list": {func(a *trust.Assertion) { a.Expires = a.IssuedAt.Add(46 * 24 * time.Hour) }, trust.CodeDates},
		"another issuer":     {func(a *trust.Assertion) { a.Issuer = w.lodz.DID }, trust.CodeKid},
		"a status to come":   {func(a *trust.Assertion) { a.Status = "0x03" }, trust.CodeState},
		"no status":          {func(a *trust.Assertion) { a.Status = "" }, trust.CodeState},
	} {
		t.Run(name, func(t *testing.T) {
			a := anAssertion(w)
			row.change(&a)
			if _, err := trust.SignAssertion(ctx, kid, w.forli.status, a); code(err) != row.code {
				t.Errorf("signing: %v, want code %q", err, row.code)
			}
			// The same from somebody who does sign it.
			payload := marshal(t, map[string]any{
				"iss": a.Issuer, "iat": a.IssuedAt.Unix(), "exp": a.Expires.Unix(), "credential_hash": a.CredentialHash,
				"credential_hash_alg": "sha-256", "credential_status_type": a.Status,
			})
			got, err := trust.ParseAssertion(ctx, sign(t, jose.TypeStatusAssertion, kid, w.forli.status, payload),
				by(t, w.forli.status.Public(), a.Issuer, kid))
			if code(err) != row.code || got != (trust.Assertion{}) {
				t.Errorf("reading: %+v, %v, want code %q", got, err, row.code)
			}
		})
	}
}

func TestAssertionOfTheWrongMake(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	kid := w.forli.DID + "#status-1"
	good, err := trust.SignAssertion(ctx, kid, w.forli.status, anAssertion(w))
	if err != nil {
		t.Fatal(err)
	}
	_, payload, err := jose.ParseUnverified(good)
	if err != nil {
		t.Fatal(err)
	}
	var sha1 map[string]any
	if err := json.Unmarshal(payload, &sha1); err != nil {
		t.Fatal(err)
	}
	sha1["credential_hash_alg"] = "sha-1"
	for name, token := range map[string]string{
		"another key":    sign(t, jose.TypeStatusAssertion, kid, w.forli.credential, payload),
		"another type":   sign(t, jose.TypeVC, kid, w.forli.status, payload),
		"another hash":   sign(t, jose.TypeStatusAssertion, kid, w.forli.status, marshal(t, sha1)),
		"tampered":       good[:len(good)-20] + flip(good[len(good)-20:]),
		"text for a day": sign(t, jose.TypeStatusAssertion, kid, w.forli.status, []byte(`{"iss":"x","iat":"1"}`)),
	} {
		got, err := trust.ParseAssertion(ctx, token, func(context.Context, string, string) (crypto.PublicKey, error) {
			return w.forli.status.Public(), nil
		})
		if err == nil || got != (trust.Assertion{}) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	unknown := errors.New("no such key")
	if _, err := trust.ParseAssertion(ctx, good, func(context.Context, string, string) (crypto.PublicKey, error) {
		return nil, unknown
	}); !errors.Is(err, unknown) {
		t.Errorf("the caller's own reason must come out: %v", err)
	}
}
