package fetch

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
)

// TestPost: what is sent is what was given, and nothing that tells who asks;
// every answer but a redirect comes back with its status.
func TestPost(t *testing.T) {
	var seen *http.Request
	var sent []byte
	status := http.StatusOK
	client, url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		seen = r
		sent, _ = io.ReadAll(r.Body)
		w.Header().Set("Content-Type", "application/json;charset=utf-8")
		w.WriteHeader(status)
		if status != http.StatusNoContent {
			_, _ = w.Write([]byte(`{"error":"x"}`))
		}
	}, Config{})
	p := Posting{Type: "application/json", Body: []byte(`{"a":1}`), Bearer: "secret"}
	for _, status = range []int{200, 202, 204, 400, 401, 500} {
		got, err := client.Post(context.Background(), url+"/token", p, Options{Accept: []string{"application/json"}})
		if err != nil || got.Status != status || got.ContentType != "application/json" || (status != 204) != (string(got.Body) == `{"error":"x"}`) {
			t.Errorf("%d: %+v, %v", status, got, err)
		}
	}
	if seen.Method != http.MethodPost || string(sent) != `{"a":1}` || seen.Header.Get("Authorization") != "Bearer secret" {
		t.Errorf("%s %q %v", seen.Method, sent, seen.Header)
	}
	for name := range seen.Header {
		switch name {
		case "Accept", "Accept-Encoding", "Authorization", "Content-Length", "Content-Type":
		default:
			t.Errorf("sent %s: %q", name, seen.Header[name])
		}
	}
	if _, err := client.Post(context.Background(), url, Posting{Type: "text/plain"}, Options{}); err != nil || seen.Header.Get("Authorization") != "" {
		t.Errorf("%v, %v", err, seen.Header)
	}
}

// TestPostKeepsTheRules: F10 and F13 hold for what is sent too.
func TestPostKeepsTheRules(t *testing.T) {
	for name, row := range map[string]struct {
		handler http.HandlerFunc
		code    string
	}{
		"redirect": {answer(307, map[string]string{"Location": "https://evil.example/"}, nil), CodeRedirect},
		"gzip":     {answer(200, map[string]string{"Content-Encoding": "gzip"}, nil), CodeEncoding},
		"too long": {answer(400, nil, []byte(strings.Repeat("x", 101))), CodeSize},
	} {
		client, url := serve(t, row.handler, Config{})
		_, err := client.Post(context.Background(), url, Posting{Type: "text/plain", Body: []byte("x")}, Options{MaxBytes: 100})
		t.Log(name)
		mustRefuse(t, err, row.code)
	}
	for _, url := range []string{"http://example.com/", "https://127.0.0.1/", "https://localhost/", "https://user@example.com/", "https://example.com:22/", "javascript:alert(1)"} {
		_, err := New(Config{}).Post(context.Background(), url, Posting{}, Options{})
		mustRefuse(t, err, CodeURL)
	}
}
