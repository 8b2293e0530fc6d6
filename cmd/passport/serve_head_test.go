package main

import "testing"

// TestServedHeadSaysWhatGetWould: machines that watch ask with HEAD, and what
// serves files under every path takes no other route's.
func TestServedHeadSaysWhatGetWould(t *testing.T) {
	w, key := newWorld(t, "")
	for _, path := range []string{"/healthz", "/readyz", "/metrics", "/openapi.json", "/api/v1/credentials", "/console/assets/console.css", "/catalogue", "/verify", "/v", "/wallet", "/wallet/sw.js", "/schemas/none"} {
		got, _ := w.ask("GET", path, "", "Authorization", "Bearer "+key)
		head, text := w.ask("HEAD", path, "", "Authorization", "Bearer "+key)
		if head.StatusCode != got.StatusCode || text != "" || head.Header.Get("Content-Type") != got.Header.Get("Content-Type") {
			t.Errorf("%s: HEAD %d %s, GET %d %s", path, head.StatusCode, head.Header.Get("Content-Type"), got.StatusCode, got.Header.Get("Content-Type"))
		}
	}
}
