package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestThreatJ01PathTricks: ids that climb, in every place where an address has
// an id or names a file, are refused, and nothing of this machine comes back.
func TestThreatJ01PathTricks(t *testing.T) {
	home, _ := newHome(t)
	s, h := handlerOf(t, home, defaultConfig())
	tricks := []string{
		"..%2f..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/etc/passwd", "../../../../etc/passwd", "..%5c..%5cconfig.yaml", "%00", "a%00.json", ";", ";/..;/x", "%2e%2e%3b",
		"..%252f..%252fetc%252fpasswd", "%c0%ae%c0%ae/", "....//....//config.yaml", "/etc/passwd", "config.yaml", "passport.db", strings.Repeat("a", 5000),
	}
	places := []string{
		"/api/v1/credentials/", "/api/v1/people/", "/api/v1/templates/", "/api/v1/keys/", "/api/v1/sheets/", "/api/v1/offers/", "/status/", "/schemas/", "/contexts/", "/catalogue/",
		"/trust/", "/trust/bundle/", "/oid4vci/ente/offers/", "/claim/", "/.well-known/openid-credential-issuer/", "/.well-known/", "/console/", "/console/static/", "/",
	}
	for _, place := range places {
		for _, trick := range tricks {
			for _, host := range []string{s.base.Host, "ente.example"} {
				r := httptest.NewRequest(http.MethodGet, "/", nil)
				r.Host = host
				u, err := url.Parse("http://" + host + place + trick)
				if err != nil {
					continue // no client can ask it, and the server's own parser refuses it
				}
				r.URL = u
				w := httptest.NewRecorder()
				h.ServeHTTP(w, r)
				if !slices.Contains([]int{400, 401, 404, 421}, w.Code) || strings.Contains(w.Body.String(), "root:") || strings.Contains(w.Body.String(), "workFactor") {
					t.Errorf("%s%.40s at %s: %d %.80q", place, trick, host, w.Code, w.Body)
				}
			}
		}
	}
}

// TestThreatJ02MethodOverride: the method is the one of the request line, and
// TRACE is nobody's.
func TestThreatJ02MethodOverride(t *testing.T) {
	w, key := newWorld(t, "")
	id, _ := w.issue(key, "Amina Diallo", "MC-1")
	at := "/api/v1/credentials/" + url.PathEscape(id)
	for _, name := range []string{"X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override", "_method"} {
		if answer, text := w.ask("POST", at+"?_method=DELETE", "_method=DELETE", "Authorization", "Bearer "+key, name, "DELETE"); answer.StatusCode != 405 {
			t.Errorf("%s: %d %.200s", name, answer.StatusCode, text)
		} else {
			w.problem(answer, text)
		}
	}
	for _, method := range []string{"TRACE", "CONNECT", "PROPFIND", "DEBUG"} {
		answer := w.raw(method + " /healthz HTTP/1.1\r\nHost: " + w.address + "\r\nX-Canary: mirror-me\r\nConnection: close\r\n\r\n")
		if !regexp.MustCompile(`^HTTP/1\.1 (400|404|405) `).MatchString(answer) || strings.Contains(answer, "mirror-me") {
			t.Errorf("%s: %.200s", method, answer)
		}
	}
	if _, text := w.ask("GET", at, "", "Authorization", "Bearer "+key); !strings.Contains(text, `"issued"`) {
		t.Errorf("it is not as it was: %.300s", text)
	}
}

// TestThreatJ03Host: an answer is never made for a name that the service does
// not have, and public files of a body are under its own name alone.
func TestThreatJ03Host(t *testing.T) {
	w, key := newWorld(t, "")
	w.settled("ente.example", "/status/1")
	for _, c := range []struct {
		host, path string
		want       int
	}{
		{"evil.example", "/api/v1/credentials", 421}, {"evil.example", "/openapi.json", 421}, {"evil.example", "/console", 421}, {"evil.example", "/metrics", 421},
		{"evil.example", "/.well-known/did.json", 421}, {"ente.example.evil.example", "/.well-known/did.json", 421}, {"ente.example", "/.well-known/did.json", 200},
		{"ente.example", "/status/1", 200}, {"ente.example", "/api/v1/credentials", 421}, {"ente.example", "/console", 421}, {"evil.example", "/healthz", 200},
	} {
		answer, text := w.ask("GET", c.path, "", "Host", c.host, "Authorization", "Bearer "+key, "X-Forwarded-Host", strings.TrimPrefix(w.base, "http://"))
		if c.path == "/metrics" && answer.StatusCode == 200 {
			continue // asked from this machine, by whatever name
		}
		if answer.StatusCode != c.want || strings.Contains(text, "evil") {
			t.Errorf("%s%s: %d %.200s", c.host, c.path, answer.StatusCode, text)
		}
	}
	if answer, _ := w.ask("POST", "/.well-known/did.json", "", "Host", "ente.example"); answer.StatusCode != 421 {
		t.Errorf("a post under the name of a body: %d", answer.StatusCode)
	}
	answer := w.raw("GET http://evil.example/openapi.json HTTP/1.1\r\nHost: " + w.address + "\r\nConnection: close\r\n\r\n")
	if !strings.HasPrefix(answer, "HTTP/1.1 421") {
		t.Errorf("a whole address in the request line: %.100s", answer)
	}
	answer = w.raw("GET /openapi.json HTTP/1.1\r\nHost: " + w.address + "\r\nHost: evil.example\r\nConnection: close\r\n\r\n")
	if !strings.HasPrefix(answer, "HTTP/1.1 400") {
		t.Errorf("two hosts: %.100s", answer)
	}
}

// settled waits until a public file is there.
func (w *world) settled(host, path string) {
	w.t.Helper()
	for range 100 {
		if answer, _ := w.ask("GET", path, "", "Host", host); answer.StatusCode == 200 {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	w.t.Fatalf("no %s%s", host, path)
}

// TestThreatJ04ForwardedFor: nobody gets a new budget by claiming another
// address; behind a trusted proxy its word counts.
func TestThreatJ04ForwardedFor(t *testing.T) {
	refused := func(t *testing.T, w *world) int {
		n := 0
		for i := range 6 {
			from := fmt.Sprintf("6.6.6.%d", i)
			answer, text := w.ask("POST", "/console/login", "", "X-Forwarded-For", from, "X-Real-IP", from, "True-Client-IP", from, "Forwarded", "for="+from)
			if answer.StatusCode == 429 {
				n++
				if p := w.problem(answer, text); p.Code != "rate_limit" || answer.Header.Get("Retry-After") == "" {
					t.Errorf("%+v %v", p, answer.Header)
				}
			}
		}
		return n
	}
	t.Run("from a stranger", func(t *testing.T) {
		w, _ := newWorld(t, "limits: {signInsPerMinute: 3}\n")
		if n := refused(t, w); n != 3 {
			t.Errorf("%d of 6 are refused, want 3", n)
		}
		if answer, _ := w.ask("GET", "/openapi.json", ""); answer.StatusCode != 200 {
			t.Errorf("reading is refused too: %d", answer.StatusCode)
		}
		if answer, _ := w.ask("GET", "/metrics", "", "X-Forwarded-For", "127.0.0.1"); answer.StatusCode != 404 {
			t.Errorf("metrics through a proxy: %d", answer.StatusCode)
		}
	})
	t.Run("from a trusted proxy", func(t *testing.T) {
		w, _ := newWorld(t, "limits: {signInsPerMinute: 3}\ntrustedProxies: [127.0.0.1/32]\n")
		if n := refused(t, w); n != 0 {
			t.Errorf("%d of 6 clients are refused", n)
		}
	})
}

// TestThreatJ05TwoLengths: a request that two programs could cut in two places
// is refused, or is the last on its connection.
func TestThreatJ05TwoLengths(t *testing.T) {
	w, _ := newWorld(t, "")
	head := "POST /credentials/verify HTTP/1.1\r\nHost: " + w.address + "\r\nContent-Type: application/json\r\n"
	second := "GET /smuggled-canary HTTP/1.1\r\nHost: " + w.address + "\r\n\r\n"
	for name, text := range map[string]string{
		"two lengths":             head + "Content-Length: 2\r\nContent-Length: 4\r\n\r\n{}" + second,
		"a list of lengths":       head + "Content-Length: 2, 4\r\n\r\n{}" + second,
		"a signed length":         head + "Content-Length: +2\r\n\r\n{}" + second,
		"length and chunks":       head + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n" + second,
		"chunks and length":       head + "Transfer-Encoding: chunked\r\nContent-Length: 200\r\n\r\n0\r\n\r\n" + second,
		"two codings":             head + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n" + second,
		"another coding":          head + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + second,
		"a space before a colon":  head + "Transfer-Encoding : chunked\r\nContent-Length: 2\r\n\r\n{}" + second,
		"a chunk with two sizes":  head + "Transfer-Encoding: chunked\r\n\r\n2;a=\n{}\r\n0\r\n\r\n" + second,
		"old protocol and chunks": strings.Replace(head, "HTTP/1.1", "HTTP/1.0", 1) + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + second,
	} {
		answer := w.raw(text)
		if n := strings.Count(answer, "HTTP/1."); n != 1 {
			t.Errorf("%s: %d answers: %.600s", name, n, answer)
		}
		if !regexp.MustCompile(`^HTTP/1\.[01] (400|415|501) `).MatchString(answer) {
			t.Errorf("%s: %.100s", name, answer)
		}
	}
	if _, text := w.ask("GET", "/metrics", ""); strings.Contains(text, "smuggled") {
		t.Error("a smuggled request was seen")
	}
}

// jsonDoors are the addresses that take JSON from strangers or from programs.
var jsonDoors = []string{"/api/v1/credentials", "/credentials/issue", "/credentials/verify", "/presentations/verify", "/api/v1/verify", "/api/v1/offers"}

// TestThreatJ06ContentType: every door that takes JSON takes nothing else.
func TestThreatJ06ContentType(t *testing.T) {
	w, key := newWorld(t, "")
	for _, path := range jsonDoors {
		for _, kind := range []string{"", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=a", "application/json; charset=utf-16", "application/jsonp"} {
			answer, text := w.ask("POST", path, `{}`, "Authorization", "Bearer "+key, "Content-Type", kind)
			if answer.StatusCode != 415 {
				t.Errorf("%s as %q: %d %.200s", path, kind, answer.StatusCode, text)
				continue
			}
			w.problem(answer, text)
		}
	}
}

// TestThreatJ07UnknownFields: nothing is taken that a door does not know, and
// nobody sets what only the issuer may set.
func TestThreatJ07UnknownFields(t *testing.T) {
	w, key := newWorld(t, "")
	for _, path := range jsonDoors {
		for _, body := range []string{`{"canaryField":1}`, `{"__proto__":{"admin":true}}`} {
			answer, text := w.ask("POST", path, body, "Authorization", "Bearer "+key, "Content-Type", asJSON)
			if answer.StatusCode != 400 && answer.StatusCode != 422 {
				t.Errorf("%s with %s: %d %.200s", path, body, answer.StatusCode, text)
				continue
			}
			w.problem(answer, text)
		}
	}
	whole := issueBody("Amina Diallo", "MC-7")
	for _, more := range []string{`"id":"urn:uuid:00000000-0000-4000-8000-000000000000"`, `"revoked":false`, `"status":"issued"`, `"statusListIndex":7`, `"actor":"user:root"`, `"Issuer":"ente"`, `"issuer":"ente"`} {
		body := strings.TrimSuffix(whole, "}") + "," + more + "}"
		if answer, text := w.ask("POST", "/api/v1/credentials", body, "Authorization", "Bearer "+key, "Content-Type", asJSON); answer.StatusCode != 400 {
			t.Errorf("%s: %d %.200s", more, answer.StatusCode, text)
		}
	}
	var list struct{ Credentials []json.RawMessage }
	_, text := w.ask("GET", "/api/v1/credentials", "", "Authorization", "Bearer "+key)
	if err := json.Unmarshal([]byte(text), &list); err != nil || len(list.Credentials) != 0 {
		t.Errorf("something was issued: %v %.300s", err, text)
	}
}

// TestThreatJ08OtherTenant: what is another body's is answered as what does not
// exist: same status, same body but for the request's number, and about the
// same time.
func TestThreatJ08OtherTenant(t *testing.T) {
	home, command := newHome(t)
	command("issuer", "add", "altro", "--did", "web", "--domain", "altro.example", "--country", "IT", "--region", "ITF5", "--quiet")
	mine := command("apikey", "add", "mine", "--issuer", "ente", "--role", "officer", "--quiet")
	theirs := command("apikey", "add", "theirs", "--issuer", "altro", "--role", "officer", "--quiet")
	w := startService(t, home, "")
	id, _ := w.issue(mine, "Amina Diallo", "MC-1")
	const none = "urn:uuid:00000000-0000-4000-8000-000000000000"
	number := regexp.MustCompile(`urn:uuid:[0-9a-f-]{36}`)
	ask := func(method, of, rest, body string) (int, string) {
		answer, text := w.ask(method, "/api/v1/credentials/"+url.PathEscape(of)+rest, body, "Authorization", "Bearer "+theirs, "Content-Type", asJSON)
		return answer.StatusCode, number.ReplaceAllString(text, "N")
	}
	for _, c := range []struct{ method, rest, body string }{
		{"GET", "", ""}, {"POST", "/revoke", `{"reason":"issued-in-error"}`}, {"POST", "/suspend", `{"reason":"disputed"}`}, {"POST", "/reinstate", `{}`}, {"POST", "/reissue", `{}`},
	} {
		code, text := ask(c.method, id, c.rest, c.body)
		wantCode, want := ask(c.method, none, c.rest, c.body)
		if code != 404 || code != wantCode || text != want {
			t.Errorf("%s %s: %d %s\n and for what is not there: %d %s", c.method, c.rest, code, text, wantCode, want)
		}
	}
	var took [2][]time.Duration
	for range 60 { // by turns: what else the machine does falls on both
		for i, of := range []string{id, none} {
			start := time.Now()
			ask("GET", of, "", "")
			took[i] = append(took[i], time.Since(start))
		}
	}
	slices.Sort(took[0])
	slices.Sort(took[1])
	if a, b := took[0][30], took[1][30]; a > 3*b+time.Millisecond || b > 3*a+time.Millisecond {
		t.Errorf("another body's takes %s, what is not there %s", a, b)
	}
	if answer, text := w.ask("GET", "/api/v1/credentials/"+url.PathEscape(id), "", "Authorization", "Bearer "+mine); answer.StatusCode != 200 || !strings.Contains(text, `"issued"`) {
		t.Errorf("its own body: %d %.200s", answer.StatusCode, text)
	}
}

// TestThreatJ09NullOrigin: no answer lets a page of another origin read what
// needs a key or a session; what is public is readable by all, without cookies.
func TestThreatJ09NullOrigin(t *testing.T) {
	w, key := newWorld(t, "")
	w.settled("ente.example", "/status/1")
	for _, origin := range []string{"null", "https://evil.example", w.base + ".evil.example"} {
		for _, path := range []string{"/api/v1/credentials", "/console", "/openapi.json", "/metrics"} {
			answer, _ := w.ask("GET", path, "", "Origin", origin, "Authorization", "Bearer "+key)
			if allow := answer.Header.Get("Access-Control-Allow-Origin"); allow == origin || answer.Header.Get("Access-Control-Allow-Credentials") != "" || path != "/openapi.json" && allow != "" {
				t.Errorf("%s for %s: %v", path, origin, answer.Header)
			}
			answer, _ = w.ask("OPTIONS", path, "", "Origin", origin, "Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "authorization")
			if answer.Header.Get("Access-Control-Allow-Methods") != "" || answer.Header.Get("Access-Control-Allow-Headers") != "" {
				t.Errorf("preflight of %s for %s: %v", path, origin, answer.Header)
			}
		}
		answer, _ := w.ask("GET", "/status/1", "", "Host", "ente.example", "Origin", origin)
		if answer.Header.Get("Access-Control-Allow-Origin") != "*" || answer.Header.Get("Access-Control-Allow-Credentials") != "" || answer.Header.Get("Set-Cookie") != "" {
			t.Errorf("a list for %s: %v", origin, answer.Header)
		}
	}
}

// TestThreatJ10RangeOfAList: a list is read whole, or by parts that a client
// asks for; one that it has is not sent again; HEAD says what GET would.
func TestThreatJ10RangeOfAList(t *testing.T) {
	w, _ := newWorld(t, "")
	w.settled("ente.example", "/status/1")
	whole, text := w.ask("GET", "/status/1", "", "Host", "ente.example")
	tag := whole.Header.Get("ETag")
	for _, c := range []struct {
		method, name, value string
		code                int
		body                string
	}{
		{"GET", "If-None-Match", tag, 304, ""}, {"GET", "If-None-Match", `"other"`, 200, text}, {"HEAD", "", "", 200, ""}, {"GET", "Range", "bytes=0-9", 206, text[:10]},
		{"GET", "Range", fmt.Sprintf("bytes=%d-", len(text)), 416, ""}, {"GET", "Range", "bytes=0-1,0-1" + strings.Repeat(",0-1", 5000), 200, text}, {"GET", "Range", "bytes=9-1", 416, ""},
	} {
		if len(c.value) > 1000 {
			c.value = c.value[:4000] // below the limit of headers
			c.value = c.value[:strings.LastIndexByte(c.value, ',')]
		}
		headers := []string{"Host", "ente.example", c.name, c.value}
		if c.name == "" {
			headers = headers[:2]
		}
		answer, got := w.ask(c.method, "/status/1", "", headers...)
		if answer.StatusCode != c.code || c.code != 416 && got != c.body {
			t.Errorf("%s %s %.20q: %d, %d bytes", c.method, c.name, c.value, answer.StatusCode, len(got))
		}
		if c.method == "HEAD" && (answer.Header.Get("ETag") != tag || answer.ContentLength != int64(len(text))) {
			t.Errorf("HEAD: %v", answer.Header)
		}
	}
}

// TestThreatJ12TenThousandPaths: what strangers ask for makes no new series, and
// no line of the log has it.
func TestThreatJ12TenThousandPaths(t *testing.T) {
	w, _ := newWorld(t, "limits: {readsPerMinute: 0, actsPerMinute: 0, verificationsPerMinute: 0, signInsPerMinute: 0}\n")
	series := func() int {
		_, text := w.ask("GET", "/metrics", "")
		return strings.Count(text, "\npassport_http_") // the others are of what the service does by itself
	}
	round := func(n int) {
		for i := range n {
			for _, path := range []string{"/canary-%d", "/api/v1/credentials/canary-%d", "/console/canary-%d", "/.well-known/openid-credential-issuer/canary-%d"} {
				method := []string{"GET", "POST", "BREW", "DELETE"}[i%4]
				r := httptest.NewRequest(method, fmt.Sprintf(path, i), nil)
				r.Host = w.address
				w.send(r)
			}
		}
	}
	round(8)
	series() // which is one more
	before := series()
	round(2500)
	if after := series(); after != before {
		t.Errorf("%d series, then %d", before, after)
	}
	if before < 10 || strings.Contains(w.log.String(), "canary-") {
		t.Errorf("%d series; the log has the paths: %v", before, strings.Contains(w.log.String(), "canary-"))
	}
}

// send sends a request over a connection that stays, and drops the answer.
func (w *world) send(r *http.Request) {
	w.t.Helper()
	r.RequestURI, r.URL.Scheme, r.URL.Host = "", "http", w.address
	answer, err := w.client.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	_, _ = bufio.NewReader(answer.Body).WriteTo(discard{})
	_ = answer.Body.Close()
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }
