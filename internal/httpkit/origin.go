package httpkit

import (
	"net/http"
	"net/url"
)

// CSRF refuses a request that changes something, that applies takes (one with a
// session cookie), and that no page of base's own origin has sent. A browser
// says where a request comes from in Sec-Fetch-Site and Origin; both are held,
// and one of them must be there. A nil applies takes every request.
func CSRF(base *url.URL, applies func(*http.Request) bool) Middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !safe(r.Method) && (applies == nil || applies(r)) && !SameOrigin(r, base) {
				WriteProblem(w, r, Problem{Status: http.StatusForbidden, Code: "origin"})
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

func safe(method string) bool {
	return method == http.MethodGet || method == http.MethodHead || method == http.MethodOptions
}

// SameOrigin tells that a browser says of a request that it comes from a page of
// base's origin. One that says nothing is not believed.
func SameOrigin(r *http.Request, base *url.URL) bool {
	site, origin := r.Header.Values("Sec-Fetch-Site"), r.Header.Values("Origin")
	if len(site)+len(origin) == 0 || len(site) > 1 || len(origin) > 1 {
		return false
	}
	if len(site) == 1 && site[0] != "same-origin" {
		return false
	}
	return len(origin) == 0 || isOrigin(origin[0], base)
}

// isOrigin compares an Origin header (RFC 6454) with base; "null" is nobody's.
func isOrigin(origin string, base *url.URL) bool {
	u, err := url.Parse(origin)
	if err != nil || u.Scheme != base.Scheme || u.Host == "" {
		return false
	}
	name, port := SplitHost(u.Scheme, u.Host)
	wantName, wantPort := SplitHost(base.Scheme, base.Host)
	return name == wantName && port == wantPort
}
