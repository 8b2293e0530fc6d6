package main

import (
	"context"
	"net/http"
	"sync"

	"github.com/employment-passport/passport/internal/httpkit"
	"github.com/employment-passport/passport/internal/pagekit"
	"github.com/employment-passport/passport/internal/trust"
	"github.com/employment-passport/passport/schema"
	"github.com/employment-passport/passport/verifier/verifierweb"
	"github.com/employment-passport/passport/wallet/walletweb"
	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
)

// wirePages makes the pages of employers and jobseekers.
func (s *service) wirePages() error {
	for _, page := range []*believingPage{
		{paths: []string{verifierweb.Path, verifierweb.Short}, make: func(t *pagekit.Trust) (routes, error) {
			return verifierweb.New(verifierweb.Config{Trust: t})
		}},
		{paths: []string{walletweb.Path}, make: func(t *pagekit.Trust) (routes, error) {
			return walletweb.New(walletweb.Config{Base: s.base, Verify: s.walletBase(), Trust: t})
		}},
	} {
		page.service = s
		if _, err := page.now(); err != nil {
			return err
		}
		s.add(page, nil)
	}
	return nil
}

// walletBase is the link in codes and links of the wallet: that of printed codes.
// An address that is too long for a code, or no https, cannot stand there.
func (s *service) walletBase() string { return firstOf(s.config.linkBase(), defaultVerifyBase) }

type routes interface{ Routes(chi.Router) }

// believingPage is the page of employers, or of jobseekers. It ships the root and
// the bundle that this service itself believes: the pinned one, else its own
// authority's, which may be made while the service runs; then the page is another
// one from that moment on.
type believingPage struct {
	service *service
	paths   []string // of the page; its files stand below the first
	make    func(*pagekit.Trust) (routes, error)
	mu      sync.Mutex
	of      schema.Authority
	web     http.Handler
}

// Routes registers the page and what is below it.
func (p *believingPage) Routes(r chi.Router) {
	for _, path := range p.paths {
		r.Get(path, p.serve)
	}
	r.Get(p.paths[0]+"/*", p.serve)
}

func (p *believingPage) serve(w http.ResponseWriter, r *http.Request) {
	web, err := p.now()
	if err != nil {
		httpkit.Logger(r.Context()).Error("page with no network", "page", p.paths[0], "error", err.Error())
		httpkit.WriteProblem(w, r, httpkit.Problem{Status: http.StatusInternalServerError, Code: "internal"})
		return
	}
	// A router of its own: it must not go on where ours has stopped.
	web.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), chi.RouteCtxKey, (*chi.Context)(nil))))
}

// now is the page of whom the service believes at the moment.
func (p *believingPage) now() (http.Handler, error) {
	authority := p.service.trusted.Origin().Authority
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.web != nil && p.of == authority {
		return p.web, nil
	}
	web, err := p.make(p.service.pageTrust(authority))
	if err != nil {
		return nil, err
	}
	r := chi.NewRouter()
	r.Use(middleware.GetHead)
	r.NotFound(httpkit.NotFound)
	web.Routes(r)
	p.of, p.web = authority, r
	return r, nil
}

// pageTrust is the authority's root with its bundle as it is then; nil where
// nobody says whom to believe.
func (s *service) pageTrust(a schema.Authority) *pagekit.Trust {
	if a.Anchor == "" {
		return nil
	}
	t := &pagekit.Trust{Anchor: a.Anchor, Name: a.Name}
	if s.pin != nil {
		t.Bundle = func() ([]byte, error) { return s.pin.now.Load().data, nil }
		t.List = listsBeside(s.config.Bundle)
		return t
	}
	t.Bundle = func() ([]byte, error) { return s.trustFile("") }
	t.List = func(name string) ([]byte, error) { return s.trustFile(trust.FolderSuffix + "/" + name) }
	return t
}

// trustFile is a file of this home's own authority as it is published.
func (s *service) trustFile(rest string) ([]byte, error) {
	data, ok := s.public.Published("/trust/bundle" + rest)
	if !ok {
		return nil, pagekit.ErrAbsent
	}
	return data, nil
}
