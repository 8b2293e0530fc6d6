package httpkit

import (
	"context"
	"net/http"
	"time"

	"github.com/go-chi/chi/v5/middleware"
	"github.com/go-chi/httprate"
)

// ClientAddresses finds out who asks: the peer of the connection, or, where that
// is one of the trusted proxies (CIDR prefixes), what they write in
// X-Forwarded-For. Nothing else is believed (chi's RealIP would take it from
// anybody). A prefix that cannot be read panics: check them before.
func ClientAddresses(trusted []string) Middleware {
	if len(trusted) == 0 {
		return middleware.ClientIPFromRemoteAddr
	}
	return middleware.ClientIPFromXFF(trusted...)
}

// ClientAddress is what ClientAddresses found; "" when a trusted proxy did not
// say it.
func ClientAddress(ctx context.Context) string { return middleware.GetClientIP(ctx) }

// RateLimit lets each client address, or each /64 of IPv6, through n times in a
// window and answers the rest with 429 and Retry-After (RFC 6585). n of 0 is no
// limit.
func RateLimit(n int, window time.Duration) Middleware {
	if n == 0 {
		return func(next http.Handler) http.Handler { return next }
	}
	return httprate.LimitBy(n, window,
		func(r *http.Request) (string, error) { return httprate.CanonicalizeIP(ClientAddress(r.Context())), nil },
		httprate.WithResponseHeaders(httprate.ResponseHeaders{RetryAfter: "Retry-After"}),
		httprate.WithLimitHandler(func(w http.ResponseWriter, r *http.Request) {
			WriteProblem(w, r, Problem{Status: http.StatusTooManyRequests, Code: "rate_limit"})
		}))
}
