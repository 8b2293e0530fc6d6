package jose

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/asn1"
	"encoding/base64"
	"encoding/json"
	"errors"
	"math/big"
	"net"
	"runtime"
	"slices"
	"strings"
	"testing"
)

const (
	goodHeader  = `{"alg":"ES256","kid":"did:web:ente.example#key-1","typ":"vc+jwt"}`
	goodPayload = `{"issuer":"did:web:ente.example","validFrom":"2026-11-20T00:00:00Z"}`
)

// TestEnvelope goes through block A of the threat model: each row is one input
// and the code with which it must be refused ("" is accepted).
func TestEnvelope(t *testing.T) {
	key := testKey(t, "ES256").(*ecdsa.PrivateKey)
	good := forge(t, key, goodHeader, goodPayload)
	segments := strings.Split(good, ".")
	head := func(header string) string { return forge(t, key, header, goodPayload) }
	// with puts a member into the header of an otherwise good token.
	with := func(member string) string { return head(goodHeader[:len(goodHeader)-1] + "," + member + "}") }
	kid := func(kid string) string {
		quoted, err := json.Marshal(kid)
		if err != nil {
			t.Fatal(err)
		}
		return head(`{"alg":"ES256","kid":` + string(quoted) + `,"typ":"vc+jwt"}`)
	}
	typ := func(typ string) string { return head(`{"alg":"ES256","typ":"` + typ + `"}`) }
	signature := func(raw []byte) string {
		return segments[0] + "." + segments[1] + "." + base64.RawURLEncoding.EncodeToString(raw)
	}
	raw, err := base64.RawURLEncoding.DecodeString(segments[2])
	if err != nil {
		t.Fatal(err)
	}
	order := ecAlgorithms[0].order
	r, s := raw[:32], raw[32:]
	zeros, high := make([]byte, 32), bytesOf(255, 32)
	der, err := asn1.Marshal(struct{ R, S *big.Int }{new(big.Int).SetBytes(r), new(big.Int).SetBytes(s)})
	if err != nil {
		t.Fatal(err)
	}
	other := new(big.Int).Sub(key.Params().N, new(big.Int).SetBytes(s)).FillBytes(make([]byte, 32))
	public, err := NewJWK(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	jwk, err := json.Marshal(public)
	if err != nil {
		t.Fatal(err)
	}

	tests := []struct{ id, token, code string }{
		{"A00 a good token", good, ""},
		{"A01 none without signature", b64(`{"alg":"none","typ":"vc+jwt"}`) + "." + segments[1] + ".", CodeAlg},
		{"A01 none with signature", head(`{"alg":"none","typ":"vc+jwt"}`), CodeAlg},
		{"A02 NoNe", head(`{"alg":"NoNe","typ":"vc+jwt"}`), CodeAlg},
		{"A03 no alg", head(`{"typ":"vc+jwt"}`), CodeAlg},
		{"A03 alg null", head(`{"alg":null,"typ":"vc+jwt"}`), CodeAlg},
		{"A04 only ALG", head(`{"ALG":"ES256","typ":"vc+jwt"}`), CodeAlg},
		{"A05 ES384 over P-256", head(`{"alg":"ES384","typ":"vc+jwt"}`), CodeAlg},
		{"A05 EdDSA over P-256", head(`{"alg":"EdDSA","typ":"vc+jwt"}`), CodeAlg},
		{"A06 alg none, ES256", head(`{"alg":"none","alg":"ES256","typ":"vc+jwt"}`), "json_duplicate"},
		{"A07 alg ES256, none", head(`{"alg":"ES256","alg":"none","typ":"vc+jwt"}`), "json_duplicate"},
		{"A07 alg escaped twin", head(`{"alg":"ES256","\u0061lg":"none","typ":"vc+jwt"}`), "json_duplicate"},
		{"A08 HS256 with the public key", mac(`{"alg":"HS256","typ":"vc+jwt"}`, jwk), CodeAlg},
		{"A09 own jwk", with(`"jwk":` + string(jwk)), CodeHeader},
		{"A10 jku", with(`"jku":"https://evil.example/keys"`), CodeHeader},
		{"A10 x5u", with(`"x5u":"https://evil.example/chain"`), CodeHeader},
		{"A11 x5c", with(`"x5c":["MIIB"]`), CodeHeader},
		{"A12 kid path", kid("../../../../dev/null"), CodeKid},
		{"A12 kid path in a URI", kid("did:web:ente.example/../../dev/null"), CodeKid},
		{"A12 kid SQL", kid("' OR 1=1--"), CodeKid},
		{"A12 kid 2 KB", kid(strings.Repeat("k", 2000)), CodeKid},
		{"A12 kid 1 MB ends at the size", kid(strings.Repeat("k", 1<<20)), CodeSize},
		{"A12 kid NUL", kid("key\x00"), CodeKid},
		{"A12 kid CRLF", kid("key\r\nlevel=info"), CodeKid},
		{"A12 kid empty", kid(""), CodeKid},
		{"A12 kid number", head(`{"alg":"ES256","kid":1,"typ":"vc+jwt"}`), CodeKid},
		{"A12 kid direction mark", kid("key\u202e"), CodeKid},
		{"A12 kid thumbprint is good", kid("73voMXFNmNlOEpuYCSJlh8eN0dscykoO6gBukgRS1uU"), ""},
		{"A13 crit unknown", with(`"crit":["exp2"],"exp2":1`), CodeCrit},
		{"A14 crit empty", with(`"crit":[]`), CodeCrit},
		{"A15 b64", with(`"b64":false`), CodeHeader},
		{"A15 b64 with crit", with(`"b64":false,"crit":["b64"]`), CodeHeader},
		{"A16 padded signature", good + "==", CodeEncoding},
		{"A16 padded payload", segments[0] + "." + segments[1] + "=." + segments[2], CodeEncoding},
		{"A17 plus", segments[0] + "." + segments[1] + "." + "+" + segments[2][1:], CodeEncoding},
		{"A17 slash", segments[0] + "." + segments[1] + "." + "/" + segments[2][1:], CodeEncoding},
		{"A18 unused bits", unusedBits(good), CodeEncoding},
		{"A19 leading space", " " + good, CodeEncoding},
		{"A19 trailing newline", good + "\n", CodeEncoding},
		{"A19 trailing CRLF", good + "\r\n", CodeEncoding},
		{"A20 newline in the header", segments[0][:4] + "\n" + segments[0][4:] + "." + segments[1] + "." + segments[2], CodeEncoding},
		{"A20 CR in the payload", segments[0] + "." + segments[1][:4] + "\r" + segments[1][4:] + "." + segments[2], CodeEncoding},
		{"A20 newline in the signature", segments[0] + "." + segments[1] + "." + segments[2][:4] + "\n" + segments[2][4:], CodeEncoding},
		{"A20b asterisk", segments[0] + "." + segments[1][:4] + "*" + segments[1][4:] + "." + segments[2], CodeEncoding},
		{"A20b space", segments[0] + "." + segments[1][:4] + " " + segments[1][4:] + "." + segments[2], CodeEncoding},
		{"A21 empty", "", CodeStructure},
		{"A21 one segment", segments[0], CodeStructure},
		{"A21 two segments", segments[0] + "." + segments[1], CodeStructure},
		{"A21 four segments", good + ".AAAA", CodeStructure},
		{"A21 four, the last empty", good + ".", CodeStructure},
		{"A21 empty header", "." + segments[1] + "." + segments[2], CodeStructure},
		{"A21 empty payload", segments[0] + ".." + segments[2], CodeStructure},
		{"A21 empty signature", segments[0] + "." + segments[1] + ".", CodeStructure},
		{"A21 three empty segments", "..", CodeStructure},
		{"A22 two million dots", strings.Repeat(".", 2_000_000), CodeSize},
		{"A22 10 MB", segments[0] + "." + strings.Repeat("A", 10<<20) + "." + segments[2], CodeSize},
		{"A23 flattened", `{"protected":"` + segments[0] + `","payload":"` + segments[1] + `","signature":"` + segments[2] + `"}`, CodeStructure},
		{"A23 general, one good and one bad", `{"payload":"` + segments[1] + `","signatures":[{"protected":"` + segments[0] + `","signature":"` + segments[2] + `"},{"protected":"` + segments[0] + `","signature":"AAAA"}],"x":"a.b.c"}`, CodeStructure},
		{"A24 r = s = 0", signature(slices.Concat(zeros, zeros)), CodeSignature},
		{"A24 r = 0", signature(slices.Concat(zeros, s)), CodeSignature},
		{"A24 s = 0", signature(slices.Concat(r, zeros)), CodeSignature},
		{"A24 r = n", signature(slices.Concat(order, s)), CodeSignature},
		{"A24 s = n", signature(slices.Concat(r, order)), CodeSignature},
		{"A24 r and s beyond n", signature(slices.Concat(high, high)), CodeSignature},
		{"A25 DER", signature(der), CodeSignature},
		{"A25 63 bytes", signature(raw[:63]), CodeSignature},
		{"A25 65 bytes", signature(append(slices.Clone(raw), 0)), CodeSignature},
		{"A25 66 bytes", signature(append(slices.Clone(raw), 0, 0)), CodeSignature},
		{"A26 the other s", signature(slices.Concat(r, other)), ""},
		{"A27 JWT", typ("JWT"), CodeType},
		{"A27 vp+jwt", typ("vp+jwt"), CodeType},
		{"A27 statuslist+jwt", typ("statuslist+jwt"), CodeType},
		{"A27 missing", head(`{"alg":"ES256"}`), CodeType},
		{"A27 empty", typ(""), CodeType},
		{"A27 parameter", typ("vc+jwt;x"), CodeType},
		{"A27 capitals", typ("VC+JWT"), CodeType},
		{"A27 space", typ("vc+jwt "), CodeType},
		{"A27 number", head(`{"alg":"ES256","typ":1}`), CodeType},
		{"A27 in full is documented", typ("application/vc+jwt"), ""},
		{"A27 twice in full", typ("application/application/vc+jwt"), CodeType},
		{"A28 trailing byte", head(goodHeader + "x"), CodeStructure},
		{"A28 trailing object", head(goodHeader + "{}"), CodeStructure},
		{"A28 byte order mark", head("\ufeff" + goodHeader), CodeStructure},
		{"A28 array", head(`["ES256"]`), CodeStructure},
		{"A28 string", head(`"ES256"`), CodeStructure},
		{"A28 null", head(`null`), CodeStructure},
		{"A28 20 KB", with(`"pad":"` + strings.Repeat("x", 20<<10) + `"`), CodeStructure},
		{"A28 one byte beyond 8 KiB", head(padded(MaxHeader + 1)), CodeStructure},
		{"A28 8 KiB", head(padded(MaxHeader)), ""},
		{"A28 invalid UTF-8", head(`{"alg":"ES256","typ":"vc+jwt","x":"` + "\xff" + `"}`), CodeStructure},
		{"A29 five parts", good + ".AAAA.AAAA", CodeStructure},
		{"A29 zip", with(`"zip":"DEF"`), CodeHeader},
		{"A30 nested", with(`"cty":"JWT"`), CodeStructure},
		{"A30 nested, small letters", with(`"cty":"jwt"`), CodeStructure},
		{"cty vc", with(`"cty":"vc"`), ""},
		{"cty in full", with(`"cty":"application/vc"`), ""},
		{"cty of a presentation", with(`"cty":"vp"`), CodeType},
		{"cty of nobody", with(`"cty":"bad+cty"`), CodeType},
		{"unknown parameters are ignored", with(`"x5t":"AAAA","ours":{"a":[1]}`), ""},
		{"E01 one byte beyond 64 KiB", long(t, key, MaxToken+1), CodeSize},
		{"E01 64 KiB", long(t, key, MaxToken), ""},
	}
	for _, test := range tests {
		t.Run(test.id, func(t *testing.T) {
			asked := false
			_, payload, err := Verify(context.Background(), TypeVC, test.token, func(context.Context, Header, []byte) (crypto.PublicKey, error) {
				asked = true
				return key.Public(), nil
			})
			if test.code != "" {
				mustRefuse(t, err, test.code)
				if payload != nil {
					t.Fatal("a refused token gave its payload away")
				}
				return
			}
			if err != nil || !asked || len(payload) == 0 {
				t.Fatalf("a good token: %v", err)
			}
		})
	}
}

// TestNothingIsFetched is A10: whatever addresses a header names, the gate
// opens no socket (the resolver would be asked first).
func TestNothingIsFetched(t *testing.T) {
	saved := net.DefaultResolver
	defer func() { net.DefaultResolver = saved }()
	net.DefaultResolver = &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		t.Error("A10: a name was looked up")
		return nil, errors.New("no network in this test")
	}}
	key := testKey(t, "ES256")
	for _, parameter := range []string{"jku", "x5u"} {
		token := forge(t, key, `{"alg":"ES256","typ":"vc+jwt","`+parameter+`":"https://evil.example/k"}`, goodPayload)
		_, _, err := Verify(context.Background(), TypeVC, token, only1(key.Public()))
		mustRefuse(t, err, CodeHeader)
		_, _, err = ParseUnverified(token)
		mustRefuse(t, err, CodeHeader)
	}
}

// TestWorkIsBounded is A22 in numbers: a refusal costs memory by our limits,
// not by the length of what was sent.
func TestWorkIsBounded(t *testing.T) {
	for name, token := range map[string]string{
		"two million dots":  strings.Repeat(".", 2_000_000),
		"10 MB, one dot":    "eyJhbGciOiJFUzI1NiJ9." + strings.Repeat("A", 10<<20),
		"10 MB, no dot":     strings.Repeat("A", 10<<20),
		"10 MB in a header": strings.Repeat("A", 10<<20) + ".AAAA.AAAA",
		"above every limit": strings.Repeat("A", MaxSigned+1),
	} {
		for kind, read := range map[string]func() error{
			"verify": func() error {
				_, _, err := Verify(context.Background(), TypeVC, token, only1(nil))
				return err
			},
			"bundle": func() error {
				_, _, err := Verify(context.Background(), TypeBundle, token, only1(nil))
				return err
			},
			"look":   func() error { _, _, err := ParseUnverified(token); return err },
			"digest": func() error { _, err := Digest(token); return err },
		} {
			least := ^uint64(0)
			for range 3 { // the least counts: others of this process allocate too
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				err := read()
				runtime.ReadMemStats(&after)
				if err == nil {
					t.Errorf("%s, %s: accepted", name, kind)
				}
				least = min(least, after.TotalAlloc-before.TotalAlloc)
			}
			if least > 256<<10 {
				t.Errorf("%s, %s: %d bytes allocated to refuse it", name, kind, least)
			}
		}
	}
}

func mac(header string, secret []byte) string {
	signed := b64(header) + "." + b64(goodPayload)
	h := hmac.New(sha256.New, secret)
	h.Write([]byte(signed))
	return signed + "." + base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}

// unusedBits sets one of the bits that the last character of 64 bytes has too
// many: the same bytes in another spelling.
func unusedBits(token string) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	last := strings.IndexByte(alphabet, token[len(token)-1])
	return token[:len(token)-1] + string(alphabet[last|1])
}

// padded is a good header of n bytes.
func padded(n int) string {
	start := goodHeader[:len(goodHeader)-1] + `,"pad":"`
	return start + strings.Repeat("x", n-len(start)-2) + `"}`
}

// long is a good token of n bytes, or up to two less where base64 has no such
// length.
func long(t *testing.T, key crypto.Signer, n int) string {
	t.Helper()
	token := ""
	for size := (n - 300) / 4 * 3; ; size++ {
		next := forge(t, key, goodHeader, `{"pad":"`+strings.Repeat("x", size)+`"}`)
		if len(next) > n {
			break
		}
		if token = next; len(token) == n {
			return token
		}
	}
	if n > MaxToken {
		return token + "A" // the size is judged before the rest
	}
	return token
}

func bytesOf(b byte, n int) []byte { return slices.Repeat([]byte{b}, n) }
