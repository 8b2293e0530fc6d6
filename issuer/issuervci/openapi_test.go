package issuervci

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"

	"github.com/employment-passport/passport/issuer/issuerhttp"
)

// TestEveryRouteIsDescribed: the description and the routes are the same.
func TestEveryRouteIsDescribed(t *testing.T) {
	var described struct {
		Paths map[string]map[string]json.RawMessage `json:"paths"`
	}
	must(t, json.Unmarshal(OpenAPI(), &described))
	w := newWorld(t)
	s, err := New(ServiceConfig{Offers: w.offers, Access: w.access, Authenticate: func(next http.Handler) http.Handler { return next }})
	must(t, err)
	r := chi.NewRouter()
	s.Routes(r)
	must(t, chi.Walk(r, func(method, route string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		if _, ok := described.Paths[route][strings.ToLower(method)]; !ok && method != http.MethodOptions {
			t.Errorf("%s %s is not described", method, route)
		}
		delete(described.Paths[route], strings.ToLower(method))
		return nil
	}))
	for path, left := range described.Paths {
		for method := range left {
			t.Errorf("%s %s is described and not there", method, path)
		}
	}
	if _, err := issuerhttp.Document(w.server.URL, issuerhttp.OpenAPI(), OpenAPI()); err != nil {
		t.Error(err)
	}
}
