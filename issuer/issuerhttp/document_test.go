package issuerhttp_test

import (
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/go-chi/chi/v5"

	"github.com/employment-passport/passport/internal/jsonschema"
	"github.com/employment-passport/passport/issuer/issuerhttp"
)

// contract is the OpenAPI document as the tests hold it against what happens.
type contract struct {
	doc     map[string]any
	paths   []route
	schemas map[string][]byte
	engine  *jsonschema.Engine

	mu   sync.Mutex
	seen map[string]bool // "GET /path 200"
}

type route struct {
	pattern string
	form    *regexp.Regexp
	item    map[string]any
}

var theContract = sync.OnceValue(func() *contract {
	data, err := issuerhttp.Document("https://passport.example", issuerhttp.OpenAPI())
	if err != nil {
		panic(err)
	}
	c := &contract{schemas: map[string][]byte{}, seen: map[string]bool{}}
	if err := json.Unmarshal(data, &c.doc); err != nil {
		panic(err)
	}
	for pattern, item := range c.doc["paths"].(map[string]any) {
		form := regexp.MustCompile("^" + regexp.MustCompile(`\\\{[a-z]+\\\}`).ReplaceAllString(regexp.QuoteMeta(pattern), "[^/]+") + "$")
		c.paths = append(c.paths, route{pattern, form, item.(map[string]any)})
	}
	// The plain path before one with a parameter: /audit/verify is no entry.
	slices.SortFunc(c.paths, func(a, b route) int { return strings.Count(a.pattern, "{") - strings.Count(b.pattern, "{") })
	for _, p := range c.paths {
		for method, op := range p.item {
			c.compile(strings.ToUpper(method)+" "+p.pattern, op.(map[string]any))
		}
	}
	c.engine = jsonschema.New(c.schemas)
	return c
})

// compile makes a JSON Schema of every body that an operation takes and gives.
func (c *contract) compile(name string, op map[string]any) {
	if body, ok := op["requestBody"].(map[string]any); ok {
		c.keep(name+" request", body)
	}
	for status, response := range op["responses"].(map[string]any) {
		c.keep(name+" "+status, c.resolve(response.(map[string]any)))
	}
}

func (c *contract) keep(name string, body map[string]any) {
	content, _ := body["content"].(map[string]any)
	for kind, media := range content {
		schema := media.(map[string]any)["schema"]
		data, err := json.Marshal(map[string]any{
			"$schema": "https://json-schema.org/draft/2020-12/schema", "allOf": []any{schema}, "components": c.doc["components"],
		})
		if err != nil {
			panic(err)
		}
		c.schemas[id(name+" "+kind)] = data
	}
}

func id(name string) string { return "https://schema.example/" + fmt.Sprintf("%x", name) }

func (c *contract) resolve(v map[string]any) map[string]any {
	if ref, ok := v["$ref"].(string); ok {
		at := any(c.doc)
		for _, part := range strings.Split(strings.TrimPrefix(ref, "#/"), "/") {
			at = at.(map[string]any)[part]
		}
		return at.(map[string]any)
	}
	return v
}

func (c *contract) operation(method, path string) (name string, op map[string]any) {
	path, _, _ = strings.Cut(path, "?")
	if method == "HEAD" {
		method = "GET"
	}
	for _, p := range c.paths {
		if p.form.MatchString(path) {
			if op, ok := p.item[strings.ToLower(method)].(map[string]any); ok {
				return method + " " + p.pattern, op
			}
		}
	}
	return "", nil
}

// held holds one request and its answer against the document: a status that it
// names, a body of its schema, and of a request that was accepted a body of the
// request's schema.
func held(t testing.TB, r request, a answer) {
	t.Helper()
	c := theContract()
	name, op := c.operation(r.method, r.path)
	if op == nil {
		if a.status != http.StatusNotFound && a.status != http.StatusMethodNotAllowed && a.status != http.StatusBadRequest {
			t.Errorf("%s %s is answered %d and not in the document", r.method, r.path, a.status)
		}
		return
	}
	status := strconv.Itoa(a.status)
	if _, ok := op["responses"].(map[string]any)[status]; !ok && a.status != http.StatusInternalServerError && a.status != http.StatusNotFound && a.status != http.StatusBadRequest {
		t.Errorf("%s is answered %d, which the document does not name: %s", name, a.status, a.body)
	}
	c.mu.Lock()
	c.seen[name+" "+status] = true
	c.mu.Unlock()
	if a.status >= 400 && r.method != "HEAD" {
		c.names(t, a.str("code"))
	}
	kind, _, _ := mime.ParseMediaType(a.header.Get("Content-Type"))
	if len(a.body) > 0 && r.method != "HEAD" {
		schema := id(name + " " + status + " " + kind)
		if _, ok := c.schemas[schema]; !ok {
			schema = id(name + " default " + kind)
		}
		if kind == "application/json" || kind == "application/problem+json" {
			c.judge(t, schema, a.body, name+" answered "+status)
		} else if _, ok := c.schemas[schema]; !ok {
			t.Errorf("%s is answered with %s, which the document does not name", name, kind)
		}
	}
	if a.status/100 == 2 && r.body != "" {
		c.judge(t, id(name+" request application/json"), []byte(r.body), name+" was asked")
	}
}

// names asserts that a code is one of those that the document enumerates.
func (c *contract) names(t testing.TB, code string) {
	t.Helper()
	schemas := c.doc["components"].(map[string]any)["schemas"].(map[string]any)
	if !slices.Contains(schemas["ProblemCode"].(map[string]any)["enum"].([]any), any(code)) {
		t.Errorf("the document does not name the code %q", code)
	}
}

func (c *contract) judge(t testing.TB, schema string, body []byte, what string) {
	t.Helper()
	if err := c.engine.Validate(schema, body); err != nil {
		t.Errorf("%s: %v\n%s", what, err, body)
	}
}

// Every route is in the document, and everything in the document is a route.
func TestDocumentHasEveryRoute(t *testing.T) {
	w := newWorld(t)
	described := map[string]bool{}
	for _, p := range theContract().paths {
		for method := range p.item {
			described[strings.ToUpper(method)+" "+p.pattern] = true
		}
	}
	r := chi.NewRouter()
	w.api.Routes(r)
	must(t, chi.Walk(r, func(method, pattern string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		if !described[method+" "+pattern] {
			t.Errorf("%s %s is not in the document", method, pattern)
		}
		delete(described, method+" "+pattern)
		return nil
	}))
	for name := range described {
		t.Errorf("%s is in the document and no route", name)
	}
}

// Every operation has a name of its own, words, and an answer to a refusal; all
// references lead somewhere, and every component is used.
func TestDocumentIsWhole(t *testing.T) {
	c := theContract()
	names := map[string]bool{}
	for _, p := range c.paths {
		for method, item := range p.item {
			op := item.(map[string]any)
			name, _ := op["operationId"].(string)
			if name == "" || names[name] {
				t.Errorf("%s %s: the name %q", method, p.pattern, name)
			}
			names[name] = true
			if s, _ := op["summary"].(string); s == "" || strings.HasSuffix(s, ".") {
				t.Errorf("%s: the summary %q", name, s)
			}
			if _, ok := op["responses"].(map[string]any)["default"]; !ok {
				t.Errorf("%s: no answer to a refusal", name)
			}
		}
	}
	data, err := json.Marshal(c.doc)
	must(t, err)
	used := map[string]bool{}
	for _, m := range regexp.MustCompile(`"\$ref":"#/components/([a-zA-Z]+)/([A-Za-z]+)"`).FindAllStringSubmatch(string(data), -1) {
		used[m[1]+"/"+m[2]] = true
		group, _ := c.doc["components"].(map[string]any)[m[1]].(map[string]any)
		if group[m[2]] == nil {
			t.Errorf("#/components/%s/%s is not there", m[1], m[2])
		}
	}
	for kind, group := range c.doc["components"].(map[string]any) {
		for name := range group.(map[string]any) {
			if kind != "securitySchemes" && !used[kind+"/"+name] {
				t.Errorf("nothing uses #/components/%s/%s", kind, name)
			}
		}
	}
}

// The document itself is one of OpenAPI 3.1.
func TestDocumentMerges(t *testing.T) {
	twice := issuerhttp.OpenAPI()
	if _, err := issuerhttp.Document("https://x.example", twice, twice); err == nil {
		t.Error("a path described twice passed")
	}
	if _, err := issuerhttp.Document("https://x.example", []byte(`{"components":{"schemas":{"Problem":{}}}}`)); err == nil {
		t.Error("a component named twice passed")
	}
	if _, err := issuerhttp.Document("https://x.example", []byte(`[`)); err == nil {
		t.Error("a fragment that is no JSON passed")
	}
	data, err := issuerhttp.Document("https://x.example", []byte(`{"paths":{"/x":{}},"components":{"schemas":{"X":{}}},"tags":[{"name":"x"}]}`))
	must(t, err)
	var doc struct {
		OpenAPI    string `json:"openapi"`
		Servers    []struct{ URL string }
		Paths      map[string]any
		Components struct{ Schemas map[string]any }
	}
	must(t, json.Unmarshal(data, &doc))
	if doc.OpenAPI != "3.1.0" || len(doc.Servers) != 1 || doc.Servers[0].URL != "https://x.example" || len(doc.Paths) != 1 || len(doc.Components.Schemas) != 4 {
		t.Errorf("%s", data)
	}
}

// Every code that this package or the issuer's refusals give is a code of the
// catalogue or has a status of its own.
func TestEveryCodeHasWords(t *testing.T) {
	files, err := os.ReadDir(".")
	must(t, err)
	found := 0
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		source, err := os.ReadFile(f.Name())
		must(t, err)
		for _, m := range regexp.MustCompile(`\b(refuse|fault)\("([a-z_]+)"`).FindAllStringSubmatch(string(source), -1) {
			found++
			if !hasWords("error." + m[2]) {
				t.Errorf("%s: no words for %s", f.Name(), m[2])
			}
			if m[1] == "refuse" {
				theContract().names(t, m[2])
			}
		}
		for _, m := range regexp.MustCompile(`Code: "([a-z_]+)"`).FindAllStringSubmatch(string(source), -1) {
			found++
			if !hasWords("problem." + m[1]) {
				t.Errorf("%s: no words for %s", f.Name(), m[1])
			}
			theContract().names(t, m[1])
		}
	}
	for code := range issuerhttp.Statuses {
		theContract().names(t, code)
	}
	if found < 20 {
		t.Errorf("%d codes found; do the patterns still fit?", found)
	}
}
