package issuervci

import (
	_ "embed"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/employment-passport/passport/internal/httpkit"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/access"
	"github.com/employment-passport/passport/issuer/issuerhttp"
	"github.com/employment-passport/passport/schema"
)

//go:embed openapi.json
var openAPI []byte

// OpenAPI is the fragment of an OpenAPI 3.1 document that describes the routes
// of this package.
func OpenAPI() []byte { return openAPI }

const (
	maxOffer = 1 << 20
	pageSize = 50
	maxPage  = 200
)

// programs are the routes by which offers are made, seen and ended.
func (s *Service) programs(r chi.Router) {
	r.Use(s.authenticate)
	r.Post("/api/v1/offers", s.make)
	r.Get("/api/v1/offers", s.list)
	r.Get("/api/v1/offers/{id}", s.show)
	r.Delete("/api/v1/offers/{id}", s.revoke)
	r.Post("/api/v1/offers/{id}/approve", s.approve)
	r.Post("/api/v1/lost", s.lost)
}

// newOffer is the body of a request for an offer.
type newOffer struct {
	Issuer string    `json:"issuer"`
	Items  []newItem `json:"items"`
	TxCode bool      `json:"txCode"`
	Hold   bool      `json:"hold"`
	Life   string    `json:"life"` // as "10m" or "14d"
}

type newItem struct {
	Template string         `json:"template"`
	Learner  schema.Learner `json:"learner"`
}

// parseLife reads "10m", "72h" and "14d".
func parseLife(text string) (time.Duration, error) {
	days := time.Duration(1)
	if number, ok := strings.CutSuffix(text, "d"); ok {
		text, days = number+"h", 24
	}
	life, err := time.ParseDuration(text)
	if err != nil || life <= 0 || life > MaxTxLife {
		return 0, &issuer.Error{Code: "offer_life", Args: map[string]string{"longest": "14d"}}
	}
	return days * life, nil
}

func (s *Service) make(w http.ResponseWriter, r *http.Request) {
	var q newOffer
	if err := httpkit.ReadJSON(w, r, maxOffer, &q); err != nil {
		issuerhttp.WriteError(w, r, err)
		return
	}
	p, ok := issuerhttp.Require(w, r, access.ActOffers, q.Issuer)
	if !ok {
		return
	}
	n := NewOffer{Issuer: q.Issuer, TxCode: q.TxCode, Hold: q.Hold}
	var err error
	if q.Life != "" {
		if n.Life, err = parseLife(q.Life); err != nil {
			issuerhttp.WriteError(w, r, err)
			return
		}
	}
	for _, i := range q.Items {
		n.Items = append(n.Items, Item{Template: i.Template, Learner: i.Learner})
	}
	made, err := s.offers.Make(r.Context(), p.Actor, n)
	if err != nil {
		issuerhttp.WriteError(w, r, err)
		return
	}
	w.Header().Set("Location", s.offers.base+"/api/v1/offers/"+made.ID)
	write(w, http.StatusCreated, made)
}

// list is a page of the offers of one body, or of all that the principal has
// business with.
func (s *Service) list(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	name, after, limit := q.Get("issuer"), q.Get("cursor"), pageSize
	var p access.Principal
	var ok bool
	if name != "" {
		p, ok = issuerhttp.Require(w, r, access.ActRead, name)
	} else if p, ok = access.From(r.Context()); !ok {
		issuerhttp.WriteError(w, r, access.ErrUnauthenticated)
	}
	if !ok {
		return
	}
	if text := q.Get("limit"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > maxPage {
			issuerhttp.WriteError(w, r, &issuer.Error{Code: "query", Args: map[string]string{"name": "limit"}})
			return
		}
		limit = n
	}
	page := struct {
		Offers []View `json:"offers"`
		Next   string `json:"next,omitempty"`
	}{Offers: []View{}}
	err := s.offers.List(r.Context(), name, after, func(v View) bool {
		if p.May(access.ActRead, v.Issuer) != nil {
			return true
		}
		if len(page.Offers) == limit {
			page.Next = page.Offers[limit-1].ID
			return false
		}
		page.Offers = append(page.Offers, v)
		return true
	})
	if err != nil {
		issuerhttp.WriteError(w, r, err)
		return
	}
	write(w, http.StatusOK, page)
}

func (s *Service) show(w http.ResponseWriter, r *http.Request) {
	if v, _, ok := s.one(w, r, access.ActRead); ok {
		write(w, http.StatusOK, v)
	}
}

func (s *Service) revoke(w http.ResponseWriter, r *http.Request) {
	v, p, ok := s.one(w, r, access.ActOffers)
	if !ok {
		return
	}
	if err := s.offers.Revoke(r.Context(), p.Actor, v.ID); err != nil {
		issuerhttp.WriteError(w, r, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func (s *Service) approve(w http.ResponseWriter, r *http.Request) {
	v, p, ok := s.one(w, r, access.ActApprove)
	if !ok {
		return
	}
	if err := s.offers.Approve(r.Context(), p.Actor, v.ID); err != nil {
		issuerhttp.WriteError(w, r, err)
		return
	}
	if v, err := s.offers.Show(r.Context(), v.ID); err != nil {
		issuerhttp.WriteError(w, r, err)
	} else {
		write(w, http.StatusOK, v)
	}
}

// one finds the offer of a path for a principal who may do act to it. Another
// body's is answered as one that does not exist (J08).
func (s *Service) one(w http.ResponseWriter, r *http.Request, act access.Act) (v View, p access.Principal, ok bool) {
	v, err := s.offers.Show(r.Context(), httpkit.Param(r, "id"))
	if code(err) == "offer_unknown" {
		err = access.ErrNotHere
	}
	if err != nil {
		issuerhttp.WriteError(w, r, err)
		return v, p, false
	}
	p, ok = issuerhttp.Require(w, r, act, v.Issuer)
	return v, p, ok
}
