package issuerhttp_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/employment-passport/passport/internal/jose"
)

// The life of a credential as a program lives it: issued, listed, shown,
// printed, reissued, suspended, reinstated and revoked, and all of it in the log.
func TestLifeOfACredential(t *testing.T) {
	w := newWorld(t)
	first := w.post("officer ente", "/api/v1/credentials", w.issueJSON("Amina Haddad", "MC-1")).is(http.StatusCreated)
	id := first.str("id")
	if first.header.Get("Location") != "https://passport.example"+at(id) || first.str("status") != "issued" || first.str("documentNumber") != "MC-1" {
		t.Errorf("answered %s at %s", first.body, first.header.Get("Location"))
	}
	if _, _, err := jose.ParseUnverified(first.str("token")); err != nil {
		t.Error(err)
	}

	// The same number is the same credential, as at the command line.
	again := w.post("officer ente", "/api/v1/credentials", w.issueJSON("Amina Haddad", "MC-1")).is(http.StatusCreated)
	if again.str("id") != id || again.header.Get("Idempotent-Replayed") != "true" {
		t.Errorf("a second one: %s", again.body)
	}
	w.post("officer ente", "/api/v1/credentials", w.issueJSON("Somebody Else", "MC-1")).is(http.StatusConflict, "number_differs")

	if all := w.get("operator ente", "/api/v1/credentials?learner=haddad").is(http.StatusOK).list("credentials"); len(all) != 1 || all[0]["id"] != id {
		t.Errorf("listed %v", all)
	}
	if shown := w.get("officer ente", at(id)).is(http.StatusOK); shown.str("token") != first.str("token") || shown.str("learner") != "Amina Haddad" {
		t.Errorf("shown %s", shown.body)
	}
	pdf := w.get("operator ente", at(id)+"/pdf?layout=micro").is(http.StatusOK)
	if pdf.header.Get("Content-Type") != "application/pdf" || !strings.HasPrefix(string(pdf.body), "%PDF") {
		t.Errorf("printed %s", pdf.body)
	}

	// Her name was spelt wrong: a new copy, and the old one is over.
	fresh := w.post("officer ente", at(id)+"/reissue", `{"learner":`+learner("Amina El Haddad", "MC-1")+`}`).is(http.StatusCreated)
	if old := w.get("officer ente", at(id)); old.str("status") != "superseded" || old.str("supersededBy") != fresh.str("id") {
		t.Errorf("the old copy: %s", old.body)
	}
	w.post("officer ente", at(fresh.str("id"))+"/suspend", `{"reason":"disputed"}`).is(http.StatusConflict, "not_suspendable")
	gone := w.post("officer ente", at(fresh.str("id"))+"/revoke", `{"reason":"issued-in-error","note":"wrong course"}`).is(http.StatusOK)
	if gone.str("status") != "revoked" || gone.str("reason") != "issued-in-error" || gone.str("note") != "wrong course" {
		t.Errorf("revoked: %s", gone.body)
	}
	w.post("officer ente", at(fresh.str("id"))+"/revoke", `{"reason":"issued-in-error"}`).is(http.StatusConflict, "already_revoked")

	var acts []string
	for _, e := range w.get("auditor", "/api/v1/audit?limit=200").is(http.StatusOK).list("entries") {
		if strings.HasPrefix(e["actor"].(string), "key:") {
			acts = append(acts, e["act"].(string))
		}
	}
	if got := strings.Join(acts, " "); got != "issue.pending issue.done issue.pending issue.done supersede revoke" {
		t.Errorf("the log says %s", got)
	}
	if v := w.get("auditor ente", "/api/v1/audit/verify").is(http.StatusOK).json(); v["whole"] != true {
		t.Errorf("the log is %v", v)
	}
	if strings.Contains(w.log.String(), "Amina") || strings.Contains(w.log.String(), first.str("token")) {
		t.Errorf("the server's log tells too much: %s", w.log)
	}
}

func TestSuspension(t *testing.T) {
	w := newWorld(t)
	body := strings.Replace(w.issueJSON("Amina Haddad", ""), w.plain, w.susp, 1)
	id := w.post("officer ente", "/api/v1/credentials", body).is(http.StatusCreated).str("id")
	a := w.post("officer ente", at(id)+"/suspend", `{"reason":"disputed","until":"2026-12-31"}`).is(http.StatusOK)
	if a.str("status") != "suspended" || a.str("suspendedUntil") != "2026-12-31" {
		t.Errorf("suspended: %s", a.body)
	}
	w.post("officer ente", at(id)+"/suspend", `{"reason":"disputed","until":"2020-12-31"}`).is(http.StatusUnprocessableEntity, "until_past")
	w.post("officer ente", at(id)+"/suspend", `{"reason":"issued-in-error"}`).is(http.StatusUnprocessableEntity, "reason_unknown")
	w.post("officer ente", at(id)+"/suspend", `{"reason":"disputed","until":"tomorrow"}`).is(http.StatusUnprocessableEntity, "faults")
	if a := w.post("officer ente", at(id)+"/reinstate", "").is(http.StatusOK); a.str("status") != "issued" {
		t.Errorf("reinstated: %s", a.body)
	}
	w.post("officer ente", at(id)+"/reinstate", "{}").is(http.StatusConflict, "not_suspended")
}
