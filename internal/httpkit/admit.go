package httpkit

import (
	"context"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/go-chi/httprate"
)

// Admit lets at most n requests be in work at once, and of one client address a
// quarter of that: who sends many slow bodies leaves room for others. Another
// request waits for a place as long as wait; then it is answered 503 with
// Retry-After, so that a slow disk makes a short queue of what can still be done
// in time instead of a long one of what nobody waits for any more.
func Admit(n int, wait time.Duration) Middleware {
	a := &admission{places: make(chan struct{}, n), share: max(1, n/4), clients: map[string]*client{}}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			leave, ok := a.enter(r.Context(), wait)
			if !ok {
				w.Header().Set("Retry-After", strconv.Itoa(max(1, int(wait/time.Second))))
				WriteProblem(w, r, Problem{Status: http.StatusServiceUnavailable, Code: "busy"})
				return
			}
			defer leave()
			next.ServeHTTP(w, r)
		})
	}
}

// admission is the places of a class of requests, and who has them.
type admission struct {
	places  chan struct{}
	share   int
	mu      sync.Mutex
	clients map[string]*client // of those that have a place or wait for one
}

type client struct {
	places chan struct{}
	users  int
}

// enter takes a place of the client's and one of all.
func (a *admission) enter(ctx context.Context, wait time.Duration) (leave func(), ok bool) {
	key := httprate.CanonicalizeIP(ClientAddress(ctx))
	own := a.client(key)
	timer := time.NewTimer(wait)
	defer timer.Stop()
	if !take(ctx, own, timer) {
		a.forget(key)
		return nil, false
	}
	if !take(ctx, a.places, timer) {
		<-own
		a.forget(key)
		return nil, false
	}
	return func() {
		<-a.places
		<-own
		a.forget(key)
	}, true
}

func (a *admission) client(key string) chan struct{} {
	a.mu.Lock()
	defer a.mu.Unlock()
	c := a.clients[key]
	if c == nil {
		c = &client{places: make(chan struct{}, a.share)}
		a.clients[key] = c
	}
	c.users++
	return c.places
}

func (a *admission) forget(key string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if c := a.clients[key]; c.users > 1 {
		c.users--
	} else {
		delete(a.clients, key)
	}
}

func take(ctx context.Context, places chan struct{}, timer *time.Timer) bool {
	select {
	case places <- struct{}{}:
		return true
	default:
	}
	select {
	case places <- struct{}{}:
		return true
	case <-timer.C:
	case <-ctx.Done():
	}
	return false
}
