// Package httpkit is what every page and every door of the service shares:
// problem details (RFC 9457), strict JSON bodies, security headers, request
// ids, the access log, limits, and files that caches may keep.
//
// It promises that no answer is larger, slower or more telling than its handler
// meant: a body is read to a limit and in one reading only, a panic is told as
// a number in a log, an address is believed from proxies that were named, and
// logs hold the pattern of a route and ids, never a query, a name or a token.
//
// It knows nothing of credentials. The words of a problem are handed in.
package httpkit

import "net/http"

// Middleware wraps a handler.
type Middleware = func(http.Handler) http.Handler

// contextKey keeps our values in a context apart from everybody else's.
type contextKey int

const (
	keyRequestID contextKey = iota
	keyWords
	keyLogger
	keyNotes
	keyStopping
)
