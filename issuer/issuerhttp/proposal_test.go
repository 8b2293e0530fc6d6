package issuerhttp_test

import (
	"net/http"
	"strings"
	"testing"
)

// TestANumberIsProposedOnce: two assessors, or one who sends again, ask for one
// document number; both proposals are approved, and one credential comes of it.
// What the number stands in the way of is said when it is prepared.
func TestANumberIsProposedOnce(t *testing.T) {
	w := newWorld(t)
	var approve []string
	for range 2 {
		a := w.post("assessor ente", "/api/v1/credentials", w.issueJSON("Amina Haddad", "N-1")).is(http.StatusAccepted)
		approve = append(approve, strings.TrimPrefix(a.header.Get("Location"), "https://passport.example")+"/approve")
	}
	results := map[any]bool{}
	for _, place := range approve {
		done := w.approve("ben", place).is(http.StatusOK).json()["proposal"].(map[string]any)
		results[done["results"].([]any)[0]] = true
	}
	if n := len(w.get("officer ente", "/api/v1/credentials").list("credentials")); n != 1 || len(results) != 1 {
		t.Errorf("%d credentials of one number, results %v", n, results)
	}
	w.post("assessor ente", "/api/v1/credentials", w.issueJSON("Somebody Else", "N-1")).is(http.StatusConflict, "number_differs")
}
