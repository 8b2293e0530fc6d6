package pagekit_test

import (
	"errors"
	"html/template"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/employment-passport/passport/internal/pagekit"
	"github.com/go-chi/chi/v5"
)

func TestLanguage(t *testing.T) {
	for header, want := range map[string]string{
		"": "en", "fr-CH, fr;q=0.9, en;q=0.8": "fr", "de, uk;q=0.2": "uk", "ar-EG": "ar", "xx": "en", "it;q=0, el;q=0.1": "el", "sq;q=nonsense, ro;q=0.3": "ro",
		strings.Repeat("x,", 2000) + "it": "en",
	} {
		r := httptest.NewRequest(http.MethodGet, "/verify", nil)
		r.Header.Set("Accept-Language", header)
		if got := pagekit.Language(r); got.Code != want {
			t.Errorf("%.40q: %s, want %s", header, got.Code, want)
		}
	}
	if got := pagekit.Language(httptest.NewRequest(http.MethodGet, "/verify?lang=ar", nil)); got.Code != "ar" || got.Dir != "rtl" {
		t.Errorf("asked for Arabic: %+v", got)
	}
}

// TestFaults: a page that lacks its parts is refused when it is made; a bundle
// that is away for now, or cannot be read, is no page that ends.
func TestFaults(t *testing.T) {
	shell := template.Must(template.New("").Funcs(pagekit.Funcs()).Parse(`<h1 data-t="kit.machine"></h1>`))
	whole := pagekit.Page{Name: "try", Path: "/try", Shell: shell}
	for name, spoil := range map[string]func(*pagekit.Page){
		"no name":   func(p *pagekit.Page) { p.Name = "" },
		"no shell":  func(p *pagekit.Page) { p.Shell = nil },
		"two files": func(p *pagekit.Page) { p.Files = []pagekit.File{{Name: "page.mjs"}} },
	} {
		p := whole
		spoil(&p)
		if _, err := pagekit.New(p); err == nil {
			t.Errorf("%s: a page all the same", name)
		}
	}
	for want, failure := range map[int]error{http.StatusNotFound: pagekit.ErrAbsent, http.StatusInternalServerError: errors.New("disk")} {
		p := whole
		p.Trust = &pagekit.Trust{Anchor: "root", Bundle: func() ([]byte, error) { return nil, failure }}
		site, err := pagekit.New(p)
		if err != nil {
			t.Fatal(err)
		}
		r, w := chi.NewRouter(), httptest.NewRecorder()
		site.Routes(r)
		r.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/try/trust.bundle", nil))
		if w.Code != want || strings.Contains(w.Body.String(), "disk") {
			t.Errorf("%v: %d %s", failure, w.Code, w.Body)
		}
		if err := site.Write(t.TempDir(), "it"); (err == nil) != (want == http.StatusNotFound) {
			t.Errorf("a folder without its bundle, %v: %v", failure, err)
		}
	}
}

// TestUnchangedFileIsNotSentAgain: the tag is the content's.
func TestUnchangedFileIsNotSentAgain(t *testing.T) {
	shell := template.Must(template.New("").Funcs(pagekit.Funcs()).Parse(`<p>`))
	site, err := pagekit.New(pagekit.Page{Name: "try", Path: "/try", Shell: shell})
	if err != nil {
		t.Fatal(err)
	}
	r := chi.NewRouter()
	site.Routes(r)
	ask := func(tag string) *httptest.ResponseRecorder {
		w, req := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/try/base.css", nil)
		req.Header.Set("If-None-Match", tag)
		r.ServeHTTP(w, req)
		return w
	}
	first := ask("")
	if first.Code != http.StatusOK || first.Header().Get("ETag") == "" {
		t.Fatalf("%d, %v", first.Code, first.Header())
	}
	if again := ask(first.Header().Get("ETag")); again.Code != http.StatusNotModified {
		t.Errorf("asked again with its tag: %d", again.Code)
	}
}
