package issuersheets

import (
	_ "embed"
	"net/http"
	"net/url"
	"regexp"
	"slices"

	"github.com/employment-passport/passport/internal/httpkit"
	"github.com/employment-passport/passport/issuer/access"
	"github.com/employment-passport/passport/issuer/issuerhttp"
	"github.com/go-chi/chi/v5"
)

const path = "/api/v1/sheets"

//go:embed openapi.json
var openAPI []byte

// OpenAPI is this package's part of the API's description.
func OpenAPI() []byte { return openAPI }

// Routes registers every route by its absolute path. The caller authenticates.
func (s *Service) Routes(r chi.Router) {
	r.Method(http.MethodPost, path, handler(s.post))
	r.Method(http.MethodGet, path, handler(s.list))
	r.Method(http.MethodGet, path+"/{id}", handler(s.show))
	r.Method(http.MethodDelete, path+"/{id}", handler(s.delete))
	r.Method(http.MethodGet, path+"/{id}/events", handler(s.events))
	r.Method(http.MethodGet, path+"/{id}/report.csv", handler(s.report))
	r.Method(http.MethodGet, path+"/{id}/print.pdf", handler(s.print))
	r.Method(http.MethodGet, path+"/{id}/slips.pdf", handler(s.slips))
	r.Method(http.MethodGet, path+"/{id}/links.csv", handler(s.links))
}

// handler is a handler whose refusals have one way out.
type handler func(w http.ResponseWriter, r *http.Request) error

func (h handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := h(w, r); err != nil {
		issuerhttp.WriteError(w, r, err)
	}
}

var idForm = regexp.MustCompile(`^[kt][0-9a-f]{30}$`)

// find is the job of a path, for a principal who may do act to its issuer's
// things. Whoever has no business with the issuer finds none.
func (s *Service) find(r *http.Request, act access.Act) (Job, access.Principal, error) {
	p, ok := access.From(r.Context())
	if !ok {
		return Job{}, p, access.ErrUnauthenticated
	}
	id := httpkit.Param(r, "id")
	if !idForm.MatchString(id) {
		return Job{}, p, access.ErrNotHere
	}
	j, err := s.Job(r.Context(), id)
	if err != nil {
		return Job{}, p, err
	}
	return j, p, p.May(act, j.Issuer)
}

// known refuses a parameter that is misspelt or given twice.
func known(q url.Values, names ...string) error {
	for name, values := range q {
		if name != "lang" && !slices.Contains(names, name) || len(values) > 1 {
			return refuse("query", "name", name)
		}
	}
	return nil
}

func (s *Service) show(w http.ResponseWriter, r *http.Request) error {
	if err := known(r.URL.Query()); err != nil {
		return err
	}
	j, _, err := s.find(r, access.ActRead)
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	httpkit.WriteJSON(w, http.StatusOK, s.newest(j).View(httpkit.Language(r)))
	return nil
}

// newest is a job with the steps that are not on record yet.
func (s *Service) newest(j Job) Job {
	if live, ok := s.watch.of(j.ID); ok && !j.State.Final() {
		live.Cancelling = live.Cancelling || j.Cancelling
		return live
	}
	return j
}

// delete cancels a job between two batches; of one that has ended it removes
// what was handed over.
func (s *Service) delete(w http.ResponseWriter, r *http.Request) error {
	if err := known(r.URL.Query()); err != nil {
		return err
	}
	j, p, err := s.find(r, access.ActSheets)
	if err != nil {
		return err
	}
	if j.State.Final() {
		if err := s.forget(r.Context(), j.ID); err != nil {
			return err
		}
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	j, err = s.Cancel(r.Context(), p.Actor, j.ID)
	if err != nil {
		return err
	}
	httpkit.WriteJSON(w, http.StatusAccepted, j.View(httpkit.Language(r)))
	return nil
}
