package issuerhttp_test

import (
	"net/http"
	"strings"
	"testing"
)

// badBodies are texts that are no JSON with one reading, in the manner of
// JSONTestSuite: each is refused, whichever route it comes to.
var badBodies = []string{
	``, ` `, `{`, `}`, `[`, `]`, `{"a"`, `{"a":`, `{"a":1`, `{"a":1,`, `{"a":1,}`, `{,"a":1}`, `{"a" 1}`, `{"a"::1}`, `{a:1}`, `{'a':1}`,
	`{"a":1 "b":2}`, `{"a":1}}`, `{"a":1}x`, `{"a":1}{}`, "{\"a\":1}\x00", `{"a":1}#`, `{"a":1}/**/`, `{"a":1}//`, `/**/{}`, `{"a":/*c*/1}`,
	`[1,]`, `[,1]`, `[1,,2]`, `[1 2]`, `["a"`, `[1`, `["x"]]`, `[a`, `["": 1]`, `[3[4]]`, `[*]`, `[\u000A""]`, `[True]`, `[nul]`, `[tru]`, `[fals]`, `[NaN]`,
	`{"a":Infinity}`, `{"a":-Infinity}`, `{"a":+1}`, `{"a":01}`, `{"a":-01}`, `{"a":1.}`, `{"a":.5}`, `{"a":1e}`, `{"a":1e+}`, `{"a":0x10}`, `{"a":1_000}`,
	`{"a":--1}`, `{"a":- 1}`, `{"a":1e400}`, `{"a":9007199254740993}`, `{"a":-0}`, `{"a":2.e3}`, `{"a":1.2.3}`,
	`{"a":"\x"}`, `{"a":"\u12"}`, `{"a":"\ud800"}`, `{"a":"\udc00\ud800"}`, "{\"a\":\"\x01\"}", "{\"a\":\"\t\"}", "{\"a\":\"\n\"}", "{\"a\":\"\xff\"}", "{\"a\":\"\xc0\xaf\"}", "{\"a\":\"\xed\xa0\x80\"}",
	`{"a":"b}`, `{"a":'b'}`, `{"a\":1}`, `{"\uD834":1}`, "\xef\xbb\xbf{}", "\xff\xfe{\x00}\x00", "\u2060{}", "{\u00a0}", "\u000c{}", `{"a":1,"a":2}`, `{"a":{"b":1,"b":1}}`, `{"a":1,"\u0061":2}`,
	strings.Repeat(`[`, 100_000), strings.Repeat(`{"a":`, 65) + `1` + strings.Repeat(`}`, 65), strings.Repeat(`[`, 10_001) + strings.Repeat(`]`, 10_001),
	`<credential/>`, `a=b&c=d`, `null`, `true`, `1`, `"text"`, `[]`,
}

// writes are the routes that take a body, and who may use them.
var writes = []struct{ who, path string }{
	{"officer ente", "/api/v1/credentials"},
	{"officer ente", at("urn:uuid:00000000-0000-4000-8000-000000000000") + "/revoke"},
	{"officer ente", at("urn:uuid:00000000-0000-4000-8000-000000000000") + "/reissue"},
	{"officer ente", "/api/v1/templates"},
	{"admin", "/api/v1/issuers"},
	{"admin", "/api/v1/keys/rotate"},
	{"admin", "/api/v1/keys/compromise"},
	{"", "/api/v1/feedback"},
	{"officer ente", "/credentials/issue"},
	{"officer ente", "/credentials/status"},
}

func TestThreatC23BadBodies(t *testing.T) {
	w := newWorld(t)
	before := w.snapshot()
	for _, route := range writes {
		for _, body := range badBodies {
			if body == "" || body == "null" && route.path == "/credentials/issue" {
				continue
			}
			a := w.do(request{method: "POST", path: route.path, who: route.who, body: body, header: map[string]string{"Content-Type": "application/json"}})
			if a.status != http.StatusBadRequest && !(body == "null" && a.status/100 == 4) {
				t.Errorf("%s took %.60q: %d %s", route.path, body, a.status, a.body)
			}
		}
	}
	// The same inside the credential of a client's own.
	for _, body := range badBodies {
		if a := w.post("officer ente", "/credentials/issue", `{"credential":`+body+`}`); a.status != http.StatusBadRequest {
			t.Errorf("a credential %.60q: %d %s", body, a.status, a.body)
		}
	}
	if after := w.snapshot(); after != before {
		t.Errorf("something changed:\n%s\n%s", before, after)
	}
	t.Logf("%d bodies at %d routes", len(badBodies), len(writes))
}

func TestThreatJ06ContentTypes(t *testing.T) {
	w := newWorld(t)
	for kind, want := range map[string]int{
		"":                                  http.StatusUnsupportedMediaType,
		"text/plain":                        http.StatusUnsupportedMediaType,
		"application/x-www-form-urlencoded": http.StatusUnsupportedMediaType,
		"application/json; charset=utf-16":  http.StatusUnsupportedMediaType,
		"application/jsonx":                 http.StatusUnsupportedMediaType,
		"application/json; charset=UTF-8":   http.StatusCreated,
		"application/ld+json":               http.StatusCreated,
	} {
		a := w.do(request{method: "POST", path: "/api/v1/credentials", who: "officer ente", body: w.issueJSON("Amina Haddad", ""), header: map[string]string{"Content-Type": kind}})
		if a.status != want {
			t.Errorf("%q: %d, want %d", kind, a.status, want)
		}
	}
	squeezed := request{method: "POST", path: "/api/v1/credentials", who: "officer ente", body: "{}", header: map[string]string{"Content-Encoding": "gzip"}}
	w.do(squeezed).is(http.StatusUnsupportedMediaType)
	w.post("officer ente", "/api/v1/credentials", `{"issuer":"`+strings.Repeat("a", 1<<20)+`"}`).is(http.StatusRequestEntityTooLarge, "body_too_large")
}

// What only the issuer may set cannot be set from outside (mass assignment).
func TestThreatJ07UnknownMembers(t *testing.T) {
	w := newWorld(t)
	id := w.issue("Amina Haddad").str("id")
	before := w.snapshot()
	good := strings.TrimSuffix(w.issueJSON("Ben Bright", ""), "}")
	for _, more := range []string{
		`"revoked":false`, `"id":"urn:uuid:6b1f0c1e-52a7-4b0e-9d2c-8f3a7e5d4c21"`, `"status":"issued"`, `"statusListIndex":1`, `"token":"x"`, `"Issuer":"altro"`,
		`"issuedAt":"2020-01-01T00:00:00Z"`, `"supersedes":"` + id + `"`, `"__proto__":{}`, `"idempotencyKey":"x"`, `"actor":"admin"`,
	} {
		w.post("officer ente", "/api/v1/credentials", good+","+more+"}").is(http.StatusBadRequest, "body_unknown")
	}
	for _, more := range []string{`"gender":"f"`, `"taxCode":"RSSMRA85T10A562S"`, `"id":"did:example:1"`, `"achievement":{}`} {
		a := w.post("officer ente", "/api/v1/credentials", strings.TrimSuffix(good, "}")+","+more+"}}").is(http.StatusUnprocessableEntity, "faults")
		if fault := a.list("errors")[0]; !strings.HasPrefix(fault["pointer"].(string), "/learner") || fault["message"] == nil {
			t.Errorf("the fault of %s: %v", more, fault)
		}
	}
	for path, body := range map[string]string{
		at(id) + "/revoke":    `{"reason":"holder-request","until":"2026-12-31"}`,
		at(id) + "/suspend":   `{"reason":"disputed","learner":{}}`,
		at(id) + "/reinstate": `{"reason":"disputed"}`,
		at(id) + "/reissue":   `{"note":"x"}`,
		"/api/v1/templates":   `{"issuer":"ente","qrVersion":1}`,
		"/credentials/issue":  `{"credential":{},"options":{"proofPurpose":"x"}}`,
		"/credentials/status": `{"credentialId":"x","credentialStatus":{},"admin":true}`,
	} {
		a := w.post("officer ente", path, body).is(http.StatusBadRequest)
		if a.str("code") != "body_unknown" {
			t.Errorf("%s: %s", path, a.body)
		}
	}
	w.post("admin", "/api/v1/issuers", `{"name":"x","country":"IT","fourEyes":false}`).is(http.StatusBadRequest, "body_unknown")
	w.get("officer ente", "/api/v1/credentials?isuer=ente").is(http.StatusUnprocessableEntity, "query")
	w.get("officer ente", "/api/v1/credentials?issuer=ente&issuer=altro").is(http.StatusUnprocessableEntity, "query")
	if after := w.snapshot(); after != before {
		t.Errorf("something changed:\n%s\n%s", before, after)
	}
}

// Paths that two programs could read differently lead nowhere.
func TestThreatJ01PathTricks(t *testing.T) {
	w := newWorld(t)
	w.issue("Amina Haddad")
	for _, path := range []string{
		"/api/v1/credentials/..%2f..%2fetc%2fpasswd", "/api/v1/credentials/%2e%2e", "/api/v1/credentials/x%00", "/api/v1/credentials/a;b",
		"/api/v1/credentials/urn%3Auuid%3A..%5c", "/api/v1/credentials/urn:uuid:" + strings.Repeat("0", 4000), "/api/v1/credentials/urn:uuid:", "/api/v1/credentials/MC-",
		"/api/v1/credentials//pdf", "/api/v1/credentials/%E2%80%AE", "/api/v1/credentials/%ff", "/api/v1/templates/..%2f", "/api/v1/people/*", "/api/v1/issuers/%20",
	} {
		if a := w.get("officer ente", path); a.status != http.StatusBadRequest && a.status != http.StatusNotFound {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
	}
	// J02: other methods, and a header or parameter that would change one.
	id := w.issue("Ben Bright").str("id")
	for _, method := range []string{"TRACE", "PUT", "PATCH", "DELETE", "OPTIONS"} {
		a := w.do(request{method: method, path: at(id), who: "officer ente"}).is(http.StatusMethodNotAllowed)
		if a.header.Get("Allow") == "" {
			t.Errorf("%s: no Allow", method)
		}
	}
	over := request{method: "GET", path: at(id), who: "officer ente", header: map[string]string{"X-HTTP-Method-Override": "DELETE"}}
	w.do(over).is(http.StatusOK)
}

// A page of another origin may read nothing (J09).
func TestThreatJ09ForeignOrigins(t *testing.T) {
	w := newWorld(t)
	id := w.issue("Amina Haddad").str("id")
	for _, origin := range []string{"null", "https://evil.example", "https://passport.example.evil.example"} {
		for _, r := range []request{
			{method: "GET", path: at(id), who: "officer ente"},
			{method: "OPTIONS", path: at(id), who: "officer ente"},
			{method: "POST", path: "/api/v1/credentials", body: w.issueJSON("Ben", "")},
		} {
			r.header = map[string]string{"Origin": origin, "Access-Control-Request-Method": "POST"}
			for name := range w.do(r).header {
				if strings.HasPrefix(name, "Access-Control-") {
					t.Errorf("%s %s answers %s with %s", r.method, r.path, origin, name)
				}
			}
		}
	}
}
