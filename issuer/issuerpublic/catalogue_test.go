package issuerpublic

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/employment-passport/passport/internal/i18n"
)

// Every course has a page in every language, with no script and nothing from
// elsewhere, and links to the other languages.
func TestCatalogue(t *testing.T) {
	h := newHome(t)
	served := handler(h.opened())
	link := regexp.MustCompile(`href="(/catalogue/[a-z0-9-]+)\?lang=it"`)
	whole := bodyOf(t, get(served, http.MethodGet, "https://any.example/catalogue?lang=it"))
	courses := link.FindAllStringSubmatch(whole, -1)
	if len(courses) < 5 {
		t.Fatalf("%d courses in %s", len(courses), whole)
	}
	for _, course := range courses {
		for _, lang := range i18n.Languages {
			r := get(served, http.MethodGet, "https://any.example"+course[1]+"?lang="+lang)
			text := bodyOf(t, r)
			if r.StatusCode != http.StatusOK || !strings.Contains(text, `<html lang="`+lang+`">`) || r.Header.Get("Content-Language") != lang {
				t.Errorf("%s in %s: %d", course[1], lang, r.StatusCode)
			}
			if strings.Contains(text, "<script") || strings.Contains(text, "catalogue.") || strings.Contains(text, "paper.") || strings.Contains(text, "src=") {
				t.Errorf("%s in %s has a script, a picture or a word that is missing:\n%s", course[1], lang, text)
			}
			for _, other := range i18n.Languages {
				if !strings.Contains(text, `href="?lang=`+other+`"`) {
					t.Errorf("%s in %s has no way to %s", course[1], lang, other)
				}
			}
		}
	}
	if csp := get(served, http.MethodGet, "https://any.example/catalogue").Header.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") {
		t.Errorf("policy %q", csp)
	}
	sheet := regexp.MustCompile(`(?s)<style>(.*)</style>`).FindStringSubmatch(whole)
	sum := sha256.Sum256([]byte(sheet[1]))
	if csp := get(served, http.MethodGet, "https://any.example/catalogue").Header.Get("Content-Security-Policy"); !strings.Contains(csp, base64.StdEncoding.EncodeToString(sum[:])) {
		t.Errorf("the policy %q keeps its own style sheet out", csp)
	}
	byHeader := bodyOf(t, get(served, http.MethodGet, "https://any.example/catalogue", "Accept-Language", "de, pl;q=0.8"))
	if !strings.Contains(byHeader, `<html lang="pl">`) {
		t.Error("the reader's language is not asked for")
	}
	if r := get(served, http.MethodGet, "https://any.example/catalogue/none"); r.StatusCode != http.StatusNotFound {
		t.Errorf("a course that is not there: %d", r.StatusCode)
	}
}

// TestCatalogueNamesNobodyForAShared: a body that has never issued from a
// template that all may use is not said to teach it; one that alone may is.
func TestCatalogueNamesNobodyForAShared(t *testing.T) {
	h := newHome(t)
	all, err := h.issuer.Templates(t.Context())
	must(t, err)
	bodies, err := h.issuer.Bodies(t.Context())
	must(t, err)
	if len(bodies) < 2 {
		t.Fatalf("%d bodies", len(bodies))
	}
	own := bytes.Replace(all[0].Body, []byte(`"`+all[0].Name+`"`), []byte(`"own-course"`), 1)
	_, err = h.issuer.AddOwnTemplate(t.Context(), clerk, bodies[0].Name, own, 20)
	must(t, err)
	served := handler(h.opened())
	for name, want := range map[string]bool{all[0].Name: false, "own-course": true} {
		text := bodyOf(t, get(served, http.MethodGet, "https://any.example/catalogue/"+name))
		if strings.Contains(text, i18n.T("en", "catalogue.bodies", nil)) != want || want && !strings.Contains(text, bodies[0].Title) || strings.Contains(text, bodies[1].Title) {
			t.Errorf("%s: %s", name, text)
		}
	}
}

// TestBrowsersGetAPage: at "/", and where a course is not there, a browser is told
// in its language what this is and where to go on; a program gets a problem.
func TestBrowsersGetAPage(t *testing.T) {
	served := handler(newHome(t).opened())
	for path, status := range map[string]int{"/": http.StatusOK, "/catalogue/none": http.StatusNotFound, "/catalogue/No_Name": http.StatusNotFound} {
		for _, lang := range i18n.Languages {
			r := get(served, http.MethodGet, "https://any.example"+path+"?lang="+lang, "Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
			text := bodyOf(t, r)
			if r.StatusCode != status || !strings.Contains(text, `<html lang="`+lang+`">`) || !strings.Contains(text, `href="/catalogue?lang=`) || !strings.Contains(text, `href="/console?lang=`) || strings.Contains(text, "front.") {
				t.Errorf("%s in %s: %d %s", path, lang, r.StatusCode, text)
			}
		}
		for _, accept := range []string{"*/*", "application/json", ""} {
			r := get(served, http.MethodGet, "https://any.example"+path, "Accept", accept)
			if r.StatusCode != http.StatusNotFound || r.Header.Get("Content-Type") != "application/problem+json" {
				t.Errorf("%s for a program: %d %s", path, r.StatusCode, r.Header.Get("Content-Type"))
			}
		}
	}
}

// I01: what a body writes into a template is text.
func TestThreatI01CatalogueEscapes(t *testing.T) {
	h := newHome(t)
	all, err := h.issuer.Templates(t.Context())
	must(t, err)
	hostile := `"name":"<img src=x onerror=alert(1)></title><script>alert(1)</script>{{7}}"`
	name := regexp.MustCompile(`"name": *"Igiene[^"]*"`)
	for _, record := range all {
		changed := name.ReplaceAllString(string(record.Body), hostile)
		if changed == string(record.Body) {
			continue
		}
		if _, err := h.issuer.AddTemplate(t.Context(), clerk, []byte(changed), 20); err != nil {
			t.Fatalf("%s: %v", record.Name, err)
		}
		text := bodyOf(t, get(handler(h.opened()), http.MethodGet, "https://any.example/catalogue/"+record.Name))
		if strings.Contains(text, "<script") || strings.Contains(text, "<img") || !strings.Contains(text, "{{7}}") {
			t.Errorf("drawn as it came: %s", text)
		}
		return
	}
	t.Fatal("no template to change")
}
