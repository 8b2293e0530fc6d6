package httpkit

import (
	"context"
	"net/http"
)

// Stopping tells handlers that last when the service is told to stop.
func Stopping(stopping <-chan struct{}) Middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), keyStopping, stopping)))
		})
	}
}

// ServiceStops is closed when the service is told to stop: a handler that tells
// progress ends then, so that nobody waits for it. Without Stopping it is nil,
// which blocks for ever.
func ServiceStops(ctx context.Context) <-chan struct{} {
	c, _ := ctx.Value(keyStopping).(<-chan struct{})
	return c
}
