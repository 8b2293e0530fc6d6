package issuerpublic

import (
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/employment-passport/passport/internal/httpkit"
	"github.com/employment-passport/passport/schema"
	"github.com/go-chi/chi/v5"
)

// Routes registers what is served. The files of a home have the paths of their
// URLs, which are its bodies' to choose: whatever no other route takes is looked
// for among them. HEAD is the business of whoever puts the router together: a
// route of our own for every path would take that of all the others.
func (p *Public) Routes(r chi.Router) {
	r.Get("/catalogue", p.catalogue)
	r.Get("/catalogue/{template}", p.template)
	r.Get("/*", p.file)
}

// Takes tells whether a request asks for a public file of its own host: such
// hosts are served beside the service's own.
func (p *Public) Takes(r *http.Request) bool { return p.shown.Load().ours(r) }

// file serves a public file, or a status assertion below a list.
func (p *Public) file(w http.ResponseWriter, r *http.Request) {
	shown := p.shown.Load()
	if f := shown.at(r.Host, r.URL.Path); f != nil {
		httpkit.ServeBytes(w, r, *f)
		return
	}
	if place, hash, ok := splitAssertion(r.URL.Path); ok {
		if f := shown.files[lower(r.Host)+place]; f != nil && f.Type == typeList {
			p.assertion(w, r, shown, f, hash)
			return
		}
	}
	if r.URL.Path == "/" {
		p.nothing(w, r)
		return
	}
	httpkit.NotFound(w, r)
}

// assertionPath is {list}/assertions/{credential_hash}: base64url of 32 bytes,
// whose last character has two bits to spare.
var assertionPath = regexp.MustCompile(`^(/.+)/assertions/([A-Za-z0-9_-]{42}[AEIMQUYcgkosw048])$`)

func splitAssertion(path string) (place, hash string, ok bool) {
	m := assertionPath.FindStringSubmatch(path)
	if m == nil {
		return "", "", false
	}
	return m[1], m[2], true
}

// addFixed serves what never changes: schemas and contexts, on every host.
func (s *snapshot) addFixed(at time.Time) {
	for id, data := range schema.Schemas() {
		_, name, _ := strings.Cut(id, "/schema/")
		s.keep("/schemas/"+name, fileOf(data, "application/schema+json", at, fixedAge))
	}
	for id, data := range schema.Contexts() {
		s.keep("/contexts/"+id[strings.LastIndexByte(id, '/')+1:], fileOf(data, "application/ld+json", at, fixedAge))
	}
}

// Published gives the bytes of a file that is the same on every host, as it is
// served now.
func (p *Public) Published(path string) ([]byte, bool) {
	f := p.shown.Load().files[path]
	if f == nil {
		return nil, false
	}
	return f.Body, true
}
