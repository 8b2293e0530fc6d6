package issuerpublic

import (
	"net/http"
	"strings"

	"github.com/employment-passport/passport/internal/httpkit"
	"github.com/employment-passport/passport/internal/i18n"
)

// front is what somebody reads who comes with a browser and a bare address, or
// with one of a course that is not there.
type front struct {
	Lead               string
	Catalogue, Console string // words of the links
}

// nothing answers where there is no file: a page for browsers, at "/" one that
// says what this is, and the usual problem for programs.
func (p *Public) nothing(w http.ResponseWriter, r *http.Request) {
	w.Header().Add("Vary", "Accept")
	if !strings.Contains(r.Header.Get("Accept"), "text/html") {
		httpkit.NotFound(w, r)
		return
	}
	f := newFrame(r)
	word := func(key string) string { return i18n.T(f.Lang, key, nil) }
	f.Title, f.Front = word("front.title"), &front{Lead: word("front.lead"), Catalogue: word("catalogue.title"), Console: word("front.console")}
	if r.URL.Path != "/" {
		f.Title, f.Status = word("front.nothing"), http.StatusNotFound
	}
	f.write(w, r)
}
