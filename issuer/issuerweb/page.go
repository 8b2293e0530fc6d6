package issuerweb

import (
	"bytes"
	"embed"
	"errors"
	"html/template"
	"net/http"
	"strings"

	"github.com/employment-passport/passport/internal/httpkit"
	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/access"
	"github.com/employment-passport/passport/schema"
)

//go:embed assets/console.css assets/console.js
var assets embed.FS

//go:embed pages/*.html
var pageFiles embed.FS

// policy lets a page have the console's own script and style, and nothing else:
// no text that comes from somewhere can become a script.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// pageHeaders are those of everything below /console.
func pageHeaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		// Not no-referrer: with it a browser sends our own forms with "Origin: null"
		// (Fetch, 3.1 "append a request Origin header"), which nobody may believe. An
		// invitation's code, which stands in an address, still goes nowhere else.
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

// templates are parsed with a t that knows no language; every page gets its own.
var templates = template.Must(template.New("").Funcs(template.FuncMap{"t": func(string, ...string) string { return "" }}).ParseFS(pageFiles, "pages/*.html"))

// view is what every page shows.
type view struct {
	Lang  string
	Langs []language // to choose from
	Page  any
}

type language struct {
	i18n.Tongue
	This bool
}

// show writes a page in the reader's language.
func (c *Console) show(w http.ResponseWriter, r *http.Request, status int, name string, page any) {
	v := view{Lang: httpkit.Language(r), Page: page}
	for _, l := range i18n.Tongues {
		v.Langs = append(v.Langs, language{l, l.Code == v.Lang})
	}
	var out bytes.Buffer
	t, err := templates.Clone()
	if err == nil {
		err = t.Funcs(template.FuncMap{"t": func(key string, args ...string) string { return words(v.Lang, key, args...) }}).ExecuteTemplate(&out, name, v)
	}
	if err != nil {
		httpkit.Logger(r.Context()).Error("write page", "page", name, "error", err.Error())
		httpkit.WriteProblem(w, r, httpkit.Problem{Status: http.StatusInternalServerError, Code: "internal"})
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Language", v.Lang)
	w.Header().Set("Vary", "Accept-Language")
	w.WriteHeader(status)
	_, _ = w.Write(out.Bytes()) // the reader may have gone
}

// words is a text of the catalogue; args are name, value pairs.
func words(lang, key string, args ...string) string {
	values := map[string]string{}
	for n := 0; n+1 < len(args); n += 2 {
		values[args[n]] = args[n+1]
	}
	return i18n.T(lang, key, values)
}

// asset serves the script and the style.
func (c *Console) asset(w http.ResponseWriter, r *http.Request) {
	kinds := map[string]string{"console.css": "text/css; charset=utf-8", "console.js": "text/javascript; charset=utf-8"}
	name := httpkit.Param(r, "name")
	data, err := assets.ReadFile("assets/" + name)
	if kinds[name] == "" || err != nil {
		httpkit.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", kinds[name])
	w.Header().Set("Cache-Control", "no-cache") // it changes with the program
	_, _ = w.Write(data)
}

// sorry is the page of what did not work.
type sorry struct {
	Words, Hint string
	Back        string
}

// unable is what cannot be done for now, whoever asks: its status, zero for
// everything else, and its code.
func unable(err error) (status int, code string) {
	switch {
	case errors.Is(err, issuer.ErrStoreFull):
		return http.StatusInsufficientStorage, "store_full"
	case errors.Is(err, issuer.ErrStoreStopped):
		return http.StatusServiceUnavailable, "store_stopped"
	case errors.Is(err, issuer.ErrNoKey):
		return http.StatusServiceUnavailable, "keys_away"
	}
	return 0, ""
}

// fail shows what went wrong: a refusal in words, and of everything else only
// that it did, with the request's id; the log has the whole.
func (c *Console) fail(w http.ResponseWriter, r *http.Request, err error) {
	lang, page := httpkit.Language(r), sorry{Back: homePlace}
	status := http.StatusInternalServerError
	var refused *issuer.Error
	var faults schema.Faults
	unable, code := unable(err)
	switch {
	case unable != 0:
		status, page.Words = unable, words(lang, "problem."+code)
	case errors.Is(err, access.ErrNotHere):
		status, page.Words = http.StatusNotFound, words(lang, "console.not_here")
	case errors.Is(err, access.ErrForbidden):
		status, page.Words = http.StatusForbidden, words(lang, "console.forbidden")
	case errors.As(err, &refused) && i18n.Has("error."+refused.Code):
		status, page.Words = http.StatusConflict, i18n.T(lang, "error."+refused.Code, refused.Args)
		page.Hint = hint(lang, refused)
	case errors.As(err, &faults) && len(faults) > 0 && i18n.Has("error."+faults[0].Code):
		status, page.Words = http.StatusConflict, i18n.T(lang, "error."+faults[0].Code, faults[0].Args)
	default:
		httpkit.Logger(r.Context()).Error("console", "error", err.Error())
		page.Words = words(lang, "console.internal", "id", httpkit.RequestID(r.Context()))
	}
	c.show(w, r, status, "sorry", page)
}

// hint is the catalogue's, in words that fit a page: commands are for those who
// have a command line.
func hint(lang string, refused *issuer.Error) string {
	if key := "console_hint." + refused.Code; i18n.Has(key) {
		return i18n.T(lang, key, refused.Args)
	}
	if key := "hint." + refused.Code; i18n.Has(key) && !strings.Contains(i18n.T("en", key, nil), "passport ") {
		return i18n.T(lang, key, refused.Args)
	}
	return ""
}
