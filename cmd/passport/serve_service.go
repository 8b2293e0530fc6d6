package main

import (
	"context"
	"net/http"
	"net/url"

	"github.com/employment-passport/passport/issuer/access"
	"github.com/employment-passport/passport/issuer/issuerhttp"
	"github.com/employment-passport/passport/issuer/issuerpublic"
	"github.com/employment-passport/passport/issuer/issuersheets"
	"github.com/employment-passport/passport/issuer/issuervci"
	"github.com/go-chi/chi/v5"
)

// part is a package with routes of its own.
type part interface{ Routes(r chi.Router) }

// behind is a part whose routes only known principals reach.
type behind struct {
	who func(http.Handler) http.Handler
	part
}

// Routes registers those of the part, each behind the question who asks.
func (b behind) Routes(r chi.Router) { b.part.Routes(r.With(b.who)) }

// service is everything that answers, put together.
type service struct {
	house    *house
	config   config
	base     *url.URL
	handler  http.Handler
	router   *chi.Mux
	public   *issuerpublic.Public
	trusted  *issuerpublic.Trust // what the service believes of others
	pin      *pinned             // nil where no bundle is pinned
	access   *access.Service
	api      *issuerhttp.API
	offers   *issuervci.Offers
	sheets   *issuersheets.Service
	health   *health
	parts    []part
	openAPI  [][]byte
	document []byte
	loops    []func(context.Context) error // run until the context ends
	stopping chan struct{}                 // closed when the service is told to stop
}

// newService puts the parts together over an opened home. Nothing runs yet.
func newService(h *house, c config, base *url.URL) (*service, error) {
	s := &service{house: h, config: c, base: base, stopping: make(chan struct{})}
	if err := s.wire(); err != nil {
		return nil, err
	}
	s.loops = append(s.loops, s.tend)
	s.health = newHealth(h, s.public, s.sheets.Full)
	h.meters.registry.MustRegister(listMeters{s.public, h.app.now})
	if err := s.describe(); err != nil {
		return nil, err
	}
	s.router = s.newRouter()
	s.handler = s.router
	return s, nil
}
