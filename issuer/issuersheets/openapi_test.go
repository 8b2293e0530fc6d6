package issuersheets_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/employment-passport/passport/issuer/issuerhttp"
	"github.com/employment-passport/passport/issuer/issuersheets"
	"github.com/go-chi/chi/v5"
)

// TestEveryRouteIsDescribed: the description has the routes and no others, and
// merges into the whole.
func TestEveryRouteIsDescribed(t *testing.T) {
	var d struct {
		Paths map[string]map[string]json.RawMessage `json:"paths"`
	}
	must(t, json.Unmarshal(issuersheets.OpenAPI(), &d))
	described := map[string]bool{}
	for path, methods := range d.Paths {
		for method := range methods {
			described[strings.ToUpper(method)+" "+path] = true
		}
	}
	w := newWorld(t)
	r := chi.NewRouter()
	w.Routes(r)
	must(t, chi.Walk(r, func(method, route string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		if !described[method+" "+route] {
			t.Errorf("%s %s is not described", method, route)
		}
		delete(described, method+" "+route)
		return nil
	}))
	if len(described) != 0 {
		t.Errorf("described and not there: %v", described)
	}
	if _, err := issuerhttp.Document("https://ente.example", issuersheets.OpenAPI()); err != nil {
		t.Error(err)
	}
}
