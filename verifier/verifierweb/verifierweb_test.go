package verifierweb_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/internal/pagekit"
	"github.com/employment-passport/passport/verifier/verifierweb"
	"github.com/go-chi/chi/v5"
)

// trusted is a page under a root, with a bundle that only its reader judges.
func trusted() verifierweb.Config {
	return verifierweb.Config{Trust: &pagekit.Trust{
		Anchor: "NUPI39_V3gHrJAvdwNJwlpe-_SSBDBXZi7lbGiRWdF8", Name: "Regione Esempio",
		Bundle: func() ([]byte, error) { return []byte("bundle of today"), nil },
		List: func(name string) ([]byte, error) {
			if name != "one.jwt" {
				return nil, pagekit.ErrAbsent
			}
			return []byte("a list"), nil
		},
	}}
}

func served(t *testing.T, c verifierweb.Config) (*verifierweb.Web, func(path, lang string) *http.Response) {
	t.Helper()
	web, err := verifierweb.New(c)
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

func body(t *testing.T, r *http.Response) string {
	t.Helper()
	data, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestPageSpeaksElevenLanguages: each with its direction, no key left bare, and
// nothing in it that the policy would have to forgive.
func TestPageSpeaksElevenLanguages(t *testing.T) {
	_, get := served(t, trusted())
	bare := regexp.MustCompile(`>vp\.|"vp\.[a-z.]+" aria-label="vp|data-t="[^"]*"[^<>]*></`)
	inline := regexp.MustCompile(`(?i)<style|\sstyle=|\son[a-z]+=|javascript:|<script>|<script [^>]*>[^<]`)
	for _, tongue := range i18n.BrowserTongues {
		r := get("/verify", tongue.Code+",en;q=0.1")
		page := body(t, r)
		if want := `<html lang="` + tongue.Code + `" dir="` + i18n.Dir(tongue.Code) + `"`; !strings.Contains(page, want) {
			t.Errorf("%s: no %s", tongue.Code, want)
		}
		if found := bare.FindString(page); found != "" {
			t.Errorf("%s: words are missing at %q", tongue.Code, found)
		}
		if found := inline.FindString(page); found != "" {
			t.Errorf("%s: code or style within the page: %q", tongue.Code, found)
		}
		if got := r.Header.Get("Content-Language"); got != tongue.Code {
			t.Errorf("Content-Language %q of %s", got, tongue.Code)
		}
		if !strings.Contains(page, i18n.T(tongue.Code, "vp.scan", nil)) {
			t.Errorf("%s: the page does not say how to begin", tongue.Code)
		}
	}
}

func TestHeaders(t *testing.T) {
	_, get := served(t, trusted())
	for _, path := range []string{"/verify", "/v", "/verify/verify.mjs", "/verify/words.ar.json", "/verify/sw.js", "/verify/trust.bundle"} {
		h := get(path, "it").Header
		policy := h.Get("Content-Security-Policy")
		for _, want := range []string{
			"default-src 'none'", "script-src 'self' 'wasm-unsafe-eval'", "worker-src 'self'", "style-src 'self'", "img-src 'self' blob: data:",
			"media-src 'self' blob:", "connect-src 'self'", "manifest-src 'self'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
		} {
			if !strings.Contains(policy+";", want+";") {
				t.Errorf("%s: policy lacks %q: %s", path, want, policy)
			}
		}
		if strings.Contains(policy, "unsafe-inline") || strings.Contains(policy, "'unsafe-eval'") {
			t.Errorf("%s: %s", path, policy)
		}
		for name, want := range map[string]string{
			"Referrer-Policy": "no-referrer", "Permissions-Policy": "camera=(self), geolocation=(), microphone=()", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-cache",
		} {
			if got := h.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", path, name, got, want)
			}
		}
	}
	if got := get("/verify/sw.js", "it").Header.Get("Service-Worker-Allowed"); got != verifierweb.Short {
		t.Errorf("Service-Worker-Allowed: %q", got)
	}
	for _, path := range []string{"/verify/", "/verify/nothing.mjs", "/verify/trust.bundle.lists/", "/verify/trust.bundle.lists/two.jwt", "/verify/README.md", "/verify/assets/verify.mjs"} {
		if r := get(path, "it"); r.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", path, r.StatusCode)
		}
	}
	if got := body(t, get("/verify/trust.bundle.lists/one.jwt", "it")); got != "a list" {
		t.Errorf("the list beside the bundle: %q", got)
	}
}

// TestFolderIsWhatIsServed: any web server can have the page, byte for byte, and
// its policy stands in it.
func TestFolderIsWhatIsServed(t *testing.T) {
	web, get := served(t, trusted())
	dir := t.TempDir()
	if err := web.Write(dir, "el", "one.jwt"); err != nil {
		t.Fatal(err)
	}
	for _, f := range append(web.Files(), pagekit.File{Name: "trust.bundle.lists/one.jwt"}) {
		if strings.HasSuffix(f.Name, "/") {
			continue
		}
		got, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(f.Name)))
		if err != nil {
			t.Error(err)
			continue
		}
		if want := body(t, get("/verify/"+f.Name, "it")); string(got) != want {
			t.Errorf("%s: %d bytes in the folder, %d served", f.Name, len(got), len(want))
		}
	}
	index, err := os.ReadFile(filepath.Join(dir, pagekit.Index))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`<html lang="el"`, `http-equiv="Content-Security-Policy"`, `src="verify.mjs"`, `data-at=""`} {
		if !strings.Contains(string(index), want) {
			t.Errorf("the page in the folder lacks %s", want)
		}
	}
	if err := web.Write(t.TempDir(), "tlh"); err == nil {
		t.Error("a page in a language that nobody wrote")
	}
}

// TestThreatK11WorkerOfAnOldRelease: any file that changes makes another worker,
// which is what makes a browser fetch the release anew; the bundle alone does not.
func TestThreatK11WorkerOfAnOldRelease(t *testing.T) {
	web, get := served(t, trusted())
	worker := body(t, get("/verify/sw.js", "it"))
	if !strings.Contains(strings.SplitN(worker, "\n", 2)[0], `"version":"`+web.Version()+`"`) {
		t.Fatalf("the worker does not name its release: %.200s", worker)
	}
	other := trusted()
	other.Trust.Bundle = func() ([]byte, error) { return []byte("bundle of tomorrow"), nil }
	if again, _ := served(t, other); again.Version() != web.Version() {
		t.Error("a newer bundle is no other release")
	}
	other.Trust.Anchor = "another-root"
	if again, _ := served(t, other); again.Version() == web.Version() {
		t.Error("another root is another release")
	}
	for _, f := range web.Files() {
		if f.Name == "sw.js" || f.Name == pagekit.FreshBundle || strings.HasSuffix(f.Name, "/") {
			continue
		}
		if !strings.Contains(worker, `"`+f.Name+`"`) {
			t.Errorf("the worker does not keep %s", f.Name)
		}
	}
}

// TestNobodyToTrust: a page without a root says so by having none.
func TestNobodyToTrust(t *testing.T) {
	_, get := served(t, verifierweb.Config{})
	for _, name := range []string{"trust.json", pagekit.FreshBundle} {
		if r := get("/verify/"+name, "it"); r.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", name, r.StatusCode)
		}
	}
}

// TestOwnScript: at most 40 KB of our own before compression, so that the first
// screen of a slow phone does not wait for them.
func TestOwnScript(t *testing.T) {
	web, _ := served(t, trusted())
	const most = 40 << 10
	if n := web.ScriptSize(); n > most {
		t.Errorf("%d bytes of our own JavaScript, at most %d", n, most)
		for _, f := range web.Files() {
			if f.IsScript() && !f.Built {
				t.Logf("%6d %s", len(f.Body), f.Name)
			}
		}
	}
}

// TestReach: where newer bundles may come from, and from nowhere else.
func TestReach(t *testing.T) {
	c := trusted()
	c.Reach = []string{"https://authority.example"}
	_, get := served(t, c)
	if policy := get("/verify", "it").Header.Get("Content-Security-Policy"); !strings.Contains(policy, "connect-src 'self' https://authority.example;") {
		t.Error(policy)
	}
}
