package main

import (
	"context"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/employment-passport/passport/internal/httpkit"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/issuerpublic"
	"github.com/go-chi/chi/v5"
)

// readyFor is how long an answer of readyz counts: it writes to the store, and
// whoever asks often must not make work.
const readyFor = 2 * time.Second

// writeWait is how long a store may take to write before it counts as stuck.
const writeWait = 5 * time.Second

// Reasons of readyz for not being ready.
const (
	notStore = "store_not_writable"
	notLists = "lists_not_fresh"
	notStay  = "stopping"
	notSpace = "store_full"
)

// health answers whether the service is alive and ready.
type health struct {
	house  *house
	public *issuerpublic.Public
	full   func() bool // sheets wait for room on the disk

	mu      sync.Mutex
	asked   time.Time
	reasons []string
}

func newHealth(h *house, p *issuerpublic.Public, full func() bool) *health {
	return &health{house: h, public: p, full: full}
}

// ownRoutes registers what the service says of itself.
func (s *service) ownRoutes(r chi.Router) {
	r.Get("/healthz", func(w http.ResponseWriter, _ *http.Request) {
		httpkit.WriteJSON(w, http.StatusOK, map[string]string{"status": "ok"})
	})
	r.Get("/readyz", s.readyz)
	r.Get("/openapi.json", func(w http.ResponseWriter, r *http.Request) {
		httpkit.ServeBytes(w, r, httpkit.File{Body: s.document, Type: "application/json", ETag: etagOf(s.document)})
	})
	r.Get("/metrics", s.metricsHere)
}

// readiness is the answer of readyz. The keys are open as long as the process
// lives: it does not start without them.
type readiness struct {
	Ready   bool     `json:"ready"`
	Reasons []string `json:"reasons"`
}

func (s *service) readyz(w http.ResponseWriter, r *http.Request) {
	reasons := s.health.ready(r.Context())
	select {
	case <-s.stopping:
		reasons = append(reasons, notStay)
	default:
	}
	status := http.StatusOK
	if len(reasons) > 0 {
		status = http.StatusServiceUnavailable
	}
	httpkit.WriteJSON(w, status, readiness{Ready: status == http.StatusOK, Reasons: append([]string{}, reasons...)})
}

// ready asks the store to write and the lists to be fresh, at most once in
// readyFor.
func (h *health) ready(ctx context.Context) []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	now := h.house.app.now()
	if age := now.Sub(h.asked); !h.asked.IsZero() && age >= 0 && age < readyFor {
		return h.reasons[:len(h.reasons):len(h.reasons)]
	}
	h.reasons, h.asked = nil, now
	wait, stop := context.WithTimeout(context.WithoutCancel(ctx), writeWait)
	defer stop()
	err := h.house.store.Update(wait, func(tx issuer.Tx) error {
		return tx.PutRecord(issuer.RecordSetting, "readyz", []byte(`{}`))
	})
	if err != nil {
		h.house.log.Error("the store cannot be written", "error", err.Error())
		h.reasons = append(h.reasons, notStore)
	}
	if h.full() { // a small record still finds room in the file
		h.reasons = append(h.reasons, notSpace)
	}
	if err := h.public.Fresh(now); err != nil {
		h.house.log.Warn("lists are not fresh", "error", err.Error())
		h.reasons = append(h.reasons, notLists)
	}
	return h.reasons[:len(h.reasons):len(h.reasons)]
}

// fromHere tells a request of this machine that came through no proxy.
func fromHere(r *http.Request) bool {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	return err == nil && httpkit.IsLoopback(host) && r.Header.Get("X-Forwarded-For") == "" && r.Header.Get("Forwarded") == ""
}
