package issuerhttp_test

import (
	"net/http"
	"strings"
	"testing"
)

// A body without what it needs is told which members are missing, and not that
// its sender may not.
func TestMissingMembersAreNamed(t *testing.T) {
	w := newWorld(t)
	for body, missing := range map[string]string{
		`{}`:                "/issuer /template /learner",
		`{"issuer":"ente"}`: "/template /learner",
		`{"template":"x","learner":{"name":"Ada"}}`: "/issuer",
	} {
		a := w.post("officer ente", "/api/v1/credentials", body).is(http.StatusUnprocessableEntity, "faults")
		var at []string
		for _, f := range a.list("errors") {
			at = append(at, f["pointer"].(string))
			if f["code"] != "missing" {
				t.Errorf("%s: %v", body, f)
			}
		}
		if strings.Join(at, " ") != missing {
			t.Errorf("%s: %v", body, at)
		}
	}
}

// Hours that the document would not state are not dropped in silence.
func TestHoursThatAreNotStated(t *testing.T) {
	w := newWorld(t)
	body := strings.Replace(w.issueJSON("Giulia Rossi", "BDL-15"), `"name"`, `"hoursAttended":3,"name"`, 1)
	a := w.post("officer ente", "/api/v1/credentials", body).is(http.StatusUnprocessableEntity, "faults")
	if f := a.list("errors"); len(f) != 1 || f[0]["pointer"] != "/learner/hoursAttended" || f[0]["code"] != "unknown_member" {
		t.Errorf("%s", a.body)
	}
}
