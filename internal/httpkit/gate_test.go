package httpkit

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"
)

var here = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = w.Write([]byte(ClientAddress(r.Context()))) })

// pathTricks are refused before any route sees them.
var pathTricks = []string{
	"/a/..%2f..%2fetc%2fpasswd", "/a/%2e%2e/b", "/a/../b", "/a/./b", "/a//b", "/a/%00", "/a;b", "/a%3bb", `/a%5cb`, "/a%0ab", "/a%7f", "/a/%2E%2E",
	"/a%ff", "/a%c2%80", "/a%2Fb", "/" + strings.Repeat("a", 3000),
}

func TestStrictPath(t *testing.T) {
	r := chi.NewRouter()
	r.Use(StrictPath)
	r.Get("/c/{id}", func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write([]byte(chi.URLParam(r, "id") + " " + Param(r, "id")))
	})
	for _, path := range pathTricks {
		q := get("/")
		u, err := url.Parse("http://example.com" + path)
		if err != nil {
			t.Fatal(err)
		}
		q.URL = u
		if w := answer(r, q); w.Code != http.StatusBadRequest {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
	for path, want := range map[string]string{
		"/c/urn:uuid:1": "urn:uuid:1", "/c/urn%3Auuid%3A1": "urn:uuid:1", "/c/did:web:a%253A8443": "did:web:a%3A8443", "/c/Istituto%20%C3%A0": "Istituto à", "/c/..a": "..a",
	} {
		if w := answer(r, get(path)); w.Body.String() != want+" "+want {
			t.Errorf("%s: %d %q", path, w.Code, w.Body)
		}
	}
}

// FuzzStrictPath: what passes has no dot segment, no empty one and no
// separator that was escaped, however it was written.
func FuzzStrictPath(f *testing.F) {
	for _, path := range pathTricks {
		f.Add(path)
	}
	f.Add("/c/urn%3Auuid%3A1")
	f.Fuzz(func(t *testing.T, path string) {
		u, err := url.ParseRequestURI(path)
		if err != nil {
			return
		}
		q := get("/")
		q.URL = u
		StrictPath(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			if strings.Count(u.EscapedPath(), "/") != strings.Count(r.URL.Path, "/") || r.URL.RawPath != "" {
				t.Errorf("%q is read as %q", path, r.URL.Path)
			}
			for segment := range strings.SplitSeq(r.URL.Path[1:], "/") {
				if segment == ".." || segment == "." || strings.ContainsAny(segment, "\\\x00\n;") {
					t.Errorf("%q passed", path)
				}
			}
		})).ServeHTTP(httptest.NewRecorder(), q)
	})
}

func TestCanonicalHost(t *testing.T) {
	also := func(r *http.Request) bool { return r.Host == "ente.example" }
	for _, c := range []struct {
		base, host string
		want       int
	}{
		{"https://passport.example", "passport.example", 200}, {"https://passport.example", "PASSPORT.example:443", 200},
		{"https://passport.example", "passport.example:80", 421}, {"https://passport.example", "passport.example.evil.example", 421},
		{"https://passport.example", "", 421}, {"https://passport.example", "127.0.0.1", 421}, {"https://passport.example", "ente.example", 200},
		{"http://127.0.0.1:8080", "localhost:8080", 200}, {"http://127.0.0.1:8080", "[::1]:8080", 200}, {"http://127.0.0.1:8080", "127.0.0.1:8081", 421},
	} {
		base, _ := url.Parse(c.base)
		r := get("/")
		r.Host = c.host
		r.Header.Set("X-Forwarded-Host", base.Host)
		if w := answer(CanonicalHost(base, also)(here), r); w.Code != c.want {
			t.Errorf("%s asked as %q: %d", c.base, c.host, w.Code)
		}
	}
}

func TestClientAddresses(t *testing.T) {
	for _, c := range []struct {
		trusted            []string
		peer, header, want string
	}{
		{nil, "192.0.2.7:1234", "6.6.6.6", "192.0.2.7"},
		{[]string{"10.0.0.0/8"}, "192.0.2.7:1234", "6.6.6.6", "192.0.2.7"},
		{[]string{"10.0.0.0/8"}, "10.0.0.1:1234", "6.6.6.6, 198.51.100.3", "198.51.100.3"},
		{[]string{"10.0.0.0/8"}, "10.0.0.1:1234", "6.6.6.6, 198.51.100.3, 10.2.2.2", "198.51.100.3"},
		{[]string{"10.0.0.0/8"}, "10.0.0.1:1234", "6.6.6.6, nonsense", ""},
		{[]string{"10.0.0.0/8"}, "[::ffff:10.0.0.1]:1234", "198.51.100.3", "198.51.100.3"},
	} {
		r := get("/")
		r.RemoteAddr = c.peer
		r.Header.Set("X-Forwarded-For", c.header)
		r.Header.Set("X-Real-IP", "6.6.6.6")
		r.Header.Set("True-Client-IP", "6.6.6.6")
		if w := answer(ClientAddresses(c.trusted)(here), r); w.Body.String() != c.want {
			t.Errorf("%+v: %q", c, w.Body)
		}
	}
}

func TestRateLimit(t *testing.T) {
	h := chain(ClientAddresses(nil), RateLimit(3, time.Minute))(here)
	ask := func(peer string) *httptest.ResponseRecorder {
		r := get("/")
		r.RemoteAddr = peer
		return answer(h, r)
	}
	for range 3 {
		if w := ask("192.0.2.1:1"); w.Code != 200 || len(w.Header()["X-Ratelimit-Limit"]) > 0 {
			t.Fatalf("%d %v", w.Code, w.Header())
		}
	}
	w := ask("192.0.2.1:2")
	if p := problemOf(t, w); w.Code != 429 || p.Code != "rate_limit" || w.Header().Get("Retry-After") != "60" {
		t.Errorf("%d %+v %v", w.Code, p, w.Header())
	}
	if ask("192.0.2.2:1").Code != 200 {
		t.Error("another address is refused too")
	}
	for n := range 4 { // one /64 is one client
		if got := ask("[2001:db8::" + string(rune('a'+n)) + "]:1").Code; (got == 200) != (n < 3) {
			t.Errorf("IPv6 client %d: %d", n, got)
		}
	}
	if w := answer(chain(ClientAddresses(nil), RateLimit(0, time.Minute))(here), get("/")); w.Code != 200 {
		t.Error("0 is no limit")
	}
}

func TestAdmit(t *testing.T) {
	inside, release := make(chan bool), make(chan bool)
	h := Admit(1, 20*time.Millisecond)(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { inside <- true; <-release }))
	var first sync.WaitGroup
	first.Go(func() { answer(h, get("/")) })
	<-inside
	w := answer(h, get("/"))
	if p := problemOf(t, w); w.Code != 503 || p.Code != "busy" || w.Header().Get("Retry-After") != "1" {
		t.Errorf("%d %+v", w.Code, p)
	}
	release <- true
	first.Wait()
	first.Go(func() { answer(h, get("/")) })
	<-inside
	release <- true
	first.Wait()
}

// TestAdmitLeavesRoomForOthers: one address has a quarter of the places, and
// nothing is remembered of it when it is gone.
func TestAdmitLeavesRoomForOthers(t *testing.T) {
	a := &admission{places: make(chan struct{}, 8), share: 2, clients: map[string]*client{}}
	enter := func(peer string) (leave func(), ok bool) {
		ClientAddresses(nil)(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			leave, ok = a.enter(r.Context(), time.Millisecond)
		})).ServeHTTP(nil, &http.Request{RemoteAddr: peer})
		return leave, ok
	}
	var all []func()
	for n := range 3 {
		leave, ok := enter("192.0.2.1:1")
		if ok != (n < 2) {
			t.Errorf("place %d of one address: %v", n+1, ok)
		}
		if ok {
			all = append(all, leave)
		}
	}
	leave, ok := enter("192.0.2.2:1")
	if !ok {
		t.Fatal("another address finds no room")
	}
	for _, leave := range append(all, leave) {
		leave()
	}
	if len(a.clients) != 0 || len(a.places) != 0 {
		t.Errorf("left: %d clients, %d places", len(a.clients), len(a.places))
	}
}

func TestCSRF(t *testing.T) {
	base, _ := url.Parse("https://passport.example")
	h := CSRF(base, nil)(here)
	for _, c := range []struct {
		method, site, origin string
		want                 int
	}{
		{"GET", "cross-site", "https://evil.example", 200}, {"POST", "same-origin", "https://passport.example", 200}, {"POST", "", "https://passport.example", 200},
		{"POST", "same-origin", "", 200}, {"POST", "", "", 403}, {"POST", "cross-site", "https://passport.example", 403}, {"POST", "same-site", "", 403},
		{"POST", "none", "", 403}, {"POST", "", "null", 403}, {"POST", "same-origin", "null", 403}, {"POST", "", "http://passport.example", 403},
		{"POST", "", "https://passport.example:8443", 403}, {"POST", "", "https://passport.example.evil.example", 403}, {"DELETE", "", "https://evil.example", 403},
		{"PUT", "", "", 403}, {"PATCH", "", "", 403},
	} {
		r := httptest.NewRequest(c.method, "/", nil)
		for name, value := range map[string]string{"Sec-Fetch-Site": c.site, "Origin": c.origin} {
			if value != "" {
				r.Header.Set(name, value)
			}
		}
		if w := answer(h, r); w.Code != c.want {
			t.Errorf("%+v: %d", c, w.Code)
		}
	}
	r := httptest.NewRequest("POST", "/", nil)
	r.Header["Origin"] = []string{"https://passport.example", "https://evil.example"}
	if w := answer(h, r); w.Code != 403 {
		t.Errorf("two origins: %d", w.Code)
	}
	if w := answer(CSRF(base, func(*http.Request) bool { return false })(here), httptest.NewRequest("POST", "/", nil)); w.Code != 200 {
		t.Errorf("without a session: %d", w.Code)
	}
}

func TestServeBytes(t *testing.T) {
	file := File{Body: []byte("0123456789"), Type: "application/vc+jwt", ETag: `"v7"`, MaxAge: time.Minute, Modified: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)}
	h := SecurityHeaders(true)(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { ServeBytes(w, r, file) }))
	for _, c := range []struct {
		method, header, value string
		code                  int
		body                  string
	}{
		{"GET", "", "", 200, "0123456789"}, {"HEAD", "", "", 200, ""}, {"GET", "If-None-Match", `"v7"`, 304, ""}, {"GET", "If-None-Match", `W/"v7", "x"`, 304, ""},
		{"GET", "If-None-Match", `"v6"`, 200, "0123456789"}, {"GET", "Range", "bytes=2-4", 206, "234"}, {"GET", "Range", "bytes=20-", 416, "invalid range: failed to overlap\n"},
		{"GET", "If-Modified-Since", "Sun, 22 Nov 2026 09:00:00 GMT", 304, ""}, {"GET", "If-Match", `"v6"`, 412, ""},
	} {
		r := httptest.NewRequest(c.method, "/", nil)
		if c.header != "" {
			r.Header.Set(c.header, c.value)
		}
		w := answer(h, r)
		if w.Code != c.code || w.Body.String() != c.body {
			t.Errorf("%+v: %d %q", c, w.Code, w.Body)
		}
		if c.code == 200 && (w.Header().Get("Cache-Control") != "public, max-age=60" || w.Header().Get("Access-Control-Allow-Origin") != "*" || w.Header().Get("Content-Length") != "10" || w.Header().Get("Strict-Transport-Security") == "") {
			t.Errorf("%v", w.Header())
		}
	}
	file.MaxAge, file.ETag, file.Modified = 0, "", time.Time{}
	if w := answer(h, get("/")); w.Header().Get("Cache-Control") != "public, no-cache" || w.Header().Get("ETag") != "" {
		t.Errorf("%v", w.Header())
	}
}

func TestMethodNotAllowed(t *testing.T) {
	r := chi.NewRouter()
	r.MethodNotAllowed(MethodNotAllowed(r))
	r.NotFound(NotFound)
	r.Get("/a/{id}", here)
	r.Delete("/a/{id}", here)
	w := answer(r, httptest.NewRequest("TRACE", "/a/1", nil))
	if p := problemOf(t, w); w.Code != 405 || p.Code != "method" || w.Header().Get("Allow") != "GET, DELETE" {
		t.Errorf("%d %+v %v", w.Code, p, w.Header())
	}
	if w := answer(r, get("/b")); w.Code != 404 || problemOf(t, w).Code != "not_found" {
		t.Errorf("%d", w.Code)
	}
}

func TestLimitBodyAndStopping(t *testing.T) {
	stopping := make(chan struct{})
	h := chain(LimitBody(4), Stopping(stopping))(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := ReadBody(w, r, 1<<20); err != nil {
			var refused *BodyError
			if !errors.As(err, &refused) {
				t.Errorf("an untyped error: %v", err)
				return
			}
			WriteProblem(w, r, refused.Problem())
		}
		select {
		case <-ServiceStops(r.Context()):
			w.Header().Set("Stops", "yes")
		default:
		}
	}))
	r := httptest.NewRequest("POST", "/", strings.NewReader("12345"))
	r.ContentLength = -1
	if w := answer(h, r); w.Code != 413 || problemOf(t, w).Code != CodeBodySize {
		t.Errorf("%d", w.Code)
	}
	close(stopping)
	if w := answer(h, httptest.NewRequest("POST", "/", nil)); w.Header().Get("Stops") != "yes" {
		t.Error("the handler was not told")
	}
}
