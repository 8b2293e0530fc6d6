package pagekit

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/employment-passport/passport/internal/httpkit"
	"github.com/go-chi/chi/v5"
)

// Routes registers the page at its paths and its files below the longer one.
func (s *Site) Routes(r chi.Router) {
	r.Get(s.page.Path, s.servePage)
	if s.page.Short != "" {
		r.Get(s.page.Short, s.servePage)
	}
	r.Get(s.page.Path+"/*", s.serveFile)
}

// headers are those of every answer: what the page may load, that it may use the
// camera, and that it tells nobody where its reader has been.
func (s *Site) headers(h http.Header) {
	h.Set("Content-Security-Policy", Policy(s.page.Reach...)+framed)
	h.Set("Permissions-Policy", "camera=(self), geolocation=(), microphone=()")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-cache") // ask again; the service worker keeps what works with no network
}

func (s *Site) servePage(w http.ResponseWriter, r *http.Request) {
	lang := Language(r)
	body, err := s.shell(lang, lastOf(s.page.Path)+"/", "")
	if err != nil {
		httpkit.Logger(r.Context()).Error("write page", "page", s.page.Name, "error", err.Error())
		httpkit.WriteProblem(w, r, httpkit.Problem{Status: http.StatusInternalServerError, Code: "internal"})
		return
	}
	h := w.Header()
	s.headers(h)
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", lang.Code)
	h.Set("Vary", "Accept-Language")
	_, _ = w.Write(body) //nolint:gosec // made by html/template; the reader may have gone
}

func (s *Site) serveFile(w http.ResponseWriter, r *http.Request) {
	name := httpkit.Param(r, "*")
	f, body, err := s.read(name)
	switch {
	case errors.Is(err, ErrAbsent):
		httpkit.NotFound(w, r)
		return
	case err != nil:
		httpkit.Logger(r.Context()).Error("read file of a page", "page", s.page.Name, "error", err.Error())
		httpkit.WriteProblem(w, r, httpkit.Problem{Status: http.StatusInternalServerError, Code: "internal"})
		return
	}
	h := w.Header()
	s.headers(h)
	if name == workerBody {
		h.Set("Service-Worker-Allowed", s.scope())
	}
	sum := sha256.Sum256(body)
	h.Set("Content-Type", f.Type)
	h.Set("ETag", `"`+base64.RawURLEncoding.EncodeToString(sum[:12])+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
}

// read gives a file and its bytes, ErrAbsent for one that is not there.
func (s *Site) read(name string) (File, []byte, error) {
	f, ok := s.files[name]
	if !ok {
		if rest, in := strings.CutPrefix(name, listFolder); in && rest != "" {
			f, ok = s.files[listFolder]
			name = rest
		}
	}
	if !ok || strings.HasSuffix(name, "/") {
		return f, nil, ErrAbsent
	}
	if f.Fresh == nil {
		return f, f.Body, nil
	}
	body, err := f.Fresh(name)
	return f, body, err
}
