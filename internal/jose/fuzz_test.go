package jose

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/employment-passport/passport/internal/strictjson"
)

// seedTokens adds good tokens, and the W3C's where they are at hand.
func seedTokens(f *testing.F) {
	f.Helper()
	for _, alg := range []string{"ES256", "ES512", "EdDSA"} {
		f.Add(sign(f, TypeVC, testKey(f, alg), goodPayload))
		f.Add(sign(f, TypeOpenBadge, testKey(f, alg), badgePayload))
	}
	files, err := filepath.Glob(filepath.Join("..", "..", "..", "shared", "vectors", "jose", "tests", "input", "*.txt"))
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(strings.TrimSpace(string(text)))
	}
	f.Add("..")
	f.Add(`{"payload":"e30"}`)
}

// FuzzToken: what passes the gate has one spelling, says what its segments
// say, and never verifies under a key made this moment.
func FuzzToken(f *testing.F) {
	seedTokens(f)
	stranger := testKey(f, "ES256").Public()
	f.Fuzz(func(t *testing.T, token string) {
		h, payload, err := ParseUnverified(token)
		if err != nil {
			return
		}
		segments := strings.Split(token, ".")
		if len(segments) != 3 || b64(string(payload)) != segments[1] {
			t.Fatalf("%q has another spelling", token)
		}
		if err := strictjson.Check(payload); err != nil {
			t.Fatal(err)
		}
		canonical, err := Canonical(token)
		if err != nil && len(token) <= MaxToken {
			t.Fatalf("no canonical form: %v", err)
		}
		if err == nil {
			if again, err := Canonical(canonical); err != nil || again != canonical {
				t.Fatalf("Canonical is not stable: %v", err)
			}
		}
		if _, _, err := Verify(context.Background(), Type(h.Typ), token, only1(stranger)); err == nil {
			t.Fatal("verifies under a stranger's key")
		}
	})
}

// FuzzHeader: a header that passes names an algorithm and a type that we know,
// and a key id fit to be shown.
func FuzzHeader(f *testing.F) {
	for _, header := range []string{goodHeader, `{"alg":"none"}`, `{"alg":"EdDSA","typ":"vp+jwt","cty":"vp"}`, `{"crit":[]}`, `{"alg":"ES256","kid":"a","typ":"application/vc+jwt"}`} {
		f.Add([]byte(header))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		h, err := parseHeader(b64(string(raw)), TypeVC)
		if err != nil {
			return
		}
		if !knownAlg(h.Alg) || h.Typ != string(TypeVC) || h.Cty != "" && h.Cty != "vc" || strings.ContainsAny(h.Kid, " \r\n\t\x00<>\"'\\") {
			t.Fatalf("%q gives %+v", raw, h)
		}
		for _, forbidden := range []string{"jwk", "jku", "x5u", "x5c", "crit", "b64", "zip"} {
			var members map[string]any
			if err := json.Unmarshal(raw, &members); err != nil {
				t.Fatal(err)
			}
			if _, ok := members[forbidden]; ok {
				t.Fatalf("%q holds %s", raw, forbidden)
			}
		}
	})
}

// FuzzJWK: a key that is taken is written and read back as itself.
func FuzzJWK(f *testing.F) {
	f.Add([]byte(ec("P-256", p256X, p256Y, `,"use":"sig","key_ops":["verify"],"alg":"ES256","kid":"k"`)))
	f.Add([]byte(okp(edX, "")))
	f.Add([]byte(`{"kty":"RSA","n":"AQAB","e":"AQ"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		key, err := ParseJWK(data)
		if err != nil {
			return
		}
		text, err := json.Marshal(key)
		if err != nil {
			t.Fatal(err)
		}
		back, err := ParseJWK(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		again, err := json.Marshal(back)
		if err != nil || !bytes.Equal(text, again) || key.Thumbprint() != back.Thumbprint() {
			t.Fatalf("%s becomes %s (%v)", text, again, err)
		}
	})
}
