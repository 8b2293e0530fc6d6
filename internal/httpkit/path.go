package httpkit

import (
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/go-chi/chi/v5"
)

// maxPath is the longest path taken, in bytes as written.
const maxPath = 2048

// StrictPath answers 400 to a path that two programs could read differently: an
// escaped slash or backslash, dot segments, empty segments, a semicolon,
// control characters, bytes that are no UTF-8. What passes is routed unescaped,
// so that a handler's parameter is what was meant.
func StrictPath(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !plainPath(r) {
			WriteProblem(w, r, Problem{Status: http.StatusBadRequest, Code: "path"})
			return
		}
		if r.URL.RawPath != "" {
			plain := *r.URL
			plain.RawPath = ""
			r2 := *r
			r2.URL = &plain
			r = &r2
		}
		next.ServeHTTP(w, r)
	})
}

func plainPath(r *http.Request) bool {
	path := r.URL.Path
	if !strings.HasPrefix(path, "/") || len(r.URL.EscapedPath()) > maxPath || !utf8.ValidString(path) {
		return false
	}
	escaped := strings.ToLower(r.URL.EscapedPath())
	if strings.Contains(escaped, "%2f") || strings.Contains(path, "//") || strings.ContainsAny(path, `\;`) {
		return false
	}
	for segment := range strings.SplitSeq(path, "/") {
		if segment == "." || segment == ".." {
			return false
		}
	}
	return !strings.ContainsFunc(path, func(c rune) bool { return c < 0x20 || c >= 0x7f && c < 0xa0 })
}

// NotFound answers 404.
func NotFound(w http.ResponseWriter, r *http.Request) {
	WriteProblem(w, r, Problem{Status: http.StatusNotFound, Code: "not_found"})
}

// MethodNotAllowed answers 405 with the methods that the path takes (RFC 9110
// section 15.5.6), as the routes of the router know them.
func MethodNotAllowed(routes chi.Routes) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var allowed []string
		for _, m := range methods {
			if routes.Match(chi.NewRouteContext(), m, r.URL.Path) {
				allowed = append(allowed, m)
			}
		}
		w.Header().Set("Allow", strings.Join(allowed, ", "))
		WriteProblem(w, r, Problem{Status: http.StatusMethodNotAllowed, Code: "method"})
	}
}
