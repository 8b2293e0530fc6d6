package schema

import (
	"os"
	"path/filepath"
	"testing"
)

// Learners as a real class has them: mononyms, other scripts, half a date.
func TestShippedLearnersFitTheFirstCourse(t *testing.T) {
	files, err := filepath.Glob("../examples/learners/0[1-5]-*.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		learner, err := ParseLearner(data)
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		if faults := hygiene(t).CheckLearner(learner, today); len(faults) > 0 {
			t.Errorf("%s: %v", file, faults)
		}
	}
}

// From 06 on a learner fits the template of the same number, and each of those
// templates has one.
func TestShippedLearnersFitTheirTemplate(t *testing.T) {
	templates, err := filepath.Glob("../examples/templates/*.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range templates {
		name := filepath.Base(path)
		if name < "06" {
			continue
		}
		learners, err := filepath.Glob("../examples/learners/" + name[:3] + "*.json")
		if err != nil || len(learners) != 1 {
			t.Errorf("%s: learners %v (%v)", name, learners, err)
			continue
		}
		if faults := template(t, name).CheckLearner(learnerFile(t, filepath.Base(learners[0])), today); len(faults) > 0 {
			t.Errorf("%s: %v", learners[0], faults)
		}
	}
}

func TestLearnerFaultsPointAtTheMember(t *testing.T) {
	for data, want := range map[string]Fault{
		`{"birthDate":"1996"}`:                                       {Code: "annex_learner", Pointer: "/name"},
		`{"name":"Abdullah"}`:                                        {Code: "bearer_without_birth", Pointer: "/birthDate"},
		`{"name":"Abdullah","birthDate":"96"}`:                       {Code: "birth_date_form", Pointer: "/birthDate"},
		`{"name":" A","birthDate":"1996"}`:                           {Code: "text_space", Pointer: "/name"},
		`{"name":"A\u202eB","birthDate":"1996"}`:                     {Code: "text_control", Pointer: "/name"},
		`{"name":"A","birthDate":"1996","completedOn":"20/11/2026"}`: {Code: "date_form", Pointer: "/completedOn"},
		`{"name":"A","birthDate":"1996","startedOn":"2026-11-20","completedOn":"2026-11-01"}`: {Code: "period_order", Pointer: "/completedOn"},
		`{"name":"A","holder":"z6Mk"}`:                  {Code: "not_did", Pointer: "/holder"},
		`{"name":7,"birthDate":"1996"}`:                 {Code: "want_text", Pointer: "/name"},
		`{"name":"A","birthDate":"1996","cognome":"B"}`: {Code: "unknown_member", Pointer: "/cognome"},
	} {
		_, err := ParseLearner([]byte(data))
		found := false
		for _, f := range FaultsOf(err) {
			found = found || f.Code == want.Code && f.Pointer == want.Pointer
		}
		if !found {
			t.Errorf("%s: got %v, want %s at %s", data, err, want.Code, want.Pointer)
		}
	}
}

// What one course asks of a learner is told by the learner's member.
func TestCourseFaultsPointAtTheLearner(t *testing.T) {
	fine := Learner{Name: "Abdullah", BirthDate: "1996"}
	if faults := hygiene(t).CheckLearner(fine, today); len(faults) > 0 {
		t.Errorf("a mononym with a year of birth: %v", faults)
	}
	late, graded, unborn := fine, fine, fine
	late.CompletedOn, graded.Result, unborn.BirthDate = "2026-12-01", "Z", "2027"
	for _, row := range []struct {
		tmpl          *Template
		learner       Learner
		code, pointer string
	}{
		{hygiene(t), late, "issued_before_completion", "/completedOn"},
		{hygiene(t), unborn, "birth_in_future", "/birthDate"},
		{everything(t), fine, "birth_for_legal_value", "/birthPlace"},
	} {
		faults := row.tmpl.CheckLearner(row.learner, today)
		if !faults.Has(row.code) || !faults.at(row.pointer) {
			t.Errorf("got %v, want %s at %s", faults, row.code, row.pointer)
		}
		p := Specimen(row.tmpl)
		p.Learner = row.learner
		if _, err := row.tmpl.Compose(p); row.code != "birth_in_future" && !FaultsOf(err).at("/learner"+row.pointer) {
			t.Errorf("composing: got %v, want something at /learner%s", err, row.pointer)
		}
	}
}

// An issuer cannot give a suspendable course one status entry, nor two to
// another; and nothing half-made leaves Compose.
func TestComposeRefuses(t *testing.T) {
	for code, change := range map[string]func(*Particulars){
		"status_entries":  func(p *Particulars) { p.Suspension = &StatusPlace{"https://ente.example/status/2", 1} },
		"not_uuid":        func(p *Particulars) { p.ID = "MC-1" },
		"not_did":         func(p *Particulars) { p.Issuer.ID = "https://ente.example" },
		"not_link":        func(p *Particulars) { p.StatusListURL = "file:///status/1" },
		"index_form":      func(p *Particulars) { p.StatusIndex = -1 },
		"annex_country":   func(p *Particulars) { p.Issuer.Country = "" },
		"country_unknown": func(p *Particulars) { p.Issuer.Country = "XX" },
		"text_control":    func(p *Particulars) { p.Learner.Name = "A\x00B" },
	} {
		p := amina()
		change(&p)
		data, err := hygiene(t).Compose(p)
		if data != nil || !FaultsOf(err).Has(code) {
			t.Errorf("got %v, want %s", err, code)
		}
	}
}

// A learner without a document number gets one made of the credential's id.
func TestDocumentNumberFromID(t *testing.T) {
	p := amina()
	p.Learner.DocumentNumber = ""
	data, err := hygiene(t).Compose(p)
	if err != nil {
		t.Fatal(err)
	}
	c, err := ParseCredential(data)
	if err != nil || c.View().DocumentNumber != "MC-9A3F6B2E" {
		t.Errorf("number %q (%v)", c.View().DocumentNumber, err)
	}
}
