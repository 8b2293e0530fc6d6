package issuervci

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/employment-passport/passport/internal/httpkit"
	"github.com/employment-passport/passport/internal/oid4vci"
	"github.com/employment-passport/passport/internal/onetime"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/access"
)

// ServiceConfig holds the parts of a Service; all are compulsory.
type ServiceConfig struct {
	Offers *Offers
	Access *access.Service

	// Authenticate puts the principal of a request into its context, or answers
	// 401: (*issuerhttp.API).Authenticate. Wallets do not pass it.
	Authenticate func(http.Handler) http.Handler
}

// Service answers wallets, and programs that make offers. It is safe for many
// goroutines.
type Service struct {
	offers       *Offers
	access       *access.Service
	authenticate func(http.Handler) http.Handler
	nonces       *onetime.Nonces
}

// New returns the Service of some Offers.
func New(c ServiceConfig) (*Service, error) {
	if c.Offers == nil || c.Access == nil || c.Authenticate == nil {
		return nil, errors.New("issuervci: a ServiceConfig needs Offers, Access and a way to authenticate")
	}
	return &Service{
		offers: c.Offers, access: c.Access, authenticate: c.Authenticate,
		nonces: onetime.NewNonces(nonceLife, maxUsed, c.Offers.now),
	}, nil
}

// Routes registers every route by its absolute path.
func (s *Service) Routes(r chi.Router) {
	read := func(path string, h handler) { s.open(r, http.MethodGet, path, h) }
	post := func(path string, h handler) { s.open(r, http.MethodPost, path, h) }
	read(oid4vci.WellKnown, s.metadata)
	read(oid4vci.WellKnown+"/{name}", s.metadata)
	read(oid4vci.WellKnownA+"/{name}", s.server)
	read("/oid4vci/{name}/offers/{secret}", s.offer)
	read("/claim/{secret}/offer", s.claimed)
	post("/oid4vci/{name}/token", s.token)
	post("/oid4vci/{name}/nonce", s.nonce)
	post("/oid4vci/{name}/credential", s.credential)
	post("/oid4vci/{name}/deferred", s.deferred)
	post("/oid4vci/{name}/notification", s.notification)
	r.Get("/claim/{secret}", s.landing)
	r.Group(s.programs)
}

// handler answers a wallet; its errors are written by writeError.
type handler func(w http.ResponseWriter, r *http.Request, body issuer.IssuerRecord) error

// open registers a route for wallets, which may be pages of any origin: nothing
// here depends on a cookie, so that the whole world may ask (CORS, Fetch
// standard section 3.2).
func (s *Service) open(r chi.Router, method, path string, h handler) {
	r.Method(method, path, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		httpkit.AnyOrigin(w.Header())
		body, err := s.body(r)
		if err == nil {
			err = h(w, r, body)
		}
		if err != nil {
			writeError(w, r, err)
		}
	}))
	r.Options(path, func(w http.ResponseWriter, _ *http.Request) {
		h := w.Header()
		httpkit.AnyOrigin(h)
		h.Set("Access-Control-Allow-Methods", method)
		h.Set("Access-Control-Allow-Headers", "Authorization, Content-Type, Accept")
		h.Set("Access-Control-Max-Age", "600")
		w.WriteHeader(http.StatusNoContent)
	})
}

// nameForm is that of a body's name; the issuer has the last word.
var nameForm = httpkit.NewForm(`^[\p{L}\p{N}][\p{L}\p{N} ._-]*$`, 100)

// body finds the issuer of a request by its name in the path. A path without one
// means the only body of a home, so that people find its metadata; wallets come
// by the identifier, which always has the name.
func (s *Service) body(r *http.Request) (issuer.IssuerRecord, error) {
	name := httpkit.Param(r, "name")
	if r.URL.Path == oid4vci.WellKnown {
		return s.offers.onlyBody(r.Context())
	}
	if strings.HasPrefix(r.URL.Path, "/claim/") {
		return issuer.IssuerRecord{}, nil // the offer names its body
	}
	if !nameForm.MatchString(name) {
		return issuer.IssuerRecord{}, errNotHere
	}
	return s.offers.body(r.Context(), name)
}

func (o *Offers) onlyBody(ctx context.Context) (issuer.IssuerRecord, error) {
	all, err := o.issuer.Bodies(ctx)
	switch {
	case err != nil:
		return issuer.IssuerRecord{}, err
	case len(all) != 1:
		return issuer.IssuerRecord{}, errNotHere
	}
	return all[0], nil
}

func (o *Offers) body(ctx context.Context, name string) (issuer.IssuerRecord, error) {
	body, err := o.issuer.Body(ctx, name)
	if errors.Is(err, issuer.ErrNotFound) {
		return body, errNotHere
	}
	return body, err
}

// metadata is the issuer's own account of itself (section 12.2). It says the
// same to everybody and may be kept for a minute.
func (s *Service) metadata(w http.ResponseWriter, r *http.Request, body issuer.IssuerRecord) error {
	m, err := s.offers.Metadata(r.Context(), body)
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "public, max-age=60")
	httpkit.WriteJSON(w, http.StatusOK, m)
	return nil
}

// server is the metadata of the authorization server, which is the issuer itself
// (section 12.3, RFC 8414).
func (s *Service) server(w http.ResponseWriter, _ *http.Request, body issuer.IssuerRecord) error {
	w.Header().Set("Cache-Control", "public, max-age=60")
	httpkit.WriteJSON(w, http.StatusOK, s.offers.ServerMetadata(body.Name))
	return nil
}

// offer gives the offer of a link that only names its place (section 4.1.3). It
// is gone once it has been redeemed.
func (s *Service) offer(w http.ResponseWriter, r *http.Request, body issuer.IssuerRecord) error {
	o, err := s.offers.at(r.Context(), body.Name, httpkit.Param(r, "secret"))
	if err != nil {
		return err
	}
	httpkit.WriteJSON(w, http.StatusOK, o)
	return nil
}

// claimed is the offer behind its page: a wallet that was handed the page's address
// finds it one step below.
func (s *Service) claimed(w http.ResponseWriter, r *http.Request, _ issuer.IssuerRecord) error {
	secret := httpkit.Param(r, "secret")
	found, err := s.offers.redeemable(r.Context(), secret)
	if err != nil {
		return err
	}
	httpkit.WriteJSON(w, http.StatusOK, s.offers.offer(found, secret))
	return nil
}

// nonce hands out a nonce to whoever asks (section 7).
func (s *Service) nonce(w http.ResponseWriter, _ *http.Request, _ issuer.IssuerRecord) error {
	w.Header().Set("Cache-Control", "no-store")
	httpkit.WriteJSON(w, http.StatusOK, oid4vci.NonceResponse{Nonce: s.nonces.New()})
	return nil
}

// Metadata is what a body's metadata say now: every template that it may issue
// from is a credential configuration.
func (o *Offers) Metadata(ctx context.Context, body issuer.IssuerRecord) (*oid4vci.IssuerMetadata, error) {
	templates, err := o.issuer.Templates(ctx)
	if err != nil {
		return nil, err
	}
	m := &oid4vci.IssuerMetadata{
		Issuer: o.Identifier(body.Name), Credential: o.endpoint(body.Name, "credential"), Nonce: o.endpoint(body.Name, "nonce"),
		Deferred: o.endpoint(body.Name, "deferred"), Notification: o.endpoint(body.Name, "notification"),
		Batch: &oid4vci.Batch{Size: batchSize}, Display: []oid4vci.Display{{Name: body.Title}},
		Configurations: map[string]oid4vci.Configuration{},
	}
	for _, t := range templates {
		if offers(body.Name, t) {
			m.Configurations[t.Name] = vc.configuration(t)
		}
	}
	return m, nil
}

// ServerMetadata is what a body's authorization server says of itself.
func (o *Offers) ServerMetadata(name string) *oid4vci.ServerMetadata {
	return &oid4vci.ServerMetadata{
		Issuer: o.Identifier(name), Token: o.endpoint(name, "token"), GrantTypes: slices.Clone(grants),
		AuthMethods: []string{"none"}, AnonymousAccess: true,
	}
}

var grants = []string{oid4vci.GrantType}
