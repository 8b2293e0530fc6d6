package httpkit

import (
	"crypto/sha256"
	"encoding/base64"
	"maps"
	"net/http"
)

// PolicyNothing is the content security policy of an answer that is data.
const PolicyNothing = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// PolicyOfStyle is the policy of a page without scripts: it lets in the one style
// sheet that stands in it, by its hash, and nothing else.
func PolicyOfStyle(sheet string) string {
	sum := sha256.Sum256([]byte(sheet))
	return PolicyNothing + "; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// SecurityHeaders sets what every answer starts with: not cached, not framed,
// not sniffed, told to nobody. A handler that serves a page or a public file
// sets its own over them. secure tells that the service is reached by https
// (RFC 6797).
func SecurityHeaders(secure bool) Middleware {
	first := http.Header{}
	first.Set("Content-Security-Policy", PolicyNothing)
	first.Set("X-Content-Type-Options", "nosniff")
	first.Set("X-Frame-Options", "DENY")
	first.Set("Referrer-Policy", "no-referrer")
	first.Set("Cross-Origin-Opener-Policy", "same-origin")
	first.Set("Cross-Origin-Resource-Policy", "same-origin")
	first.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
	first.Set("Cache-Control", "no-store")
	if secure {
		first.Set("Strict-Transport-Security", "max-age=31536000")
	}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			maps.Copy(w.Header(), first) // Set and Add leave values alone that others share
			next.ServeHTTP(w, r)
		})
	}
}
