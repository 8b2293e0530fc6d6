package jose

import (
	"context"
	"strings"
	"testing"
)

// TestPayload goes through the rows of block C that the gate decides. The
// payload is signed by the right key each time.
func TestPayload(t *testing.T) {
	key := testKey(t, "ES256")
	tests := []struct{ id, payload, code string }{
		{"C01 issuer twice", `{"issuer":"did:web:a.example","issuer":"did:web:b.example"}`, "json_duplicate"},
		{"C01 exp twice", `{"exp":1,"exp":9}`, "json_duplicate"},
		{"C01 credentialSubject twice", `{"credentialSubject":{},"x":1,"credentialSubject":{}}`, "json_duplicate"},
		{"C01 at depth", `{"a":[{"b":{"c":1,"d":2,"c":3}}]}`, "json_duplicate"},
		{"C01 escaped twin", `{"issuer":1,"\u0069ssuer":2}`, "json_duplicate"},
		{"C02 other cases are other names", `{"issuer":"a","ISSUER":"b","Issuer":"c","iſsuer":"d"}`, ""},
		{"C03 trailing x", `{}x`, "json"},
		{"C03 trailing object", `{}{}`, "json"},
		{"C03 trailing NUL", "{}\x00", "json"},
		{"C04 invalid UTF-8", "{\"a\":\"\xff\"}", "json"},
		{"C04 overlong", "{\"a\":\"\xc0\xaf\"}", "json"},
		{"C04 lone surrogate", `{"a":"\ud800"}`, "json"},
		{"C04 surrogate in UTF-8", "{\"a\":\"\xed\xa0\x80\"}", "json"},
		{"C05 byte order mark", "\ufeff{}", "json"},
		{"C05 UTF-16", "{\x00}\x00", "json"},
		{"C06 null", `null`, "json"},
		{"C06 array", `[]`, "json"},
		{"C06 string", `"x"`, "json"},
		{"C06 number", `1`, "json"},
		{"C07 depth 64", nested(64), ""},
		{"C07 depth 65", nested(65), "depth"},
		{"C07 depth 10,001", nested(10001), "depth"},
		{"C08 names of JavaScript", `{"__proto__":{"a":1},"constructor":1,"toString":2}`, ""},
		{"C09 1e400", `{"a":1e400}`, "number"},
		{"C09 2^53+1", `{"a":9007199254740993}`, "number"},
		{"C09 -0", `{"a":-0}`, "number"},
		{"C09 NaN", `{"a":NaN}`, "number"},
		{"C09 0x10", `{"a":0x10}`, "number"},
		{"C10 exp text", `{"exp":"1795000000"}`, CodeClaim},
		{"C10 exp float", `{"exp":1795000000.5}`, CodeClaim},
		{"C10 nbf text", `{"nbf":"1795000000"}`, CodeClaim},
		{"C11 exp 1e30", `{"exp":1e30}`, CodeClaim},
		{"C11 exp -1", `{"exp":-1}`, CodeClaim},
		{"C11 exp null", `{"exp":null}`, CodeClaim},
		{"C11 exp array", `{"exp":[1]}`, CodeClaim},
		{"C11 exp max int64 is no number to begin with", `{"exp":9223372036854775807}`, "number"},
		{"C11 exp year 10000", `{"exp":253402300800}`, CodeClaim},
		{"C11 exp year 9999", `{"exp":253402300799}`, ""},
		{"C11 exp under an escaped name", `{"\u0065xp":"x"}`, CodeClaim},
		{"C21 vc", `{"vc":{}}`, CodeClaim},
		{"C21 vp", `{"vp":"nooo"}`, CodeClaim},
		{"C21 inside is another thing", `{"a":{"vc":1,"exp":"x"}}`, ""},
		{"iss number", `{"iss":1}`, CodeClaim},
		{"iat text, as the W3C's own tokens have it", `{"iat":"2010-01-01T19:23:24Z"}`, ""},
	}
	for _, test := range tests {
		t.Run(test.id, func(t *testing.T) {
			token := forge(t, key, goodHeader, test.payload)
			_, payload, err := Verify(context.Background(), TypeVC, token, only1(key.Public()))
			if test.code != "" {
				mustRefuse(t, err, test.code)
				_, _, err = ParseUnverified(token)
				mustRefuse(t, err, test.code)
				_, err = Sign(context.Background(), TypeVC, "", key, []byte(test.payload))
				mustRefuse(t, err, test.code) // nothing is signed that nobody would read
				return
			}
			if err != nil || string(payload) != test.payload {
				t.Fatalf("got %q, %v", payload, err)
			}
		})
	}
}

// nested is an object with depth levels, itself the first.
func nested(depth int) string {
	return `{"a":` + strings.Repeat("[", depth-1) + strings.Repeat("]", depth-1) + "}"
}
