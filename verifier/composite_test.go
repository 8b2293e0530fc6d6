package verifier_test

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/schema"
	"github.com/employment-passport/passport/verifier"
)

// passportDefinition is a small definition of three requirements.
func passportDefinition(t testing.TB) *schema.PassportDefinition {
	t.Helper()
	data, err := os.ReadFile("../examples/definitions/passaporto-esempio.json")
	must(t, err)
	d, err := schema.ParseDefinition(data)
	must(t, err)
	d.Requirements, d.Minimum = d.Requirements[:3], 3
	return d
}

func partID(i int) string { return fmt.Sprintf("urn:uuid:9a3f6b2e-1c44-4b8a-9e21-%012d", i) }

// mayAward recognises the body for passports too.
func (w *world) mayAward() {
	w.entities[0].RecognizedTo = append(w.entities[0].RecognizedTo, schema.Permission{Schema: "EmploymentPassport", From: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)})
}

// part issues the i-th component at index 100+i of the list.
func (w *world) part(i int, change ...func(map[string]any)) string {
	w.t.Helper()
	return w.issue(append([]func(map[string]any){set("id", partID(i)), at100(i)}, change...)...)
}

func at100(i int) func(map[string]any) {
	n := fmt.Sprint(100 + i)
	return status(map[string]any{"id": revocations + "#" + n, "statusListIndex": n})
}

// award issues the passport of components 1 to 3 at the example's own index.
func (w *world) award(learner ...func(*schema.Learner)) string {
	w.t.Helper()
	d := passportDefinition(w.t)
	var components []schema.Component
	for i, r := range d.Requirements {
		components = append(components, schema.Component{ID: partID(i + 1), Requirement: r.Ref})
	}
	p := schema.Particulars{
		ID:            "urn:uuid:9a3f6b2e-1c44-4b8a-9e21-6f0a2d7cffff",
		Issuer:        schema.IssuerProfile{ID: w.body.did, Name: "Ente Formazione Esempio", Country: "IT", Region: "ITF5"},
		Learner:       schema.Learner{Name: "Amina Diallo", BirthDate: "1994-03-12", Holder: w.holderDID},
		ValidFrom:     time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC),
		StatusListURL: revocations, StatusIndex: index,
	}
	for _, change := range learner {
		change(&p.Learner)
	}
	data, err := schema.ComposePassport(d, components, p)
	must(w.t, err)
	return sign(w.t, jose.TypeVC, w.body.credKID, w.body.credentials, data)
}

// judgeAll verifies tokens that one file or code held.
func (w *world) judgeAll(tokens ...string) *verifier.Report {
	w.t.Helper()
	r, err := w.verifier().Verify(context.Background(), tokens, verifier.HolderBinding{})
	must(w.t, err)
	return r
}

func check(t *testing.T, r *verifier.Report, code string) verifier.Check {
	t.Helper()
	for _, c := range r.Checks {
		if c.Code == code {
			return c
		}
	}
	t.Fatalf("no check %s in %v", code, r.Checks)
	return verifier.Check{}
}

// replacing makes a credential the successor of another.
func replacing(id string) func(map[string]any) { return set("supersedes", id) }

// Components that nobody shows leave the composite to its own status.
func TestCompositeByItself(t *testing.T) {
	w := newWorld(t)
	w.mayAward()
	for shown, want := range []string{"0", "1", "2", "3"} {
		tokens := []string{w.award()}
		for i := range shown {
			tokens = append(tokens, w.part(i+1))
		}
		r := w.judgeAll(tokens...)
		c := check(t, r, verifier.CodeComponents)
		if r.Verdict != verifier.Valid || c.Args["count"] != want || c.Args["of"] != "3" || (c.Outcome == verifier.Passed) != (shown == 3) {
			t.Errorf("%d shown: %s, %v %v", shown, r.Verdict, c.Outcome, c.Args)
		}
	}
}

// A body that may not award passports awards none that is VALID.
func TestCompositeNeedsItsPermission(t *testing.T) {
	w := newWorld(t)
	if r := w.judgeAll(w.award()); r.Verdict != verifier.Unknown || r.Reason != verifier.CodeNotRecognised {
		t.Errorf("%s for %s", r.Verdict, r.Reason)
	}
}

// What does not count, and fells nothing.
func TestComponentsThatDoNotCount(t *testing.T) {
	other := func(doc map[string]any) {
		doc["credentialSubject"].(map[string]any)["id"] = "did:key:zDnaeucDGfhXHoJVqot3p21RuupNJ2fZrs8Lb1GV83VnSo2jR"
	}
	for name, c := range map[string]struct {
		make func(w *world) string
		code string
	}{
		"somebody else's": {func(w *world) string {
			w.addList(revocations, "revocation", now.Add(-hour))
			return w.part(1, other)
		}, verifier.CodeComponentOther},
		"somebody else's, revoked": {func(w *world) string {
			w.addList(revocations, "revocation", now.Add(-hour), 101)
			return w.part(1, other)
		}, verifier.CodeComponentOther},
		"denied: a forgery with its id": {func(w *world) string {
			w.addList(revocations, "revocation", now.Add(-hour))
			token := w.part(1)
			w.denied = append(w.denied, digest(w.t, token))
			return token
		}, verifier.CodeComponentOpen},
		"a copy that has run out": {func(w *world) string {
			w.addList(revocations, "revocation", now.Add(-hour))
			return w.part(1, set("validUntil", "2026-11-21T00:00:00Z"))
		}, verifier.CodeComponentOpen},
	} {
		t.Run(name, func(t *testing.T) {
			w := emptyWorld(t)
			w.mayAward()
			token := c.make(w)
			r := w.judgeAll(w.award(), token)
			if p := r.Credentials()[0]; p.Verdict != verifier.Valid {
				t.Errorf("passport %s for %s", p.Verdict, p.Reason)
			}
			if got := check(t, r, c.code); got.Args["ids"] != partID(1) {
				t.Errorf("named as %v", got.Args)
			}
		})
	}
}

// What fells a composite beside a revocation, and what cannot replace a
// component.
func TestComponentsThatFall(t *testing.T) {
	t.Run("suspended", func(t *testing.T) {
		w := newWorld(t)
		w.mayAward()
		w.addList(suspensions, "suspension", now.Add(-hour), index)
		r := w.judgeAll(w.award(), w.issue(set("id", partID(1)), suspendable))
		c := check(t, r, verifier.CodeComponentRevoked)
		if p := r.Credentials()[0]; p.Reason != verifier.CodeComponentRevoked || c.Args["case"] != "bad" {
			t.Errorf("passport %s for %s, told as %v", p.Verdict, p.Reason, c.Args)
		}
	})
	t.Run("a stranger's successor", func(t *testing.T) {
		w := emptyWorld(t)
		w.mayAward()
		w.addList(revocations, "revocation", now.Add(-hour), 102)
		composite, old := w.award(), w.part(2)
		home := w.body
		w.body = newBody(t, "did:web:altro.example")
		w.entities = append(w.entities, w.body.entity(t))
		w.addList("https://altro.example/status/1", "revocation", now.Add(-hour))
		foreign := w.issue(set("id", partID(4)), replacing(partID(2)), status(map[string]any{
			"id": fmt.Sprintf("https://altro.example/status/1#%d", index), "statusListCredential": "https://altro.example/status/1",
		}))
		w.body = home
		r := w.judgeAll(composite, old, foreign)
		if last := r.Credentials()[2]; last.Verdict != verifier.Valid {
			t.Fatalf("the stranger's own is %s for %s", last.Verdict, last.Reason)
		}
		if p := r.Credentials()[0]; p.Reason != verifier.CodeComponentRevoked {
			t.Errorf("passport %s for %s", p.Verdict, p.Reason)
		}
	})
}

// People without a key are the same person by name and date of birth.
func TestCompositeOnPaper(t *testing.T) {
	w := emptyWorld(t)
	w.mayAward()
	w.addList(revocations, "revocation", now.Add(-hour), 101)
	onPaper := w.award(func(l *schema.Learner) { l.Holder = "" })
	if p := w.judgeAll(onPaper, w.part(1, bearer)).Credentials()[0]; p.Reason != verifier.CodeComponentRevoked {
		t.Errorf("passport %s for %s", p.Verdict, p.Reason)
	}
	younger := w.award(func(l *schema.Learner) { l.Holder, l.BirthDate = "", "1999" })
	if p := w.judgeAll(younger, w.part(1, bearer)).Credentials()[0]; p.Verdict != verifier.Valid {
		t.Errorf("somebody else's component fells the passport: %s for %s", p.Verdict, p.Reason)
	}
}

// M2: a component is revoked, and the verifier shows it in the reader's words.
func TestRowM2VerifierShowsTheFallenComponent(t *testing.T) {
	w := emptyWorld(t)
	w.mayAward()
	w.addList(revocations, "revocation", now.Add(-hour), 103)
	r := w.judgeAll(w.award(), w.part(1), w.part(2), w.part(3))
	c := check(t, r, verifier.CodeComponentRevoked)
	got := i18n.T("it", "check."+c.Code, c.Args)
	if want := "Passaporto: 1 componente revocata: Igiene degli alimenti in cucina (LC-P3)."; got != want || r.Verdict != verifier.Invalid {
		t.Errorf("%s: %q, want %q", r.Verdict, got, want)
	}
}
