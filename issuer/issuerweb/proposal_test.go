package issuerweb_test

import (
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/access"
	"github.com/employment-passport/passport/schema"
)

// TestFourEyesInTheConsole: ben approves what anna prepared; she cannot, and
// somebody of another body does not see it.
func TestFourEyesInTheConsole(t *testing.T) {
	w := newWorld(t)
	body, err := os.ReadFile("../../examples/templates/01-food-hygiene-it.json")
	must(t, err)
	template, err := w.issuer.AddTemplate(t.Context(), admin, body, 20)
	must(t, err)
	_, err = w.issuer.SetFourEyes(t.Context(), admin, "ente", true)
	must(t, err)
	enter := func(name string, g access.Grant) *browser {
		t.Helper()
		b := w.browser()
		b.redeem(w.invite(name, g)).is(t, http.StatusNoContent)
		return b
	}
	anna, ben, dino, erin := enter("anna", officer("ente")), enter("ben", officer("ente")), enter("dino", officer("scuola")), enter("erin", access.Grant{Issuer: "ente", Role: access.Operator})
	prepare := func(number string) string {
		t.Helper()
		o, err := w.access.Prepare(t.Context(), access.Principal{Actor: "user:anna", Grants: []access.Grant{officer("ente")}}, access.Draft{
			Kind: access.KindIssue, Issuer: "ente", Template: template.Name,
			Learners: []schema.Learner{{Name: "Amina O'Hara Prova", BirthDate: "1999", DocumentNumber: number, CompletedOn: "2026-11-20", Result: "Superato"}},
		})
		must(t, err)
		return "/console/proposals/" + o.ID
	}
	first, second := prepare("MC-1"), prepare("MC-2")

	if page := ben.get("/console/home").is(t, http.StatusOK).body; !strings.Contains(page, first) || !strings.Contains(page, "prepared by anna") {
		t.Error(page)
	}
	if page := dino.get("/console/home").is(t, http.StatusOK).body; strings.Contains(page, "/console/proposals/") {
		t.Error("another body's proposals are shown")
	}
	dino.get(first).is(t, http.StatusNotFound)
	dino.post(first+"/approve").is(t, http.StatusNotFound)
	erin.post(first+"/approve").is(t, http.StatusForbidden)
	if page := anna.get(first).is(t, http.StatusOK).body; strings.Contains(page, "/approve") || !strings.Contains(page, "You prepared it") {
		t.Error(page)
	}
	if page := anna.post(first+"/approve").is(t, http.StatusConflict).body; !strings.Contains(page, "somebody else must approve it") {
		t.Error(page)
	}
	if page := ben.get(first).is(t, http.StatusOK).body; !strings.Contains(page, "Amina O&#39;Hara Prova") || !strings.Contains(page, "Igiene degli alimenti in cucina") || !strings.Contains(page, `action="`+first+`/approve"`) {
		t.Error(page)
	}
	if page := ben.get(first).body; !strings.Contains(page, "Igiene degli alimenti in cucina") || !strings.Contains(page, "20 November 2026") {
		t.Errorf("what it is, or its day, is not said: %s", page)
	}
	ben.post(first+"/approve").to(t, "/console/home?done=approved")
	if page := ben.get("/console/home?done=approved").is(t, http.StatusOK).body; !strings.Contains(page, "Approved and done.") || !strings.Contains(page, "By a program or the passport command") || !strings.Contains(page, "passport offer approve") {
		t.Error(page)
	}
	ben.post(first+"/approve").is(t, http.StatusConflict)
	row, err := w.issuer.Find(t.Context(), "MC-1")
	must(t, err)
	if row.State != issuer.StateIssued || !strings.Contains(w.log(), "user:anna+user:ben issue.done "+row.ID) {
		t.Errorf("%+v\n%s", row, w.log())
	}
	revoke, err := w.access.Prepare(t.Context(), access.Principal{Actor: "user:anna", Grants: []access.Grant{officer("ente")}}, access.Draft{
		Kind: access.KindRevoke, Issuer: "ente", Credential: row.ID, Reason: schema.IssuedInError,
	})
	must(t, err)
	third := "/console/proposals/" + revoke.ID
	if page := ben.get(third).is(t, http.StatusOK).body; !strings.Contains(page, "MC-1 · Amina O&#39;Hara Prova") || !strings.Contains(page, "Igiene degli alimenti in cucina") || !strings.Contains(page, "issued by mistake") {
		t.Error(page)
	}
	_, err = w.issuer.Revoke(t.Context(), admin, row.ID, issuer.Reason{Code: schema.LostOrCompromised})
	must(t, err)
	if page := ben.post(third+"/approve").is(t, http.StatusConflict).body; strings.Contains(page, "passport reissue") || !strings.Contains(page, "prepare a reissue") {
		t.Error(page)
	}
	ben.post(second+"/reject").to(t, "/console/home?done=rejected")
	if page := ben.get("/console/home").is(t, http.StatusOK).body; strings.Contains(page, "/console/proposals/") {
		t.Error("what was decided still waits")
	}
	if page := ben.get(second).is(t, http.StatusOK).body; strings.Contains(page, "Amina") {
		t.Error("a rejected proposal still says whom it was for")
	}
}

// TestFaultFullDiskInTheConsole: who approves or signs in while the disk is full
// is told that it is, and not that something broke (P14).
func TestFaultFullDiskInTheConsole(t *testing.T) {
	w := newWorld(t)
	ben := w.browser()
	ben.redeem(w.invite("ben", officer("ente"))).is(t, http.StatusNoContent)
	w.full.Store(true)
	if page := ben.post("/console/logout/everywhere").is(t, http.StatusInsufficientStorage).body; !strings.Contains(page, "The disk is full") {
		t.Error(page)
	}
	if said := ben.login().is(t, http.StatusInsufficientStorage).body; !strings.Contains(said, "store_full") {
		t.Error(said)
	}
	w.full.Store(false)
	ben.get("/console/home").is(t, http.StatusOK)
	ben.login().is(t, http.StatusNoContent)
}
