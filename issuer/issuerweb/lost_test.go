package issuerweb_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/employment-passport/passport/internal/qr"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/access"
	"github.com/employment-passport/passport/issuer/issuerweb"
	"github.com/employment-passport/passport/schema"
)

// drill is a console with the drill of a lost phone: papers are texts of codes,
// offers are revocations with a code drawn, prints are ids.
func drill(t *testing.T) *world {
	t.Helper()
	w := newWorld(t, func(c *issuerweb.Config) {
		c.Paper = func(_ context.Context, files [][]byte) ([]string, error) {
			var texts []string
			for _, f := range files {
				texts = append(texts, strings.Fields(string(f))...)
			}
			if len(texts) > 0 && strings.HasPrefix(texts[0], "ey") {
				return texts, nil
			}
			if len(texts) != 1 {
				return nil, qr.ErrNotPassport
			}
			m, err := qr.DecodeText(texts[0])
			return m.Tokens, err
		}
		c.OfferLost = func(ctx context.Context, by issuer.Actor, l issuer.Lost) (*issuerweb.LostOffer, []string, error) {
			_, err := c.Issuer.Lose(ctx, by, l, nil)
			return &issuerweb.LostOffer{Titles: []string{"Igiene"}, Page: "https://x.example/claim/1", Code: "123456", Until: today, Drawn: []byte("<svg></svg>")}, nil, err
		}
		c.Print = func(_ context.Context, out io.Writer, rows []issuer.Issuance, _ string) error {
			for _, row := range rows {
				if row.State != issuer.StateIssued {
					return &issuer.Error{Code: "not_issued", Args: map[string]string{"id": row.ID, "state": string(row.State)}}
				}
				_, _ = io.WriteString(out, "%PDF "+row.ID)
			}
			return nil
		}
	})
	body, err := os.ReadFile("../../examples/templates/01-food-hygiene-it.json")
	must(t, err)
	_, err = w.issuer.AddTemplate(t.Context(), admin, body, 20)
	must(t, err)
	return w
}

const oldPhone = "did:key:zDnaeWNSLVmJVRgBpYRxu1FHEAyBsiMuXFbMHUFRNNS8mUtN6"

func (w *world) issueTo(name, body, number string) issuer.Issuance {
	w.t.Helper()
	row, err := w.issuer.Issue(w.t.Context(), admin, issuer.Offer{Issuer: body, Template: "food-hygiene", Learner: schema.Learner{
		Name: name, BirthDate: "1991-04-07", DocumentNumber: number, CompletedOn: "2026-11-20", Result: "Superato", Holder: oldPhone,
	}})
	must(w.t, err)
	return *row
}

func (w *world) enter(name string, g access.Grant) *browser {
	w.t.Helper()
	b := w.browser()
	b.redeem(w.invite(name, g)).is(w.t, http.StatusNoContent)
	return b
}

// ask sends the form that looks for a person.
func (b *browser) ask(fields ...string) answer {
	b.w.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for n := 0; n+1 < len(fields); n += 2 {
		must(b.w.t, form.WriteField(fields[n], fields[n+1]))
	}
	must(b.w.t, form.Close())
	return b.do(http.MethodPost, "/console/lost", body.String(), "Content-Type", form.FormDataContentType())
}

// state sends the statement; fields are name, value pairs.
func (b *browser) state(id string, fields ...string) answer {
	b.w.t.Helper()
	form := url.Values{}
	for n := 0; n+1 < len(fields); n += 2 {
		form.Add(fields[n], fields[n+1])
	}
	return b.do(http.MethodPost, "/console/lost/"+id, form.Encode(), "Content-Type", "application/x-www-form-urlencoded")
}

// TestLostPhoneAtTheDesk: Amina brings the paper that she printed at home. It
// leads anna to what was issued; once anna says which document she has seen, the
// old copies are revoked and new ones are there to print.
func TestLostPhoneAtTheDesk(t *testing.T) {
	w := drill(t)
	first, second := w.issueTo("Amina Diallo", "ente", "MC-1"), w.issueTo("Amina Diallo", "ente", "MC-2")
	anna := w.enter("anna", officer("ente"))
	if page := anna.get("/console/home").is(t, http.StatusOK).body; !strings.Contains(page, `href="/console/lost"`) {
		t.Error("no way to the drill")
	}
	text, _, err := qr.Encode("https://v.example/p", []string{first.Token}, qr.Options{})
	must(t, err)
	place := "/console/lost/" + first.ID
	anna.ask("text", text).to(t, place)
	anna.ask("number", " mc-2 ").to(t, "/console/lost/"+second.ID)
	page := anna.get(place).is(t, http.StatusOK).body
	for _, want := range []string{"Amina Diallo", "7 April 1991", "MC-1", "MC-2", "Igiene degli alimenti in cucina", "I have seen an identity document"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page has no %q", want)
		}
	}
	if strings.Count(page, ` checked`) != 2 || strings.Contains(page, oldPhone) {
		t.Error(page)
	}

	done := anna.state(first.ID, "credential", first.ID, "credential", second.ID, "seen", "residence-permit", "sure", "yes", "to", "paper").is(t, http.StatusOK).body
	print := regexp.MustCompile(`href="(/console/lost/print\?[^"]+)"`).FindStringSubmatch(done)
	if print == nil {
		t.Fatal(done)
	}
	paper := anna.get(strings.ReplaceAll(print[1], "&amp;", "&")).is(t, http.StatusOK)
	for _, old := range []issuer.Issuance{first, second} {
		now, err := w.issuer.Find(t.Context(), old.ID)
		must(t, err)
		if now.State != issuer.StateRevoked || now.Reason != string(schema.LostOrCompromised) || !strings.Contains(paper.body, now.SupersededBy) {
			t.Errorf("%+v, printed %s", now, paper.body)
		}
	}
	if !strings.Contains(w.log(), "user:anna lost.seen ") || !strings.Contains(w.log(), "residence-permit 2") {
		t.Error(w.log())
	}
	// A second click, or the other desk, brings the same copies.
	if again := anna.state(first.ID, "credential", first.ID, "credential", second.ID, "seen", "residence-permit", "sure", "yes", "to", "paper").is(t, http.StatusOK).body; !strings.Contains(again, print[1]) || !strings.Contains(again, "Some had been made before") {
		t.Error(again)
	}
	if said := w.said.String(); strings.Contains(said, "Amina") || strings.Contains(said, text[:60]) {
		t.Error("the log names her, or has her paper")
	}
}

// TestNewPhoneAtTheDesk: the code and the number are on the page, once.
func TestNewPhoneAtTheDesk(t *testing.T) {
	w := drill(t)
	row := w.issueTo("Amina Diallo", "ente", "MC-1")
	anna := w.enter("anna", officer("ente"))
	page := anna.state(row.ID, "credential", row.ID, "seen", "passport", "sure", "yes", "to", "phone").is(t, http.StatusOK).body
	if !strings.Contains(page, "<svg></svg>") || !strings.Contains(page, "123456") || !strings.Contains(page, "https://x.example/claim/1") {
		t.Error(page)
	}
	if now, err := w.issuer.Find(t.Context(), row.ID); err != nil || now.State != issuer.StateRevoked {
		t.Errorf("%+v %v", now, err)
	}
}

// TestNewCopiesForNobodyKnowsWhere: a form that does not say where the copies go, or
// names a phone where no offers are made, revokes nothing and prints nothing.
func TestNewCopiesForNobodyKnowsWhere(t *testing.T) {
	w := drill(t)
	bare := newWorld(t, func(c *issuerweb.Config) { c.OfferLost = nil })
	body, err := os.ReadFile("../../examples/templates/01-food-hygiene-it.json")
	must(t, err)
	_, err = bare.issuer.AddTemplate(t.Context(), admin, body, 20)
	must(t, err)
	for w, all := range map[*world][][]string{
		w:    {nil, {"to", ""}, {"to", "fax"}},
		bare: {{"to", "phone"}},
	} {
		row := w.issueTo("Amina Diallo", "ente", "MC-1")
		anna := w.enter("anna", officer("ente"))
		for _, to := range all {
			page := anna.state(row.ID, append([]string{"credential", row.ID, "seen", "passport", "sure", "yes"}, to...)...).is(t, http.StatusBadRequest).body
			if !strings.Contains(page, "The form cannot be read") {
				t.Errorf("%v: %s", to, page)
			}
		}
		if now, err := w.issuer.Find(t.Context(), row.ID); err != nil || now.State != issuer.StateIssued {
			t.Errorf("%+v %v", now, err)
		}
	}
}

// TestFoundPaper: somebody has found Amina's paper, or photographed it. An officer
// who is shown nothing else can do nothing with it, whatever the form says.
func TestFoundPaper(t *testing.T) {
	w := drill(t)
	row := w.issueTo("Amina Diallo", "ente", "MC-1")
	anna := w.enter("anna", officer("ente"))
	for _, fields := range [][]string{
		{"credential", row.ID, "to", "paper"},
		{"credential", row.ID, "to", "phone"},
		{"credential", row.ID, "to", "paper", "seen", "passport"},            // a kind, and nobody's word
		{"credential", row.ID, "to", "phone", "sure", "yes"},                 // a word, and no kind
		{"credential", row.ID, "to", "paper", "sure", "yes", "seen", "AX12"}, // a number
		{"credential", row.ID, "to", "paper", "sure", "yes", "seen", "paper"},
		{"to", "paper", "sure", "yes", "seen", "passport"},
	} {
		if page := anna.state(row.ID, fields...).is(t, http.StatusConflict).body; strings.Contains(page, "print?") {
			t.Errorf("%v: %s", fields, page)
		}
	}
	if now, err := w.issuer.Find(t.Context(), row.ID); err != nil || now.State != issuer.StateIssued {
		t.Errorf("%+v %v", now, err)
	}
	// A paper that was made up, or changed by a letter, leads nowhere.
	forged := row.Token[:len(row.Token)-4] + "AAAA"
	if page := anna.ask("text", forged).is(t, http.StatusOK).body; !strings.Contains(page, "Our register does not have this document") {
		t.Error(page)
	}
	for _, junk := range []string{"hello", "https://v.example/p#1123", strings.Repeat("7", 70_000)} {
		if page := anna.ask("text", junk).is(t, http.StatusOK).body; !strings.Contains(page, "No document can be read here") {
			t.Errorf("%.20s: %s", junk, page)
		}
	}
	anna.do(http.MethodPost, "/console/lost", "{}").is(t, http.StatusOK)
}

// TestLostPhoneOfAnotherBody: its officer sees no person here, and is told the
// same as of what does not exist; who only looks things up cannot act; a form of
// another site is refused.
func TestLostPhoneOfAnotherBody(t *testing.T) {
	w := drill(t)
	row := w.issueTo("Amina Diallo", "ente", "MC-1")
	theirs := w.issueTo("Amina Diallo", "scuola", "SC-1")
	dino, erin := w.enter("dino", officer("scuola")), w.enter("erin", access.Grant{Issuer: "ente", Role: access.Operator})
	if page := dino.ask("number", "MC-1").is(t, http.StatusOK).body; !strings.Contains(page, "Our register does not have") {
		t.Error(page)
	}
	if page := dino.ask("text", row.Token).is(t, http.StatusOK).body; !strings.Contains(page, "Our register does not have") {
		t.Error(page)
	}
	nothing := dino.get("/console/lost/urn:uuid:00000000-0000-4000-8000-000000000000").is(t, http.StatusNotFound).body
	if page := dino.get("/console/lost/"+row.ID).is(t, http.StatusNotFound).body; page != nothing {
		t.Error("another body's person is told from nobody")
	}
	dino.state(row.ID, "credential", row.ID, "seen", "passport", "sure", "yes", "to", "paper").is(t, http.StatusNotFound)
	dino.state(theirs.ID, "credential", row.ID, "seen", "passport", "sure", "yes", "to", "paper").is(t, http.StatusConflict)
	dino.get("/console/lost/print?id="+row.ID).is(t, http.StatusNotFound)
	for _, place := range []string{"/console/lost", "/console/lost/" + row.ID, "/console/lost/print?id=" + row.ID} {
		erin.get(place).is(t, http.StatusForbidden)
		w.browser().get(place).to(t, "/console")
	}
	erin.state(row.ID, "credential", row.ID, "seen", "passport", "sure", "yes", "to", "paper").is(t, http.StatusForbidden)
	anna := w.enter("anna", officer("ente"))
	anna.do(http.MethodPost, "/console/lost/"+row.ID, "credential="+row.ID+"&seen=passport&sure=yes&to=paper", "Content-Type", "application/x-www-form-urlencoded", "Origin", "https://evil.example").is(t, http.StatusForbidden)
	if now, err := w.issuer.Find(t.Context(), row.ID); err != nil || now.State != issuer.StateIssued {
		t.Errorf("%+v %v", now, err)
	}
}

// TestFourEyesOfALostPhone: the old copy is revoked at once; the new one waits for
// ben, who reads what anna has seen.
func TestFourEyesOfALostPhone(t *testing.T) {
	w := drill(t)
	row := w.issueTo("Amina Diallo", "ente", "MC-1")
	_, err := w.issuer.SetFourEyes(t.Context(), admin, "ente", true)
	must(t, err)
	anna, ben := w.enter("anna", officer("ente")), w.enter("ben", officer("ente"))
	page := anna.state(row.ID, "credential", row.ID, "seen", "residence-permit", "sure", "yes", "to", "paper").is(t, http.StatusOK).body
	waits := regexp.MustCompile(`href="(/console/proposals/[^"]+)"`).FindStringSubmatch(page)
	if waits == nil || strings.Contains(page, "/print?") {
		t.Fatal(page)
	}
	if now, err := w.issuer.Find(t.Context(), row.ID); err != nil || now.State != issuer.StateRevoked || now.SupersededBy != "" {
		t.Fatalf("%+v %v", now, err)
	}
	// Twice is once: a second click makes no second proposal.
	page = anna.state(row.ID, "credential", row.ID, "seen", "residence-permit", "sure", "yes", "to", "paper").is(t, http.StatusOK).body
	if again := regexp.MustCompile(`href="(/console/proposals/[^"]+)"`).FindAllStringSubmatch(page, -1); len(again) != 1 || again[0][1] != waits[1] {
		t.Errorf("now %v waits beside %s", again, waits[1])
	}
	anna.post(waits[1]+"/approve").is(t, http.StatusConflict)
	if page := ben.get(waits[1]).is(t, http.StatusOK).body; !strings.Contains(page, "Identity document seen: residence permit") || !strings.Contains(page, "Amina Diallo") {
		t.Error(page)
	}
	ben.post(waits[1]+"/approve").to(t, "/console/home?done=approved")
	now, err := w.issuer.Find(t.Context(), row.ID)
	must(t, err)
	next, err := w.issuer.Find(t.Context(), now.SupersededBy)
	must(t, err)
	if l, err := next.Learner(); err != nil || l.Holder != "" {
		t.Errorf("%+v %v", l, err)
	}
}

// TestLostPageSaysWhatCannotBeDone: a dispute is settled first, and a full disk is
// no broken console.
func TestLostPageSaysWhatCannotBeDone(t *testing.T) {
	w := drill(t)
	row := w.issueTo("Amina Diallo", "ente", "MC-1")
	anna := w.enter("anna", officer("ente"))
	w.full.Store(true)
	if page := anna.state(row.ID, "credential", row.ID, "seen", "passport", "sure", "yes", "to", "paper").is(t, http.StatusInsufficientStorage).body; !strings.Contains(page, "The disk is full") {
		t.Error(page)
	}
	w.full.Store(false)
	_, err := w.issuer.Revoke(t.Context(), admin, row.ID, issuer.Reason{Code: schema.IssuedInError})
	must(t, err)
	if page := anna.get("/console/lost/"+row.ID).is(t, http.StatusOK).body; !strings.Contains(page, "and not because it was lost") || strings.Contains(page, `name="sure"`) {
		t.Error(page)
	}
	if page := anna.state(row.ID, "credential", row.ID, "seen", "passport", "sure", "yes", "to", "paper").is(t, http.StatusConflict).body; !strings.Contains(page, "not because it was lost") {
		t.Error(page)
	}
}

var errBroken = errors.New("a broken scanner")

// TestABrokenScannerIsNoAnswer: the officer types the number instead.
func TestABrokenScannerIsNoAnswer(t *testing.T) {
	w := newWorld(t, func(c *issuerweb.Config) {
		c.Paper = func(context.Context, [][]byte) ([]string, error) { return nil, errBroken }
	})
	anna := w.enter("anna", officer("ente"))
	if page := anna.ask("picture", "x").is(t, http.StatusOK).body; !strings.Contains(page, "No document can be read here") {
		t.Error(page)
	}
	if page := anna.ask("picture", strings.Repeat("x", 17<<20)).is(t, http.StatusOK).body; !strings.Contains(page, "No document can be read here") {
		t.Error(page)
	}
}

// TestEightSidesOfAPaper: as many pictures as a paper may have are read, though the
// form's field for a text comes behind them, empty as a browser sends it; that once
// counted as a ninth. Nine pictures are refused.
func TestEightSidesOfAPaper(t *testing.T) {
	w := drill(t)
	row := w.issueTo("Amina Diallo", "ente", "MC-1")
	anna := w.enter("anna", officer("ente"))
	fields := []string{"number", ""}
	for range 8 {
		fields = append(fields, "picture", row.Token)
	}
	anna.ask(append(fields, "text", "")...).is(t, http.StatusSeeOther)
	if page := anna.ask(append(fields, "picture", row.Token)...).is(t, http.StatusOK).body; !strings.Contains(page, "No document can be read here") {
		t.Error(page)
	}
}

// TestTheStatementIsAboutThePersonOnThePage: the identity document was that of
// the person of the path, and nobody else's documents are made anew by it.
func TestTheStatementIsAboutThePersonOnThePage(t *testing.T) {
	w := drill(t)
	amina := w.issueTo("Amina Diallo", "ente", "MC-1")
	zoe, err := w.issuer.Issue(t.Context(), admin, issuer.Offer{Issuer: "ente", Template: "food-hygiene", Learner: schema.Learner{
		Name: "Zoe Rossi", BirthDate: "1980-01-01", DocumentNumber: "MC-2", CompletedOn: "2026-11-20", Result: "Superato",
	}})
	must(t, err)
	anna := w.enter("anna", officer("ente"))
	for _, to := range []string{"paper", "phone"} {
		anna.state(amina.ID, "credential", zoe.ID, "seen", "passport", "sure", "yes", "to", to).is(t, http.StatusConflict)
	}
	if now, err := w.issuer.Find(t.Context(), zoe.ID); err != nil || now.State != issuer.StateIssued {
		t.Errorf("%+v %v", now, err)
	}
	// A daughter's on the same phone stands on the page, with her name and unticked.
	w.issueTo("Fatou Diallo", "ente", "MC-3")
	page := anna.get("/console/lost/"+amina.ID).is(t, http.StatusOK).body
	if strings.Count(page, ` checked`) != 1 || !strings.Contains(page, "Fatou Diallo") {
		t.Error(page)
	}
}

// TestAPaperHasEightSides: a form with more of them is not read.
func TestAPaperHasEightSides(t *testing.T) {
	w := drill(t)
	row := w.issueTo("Amina Diallo", "ente", "MC-1")
	anna := w.enter("anna", officer("ente"))
	sides := func(n int) (fields []string) {
		for range n {
			fields = append(fields, "text", row.Token)
		}
		return fields
	}
	anna.ask(sides(8)...).to(t, "/console/lost/"+row.ID)
	if page := anna.ask(sides(9)...).is(t, http.StatusOK).body; strings.Contains(page, "Amina") {
		t.Error("nine sides are read")
	}
}
