package issuerhttp_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/employment-passport/passport/issuer/access"
	"github.com/employment-passport/passport/issuer/issuerhttp"
)

// A person is found with the credentials, and erased: the register keeps what
// can still be revoked, and no name.
func TestPeopleAndErasure(t *testing.T) {
	w := newWorld(t)
	first := w.keyed("officer ente", "/api/v1/credentials", "e-1", w.issueJSON("Amina Haddad", "")).is(http.StatusCreated).str("id")
	second := w.issue("Amina Haddad").str("id")
	w.issue("Ben Bright")
	people := w.get("officer ente", "/api/v1/people?name=amina").is(http.StatusOK).list("people")
	if len(people) != 1 || people[0]["name"] != "Amina Haddad" {
		t.Fatalf("people: %v", people)
	}
	place := "/api/v1/people/" + people[0]["id"].(string)
	shown := w.get("officer ente", place).is(http.StatusOK)
	if ids := shown.json()["credentials"].([]any); len(ids) != 2 || ids[0] != first || ids[1] != second {
		t.Errorf("shown %s", shown.body)
	}
	if all := w.get("officer ente", "/api/v1/people?limit=1").is(http.StatusOK); all.str("next") == "" || all.header.Get("Link") == "" {
		t.Errorf("a page of one: %s", all.body)
	} else if rest := w.get("officer ente", "/api/v1/people?limit=1&cursor="+all.str("next")).is(http.StatusOK); len(rest.list("people")) != 1 || rest.str("next") != "" {
		t.Errorf("the next page: %s", rest.body)
	}

	erased := w.do(request{method: "DELETE", path: place, who: "officer ente"}).is(http.StatusOK)
	if erased.str("erasedAt") == "" || erased.str("name") != "" || len(erased.json()["credentials"].([]any)) != 2 {
		t.Errorf("erased: %s", erased.body)
	}
	w.do(request{method: "DELETE", path: place, who: "officer ente"}).is(http.StatusOK) // twice is no fault
	for _, path := range []string{at(first), "/api/v1/credentials", place, "/api/v1/people"} {
		if a := w.get("officer ente", path).is(http.StatusOK); strings.Contains(string(a.body), "Amina") {
			t.Errorf("%s still names the person: %s", path, a.body)
		}
	}
	w.keyed("officer ente", "/api/v1/credentials", "e-1", w.issueJSON("Amina Haddad", "")).is(http.StatusConflict, "erased")
	if a := w.get("officer ente", at(first)); a.json()["erased"] != true || a.str("token") != "" {
		t.Errorf("the credential: %s", a.body)
	}
	if a := w.post("officer ente", at(first)+"/revoke", `{"reason":"holder-request"}`).is(http.StatusOK); a.str("status") != "revoked" {
		t.Errorf("revoked: %s", a.body)
	}
	w.post("officer ente", at(second)+"/reissue", "").is(http.StatusConflict)
}

// session signs a person in and returns their cookie.
func (w *world) session(name string, grants ...access.Grant) string {
	t := w.t
	_, err := w.access.AddUser(t.Context(), clerk, access.NewUser{Name: name, Grants: grants})
	must(t, err)
	code, _, err := w.access.Invite(t.Context(), clerk, name, false)
	must(t, err)
	cookie, err := w.access.Redeem(t.Context(), code, access.Proof{CredentialID: []byte(name), Credential: []byte("{}")})
	must(t, err)
	return "__Host-passport=" + cookie
}

// A person with a session reads from anywhere and changes things only from a
// page of our own; with two bodies they see both, and no third.
func TestSessions(t *testing.T) {
	w := newWorld(t)
	cookie := w.session("anna", access.Grant{Issuer: "ente", Role: access.Officer}, access.Grant{Issuer: "altro", Role: access.Operator})
	w.issue("Amina Haddad")
	w.post("officer altro", "/api/v1/credentials", strings.Replace(w.issueJSON("Other", ""), `"ente"`, `"altro"`, 1)).is(http.StatusCreated)
	w.post("admin", "/api/v1/issuers", `{"name":"terzo","country":"IT","domain":"terzo.example"}`).is(http.StatusCreated)
	must(t, w.issueAt("terzo"))

	get := func(path string) answer {
		return w.do(request{method: "GET", path: path, header: map[string]string{"Cookie": cookie}})
	}
	if n := len(get("/api/v1/credentials").is(http.StatusOK).list("credentials")); n != 2 {
		t.Errorf("anna lists %d credentials, want 2", n)
	}
	if n := len(get("/api/v1/issuers").is(http.StatusOK).list("issuers")); n != 2 {
		t.Errorf("anna lists %d bodies, want 2", n)
	}
	if people := get("/api/v1/people").is(http.StatusOK).list("people"); len(people) != 1 || people[0]["issuer"] != "ente" {
		t.Errorf("anna lists %v", people)
	}
	for name, c := range map[string]struct {
		header map[string]string
		want   int
	}{
		"our page":       {map[string]string{"Origin": "https://passport.example", "Sec-Fetch-Site": "same-origin"}, http.StatusCreated},
		"another's page": {map[string]string{"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}, http.StatusForbidden},
		"a sandbox":      {map[string]string{"Origin": "null", "Sec-Fetch-Site": "cross-site"}, http.StatusForbidden},
		"no page":        {map[string]string{}, http.StatusForbidden},
		"a key as well":  {map[string]string{"Origin": "https://passport.example", "Authorization": "Bearer wrong"}, http.StatusUnauthorized},
	} {
		c.header["Cookie"] = cookie
		a := w.do(request{method: "POST", path: "/api/v1/credentials", body: w.issueJSON("Ben Bright", ""), header: c.header})
		if a.status != c.want {
			t.Errorf("%s: %d, want %d: %s", name, a.status, c.want, a.body)
		}
	}
	w.do(request{method: "POST", path: "/api/v1/credentials", body: strings.Replace(w.issueJSON("Ben", ""), `"ente"`, `"altro"`, 1),
		header: map[string]string{"Cookie": cookie, "Origin": "https://passport.example"}}).is(http.StatusForbidden)
	// Of two cookies of the name one was planted, and nobody knows which.
	get("/api/v1/credentials").is(http.StatusOK)
	w.do(request{method: "GET", path: "/api/v1/credentials", header: map[string]string{"Cookie": cookie + "; __Host-passport=" + strings.Repeat("A", 43)}}).is(http.StatusUnauthorized)
}

// issueAt issues one credential of a body as the clerk.
func (w *world) issueAt(name string) error {
	a := strings.Replace(w.issueJSON("Third", ""), `"ente"`, `"`+name+`"`, 1)
	_, secret, err := w.access.AddAPIKey(w.t.Context(), clerk, access.NewAPIKey{Name: name, Grant: access.Grant{Issuer: name, Role: access.Officer}})
	w.keys["officer "+name] = secret
	if err == nil {
		w.post("officer "+name, "/api/v1/credentials", a).is(http.StatusCreated)
	}
	return err
}

// An address that sends too much feedback is asked to wait.
func TestFeedbackIsLimited(t *testing.T) {
	w := newWorldWith(t, nil, func(c *issuerhttp.Config) { c.FeedbackPerHour = 3 })
	body := `{"template":"` + w.plain + `","rating":4}`
	for range 3 {
		w.post("", "/api/v1/feedback", body).is(http.StatusCreated)
	}
	if a := w.post("", "/api/v1/feedback", body).is(http.StatusTooManyRequests, "rate_limit"); a.header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
}
