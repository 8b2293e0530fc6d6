package walletweb_test

import (
	"encoding/json"
	"errors"
	"image/png"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/internal/pagekit"
	"github.com/employment-passport/passport/wallet/walletweb"
	"github.com/go-chi/chi/v5"
)

// served is the wallet of a service at base, and what gets a file of it.
func served(t *testing.T, base string) (*walletweb.Web, func(path, lang string) *http.Response) {
	t.Helper()
	at, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	web, err := walletweb.New(walletweb.Config{Base: at, Trust: &pagekit.Trust{
		Anchor: "NUPI39_V3gHrJAvdwNJwlpe-_SSBDBXZi7lbGiRWdF8", Bundle: func() ([]byte, error) { return []byte("bundle of today"), nil },
	}})
	if err != nil {
		t.Fatal(err)
	}
	r := chi.NewRouter()
	web.Routes(r)
	return web, func(path, lang string) *http.Response {
		w, req := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, path, nil)
		req.Header.Set("Accept-Language", lang)
		r.ServeHTTP(w, req)
		return w.Result()
	}
}

const home = "https://passport.example"

func body(t *testing.T, r *http.Response) string {
	t.Helper()
	data, err := io.ReadAll(r.Body)
	if err != nil || r.StatusCode != http.StatusOK {
		t.Fatalf("%d, %v", r.StatusCode, err)
	}
	return string(data)
}

func TestNoBase(t *testing.T) {
	if _, err := walletweb.New(walletweb.Config{}); !errors.Is(err, walletweb.ErrNoBase) {
		t.Errorf("%v", err)
	}
}

// TestHeaders: the page runs nothing but its own files, is framed by nobody, and
// tells nobody where it has been.
func TestHeaders(t *testing.T) {
	_, get := served(t, home)
	for _, path := range []string{"/wallet", "/wallet/wallet.mjs", "/wallet/keys.mjs", "/wallet/words.uk.json", "/wallet/sw.js", "/wallet/trust.bundle"} {
		r := get(path, "it")
		body(t, r)
		policy := r.Header.Get("Content-Security-Policy")
		for _, want := range []string{
			"default-src 'none'", "script-src 'self' 'wasm-unsafe-eval'", "worker-src 'self'", "style-src 'self'",
			"connect-src 'self' https:", "manifest-src 'self'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
		} {
			if !strings.Contains(policy+";", want+";") {
				t.Errorf("%s: the policy lacks %q: %s", path, want, policy)
			}
		}
		for name, want := range map[string]string{
			"Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff", "Permissions-Policy": "camera=(self), geolocation=(), microphone=()",
		} {
			if got := r.Header.Get(name); got != want {
				t.Errorf("%s: %s is %q", path, name, got)
			}
		}
	}
	if got := get("/wallet/sw.js", "it").Header.Get("Service-Worker-Allowed"); got != walletweb.Path {
		t.Errorf("Service-Worker-Allowed: %q", got)
	}
	for _, path := range []string{"/wallet/", "/wallet/pages/shell.html", "/wallet/assets/wallet.mjs", "/wallet/../wallet.go"} {
		if r := get(path, "it"); r.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", path, r.StatusCode)
		}
	}
}

// TestPlainHTTPOnThisMachineOnly: a wallet that is served on this machine may ask
// issuers there without TLS; any other asks by https alone.
func TestPlainHTTPOnThisMachineOnly(t *testing.T) {
	for base, plain := range map[string]bool{
		home: false, "https://localhost": false, "http://wallet.example": false,
		"http://127.0.0.1:8080": true, "http://localhost:8080": true, "http://[::1]:8080": true,
	} {
		_, get := served(t, base)
		policy := get("/wallet", "en").Header.Get("Content-Security-Policy")
		if got := strings.Contains(policy, "http:"); got != plain {
			t.Errorf("%s: %s", base, policy)
		}
		if plain && !strings.Contains(policy, "connect-src 'self' https: http://localhost:* http://127.0.0.1:*;") {
			t.Errorf("%s reaches more than this machine: %s", base, policy)
		}
	}
}

// TestShell: in each language with its direction, every word in its place, and no
// code or style within the page.
func TestShell(t *testing.T) {
	_, get := served(t, home)
	inline := regexp.MustCompile(`(?i)<style|\sstyle=|\son[a-z]+=|javascript:|<script>|<script [^>]*>[^<]`)
	for _, tongue := range i18n.BrowserTongues {
		r := get("/wallet", tongue.Code+",en;q=0.1")
		page := body(t, r)
		if want := `<html lang="` + tongue.Code + `" dir="` + i18n.Dir(tongue.Code) + `"`; !strings.Contains(page, want) {
			t.Errorf("%s: no %s", tongue.Code, want)
		}
		if !strings.Contains(page, `data-verify="`+home+`/verify"`) {
			t.Errorf("%s: the page does not know who checks", tongue.Code)
		}
		if found := inline.FindString(page); found != "" {
			t.Errorf("%s: code or style within the page: %q", tongue.Code, found)
		}
		if !strings.Contains(page, ">"+i18n.T(tongue.Code, "wp.menu", nil)+"<") {
			t.Errorf("%s: the menu has no word", tongue.Code)
		}
		for _, other := range i18n.BrowserTongues {
			if n := strings.Count(page, `lang="`+other.Code+`" dir="`+i18n.Dir(other.Code)+`"`); n < 2 {
				t.Errorf("%s: %s can be chosen %d times", tongue.Code, other.Code, n)
			}
		}
	}
}

// TestEveryKeyHasWords: what a template or a script names can be said in all
// eleven languages, and goes to the page with its words.
func TestEveryKeyHasWords(t *testing.T) {
	web, get := served(t, home)
	text := body(t, get("/wallet", "en"))
	for _, f := range web.Files() {
		if f.IsScript() && !f.Built {
			text += string(f.Body)
		}
	}
	key := regexp.MustCompile(`["` + "`" + `](wp\.[a-zA-Z0-9.]*[a-z0-9])["` + "`" + `]`)
	named := map[string]bool{}
	for _, m := range key.FindAllStringSubmatch(text, -1) {
		named[m[1]] = true
	}
	if len(named) < 180 {
		t.Fatalf("%d keys found; does the pattern still fit?", len(named))
	}
	for _, tongue := range i18n.BrowserTongues {
		var words map[string]string
		if err := json.Unmarshal([]byte(body(t, get("/wallet/words."+tongue.Code+".json", "en"))), &words); err != nil {
			t.Fatal(err)
		}
		for k := range named {
			if words[k] == "" {
				t.Errorf("%s: nothing to say for %s", tongue.Code, k)
			}
		}
	}
}

// TestStartingAgainIsNamed: a PIN that is forgotten, or a key that is gone, without words:
// the one way on, to delete everything, was in the settings alone.
func TestStartingAgainIsNamed(t *testing.T) {
	_, get := served(t, home)
	text := body(t, get("/wallet", "en"))
	for _, screen := range []string{"unlock", "home"} {
		_, rest, _ := strings.Cut(text, `<template id="s-`+screen+`"`)
		if part, _, _ := strings.Cut(rest, "</template>"); !strings.Contains(part, `data-do="go:wipe"`) {
			t.Errorf("%s leads to no new beginning", screen)
		}
	}
}

// TestManifests: each is valid, speaks its language, and names pictures that are
// there in the size it says.
func TestManifests(t *testing.T) {
	_, get := served(t, home)
	for _, tongue := range i18n.BrowserTongues {
		path := "/wallet/manifest." + tongue.Code + ".webmanifest"
		if !strings.Contains(body(t, get("/wallet", tongue.Code)), `href="`+path[1:]+`"`) {
			t.Errorf("%s: the page does not name its manifest", tongue.Code)
		}
		r := get(path, "en")
		if kind := r.Header.Get("Content-Type"); !strings.HasPrefix(kind, "application/manifest+json") {
			t.Errorf("%s: %s", path, kind)
		}
		var m struct {
			ID, Name, Lang, Dir, Display string
			ShortName                    string `json:"short_name"`
			Start                        string `json:"start_url"`
			Scope                        string
			Icons                        []struct{ Src, Sizes, Type, Purpose string }
		}
		if err := json.Unmarshal([]byte(body(t, r)), &m); err != nil {
			t.Fatal(err)
		}
		if m.ID != "/wallet" || m.Name != i18n.T(tongue.Code, "wp.title", nil) || m.ShortName == "" || m.Lang != tongue.Code || m.Dir != i18n.Dir(tongue.Code) || m.Display != "standalone" {
			t.Errorf("%s: %+v", path, m)
		}
		at, _ := url.Parse(home + path)
		if start, err := at.Parse(m.Start); err != nil || start.Path != "/wallet" || m.Scope != m.Start {
			t.Errorf("%s: starts at %s within %s", path, m.Start, m.Scope)
		}
		if len(m.Icons) < 3 {
			t.Errorf("%s: %d icons", path, len(m.Icons))
		}
		for _, icon := range m.Icons {
			checkIcon(t, get("/wallet/"+icon.Src, "en"), icon.Sizes, icon.Type)
		}
	}
}

func checkIcon(t *testing.T, r *http.Response, sizes, kind string) {
	t.Helper()
	if got := r.Header.Get("Content-Type"); !strings.HasPrefix(got, kind) {
		t.Errorf("an icon of type %s came as %s", kind, got)
	}
	if kind != "image/png" {
		return
	}
	picture, err := png.DecodeConfig(r.Body)
	if side := map[string]int{"192x192": 192, "512x512": 512}[sizes]; err != nil || side == 0 || picture.Width != side || picture.Height != side {
		t.Errorf("an icon of %s is %d × %d, %v", sizes, picture.Width, picture.Height, err)
	}
}

// TestOwnScript: at most 40 KB of our own before compression, so that the first
// screen of a slow phone does not wait for them.
func TestOwnScript(t *testing.T) {
	web, _ := served(t, home)
	const most = 40 << 10
	n := web.ScriptSize()
	t.Logf("%d bytes of %d", n, most)
	if n <= most {
		return
	}
	t.Errorf("%d bytes of our own JavaScript, at most %d", n, most)
	for _, f := range web.Files() {
		if f.IsScript() && !f.Built {
			t.Logf("%6d %s", len(f.Body), f.Name)
		}
	}
}

// TestVersion changes with whom the page believes, and with nothing else.
func TestVersion(t *testing.T) {
	one, _ := served(t, home)
	same, _ := served(t, home)
	at, _ := url.Parse(home)
	other, err := walletweb.New(walletweb.Config{Base: at})
	if err != nil {
		t.Fatal(err)
	}
	if one.Version() != same.Version() || one.Version() == other.Version() {
		t.Errorf("%s, %s, %s", one.Version(), same.Version(), other.Version())
	}
}

// TestTheListsOfWordsBearTheirLicence: they came under the MIT licence, which wants
// its text in every copy, and the page has them inside its engine.
func TestTheListsOfWordsBearTheirLicence(t *testing.T) {
	web, err := walletweb.New(walletweb.Config{Base: &url.URL{Scheme: "https", Host: "ente.example"}})
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(web.Files(), func(f pagekit.File) bool { return f.Name == "words-licence.txt" })
	if i < 0 || !strings.Contains(string(web.Files()[i].Body), "Copyright (c) 2013 Pavol Rusnak") {
		t.Error("the licence of the words is not with the page")
	}
}
