package issuerhttp_test

import (
	"encoding/csv"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/employment-passport/passport/issuer/issuerhttp"
)

// Two employers' answers are one line of the table (row M7), of the document and
// of nobody who holds one.
func TestRowM7Feedback(t *testing.T) {
	w := newWorld(t)
	w.post("", "/api/v1/feedback", `{"template":"`+w.plain+`","rating":5,"comment":"=HYPERLINK(\"http://evil.example\")"}`).is(http.StatusCreated)
	w.post("", "/api/v1/feedback", `{"template":"`+w.plain+`","rating":2}`).is(http.StatusCreated)
	w.post("officer altro", "/api/v1/templates", w.templateJSON("altro", "=1+1")).is(http.StatusUnprocessableEntity)
	for body, code := range map[string]string{
		`{"template":"no-course","rating":5}`:       "template_unknown",
		`{"template":"../x","rating":5}`:            "template_unknown",
		`{"template":"` + w.plain + `"}`:            "faults",
		`{"template":"` + w.plain + `","rating":6}`: "faults",
		`{"template":"` + w.plain + `","rating":5,"comment":"call +39 06 1234 5678 or write to ada@example.com"}`: "faults",
		`{"template":"` + w.plain + `","rating":5,"comment":"` + strings.Repeat("x", 1001) + `"}`:                 "faults",
	} {
		if a := w.post("", "/api/v1/feedback", body); a.status/100 != 4 || a.str("code") != code {
			t.Errorf("%s: %s", body, a.body)
		}
	}
	w.post("", "/api/v1/feedback", `{"template":"`+w.plain+`","rating":5,"holder":"Amina"}`).is(http.StatusBadRequest, "body_unknown")
	w.post("", "/api/v1/feedback", `{"template":"`+w.plain+`","rating":4.5}`).is(http.StatusBadRequest, "body_mismatch")
	a := w.get("operator ente", "/api/v1/feedback.csv").is(http.StatusOK)
	lines, err := csv.NewReader(strings.NewReader(string(a.body))).ReadAll()
	must(t, err)
	if len(lines) != 2 || lines[1][0] != w.plain || lines[1][2] != "2" || lines[1][3] != "3.50" || strings.HasPrefix(lines[1][4], "=") {
		t.Errorf("the table is %q", lines)
	}
}

// On a body with the four-eyes rule one prepares and another approves, and
// neither of them twice.
func TestFourEyes(t *testing.T) {
	w := newWorld(t)
	_, err := w.SetFourEyes(t.Context(), clerk, "ente", true)
	must(t, err)
	proposed := w.keyed("officer ente", "/api/v1/credentials", "p-1", w.issueJSON("Amina Haddad", "")).is(http.StatusAccepted)
	again := w.keyed("officer ente", "/api/v1/credentials", "p-1", w.issueJSON("Amina Haddad", "")).is(http.StatusAccepted)
	if string(again.body) != string(proposed.body) || again.header.Get("Idempotent-Replayed") != "true" {
		t.Errorf("proposed %s\nagain %s", proposed.body, again.body)
	}
	w.keyed("officer ente", "/api/v1/credentials", "p-1", w.issueJSON("Ben Bright", "")).is(http.StatusUnprocessableEntity, "idempotency_mismatch")
	place := strings.TrimPrefix(proposed.header.Get("Location"), "https://passport.example")
	if all := w.get("officer ente", "/api/v1/proposals").is(http.StatusOK).list("proposals"); len(all) != 1 || place != "/api/v1/proposals/"+all[0]["id"].(string) {
		t.Errorf("%v at %s", all, place)
	}
	w.get("officer ente", place).is(http.StatusOK)
	w.post("officer ente", place+"/approve", "").is(http.StatusForbidden, "forbidden") // a program approves nothing
	own := w.do(request{method: "POST", path: "/api/v1/credentials", body: w.issueJSON("Carla Conti", ""), header: w.signedIn("ben")}).is(http.StatusAccepted)
	w.approve("ben", strings.TrimPrefix(own.header.Get("Location"), "https://passport.example")+"/approve").is(http.StatusForbidden, "proposal_own")
	w.post("officer altro", place+"/approve", "").is(http.StatusNotFound, "proposal_unknown")

	done := w.approve("ben", place+"/approve").is(http.StatusOK).json()["proposal"].(map[string]any)
	if done["state"] != "done" {
		t.Fatalf("approved: %v", done)
	}
	id := done["results"].([]any)[0].(string)
	if a := w.get("officer ente", at(id)).is(http.StatusOK); a.str("status") != "issued" {
		t.Errorf("the credential: %s", a.body)
	}
	w.approve("ben", place+"/approve").is(http.StatusConflict, "proposal_closed")
	if n := len(w.get("officer ente", "/api/v1/credentials").list("credentials")); n != 1 {
		t.Errorf("%d credentials, want 1", n)
	}
	// A faulty learner is refused before anybody is asked to approve it.
	bad := strings.Replace(w.issueJSON("Amina Haddad", ""), `"1994-03-12"`, `"soon"`, 1)
	a := w.post("officer ente", "/api/v1/credentials", bad).is(http.StatusUnprocessableEntity, "faults")
	if p := a.list("errors")[0]["pointer"]; p != "/learner/birthDate" {
		t.Errorf("the fault is at %v", p)
	}
	// A revocation waits as well, and can be rejected; a stolen copy's does not.
	r := w.post("officer ente", at(id)+"/revoke", `{"reason":"holder-request"}`).is(http.StatusAccepted)
	reject := strings.TrimPrefix(r.header.Get("Location"), "https://passport.example") + "/reject"
	w.approve("ben", reject).is(http.StatusOK)
	w.approve("ben", reject).is(http.StatusConflict, "proposal_closed")
	w.post("admin", at(id)+"/revoke", `{"reason":"holder-request"}`).is(http.StatusConflict, "needs_approval")
	w.post("officer ente", "/credentials/issue", `{"credential":`+document+`}`).is(http.StatusConflict, "needs_approval")
	w.post("officer ente", at(id)+"/revoke", `{"reason":"lost-or-compromised"}`).is(http.StatusOK)
}

// A template whose printed code would be too large is refused, unless it is
// only shown on a screen.
func TestTemplates(t *testing.T) {
	w := newWorld(t)
	made := w.post("officer ente", "/api/v1/templates", w.templateJSON("ente", "own-course")).is(http.StatusCreated)
	if made.str("issuer") != "ente" || made.header.Get("Location") != "https://passport.example/api/v1/templates/own-course" {
		t.Errorf("made %s", made.body)
	}
	shown := w.get("officer ente", "/api/v1/templates/own-course").is(http.StatusOK)
	if file, ok := shown.json()["template"].(map[string]any); !ok || file["name"] != "own-course" {
		t.Errorf("shown %s", shown.body)
	}
	w.post("officer ente", "/api/v1/credentials", strings.Replace(w.issueJSON("Amina Haddad", ""), w.plain, "own-course", 1)).is(http.StatusCreated)
	w.large = true
	w.post("officer ente", "/api/v1/templates", w.templateJSON("ente", "own-course")).is(http.StatusUnprocessableEntity, "template_large")
	large := strings.Replace(w.templateJSON("ente", "own-course"), `{"issuer"`, `{"allowLarge":true,"issuer"`, 1)
	if a := w.post("officer ente", "/api/v1/templates", large).is(http.StatusCreated); a.json()["qrVersion"] != 40.0 {
		t.Errorf("made %s", a.body)
	}
	w.large = false
	a := w.post("officer ente", "/api/v1/templates", `{"issuer":"ente","template":{"name":"x","type":"Diploma"}}`).is(http.StatusUnprocessableEntity, "faults")
	if p := a.list("errors")[0]["pointer"].(string); !strings.HasPrefix(p, "/template") {
		t.Errorf("the fault is at %s", p)
	}
	w.post("officer ente", "/api/v1/templates", `{"issuer":"ente"}`).is(http.StatusUnprocessableEntity, "faults")
	w.post("admin", "/api/v1/templates", w.templateJSON("", "for-all")).is(http.StatusCreated)
	w.get("officer altro", "/api/v1/templates/for-all").is(http.StatusOK)
}

func TestIssuersAndKeys(t *testing.T) {
	w := newWorld(t)
	made := w.post("admin", "/api/v1/issuers", `{"name":"terzo","title":"Terzo Ente","country":"IT","domain":"terzo.example"}`).is(http.StatusCreated)
	if made.str("did") != "did:web:terzo.example" {
		t.Errorf("made %s", made.body)
	}
	w.post("admin", "/api/v1/issuers", `{"name":"terzo","country":"IT","domain":"terzo.example"}`).is(http.StatusConflict, "issuer_exists")
	w.post("admin", "/api/v1/issuers", `{"name":"L'Aquila & Città (2)","country":"IT","domain":"quarto.example"}`).is(http.StatusUnprocessableEntity, "issuer_name_form")
	odd := w.post("admin", "/api/v1/issuers", `{"name":"quarto.l-aquila","country":"IT","domain":"quarto.example"}`).is(http.StatusCreated)
	w.get("admin", strings.TrimPrefix(odd.header.Get("Location"), "https://passport.example")).is(http.StatusOK)
	w.post("admin", "/api/v1/issuers", `{"name":"x","country":"XX","domain":"x.example"}`).is(http.StatusUnprocessableEntity, "issuer_country")
	if keys := w.get("admin", "/api/v1/issuers/terzo").is(http.StatusOK).list("keys"); len(keys) != 2 {
		t.Errorf("%d keys", len(keys))
	}
	fresh := w.post("admin", "/api/v1/keys/rotate", `{"issuer":"terzo","use":"status"}`).is(http.StatusCreated)
	if fresh.str("kid") != "did:web:terzo.example#status-2" || fresh.str("state") != "active" {
		t.Errorf("rotated to %s", fresh.body)
	}
	if gone := w.post("admin", "/api/v1/keys/compromise", `{"issuer":"terzo","kid":"#status-2"}`).is(http.StatusOK); gone.str("state") != "compromised" {
		t.Errorf("compromised: %s", gone.body)
	}
	w.post("admin", "/api/v1/keys/compromise", `{"issuer":"terzo","kid":"#status-2"}`).is(http.StatusConflict, "key_not_active")
	w.post("admin", "/api/v1/keys/retire", `{"issuer":"terzo","kid":"#key-9"}`).is(http.StatusNotFound, "key_unknown")
	w.post("admin", "/api/v1/keys/rotate", `{"issuer":"terzo","use":"root"}`).is(http.StatusUnprocessableEntity, "key_use_unknown")
	w.get("admin", "/api/v1/keys").is(http.StatusUnprocessableEntity, "query")
	if _, err := issuerhttp.New(issuerhttp.Config{Issuer: w.Issuer, Store: w.store, Access: w.access, Now: w.clock, VC: issuerhttp.VCAPI{OpenUnsafe: true}}); err == nil {
		t.Error("an open VC API of nobody was made")
	}
}

// Who audits one body sees what concerns it and nothing of another.
func TestAuditOfOneBody(t *testing.T) {
	w := newWorld(t)
	mine := w.issue("Amina Haddad").str("id")
	other := w.post("officer altro", "/api/v1/credentials", strings.Replace(w.issueJSON("Other", ""), `"ente"`, `"altro"`, 1)).is(http.StatusCreated).str("id")
	whole := string(w.get("auditor", "/api/v1/audit?limit=200").is(http.StatusOK).body)
	part := string(w.get("auditor ente", "/api/v1/audit?limit=200").is(http.StatusOK).body)
	if !strings.Contains(whole, mine) || !strings.Contains(whole, other) || !strings.Contains(part, mine) || !strings.Contains(part, "did:web:ente.example#key-1") {
		t.Error("something is missing from the log")
	}
	for _, foreign := range []string{other, "altro", "apikey"} {
		if strings.Contains(part, foreign) {
			t.Errorf("the auditor of ente sees %s", foreign)
		}
	}
	if n := len(w.get("auditor", "/api/v1/audit?limit=200&since=2026-11-22").is(http.StatusOK).list("entries")); n != strings.Count(whole, `"seq"`) {
		t.Errorf("%d entries of today, of %d", n, strings.Count(whole, `"seq"`))
	}
	w.pass(48 * time.Hour)
	later := w.issue("Later").str("id")
	entries := w.get("auditor", "/api/v1/audit?since=2026-11-24T09:30:00Z").is(http.StatusOK).list("entries")
	if len(entries) == 0 || entries[0]["subject"] != later {
		t.Errorf("the entries of the day after tomorrow: %v", entries)
	}
	if n := len(w.get("auditor", "/api/v1/audit?since=2026-11-25").is(http.StatusOK).list("entries")); n != 0 {
		t.Errorf("%d entries of what is to come", n)
	}
}
