package main

import (
	"net/http"
	"strings"
	"time"

	"github.com/employment-passport/passport/internal/httpkit"
)

// class is a kind of request, with limits of its own: a class that is full
// keeps no other waiting.
type class string

const (
	classHealth class = "health" // asked by machines that watch; never refused
	classRead   class = "read"
	classStream class = "stream" // progress that is told while it lasts
	classVerify class = "verify"
	classSignIn class = "signin"
	classSheet  class = "sheet" // a large body
	classAct    class = "act"
)

// classOf sorts a request by its method and path.
func classOf(r *http.Request) class {
	path := r.URL.Path
	switch {
	case isRead(r) && (path == "/healthz" || path == "/readyz" || path == "/metrics"):
		return classHealth
	case isRead(r) && strings.HasPrefix(path, "/api/v1/sheets/") && strings.HasSuffix(path, "/events"):
		return classStream
	case isSignIn(path):
		return classSignIn
	case isRead(r):
		return classRead
	case path == "/credentials/verify" || strings.HasPrefix(path, "/presentations/") || path == "/api/v1/verify":
		return classVerify
	case path == "/api/v1/sheets" || path == "/console/lost": // pictures of a paper
		return classSheet
	}
	return classAct
}

func isRead(r *http.Request) bool {
	return r.Method == http.MethodGet || r.Method == http.MethodHead
}

// isSignIn takes the pages and posts by which somebody becomes somebody.
func isSignIn(path string) bool {
	for _, start := range []string{"/console/login", "/console/invite", "/console/oidc"} {
		if path == start || strings.HasPrefix(path, start+"/") {
			return true
		}
	}
	return false
}

// gates are the limits of each class.
type gates map[class]httpkit.Middleware

// sheetTime is what a large body may take to come, for each bodyTimeout of a
// normal one.
const sheetTime = 12

func newGates(l limitsConfig, now func() time.Time) gates {
	wait := time.Duration(l.Wait)
	acting := httpkit.Admit(l.Acting, wait)
	acts := httpkit.RateLimit(l.ActsPerMinute, time.Minute)
	reads := httpkit.RateLimit(l.ReadsPerMinute, time.Minute)
	body := httpkit.LimitBody(l.BodyBytes)
	return gates{
		classHealth: body,
		classRead:   chain(reads, httpkit.Admit(l.Reading, wait), body),
		classStream: chain(reads, httpkit.Admit(l.Reading, wait), body),
		classVerify: chain(httpkit.RateLimit(l.VerificationsPerMinute, time.Minute), httpkit.Admit(l.Verifying, wait), body),
		// Places of their own: who signs in may wait for a provider that is away.
		classSignIn: chain(httpkit.RateLimit(l.SignInsPerMinute, time.Minute), httpkit.Admit(l.Acting, wait), body),
		classSheet:  chain(acts, acting, httpkit.LimitBody(l.SheetBytes), httpkit.Patience(sheetTime*time.Duration(l.BodyTimeout), now)),
		classAct:    chain(acts, acting, body),
	}
}

// chain is the middlewares in the order in which a request meets them.
func chain(all ...httpkit.Middleware) httpkit.Middleware {
	return func(next http.Handler) http.Handler {
		for i := len(all) - 1; i >= 0; i-- {
			next = all[i](next)
		}
		return next
	}
}

// through sends each request through the gate of its class.
func (g gates) through(next http.Handler) http.Handler {
	ways := map[class]http.Handler{}
	for c, gate := range g {
		ways[c] = gate(next)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { ways[classOf(r)].ServeHTTP(w, r) })
}
