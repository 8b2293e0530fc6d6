package issuerhttp_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/access"
)

// things are what a body has, for requests about them.
type things struct{ credential, suspended, person, template, proposal, kid string }

// stock gives ente one of each.
func (w *world) stock() (s things) {
	t := w.t
	s.credential = w.post("officer ente", "/api/v1/credentials", strings.Replace(w.issueJSON("Amina Haddad", ""), w.plain, w.susp, 1)).is(http.StatusCreated).str("id")
	row, err := w.Find(t.Context(), s.credential)
	must(t, err)
	s.person = row.Person
	s.suspended = w.post("officer ente", "/api/v1/credentials", strings.Replace(w.issueJSON("Ben Bright", ""), w.plain, w.susp, 1)).is(http.StatusCreated).str("id")
	w.post("officer ente", at(s.suspended)+"/suspend", `{"reason":"disputed"}`).is(http.StatusOK)
	s.template = "own-course"
	w.post("officer ente", "/api/v1/templates", w.templateJSON("ente", s.template)).is(http.StatusCreated)
	a := w.post("assessor ente", "/api/v1/credentials", w.issueJSON("Carla Conti", "")).is(http.StatusAccepted)
	s.proposal = a.json()["proposal"].(map[string]any)["id"].(string)
	s.kid = "did:web:ente.example#key-1"
	return s
}

// templateJSON asks for a template under another name.
func (w *world) templateJSON(body, name string) string {
	r, err := w.Template(w.t.Context(), w.plain)
	must(w.t, err)
	var file map[string]json.RawMessage
	must(w.t, json.Unmarshal(r.Body, &file))
	file["name"] = json.RawMessage(fmt.Sprintf("%q", name))
	data, err := json.Marshal(file)
	must(w.t, err)
	return fmt.Sprintf(`{"issuer":%q,"template":%s}`, body, data)
}

// routes are one request for each route, about ente and what is ente's.
func (s things) routes(w *world) []request {
	issue := w.issueJSON("Dora Dimou", "")
	vc := `{"credential":{"@context":["https://www.w3.org/ns/credentials/v2"],"type":["VerifiableCredential"],"credentialSubject":{"id":"did:example:1"}},"options":{"issuer":"ente"}}`
	return []request{
		{method: "POST", path: "/api/v1/credentials", body: issue},
		{method: "GET", path: "/api/v1/credentials?issuer=ente"},
		{method: "GET", path: at(s.credential)},
		{method: "GET", path: at(s.credential) + "/pdf"},
		{method: "POST", path: at(s.credential) + "/revoke", body: `{"reason":"holder-request"}`},
		{method: "POST", path: at(s.credential) + "/suspend", body: `{"reason":"disputed"}`},
		{method: "POST", path: at(s.suspended) + "/reinstate", body: "{}"},
		{method: "POST", path: at(s.credential) + "/reissue", body: "{}"},
		{method: "GET", path: "/api/v1/proposals"},
		{method: "GET", path: "/api/v1/proposals/" + s.proposal},
		{method: "POST", path: "/api/v1/proposals/" + s.proposal + "/approve"},
		{method: "POST", path: "/api/v1/proposals/" + s.proposal + "/reject"},
		{method: "GET", path: "/api/v1/templates"},
		{method: "POST", path: "/api/v1/templates", body: w.templateJSON("ente", "another-course")},
		{method: "GET", path: "/api/v1/templates/" + s.template},
		{method: "GET", path: "/api/v1/issuers"},
		{method: "POST", path: "/api/v1/issuers", body: `{"name":"terzo","country":"IT","domain":"terzo.example"}`},
		{method: "GET", path: "/api/v1/issuers/ente"},
		{method: "GET", path: "/api/v1/keys?issuer=ente"},
		{method: "GET", path: "/api/v1/people?issuer=ente"},
		{method: "GET", path: "/api/v1/people/" + s.person},
		{method: "DELETE", path: "/api/v1/people/" + s.person},
		{method: "GET", path: "/api/v1/audit"},
		{method: "GET", path: "/api/v1/audit/verify"},
		{method: "GET", path: "/api/v1/feedback.csv"},
		{method: "POST", path: "/credentials/issue", body: vc},
		{method: "POST", path: "/credentials/status", body: `{"credentialId":"` + s.credential + `","credentialStatus":{"type":"BitstringStatusListEntry","statusPurpose":"revocation"},"status":true}`},
		// in this order each can be done, and nothing can be issued before the last
		{method: "POST", path: "/api/v1/keys/retire", body: `{"issuer":"ente","kid":"` + s.kid + `"}`},
		{method: "POST", path: "/api/v1/keys/compromise", body: `{"issuer":"ente","kid":"` + s.kid + `"}`},
		{method: "POST", path: "/api/v1/keys/rotate", body: `{"issuer":"ente"}`},
	}
}

// asked is what of an answer is the request's own: its number and the names that
// it asked for.
var asked = regexp.MustCompile(`urn:uuid:[0-9a-f-]{36}|“[^”]*”|(proposal|person) [A-Za-z0-9-]+`)

// Another body's key: what is ente's is not there, word for word as what never
// was, and nothing changes.
func TestThreatJ08AnotherTenantFindsNothing(t *testing.T) {
	w := newWorld(t)
	s := w.stock()
	before := w.snapshot()
	missing := things{
		credential: "urn:uuid:00000000-0000-4000-8000-000000000000", suspended: "urn:uuid:00000000-0000-4000-8000-000000000001",
		person: "per-00000000000000000000000000", template: "no-course", proposal: "AAAAAAAAAAAAAAAAAAAAAAAAAA", kid: "did:web:nobody.example#key-1",
	}
	covered := map[string]bool{}
	for n, r := range s.routes(w) {
		r.who = "officer altro"
		a := w.do(r)
		name, _ := theContract().operation(r.method, r.path)
		covered[name] = true
		switch name {
		case "GET /api/v1/proposals", "GET /api/v1/templates", "GET /api/v1/issuers", "GET /api/v1/feedback.csv":
			a.is(http.StatusOK) // its own, which has nothing of ente's
			for _, secret := range []string{s.proposal, s.template, `"ente"`, "Amina"} {
				if strings.Contains(string(a.body), secret) {
					t.Errorf("%s shows %s", name, secret)
				}
			}
			continue
		case "POST /api/v1/issuers", "GET /api/v1/audit", "GET /api/v1/audit/verify":
			a.is(http.StatusForbidden) // of no body at all
			continue
		}
		a.is(http.StatusNotFound)
		// The same of what never was: only the name that was asked for differs.
		gone := missing.routes(w)[n]
		gone.who = r.who
		gone.body = strings.ReplaceAll(gone.body, `"ente"`, `"enta"`)
		gone.path = strings.ReplaceAll(gone.path, "ente", "enta")
		b := w.do(gone)
		same := func(body []byte) string { return asked.ReplaceAllString(string(body), "X") }
		if a.status != b.status || same(a.body) != same(b.body) || len(a.header) != len(b.header) {
			t.Errorf("%s tells a foreign thing from a missing one:\n%s\n%s", name, a.body, b.body)
		}
	}
	for _, p := range theContract().paths {
		for method := range p.item {
			if name := strings.ToUpper(method) + " " + p.pattern; !covered[name] && name != "POST /api/v1/feedback" {
				t.Errorf("%s is not tried with another's key", name)
			}
		}
	}
	if after := w.snapshot(); after != before {
		t.Errorf("something changed:\n%s\n%s", before, after)
	}
	// Nor by a template of ente's own, nor by replacing one that all share.
	w.post("officer altro", "/api/v1/credentials", strings.Replace(strings.Replace(w.issueJSON("Eva", ""), `"ente"`, `"altro"`, 1), w.plain, s.template, 1)).is(http.StatusNotFound, "template_unknown")
	w.post("officer altro", "/api/v1/templates", w.templateJSON("altro", s.template)).is(http.StatusConflict, "template_taken")
	w.post("officer altro", "/api/v1/templates", w.templateJSON("altro", w.plain)).is(http.StatusConflict, "template_taken")
	w.post("officer altro", "/api/v1/templates", w.templateJSON("", "for-all")).is(http.StatusForbidden)
	// Lists without a filter have its own alone.
	if n := len(w.get("officer altro", "/api/v1/credentials").is(http.StatusOK).list("credentials")); n != 0 {
		t.Errorf("altro lists %d credentials", n)
	}
	if n := len(w.get("officer altro", "/api/v1/people").is(http.StatusOK).list("people")); n != 0 {
		t.Errorf("altro lists %d people", n)
	}
}

// snapshot is what the home holds, for comparing.
func (w *world) snapshot() string {
	var b strings.Builder
	ctx := w.t.Context()
	must(w.t, w.List(ctx, issuer.Filter{}, func(row issuer.Issuance) bool {
		fmt.Fprintln(&b, row.ID, row.State, row.ChangedAt, row.LearnerName)
		return true
	}))
	for _, name := range []string{"ente", "altro"} {
		keys, err := w.Keys(ctx, name)
		must(w.t, err)
		for _, k := range keys {
			fmt.Fprintln(&b, k.KID, k.State)
		}
	}
	all, err := w.Templates(ctx)
	must(w.t, err)
	bodies, err := w.Bodies(ctx)
	must(w.t, err)
	fmt.Fprintln(&b, len(all), len(bodies))
	return b.String()
}

// Every role at every route: who may, who may not. Who only prepares gets 202.
func TestRolesAtRoutes(t *testing.T) {
	const may, no, prepares = "may", "no", "prepares"
	order := []string{"officer ente", "assessor ente", "operator ente", "auditor ente", "admin", "auditor"}
	want := map[string][]string{
		"POST /api/v1/credentials":                {may, prepares, no, no, no, no},
		"GET /api/v1/credentials":                 {may, may, may, may, may, may},
		"GET /api/v1/credentials/{id}":            {may, may, may, may, may, may},
		"GET /api/v1/credentials/{id}/pdf":        {may, may, may, may, may, may},
		"POST /api/v1/credentials/{id}/revoke":    {may, prepares, no, no, may, no},
		"POST /api/v1/credentials/{id}/suspend":   {may, prepares, no, no, may, no},
		"POST /api/v1/credentials/{id}/reinstate": {may, prepares, no, no, may, no},
		"POST /api/v1/credentials/{id}/reissue":   {may, prepares, no, no, no, no},
		"GET /api/v1/proposals":                   {may, may, may, may, may, may},
		"GET /api/v1/proposals/{id}":              {may, may, may, may, may, may},
		"POST /api/v1/proposals/{id}/approve":     {no, no, no, no, no, no},
		"POST /api/v1/proposals/{id}/reject":      {no, may, no, no, no, no}, // the assessor's own; else whoever approves, who is no key
		"GET /api/v1/templates":                   {may, may, may, may, may, may},
		"POST /api/v1/templates":                  {may, no, no, no, may, no},
		"GET /api/v1/templates/{name}":            {may, may, may, may, may, may},
		"GET /api/v1/issuers":                     {may, may, may, may, may, may},
		"POST /api/v1/issuers":                    {no, no, no, no, may, no},
		"GET /api/v1/issuers/{name}":              {may, may, may, may, may, may},
		"GET /api/v1/keys":                        {may, may, may, may, may, may},
		"POST /api/v1/keys/rotate":                {no, no, no, no, may, no},
		"POST /api/v1/keys/retire":                {no, no, no, no, may, no},
		"POST /api/v1/keys/compromise":            {no, no, no, no, may, no},
		"GET /api/v1/people":                      {may, no, no, no, may, no},
		"GET /api/v1/people/{id}":                 {may, no, no, no, may, no},
		"DELETE /api/v1/people/{id}":              {may, no, no, no, may, no},
		"GET /api/v1/audit":                       {no, no, no, may, may, may},
		"GET /api/v1/audit/verify":                {no, no, no, may, may, may},
		"GET /api/v1/feedback.csv":                {may, no, may, no, may, no},
		"POST /credentials/issue":                 {may, no, no, no, no, no},
		"POST /credentials/status":                {may, no, no, no, may, no},
	}
	if len(access.Roles()) != 5 {
		t.Fatal("there are other roles than those of this table")
	}
	for n, who := range order {
		t.Run(who, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			s := w.stock()
			for m := range s.routes(w) {
				r := s.routes(w)[m]
				r.who = who
				name, _ := theContract().operation(r.method, r.path)
				a := w.do(r)
				got := map[int]string{200: may, 201: may, 202: prepares, 403: no}[a.status]
				if want[name] == nil || got != want[name][n] {
					t.Errorf("%s: %d (%s), want %v: %s", name, a.status, got, want[name], a.body)
				}
				if r.method != "GET" && a.status/100 == 2 && !strings.Contains(r.path, "/keys/") {
					s = w.stock() // what was done to one thing keeps nothing from happening to the next
				}
			}
		})
	}
}

// Nobody without a key, and none with a wrong one, gets anywhere.
func TestWithoutAKey(t *testing.T) {
	w := newWorld(t)
	s := w.stock()
	w.keys["stranger"] = "pk_" + strings.Repeat("A", 40)
	for _, r := range s.routes(w) {
		for _, who := range []string{"", "stranger"} {
			r.who = who
			a := w.do(r).is(http.StatusUnauthorized, "unauthenticated")
			if !strings.HasPrefix(a.header.Get("WWW-Authenticate"), "Bearer") {
				t.Errorf("%s: no WWW-Authenticate", r.path)
			}
		}
	}
	// A key in another place is none.
	req := request{method: "GET", path: "/api/v1/credentials", header: map[string]string{"X-Api-Key": w.keys["admin"]}}
	w.do(req).is(http.StatusUnauthorized)
	req.header = map[string]string{"Cookie": "__Host-passport=" + strings.Repeat("A", 43)}
	w.do(req).is(http.StatusUnauthorized)
	// A browser's cookie changes nothing from another page.
	post := request{method: "POST", path: "/api/v1/issuers", body: `{"name":"x","country":"IT"}`, header: map[string]string{
		"Cookie": "__Host-passport=" + strings.Repeat("A", 43), "Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site",
	}}
	w.do(post).is(http.StatusForbidden)
}
