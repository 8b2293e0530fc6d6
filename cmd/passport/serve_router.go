package main

import (
	"net/http"

	"github.com/employment-passport/passport/internal/httpkit"
	"github.com/employment-passport/passport/internal/i18n"
	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
)

// newRouter is the way of a request: named, logged, its path and host held,
// counted and admitted by its class, and only then somebody's to answer.
func (s *service) newRouter() *chi.Mux {
	r := chi.NewRouter()
	r.Use(
		httpkit.RequestIDs,
		httpkit.WithWords(words),
		httpkit.ClientAddresses(s.config.TrustedProxies),
		httpkit.SecurityHeaders(s.base.Scheme == "https"),
		httpkit.Log(s.house.log, s.house.app.now, s.house.meters.served),
		httpkit.Recover,
		httpkit.CloseChunked,
		httpkit.StrictPath,
		httpkit.CanonicalHost(s.base, s.otherHost),
		httpkit.Stopping(s.stopping),
		newGates(s.config.Limits, s.house.app.now).through,
		middleware.GetHead,
	)
	r.NotFound(httpkit.NotFound)
	r.MethodNotAllowed(httpkit.MethodNotAllowed(r))
	s.ownRoutes(r)
	for _, p := range s.parts {
		p.Routes(r)
	}
	return r
}

// words are those of the catalogue, "" for what has none.
func words(lang, key string) string {
	if !i18n.Has(key) {
		return ""
	}
	return i18n.T(lang, key, nil)
}

// otherHost lets public files of the hosts of this home's did documents pass,
// and the two questions that a machine asks this one by its number.
func (s *service) otherHost(r *http.Request) bool {
	if !isRead(r) {
		return false
	}
	switch r.URL.Path {
	case "/healthz", "/readyz":
		return true
	case "/metrics":
		return fromHere(r)
	}
	return s.public.Takes(r)
}
