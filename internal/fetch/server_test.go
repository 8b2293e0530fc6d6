package fetch

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/x509"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

var fixed = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// serve starts a TLS server on this machine and a client that may reach it.
func serve(t *testing.T, handler http.HandlerFunc, cfg Config) (*Client, string) {
	t.Helper()
	server := httptest.NewTLSServer(handler)
	t.Cleanup(server.Close)
	cfg.Roots = x509.NewCertPool()
	cfg.Roots.AddCert(server.Certificate())
	cfg.AllowLoopbackUnsafe = true
	return New(cfg), server.URL
}

func answer(status int, header map[string]string, body []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for name, value := range header {
			w.Header().Set(name, value)
		}
		w.WriteHeader(status)
		_, _ = w.Write(body)
	}
}

func TestGet(t *testing.T) {
	var seen http.Header
	client, url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		seen = r.Header.Clone()
		w.Header().Set("Content-Type", "Application/DID+json; charset=utf-8")
		w.Header().Set("Date", "Sun, 22 Nov 2026 11:59:30 GMT")
		w.Header().Set("Set-Cookie", "who=you")
		_, _ = w.Write([]byte(`{}`))
	}, Config{})
	for range 2 {
		r, err := client.Get(context.Background(), url+"/did.json", Options{Accept: []string{"application/did+json", "application/json"}})
		if err != nil {
			t.Fatal(err)
		}
		if string(r.Body) != "{}" || r.ContentType != "application/did+json" || !r.Date.Equal(fixed.Add(-30*time.Second)) {
			t.Errorf("%+v", r)
		}
	}
	// Nothing that tells who asks.
	for name := range seen {
		switch name {
		case "Accept", "Accept-Encoding":
		default:
			t.Errorf("sent %s: %q", name, seen[name])
		}
	}
	if seen.Get("Accept") != "application/did+json, application/json" || seen.Get("Accept-Encoding") != "identity" {
		t.Errorf("sent %v", seen)
	}
}

func TestLoopbackOnlyForTests(t *testing.T) {
	_, url := serve(t, answer(200, nil, nil), Config{})
	_, err := New(Config{}).Get(context.Background(), url, Options{})
	mustRefuse(t, err, CodeURL)
}

// TestAnswers goes through F10 and F13: what a server may send, and what
// becomes of it.
func TestAnswers(t *testing.T) {
	var bomb bytes.Buffer
	zip := gzip.NewWriter(&bomb)
	_, _ = zip.Write(make([]byte, 10<<20))
	if err := zip.Close(); err != nil {
		t.Fatal(err)
	}
	json := map[string]string{"Content-Type": "application/json"}
	tests := []struct {
		id      string
		handler http.HandlerFunc
		code    string
	}{
		{"F10 302 to loopback", answer(302, map[string]string{"Location": "http://127.0.0.1/"}, nil), CodeRedirect},
		{"F10 301 to another host", answer(301, map[string]string{"Location": "https://evil.example/"}, nil), CodeRedirect},
		{"F10 308 to itself", answer(308, map[string]string{"Location": "/x"}, nil), CodeRedirect},
		{"F13 10 MB", answer(200, json, make([]byte, 10<<20)), CodeSize},
		{"F13 10 MB, no length", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			for range 10 {
				_, _ = w.Write(make([]byte, 1<<20))
				w.(http.Flusher).Flush()
			}
		}, CodeSize},
		{"F13 HTML", answer(200, map[string]string{"Content-Type": "text/html"}, []byte("<html>")), CodeType},
		{"F13 no type", answer(200, map[string]string{"Content-Type": ""}, []byte("{}")), CodeType},
		{"F13 gzip nobody asked for", answer(200, map[string]string{"Content-Type": "application/json", "Content-Encoding": "gzip"}, bomb.Bytes()), CodeEncoding},
		{"D01 404", answer(404, json, []byte("{}")), CodeStatus},
		{"D01 500", answer(500, json, []byte("{}")), CodeStatus},
		{"204", answer(204, nil, nil), CodeStatus},
		{"206", answer(206, json, []byte("{}")), CodeStatus},
		{"cut short", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Content-Length", "100")
			_, _ = w.Write([]byte("{}"))
		}, CodeUnavailable},
		{"all good", answer(200, json, []byte("{}")), ""},
	}
	for _, test := range tests {
		t.Run(test.id, func(t *testing.T) {
			var calls atomic.Int32
			client, url := serve(t, func(w http.ResponseWriter, r *http.Request) { calls.Add(1); test.handler(w, r) }, Config{Timeout: time.Minute})
			r, err := client.Get(context.Background(), url, Options{Accept: []string{"application/json"}, MaxBytes: 1 << 16})
			if test.code == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			mustRefuse(t, err, test.code)
			if r != nil || calls.Load() != 1 {
				t.Fatalf("%d requests, %v", calls.Load(), r)
			}
		})
	}
}

// TestSilentServer is F13: a server that says nothing more. The time limit
// grows until it has been long enough to reach the server at all, so that a
// busy machine cannot make the test fail.
func TestSilentServer(t *testing.T) {
	for name, handler := range map[string]http.HandlerFunc{
		"F13 no answer": func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
		"F13 one byte, then nothing": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write([]byte("{"))
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		},
	} {
		t.Run(name, func(t *testing.T) {
			var calls atomic.Int32
			handler := func(w http.ResponseWriter, r *http.Request) { calls.Add(1); handler(w, r) }
			for limit := 100 * time.Millisecond; calls.Load() == 0; limit *= 2 {
				client, url := serve(t, handler, Config{Timeout: limit})
				r, err := client.Get(context.Background(), url, Options{})
				mustRefuse(t, err, CodeUnavailable)
				if r != nil || calls.Load() > 1 {
					t.Fatalf("%d requests, %v", calls.Load(), r)
				}
			}
		})
	}
}

func TestUnknownCertificate(t *testing.T) {
	_, url := serve(t, answer(200, nil, nil), Config{})
	_, err := New(Config{AllowLoopbackUnsafe: true}).Get(context.Background(), url, Options{})
	mustRefuse(t, err, CodeUnavailable)
	if !strings.Contains(err.Error(), "certificate") {
		t.Error(err)
	}
}

// An answer is kept as long as its server says, an hour at most, and never
// past another caller's limits.
func TestCache(t *testing.T) {
	now := fixed
	var calls int
	control := "public, max-age=60"
	client, url := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		calls++
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", control)
		_, _ = w.Write([]byte(`{"a":1}`))
	}, Config{CacheEntries: 2, Now: func() time.Time { return now }})
	get := func(path string, want int) {
		t.Helper()
		r, err := client.Get(context.Background(), url+path, Options{})
		if err != nil || string(r.Body) != `{"a":1}` {
			t.Fatalf("%v, %v", r, err)
		}
		r.Body[0] = 'x' // a caller may do what it likes with its copy
		if calls != want {
			t.Fatalf("%s: %d requests, want %d", path, calls, want)
		}
	}
	get("/a", 1)
	get("/a", 1)
	_, err := client.Get(context.Background(), url+"/a", Options{MaxBytes: 3})
	mustRefuse(t, err, CodeSize)
	_, err = client.Get(context.Background(), url+"/a", Options{Accept: []string{"application/did+json"}})
	mustRefuse(t, err, CodeType)
	now = now.Add(60 * time.Second)
	get("/a", 2)
	get("/b", 3)
	get("/c", 4) // pushes out /a, which ends first or together with /b
	control = "max-age=31536000"
	now = now.Add(2 * time.Minute)
	get("/d", 5)
	now = now.Add(59 * time.Minute)
	get("/d", 5)
	now = now.Add(time.Minute)
	get("/d", 6)
	for i, value := range []string{"no-store, max-age=60", "no-cache", "max-age=x", "", "max-age=-1"} {
		control = value
		get("/e", 7+2*i)
		get("/e", 8+2*i)
	}
}
