package httpkit

import (
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// CanonicalHost answers 421 (RFC 9110 section 15.5.20) to a request that names
// another host than base: a link made from such a name would lead to a
// stranger. Requests that also takes pass, such as public files of hosts that
// the service knows. Where base is a loopback address, its other names pass.
func CanonicalHost(base *url.URL, also func(*http.Request) bool) Middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if sameHost(base, r.Host) || also != nil && also(r) {
				next.ServeHTTP(w, r)
				return
			}
			w.Header().Set("Connection", "close")
			WriteProblem(w, r, Problem{Status: http.StatusMisdirectedRequest, Code: "host_unknown"})
		})
	}
}

func sameHost(base *url.URL, host string) bool {
	name, port := SplitHost(base.Scheme, host)
	wantName, wantPort := SplitHost(base.Scheme, base.Host)
	return port == wantPort && (name == wantName || IsLoopback(name) && IsLoopback(wantName))
}

// SplitHost takes a Host header apart into a name in small letters and a port,
// which is the scheme's own when none is written.
func SplitHost(scheme, host string) (name, port string) {
	name, port, err := net.SplitHostPort(host)
	if err != nil {
		name, port = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]"), "443"
		if scheme == "http" {
			port = "80"
		}
	}
	return strings.ToLower(name), port
}

// IsLoopback tells localhost and the addresses of this machine's own loop.
func IsLoopback(name string) bool {
	if strings.EqualFold(name, "localhost") {
		return true
	}
	addr, err := netip.ParseAddr(name)
	return err == nil && addr.Unmap().IsLoopback()
}
