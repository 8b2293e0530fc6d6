package did

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/employment-passport/passport/internal/jose"
)

// exampleP256 is the P-256 example of the did:key specification, section 5.3.
const exampleP256 = "zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169"

// exampleEd25519 is its first Ed25519 example.
const exampleEd25519 = "z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp"

func testKey(t testing.TB, name string) crypto.PublicKey {
	t.Helper()
	if name == "Ed25519" {
		pub, _, err := ed25519.GenerateKey(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		return pub
	}
	curves := map[string]elliptic.Curve{"P-256": elliptic.P256(), "P-384": elliptic.P384(), "P-521": elliptic.P521()}
	key, err := ecdsa.GenerateKey(curves[name], rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key.Public()
}

func mustRefuse(t *testing.T, err error, code string) {
	t.Helper()
	var refused *Error
	if !errors.As(err, &refused) || refused.Code != code {
		t.Fatalf("got %v, want a refusal with code %q", err, code)
	}
}

func TestRoundTrip(t *testing.T) {
	for _, name := range []string{"P-256", "P-384", "P-521", "Ed25519"} {
		pub := testKey(t, name)
		for method, build := range map[string]func(crypto.PublicKey) (string, error){"key": NewKey, "jwk": NewJWK} {
			id, err := build(pub)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := Method(id); got != method || err != nil {
				t.Fatalf("Method(%s) = %q, %v", id, got, err)
			}
			doc, err := Resolve(id)
			if err != nil {
				t.Fatal(err)
			}
			kid := id + "#0"
			if method == "key" {
				kid = id + "#" + strings.TrimPrefix(id, "did:key:")
			}
			for _, find := range []func(string) (jose.JWK, error){doc.AssertionKey, doc.AuthenticationKey} {
				key, err := find(kid)
				if err != nil || !key.Public().(interface{ Equal(crypto.PublicKey) bool }).Equal(pub) {
					t.Fatalf("%s %s: another key, %v", method, name, err)
				}
			}
			// What is resolved can be written and read as a document.
			text, err := json.Marshal(doc)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := ParseDocument(text, id); err != nil {
				t.Fatalf("%s: %v", text, err)
			}
		}
	}
}

// The examples of the specifications, made by others.
func TestExamples(t *testing.T) {
	doc, err := Resolve("did:key:" + exampleEd25519)
	if err != nil {
		t.Fatal(err)
	}
	if x, err := json.Marshal(doc.Methods[0].Key); err != nil || !strings.Contains(string(x), `"x":"O2onvM62pC1io6jQKm8Nc2UyFXcd4kOmOsBIoYtZ2ik"`) {
		t.Errorf("%s, %v", x, err)
	}
	if _, err := Resolve("did:key:" + exampleP256); err != nil {
		t.Error(err)
	}
	// did:jwk specification, section 4.1.
	jwk, err := Resolve("did:jwk:eyJjcnYiOiJQLTI1NiIsImt0eSI6IkVDIiwieCI6ImFjYklRaXVNczNpOF91c3pFakoydHBUdFJNNEVVM3l6OTFQSDZDZEgyVjAiLCJ5IjoiX0tjeUxqOXZXTXB0bm1LdG00NkdxRHo4d2Y3NEk1TEtncmwyR3pIM25TRSJ9")
	if err != nil || jwk.Assertion[0] != jwk.ID+"#0" {
		t.Error(err)
	}
}

// TestIdentifiers goes through B11, B12 and F11: each must be refused before
// anything is looked up.
func TestIdentifiers(t *testing.T) {
	raw, ok := decodeBase58(exampleP256[1:])
	if !ok {
		t.Fatal("the example does not decode")
	}
	ed, ok := decodeBase58(exampleEd25519[1:])
	if !ok {
		t.Fatal("the example does not decode")
	}
	mb := func(parts ...[]byte) string { return "did:key:z" + encodeBase58(slices.Concat(parts...)) }
	jwkText := `{"crv":"Ed25519","kty":"OKP","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}`
	jwk := func(text string) string { return "did:jwk:" + base64.RawURLEncoding.EncodeToString([]byte(text)) }

	tests := []struct{ id, did, code string }{
		{"B11 codec of P-384 before a P-256 key", mb([]byte{0x81, 0x24}, raw[2:]), CodeDID},
		{"B11 codec of P-256 before an Ed25519 key", mb([]byte{0x80, 0x24}, ed[2:]), CodeDID},
		{"B11 unknown codec (secp256k1)", mb([]byte{0xe7, 0x01}, raw[2:]), CodeDID},
		{"B11 longer varint", mb([]byte{0x80, 0xa4, 0x00}, raw[2:]), CodeDID},
		{"B11 longer varint, Ed25519", mb([]byte{0xed, 0x81, 0x00}, ed[2:]), CodeDID},
		{"B11 one byte short", mb(raw[:len(raw)-1]), CodeDID},
		{"B11 one byte long", mb(raw, []byte{0}), CodeDID},
		{"B11 a leading zero byte", mb([]byte{0}, raw), CodeDID},
		{"B11 point not on the curve", mb(raw[:2], []byte{2}, slices.Repeat([]byte{0xff}, 32)), CodeKey},
		{"B11 uncompressed tag", mb(raw[:2], []byte{4}, raw[3:]), CodeKey},
		{"B11 base64url", "did:key:u" + base64.RawURLEncoding.EncodeToString(raw), CodeDID},
		{"B11 base u with base58", "did:key:u" + exampleP256[1:], CodeDID},
		{"B11 capitals", "did:key:" + strings.ToUpper(exampleP256), CodeDID},
		{"B11 capital method", "did:KEY:" + exampleP256, CodeDID},
		{"B11 capital scheme", "DID:key:" + exampleP256, CodeDID},
		{"B11 character outside of base58", "did:key:z0" + exampleP256[2:], CodeDID},
		{"B11 empty", "did:key:", CodeDID},
		{"B11 only the base", "did:key:z", CodeDID},
		{"B11 fragment", "did:key:" + exampleP256 + "#" + exampleP256, CodeDID},
		{"B11 trailing newline", "did:key:" + exampleP256 + "\n", CodeDID},
		{"B11 900 characters", "did:key:z" + strings.Repeat("1", 900), CodeDID},
		{"B12 padding", jwk(jwkText+" ") + "=", CodeDID},
		{"B12 spaces in the JSON", jwk(strings.Replace(jwkText, ":", ": ", 1)), CodeDID},
		{"B12 newline behind the JSON", jwk(jwkText + "\n"), CodeDID},
		{"B12 unused bits", unusedBits(jwk(jwkText)), CodeDID},
		{"B12 plus and slash", "did:jwk:" + strings.ReplaceAll(base64.StdEncoding.EncodeToString([]byte(jwkText)), "e", "+"), CodeDID},
		{"B12 newline inside", jwk(jwkText)[:20] + "\n" + jwk(jwkText)[20:], CodeDID},
		{"B12 not JSON", jwk("hello"), CodeKey},
		{"B04 private key", jwk(strings.Replace(jwkText, "{", `{"d":"AAAA",`, 1)), CodeKey},
		{"B03 duplicate crv", jwk(strings.Replace(jwkText, "{", `{"crv":"P-256",`, 1)), CodeKey},
		{"B05 use enc", jwk(strings.Replace(jwkText, "{", `{"use":"enc",`, 1)), CodeKey},
		{"F11 port 22", "did:web:host.example%3A22", CodeDID},
		{"F11 port 443 is left out", "did:web:host.example%3A443", CodeDID},
		{"F11 port 443443", "did:web:host.example%3A443443", CodeDID},
		{"F11 port with a zero", "did:web:host.example%3A08443", CodeDID},
		{"F11 port empty", "did:web:host.example%3A", CodeDID},
		{"F11 port in small letters", "did:web:host.example%3a8443", CodeDID},
		{"F11 two ports", "did:web:host.example%3A8443%3A8443", CodeDID},
		{"F11 empty label", "did:web:a..b", CodeDID},
		{"F11 trailing dot", "did:web:host.example.", CodeDID},
		{"F11 path up", "did:web:host.example:..:x", CodeDID},
		{"F11 path here", "did:web:host.example:.:x", CodeDID},
		{"F11 the document of another name", "did:web:host.example:.well-known", CodeDID},
		{"F11 encoded path", "did:web:host%2Fpath", CodeDID},
		{"F11 encoded path behind a host", "did:web:host.example:a%2F..%2Fb", CodeDID},
		{"F11 user", "did:web:user%40host", CodeDID},
		{"F11 user plain", "did:web:user@host.example", CodeDID},
		{"F11 empty", "did:web:", CodeDID},
		{"F11 empty path", "did:web:host.example:", CodeDID},
		{"F11 empty segment", "did:web:host.example::x", CodeDID},
		{"F11 3 KB", "did:web:host.example:" + strings.Repeat("x", 3000), CodeDID},
		{"F11 slash", "did:web:host.example/x", CodeDID},
		{"F11 query", "did:web:host.example?x", CodeDID},
		{"F11 fragment", "did:web:host.example#key-1", CodeDID},
		{"F11 backslash", `did:web:host.example\x`, CodeDID},
		{"F11 capital host", "did:web:Host.example", CodeDID},
		{"F11 one label", "did:web:intranet", CodeDID},
		{"F11 address", "did:web:127.0.0.1", CodeDID},
		{"F11 address in short", "did:web:127.1", CodeDID},
		{"F11 address as a number", "did:web:2130706433", CodeDID},
		{"F11 address in hexadecimal", "did:web:0x7f.0x1", CodeDID},
		{"F11 IPv6", "did:web:%5B%3A%3A1%5D", CodeDID},
		{"F11 other script", "did:web:еnte.example", CodeDID},
		{"F11 ideographic full stop", "did:web:ente。example", CodeDID},
		{"F11 hyphen first", "did:web:-a.example", CodeDID},
		{"another method", "did:example:123", CodeDID},
		{"not a DID", "https://ente.example", CodeDID},
		{"nothing", "", CodeDID},
	}
	for _, test := range tests {
		t.Run(test.id, func(t *testing.T) {
			_, err := Method(test.did)
			mustRefuse(t, err, test.code)
			if _, err := Resolve(test.did); err == nil {
				t.Fatal("resolved")
			}
			if _, err := WebURL(test.did); err == nil {
				t.Fatal("has a URL")
			}
			if strings.Contains(err.Error(), "AAAA") {
				t.Fatal("the error repeats a private key")
			}
		})
	}
}

func TestWeb(t *testing.T) {
	for _, test := range []struct{ host, path, did, url string }{
		{"ente.example", "", "did:web:ente.example", "https://ente.example/.well-known/did.json"},
		{"ente.example:8443", "", "did:web:ente.example%3A8443", "https://ente.example:8443/.well-known/did.json"},
		{"regione.example", "/enti/uno/", "did:web:regione.example:enti:uno", "https://regione.example/enti/uno/did.json"},
		{"xn--nte-8la.example", "A_b.c~d-e", "did:web:xn--nte-8la.example:A_b.c~d-e", "https://xn--nte-8la.example/A_b.c~d-e/did.json"},
		{"localhost:8080", "", "did:web:localhost%3A8080", "https://localhost:8080/.well-known/did.json"},
	} {
		id, err := NewWeb(test.host, test.path)
		if err != nil || id != test.did {
			t.Errorf("NewWeb(%s, %s) = %s, %v", test.host, test.path, id, err)
		}
		if url, err := WebURL(id); err != nil || url != test.url {
			t.Errorf("WebURL(%s) = %s, %v", id, url, err)
		}
		if method, err := Method(id); method != "web" || err != nil {
			t.Errorf("Method(%s) = %s, %v", id, method, err)
		}
	}
	for _, bad := range [][2]string{{"ente.example%3A8443", ""}, {"https://ente.example", ""}, {"ente.example", "a:b"}, {"ente.example", "a/../b"}, {"", ""}, {"Ente.example", ""}} {
		if id, err := NewWeb(bad[0], bad[1]); err == nil {
			t.Errorf("NewWeb(%q) = %s", bad, id)
		}
	}
}

func unusedBits(s string) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	last := strings.IndexByte(alphabet, s[len(s)-1])
	if (len(s)-len("did:jwk:"))%4 == 0 {
		return s + "B" // a length no base64 has
	}
	return s[:len(s)-1] + string(alphabet[last|1])
}
