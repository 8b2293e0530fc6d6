package verifier_test

import (
	"context"
	"crypto/elliptic"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"strings"
	"testing"

	"github.com/employment-passport/passport/internal/did"
	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/schema"
	"github.com/employment-passport/passport/verifier"
)

// refused is a token of which nothing is shown.
func refused(reason string) want {
	return invalid(reason).but(func(x *want) { x.genuine, x.recognised, x.holder = verifier.No, verifier.NotKnown, "" })
}

// TestWhoSigned: the key must be the issuer's own, for this use (blocks B and C
// of the bad inputs).
func TestWhoSigned(t *testing.T) {
	for _, c := range []struct {
		name string
		make func(w *world) string
		want want
	}{
		{"status key (B08, P9)", func(w *world) string {
			return sign(w.t, jose.TypeVC, w.body.statusKID, w.body.status, w.document())
		}, refused("purpose")},
		{"another body's key (B10)", func(w *world) string {
			other := newBody(w.t, "did:web:altro.example")
			w.entities = append(w.entities, other.entity(w.t))
			return sign(w.t, jose.TypeVC, other.credKID, other.credentials, w.document())
		}, refused("kid")},
		{"a did:key of the forger's own (B10)", func(w *world) string {
			return sign(w.t, jose.TypeVC, w.holderDID+"#"+strings.TrimPrefix(w.holderDID, "did:key:"), w.holder, w.document())
		}, refused("kid")},
		{"the issuer's name with another key", func(w *world) string {
			return sign(w.t, jose.TypeVC, w.body.credKID, w.holder, w.document())
		}, refused("signature_invalid")},
		{"a plain name for a DID's key", func(w *world) string {
			return sign(w.t, jose.TypeVC, thumbprint(w.t, w.body.credentials.Public()), w.body.credentials, w.document())
		}, refused("kid")},
		{"no kid", func(w *world) string {
			return sign(w.t, jose.TypeVC, "", w.body.credentials, w.document())
		}, refused("kid")},
		{"a did that is none (B11)", func(w *world) string {
			return sign(w.t, jose.TypeVC, "did:key:uABC#uABC", w.body.credentials, w.document(set("issuer", "did:key:uABC")))
		}, refused("did")},
		{"iss is somebody else (B09)", func(w *world) string { return w.issue(set("iss", "did:web:altro.example")) }, refused("issuer")},
		{"sub is somebody else (B09)", func(w *world) string { return w.issue(set("sub", "did:web:altro.example")) }, refused("issuer")},
		{"jti is another (B09)", func(w *world) string { return w.issue(set("jti", "urn:uuid:1")) }, refused("issuer")},
		{"a vc claim (C21)", func(w *world) string { return w.tamper(`"vc":{}`) }, refused("claim")},
		{"exp a text (C10)", func(w *world) string { return w.tamper(`"exp":"2026"`) }, refused("claim")},
		{"exp negative (C11)", func(w *world) string { return w.tamper(`"exp":-1`) }, refused("claim")},
		{"iat a text in our own document (C10)", func(w *world) string { return w.issue(set("iat", "2026-11-20T00:00:00Z")) }, refused("claim")},
		{"issuer twice (C01)", func(w *world) string { return w.tamper(`"issuer":"did:web:altro.example"`) }, refused("json_duplicate")},
		{"validUntil before validFrom (C14)", func(w *world) string { return w.issue(set("validUntil", "2026-11-01T00:00:00Z")) }, refused("dates")},
		{"a day that no calendar has (C15)", func(w *world) string { return w.issue(set("validFrom", "2026-02-30T00:00:00Z")) }, refused("shape")},
		{"a wrong first context (C18)", func(w *world) string {
			return w.issue(set("@context", []string{"https://w3id.org/employment-passport/v1"}))
		}, refused("context")},
		{"no VerifiableCredential among the types (C19)", func(w *world) string {
			return w.issue(set("type", []string{"OpenBadgeCredential", "MicroCredential"}))
		}, refused("shape")},
		{"an unknown claim", func(w *world) string { return w.issue(set("ISS", "did:web:altro.example")) }, invalid("rule")},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			token := c.make(w)
			report, err := w.verifier().VerifyCredential(context.Background(), token)
			c.want.check(t, report, err)
			if c.want.genuine == verifier.No && len(report.Credentials()) != 0 {
				t.Error("fields of a credential whose signature check did not pass")
			}
		})
	}
}

// tamper puts a member before the others and signs the result, as a body with
// bad software would: past our own Sign, which refuses it.
func (w *world) tamper(member string) string {
	w.t.Helper()
	payload := append([]byte("{"+member+","), w.document()[1:]...)
	header, err := json.Marshal(map[string]string{"alg": "ES256", "kid": w.body.credKID, "typ": "vc+jwt"})
	must(w.t, err)
	return base64.RawURLEncoding.EncodeToString(header) + "." + base64.RawURLEncoding.EncodeToString(payload) + "." +
		base64.RawURLEncoding.EncodeToString(append(make([]byte, 63), 1))
}

// TestEarlierEndCounts: exp and validUntil disagree (C16).
func TestEarlierEndCounts(t *testing.T) {
	w := newWorld(t)
	v := w.verifier()
	report, err := v.VerifyCredential(context.Background(), w.issue(set("validUntil", "2027-01-01T00:00:00Z"), set("exp", now.Add(-hour).Unix())))
	invalid("expired").check(t, report, err)
	report, err = v.VerifyCredential(context.Background(), w.issue(set("validUntil", "2026-11-22T08:00:00Z"), set("exp", now.Add(hour).Unix())))
	invalid("expired").check(t, report, err)
	report, err = v.VerifyCredential(context.Background(), w.issue(set("validUntil", "2027-01-01T00:00:00Z"), set("exp", now.Add(hour).Unix())))
	green.check(t, report, err)
	for _, c := range report.Checks {
		if c.Code == "dates" && (c.Args["validUntil"] != "2027-01-01" || c.Args["exp"] != "2026-11-22" || c.Args["until"] != "2026-11-22") {
			t.Errorf("both ends must be shown: %v", c.Args)
		}
	}
	// iat and nbf ahead are a start ahead (C13).
	report, err = v.VerifyCredential(context.Background(), w.issue(set("iat", now.Add(hour).Unix())))
	invalid("not_yet_valid").check(t, report, err)
	report, err = v.VerifyCredential(context.Background(), w.issue(set("nbf", now.Add(hour).Unix())))
	invalid("not_yet_valid").check(t, report, err)
	report, err = v.VerifyCredential(context.Background(), w.issue(set("iat", now.Add(30e9).Unix())))
	green.check(t, report, err)
}

// TestForeignIat: W3C's own tokens write iat as text; in a foreign document it
// is ignored and told.
func TestForeignIat(t *testing.T) {
	w := newWorld(t)
	token := sign(t, jose.TypeVC, w.body.credKID, w.body.credentials, []byte(`{"@context":["https://www.w3.org/ns/credentials/v2"],"type":["VerifiableCredential","X"],
		"issuer":"did:web:ente.example","credentialSubject":{"id":"did:example:1"},"iat":"2010-01-01T19:23:24Z"}`))
	report, err := w.verifier().VerifyCredential(context.Background(), token)
	must(t, err)
	if report.Genuine != verifier.Yes || !report.Has("iat_ignored") {
		t.Errorf("genuine %s, checks %v", report.Genuine, report.Checks)
	}
}

// TestDIDJWKIssuer: keys that stand in the name need no source.
func TestDIDJWKIssuer(t *testing.T) {
	w := emptyWorld(t)
	id, err := did.NewJWK(w.body.credentials.Public())
	must(t, err)
	w.body.did, w.body.credKID = id, id+"#0"
	report, err := w.verifier().VerifyCredential(context.Background(), w.issue())
	unknown("issuer_not_recognised").but(func(x *want) { x.recognised = verifier.No }).check(t, report, err)
}

// TestSourceNamesTwoKeysAlike: a kid that stands for two keys names none (B16).
func TestSourceNamesTwoKeysAlike(t *testing.T) {
	w := newWorld(t)
	token := w.issue()
	twin := w.body.entity(t).Keys[0]
	twin.Public, twin.Thumbprint = w.holder.Public(), thumbprint(t, w.holder.Public())
	v := w.verifier(func(c *verifier.Config) {
		c.Keys = keysOf{w.body.did: append([]schema.Key{twin}, w.body.entity(t).Keys...)}
	})
	report, err := v.VerifyCredential(context.Background(), token)
	refused("key").check(t, report, err)
}

// keysOf is a source of keys as a reader of did documents would be.
type keysOf map[string][]schema.Key

func (k keysOf) Keys(_ context.Context, issuer string) ([]schema.Key, error) {
	keys, ok := k[issuer]
	if !ok {
		return nil, schema.ErrKeysUnknown
	}
	return keys, nil
}

// TestKeyThatTheListDoesNotName: a did document shows a new key before the
// authority has it. The signature is genuine; nobody vouches for the key (T19).
func TestKeyThatTheListDoesNotName(t *testing.T) {
	w := newWorld(t)
	fresh := newKey(t)
	kid := w.body.did + "#key-2"
	keys := append(w.body.entity(t).Keys, schema.Key{KID: kid, Public: fresh.Public(), Thumbprint: thumbprint(t, fresh.Public())})
	v := w.verifier(func(c *verifier.Config) { c.Keys = keysOf{w.body.did: keys} })
	report, err := v.VerifyCredential(context.Background(), sign(t, jose.TypeVC, kid, fresh, w.document()))
	unknown("key_unlisted").but(func(x *want) { x.recognised = verifier.No }).check(t, report, err)
}

// TestOtherSpellingIsTheSameCredential: with (r, s) also (r, n-s) is a good
// signature. A forgery denied in one spelling is denied in the other (A26).
func TestOtherSpellingIsTheSameCredential(t *testing.T) {
	w := newWorld(t)
	token := w.issue()
	dot := strings.LastIndexByte(token, '.')
	signature, err := base64.RawURLEncoding.DecodeString(token[dot+1:])
	must(t, err)
	s := new(big.Int).SetBytes(signature[32:])
	s.Sub(elliptic.P256().Params().N, s).FillBytes(signature[32:])
	other := token[:dot+1] + base64.RawURLEncoding.EncodeToString(signature)

	report, err := w.verifier().VerifyCredential(context.Background(), other)
	green.check(t, report, err)
	w.denied = append(w.denied, digest(t, token))
	report, err = w.verifier().VerifyCredential(context.Background(), other)
	invalid("denied").check(t, report, err)
}

// TestSizes: too long is refused before anything is read (E01, A22).
func TestSizes(t *testing.T) {
	w := newWorld(t)
	v := w.verifier()
	for name, c := range map[string]struct{ token, reason string }{
		"64 KiB and more":    {strings.Repeat("a", 64<<10+1), "size"},
		"two million dots":   {strings.Repeat(".", 2_000_000), "size"},
		"nothing":            {"", "structure"},
		"two segments":       {"eyJhbGciOiJFUzI1NiIsInR5cCI6InZjK2p3dCJ9.e30", "structure"},
		"JSON serialisation": {`{"payload":"e30","signatures":[]}`, "structure"},
	} {
		report, err := v.VerifyCredential(context.Background(), c.token)
		t.Run(name, func(t *testing.T) { refused(c.reason).check(t, report, err) })
	}
}
