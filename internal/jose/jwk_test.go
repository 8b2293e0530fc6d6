package jose

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The example key of RFC 7517 appendix A.1.
const p256X, p256Y = "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4", "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"

// The example key of RFC 8037 appendix A.2.
const edX = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"

func ec(crv, x, y, more string) string {
	return fmt.Sprintf(`{"kty":"EC","crv":%q,"x":%q,"y":%q%s}`, crv, x, y, more)
}

func okp(x, more string) string {
	return fmt.Sprintf(`{"kty":"OKP","crv":"Ed25519","x":%q%s}`, x, more)
}

// TestKeys goes through the rows of block B that are about a key alone. Every
// refusal has the code key.
func TestKeys(t *testing.T) {
	zero32 := b64(string(make([]byte, 32)))
	prime := base64.RawURLEncoding.EncodeToString(ecAlgorithms[0].curve.Params().P.Bytes())
	tests := []struct {
		id, jwk string
		good    bool
	}{
		{"B00 P-256", ec("P-256", p256X, p256Y, ""), true},
		{"B00 Ed25519", okp(edX, ""), true},
		{"B01 not on the curve", ec("P-256", p256X, p256X, ""), false},
		{"B01 (0,0)", ec("P-256", zero32, zero32, ""), false},
		{"B01 x not below the prime", ec("P-256", prime, p256Y, ""), false},
		{"B02 x short", ec("P-256", p256X[:40], p256Y, ""), false},
		{"B02 x with 33 bytes", ec("P-256", b64("\x00"+string(decoded(t, p256X))), p256Y, ""), false},
		{"B02 x padded", ec("P-256", p256X+"=", p256Y, ""), false},
		{"B02 x with unused bits", ec("P-256", p256X[:42]+"5", p256Y, ""), false},
		{"B02 x with a newline", ec("P-256", p256X[:42]+"\n"+p256X[42:], p256Y, ""), false},
		{"B02 no x", `{"kty":"EC","crv":"P-256","y":"` + p256Y + `"}`, false},
		{"B02 no y", `{"kty":"EC","crv":"P-256","x":"` + p256X + `"}`, false},
		{"B02 x a number", `{"kty":"EC","crv":"P-256","x":1,"y":"` + p256Y + `"}`, false},
		{"B03 P-384 by name only", ec("P-384", p256X, p256Y, ""), false},
		{"B03 crv twice", ec("P-256", p256X, p256Y, `,"crv":"P-384"`), false},
		{"B03 crv twice, escaped", ec("P-256", p256X, p256Y, `,"c\u0072v":"P-384"`), false},
		{"B03 secp256k1", ec("secp256k1", p256X, p256Y, ""), false},
		{"B03 EC with Ed25519", ec("Ed25519", edX, edX, ""), false},
		{"B03 OKP with y", okp(edX, `,"y":"`+edX+`"`), false},
		{"B03 X25519", `{"kty":"OKP","crv":"X25519","x":"` + edX + `"}`, false},
		{"B04 private d", ec("P-256", p256X, p256Y, `,"d":"`+p256X+`"`), false},
		{"B04 private d, escaped", ec("P-256", p256X, p256Y, `,"\u0064":"`+p256X+`"`), false},
		{"B04 private Ed25519", okp(edX, `,"d":"`+edX+`"`), false},
		{"B05 use enc", ec("P-256", p256X, p256Y, `,"use":"enc"`), false},
		{"B05 use empty", ec("P-256", p256X, p256Y, `,"use":""`), false},
		{"B05 key_ops encrypt", ec("P-256", p256X, p256Y, `,"key_ops":["encrypt"]`), false},
		{"B05 key_ops sign only", ec("P-256", p256X, p256Y, `,"key_ops":["sign"]`), false},
		{"B05 key_ops empty", ec("P-256", p256X, p256Y, `,"key_ops":[]`), false},
		{"B05 key_ops twice", ec("P-256", p256X, p256Y, `,"key_ops":["verify","verify"]`), false},
		{"B05 use sig", ec("P-256", p256X, p256Y, `,"use":"sig","key_ops":["verify"],"alg":"ES256"`), true},
		{"B05 alg of another curve", ec("P-256", p256X, p256Y, `,"alg":"ES384"`), false},
		{"B05 alg of encryption", ec("P-256", p256X, p256Y, `,"alg":"ECDH-ES"`), false},
		{"B06 RSA", `{"kty":"RSA","n":"AQAB","e":"AQ"}`, false},
		{"B06 secret key", `{"kty":"oct","k":"AAAA"}`, false},
		{"B07 Ed25519 short", okp(edX[:40], ""), false},
		{"B07 all zero", okp(zero32, ""), false},
		{"B07 no point", okp(b64("\x02"+string(make([]byte, 31))), ""), false},
		{"B07 y not below the prime", okp(b64("\xf0"+strings.Repeat("\xff", 30)+"\x7f"), ""), false},
		{"kid with a line break", ec("P-256", p256X, p256Y, `,"kid":"a\nb"`), false},
		{"certificates", ec("P-256", p256X, p256Y, `,"x5c":["MIIB"]`), false},
		{"unknown members are ignored", ec("P-256", p256X, p256Y, `,"ext":true,"X":"y"`), true},
		{"not an object", `["EC"]`, false},
		{"two values", ec("P-256", p256X, p256Y, "") + "{}", false},
		{"10 KB", ec("P-256", p256X, p256Y, `,"pad":"`+strings.Repeat("x", 10<<10)+`"`), false},
	}
	for _, test := range tests {
		t.Run(test.id, func(t *testing.T) {
			key, err := ParseJWK([]byte(test.jwk))
			if test.good {
				if err != nil || key.Public() == nil {
					t.Fatal(err)
				}
				return
			}
			mustRefuse(t, err, CodeKey)
			if private := strings.Contains(test.id, "private") || strings.Contains(test.id, "secret"); private != errors.Is(err, ErrPrivateKey) {
				t.Fatalf("ErrPrivateKey: %v", err)
			}
			for _, secret := range []string{p256X, edX} { // B04: never echo
				if strings.Contains(err.Error(), secret) {
					t.Fatalf("the error repeats the key: %v", err)
				}
			}
		})
	}
}

func decoded(t *testing.T, s string) []byte {
	t.Helper()
	raw, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// TestThumbprint holds the vector of RFC 8037 appendix A.3 and, for a key with
// two coordinates, the hash of its text by RFC 7638 section 3.1, made apart.
func TestThumbprint(t *testing.T) {
	for text, want := range map[string]string{
		okp(edX, `,"kid":"x","alg":"EdDSA"`): "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k",
		ec("P-256", "fyNYMN0976ci7xqiSdag3buk-ZCwgXU4kz9XNkBlNUI", "hW2ojTNfH7Jbi8--CJUo3OCbH3y5n91g-IMA9MLMbTU", `,"use":"sig"`): "G_96kD3GBXg7fuqEEJsKY1YHracLxBDq7pdwv2DgxdM",
	} {
		key, err := ParseJWK([]byte(text))
		if err != nil || key.Thumbprint() != want {
			t.Errorf("%s, want %s (%v)", key.Thumbprint(), want, err)
		}
	}
	if (JWK{}).Thumbprint() != "" {
		t.Error("no key has a thumbprint")
	}
}

func TestJWKRoundTrip(t *testing.T) {
	for _, alg := range []string{"ES256", "ES384", "ES512", "EdDSA"} {
		key, err := NewJWK(testKey(t, alg).Public())
		if err != nil {
			t.Fatal(err)
		}
		key.Kid, key.Use, key.Alg, key.KeyOps = "did:web:ente.example#key-1", "sig", alg, []string{"verify"}
		text, err := json.Marshal(key)
		if err != nil {
			t.Fatal(err)
		}
		var back JWK
		if err := json.Unmarshal(text, &back); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(key, back, cmp.AllowUnexported(JWK{})); diff != "" {
			t.Error(diff)
		}
		if key.Thumbprint() != back.Thumbprint() || len(key.Thumbprint()) != 43 {
			t.Error(key.Thumbprint(), back.Thumbprint())
		}
	}
	if _, err := json.Marshal(JWK{}); err == nil {
		t.Error("no key was written")
	}
}

// TestSmallOrder shows what checkEd25519 is for: under each key of small order
// a signature of R = neutral point and S = 0 fits some of a thousand messages,
// with no private key at all. Both signs of x are tried.
func TestSmallOrder(t *testing.T) {
	forged := append([]byte{1}, make([]byte, 63)...)
	for _, y := range smallOrder {
		for _, sign := range []byte{0, 0x80} {
			pub := y.FillBytes(make([]byte, 32))
			for i := range 16 {
				pub[i], pub[31-i] = pub[31-i], pub[i]
			}
			pub[31] |= sign
			fits := false
			for i := 0; i < 1000 && !fits; i++ {
				fits = ed25519.Verify(pub, fmt.Appendf(nil, "message %d", i), forged)
			}
			if !fits {
				t.Errorf("%x is not of small order", pub)
			}
			if _, err := NewJWK(ed25519.PublicKey(pub)); err == nil {
				t.Errorf("%x is taken as a key", pub)
			}
		}
	}
}

func TestPointByHand(t *testing.T) {
	good := testKey(t, "ES256").(*ecdsa.PrivateKey)
	bad := good.PublicKey
	bad.X = bad.Y //nolint:staticcheck // the deprecated field is how such a key is made
	_, err := NewJWK(&bad)
	mustRefuse(t, err, CodeKey)
	if !bytes.Equal(bad.X.Bytes(), good.Y.Bytes()) { //nolint:staticcheck // as above
		t.Fatal("the test has not made the key it speaks of")
	}
}
