package httpkit

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
)

// NoRoute is the pattern of a request that no route took.
const NoRoute = "none"

// Served is what is told of one request when it is over. Every field has few
// values, whatever a client sends, but the two ends of Took.
type Served struct {
	Method string // one of the standard's, else OTHER
	Route  string // the pattern of the route, else NoRoute
	Status int
	Took   time.Duration
}

// Log writes one line a request and tells observe. The line has the pattern of
// the route and ids; never a path, a query, a header or a name. It must stand
// inside a chi router, which knows the pattern.
func Log(log *slog.Logger, now func() time.Time, observe func(Served)) Middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			start := now()
			noted := new(notes)
			ctx := context.WithValue(r.Context(), keyNotes, noted)
			ctx = context.WithValue(ctx, keyLogger, log)
			seen := middleware.NewWrapResponseWriter(w, r.ProtoMajor)
			aborted := true // a panic that passes here closes the connection
			defer func() {
				served := Served{Method: method(r), Route: route(r), Status: seen.Status(), Took: now().Sub(start)}
				if served.Status == 0 {
					served.Status = http.StatusOK
				}
				if observe != nil {
					observe(served)
				}
				if !log.Enabled(ctx, slog.LevelInfo) {
					return
				}
				line := []slog.Attr{slog.String("method", served.Method), slog.String("route", served.Route), slog.Int("status", served.Status),
					slog.Int("bytes", seen.BytesWritten()), slog.Duration("took", served.Took), slog.String("request", RequestID(ctx))}
				if aborted {
					line = append(line, slog.Bool("aborted", true))
				}
				log.LogAttrs(ctx, slog.LevelInfo, "request", append(line, noted.all()...)...)
			}()
			next.ServeHTTP(seen, r.WithContext(ctx))
			aborted = false
		})
	}
}

var methods = []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "TRACE"}

func method(r *http.Request) string {
	if slices.Contains(methods, r.Method) {
		return r.Method
	}
	return "OTHER"
}

// route is the pattern that took the request. chi leaves the pattern of a
// subrouter behind when nothing in it fits; it ends in a star and is as good.
func route(r *http.Request) string {
	if rctx := chi.RouteContext(r.Context()); rctx != nil {
		if pattern := rctx.RoutePattern(); pattern != "" {
			return pattern
		}
	}
	return NoRoute
}

// Logger is the log of the request that ctx belongs to: its lines carry the
// request id. Outside of a request it says nothing.
func Logger(ctx context.Context) *slog.Logger {
	if log, ok := ctx.Value(keyLogger).(*slog.Logger); ok {
		return log.With("request", RequestID(ctx)) // most requests have nothing to say
	}
	return slog.New(slog.DiscardHandler)
}

// Note adds an id to the request's line in the access log: an actor, an issuer,
// a credential. It is for ids only.
func Note(ctx context.Context, name, id string) {
	if n, ok := ctx.Value(keyNotes).(*notes); ok {
		n.add(slog.String(name, id))
	}
}

// maxNotes bounds a line of the log.
const maxNotes = 16

type notes struct {
	mu    sync.Mutex
	attrs []slog.Attr
}

func (n *notes) add(a slog.Attr) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if len(n.attrs) < maxNotes {
		n.attrs = append(n.attrs, a)
	}
}

func (n *notes) all() []slog.Attr {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.attrs)
}
