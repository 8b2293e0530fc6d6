package schema

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// seeds adds the shipped documents and, where they are, the public vectors.
func seeds(f *testing.F, pattern string) {
	f.Helper()
	for _, glob := range []string{"../examples/" + pattern, filepath.Join(oracleFolder(), "vectors", "vcdm2", "tests", "input", "*.json")} {
		files, err := filepath.Glob(glob)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data)
		}
	}
}

// No input makes the readers panic, and a document that passes its rules is
// written back so that it reads the same.
func FuzzCredential(f *testing.F) {
	seeds(f, "none")
	for _, data := range append(append(shippedDocuments(f), personalDocuments(f)...), fullest(f), passportDocument(f)) {
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		_ = CheckForIssuing(data, today)
		_, _ = ParsePresentation(data)
		_ = CheckPresentationForIssuing(data)
		_, _ = WithIssuer(data, self)
		c, err := ParseCredential(data)
		if err != nil {
			if FaultsOf(err) == nil {
				t.Fatalf("not Faults: %v", err)
			}
			return
		}
		faults := c.Rules(today)
		c.View()
		c.Holder()
		m, ours := c.Document()
		if !ours || len(faults) > 0 || len(m.claims) > 0 {
			return
		}
		again := m.appendJSON(nil)
		back, err := ParseCredential(again)
		if err != nil || len(back.Rules(today)) > 0 {
			t.Fatalf("written back, refused: %v\n%s", err, again)
		}
		if !sameJSON(data, again) {
			t.Fatalf("read\n%s\nwrote\n%s", data, again)
		}
	})
}

func sameJSON(a, b []byte) bool {
	var va, vb any
	if json.Unmarshal(a, &va) != nil || json.Unmarshal(b, &vb) != nil {
		return false
	}
	ja, _ := json.Marshal(va)
	jb, _ := json.Marshal(vb)
	return bytes.Equal(ja, jb)
}

func FuzzTemplate(f *testing.F) {
	seeds(f, "templates/*.json")
	f.Fuzz(func(t *testing.T, data []byte) {
		tmpl, err := ParseTemplate(data)
		if err != nil || len(tmpl.Check()) > 0 {
			return
		}
		composed, err := tmpl.Compose(Specimen(tmpl))
		if err != nil {
			t.Fatalf("checked, yet not composed: %v", err)
		}
		c, err := ParseCredential(composed)
		if err != nil {
			t.Fatalf("%v\n%s", err, composed)
		}
		if faults := c.Rules(noClock); len(faults) > 0 {
			t.Fatalf("%v\n%s", faults, composed)
		}
	})
}

func FuzzLearner(f *testing.F) {
	seeds(f, "learners/*.json")
	f.Add([]byte(`{"name":"Abdullah","birthDate":"1996","result":"Superato","completedOn":"2026-11-18"}`))
	f.Add([]byte(`{"name":"Abdullah","birthDate":"1996","completedOn":"0001-01-01"}`)) // a day that no document can write
	templates := []*Template{hygiene(f)}
	for _, file := range []string{
		"06-workshop-it.json", "08-internship-it.json", "09-internship-el.json", "10-skills-assessment-it.json",
		"12-operator-qrsp-it.json", "14-network-membership-it.json", "16-accreditation-it.json",
	} {
		templates = append(templates, template(f, file))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		learner, err := ParseLearner(data)
		if err != nil {
			return
		}
		for _, tmpl := range templates {
			if len(tmpl.CheckLearner(learner, today)) == 0 {
				mustFit(t, tmpl, learner)
			}
		}
	})
}

// mustFit fails unless the document of a learner who was checked is composed,
// obeys its rules, and gives the learner back.
func mustFit(t *testing.T, tmpl *Template, learner Learner) {
	t.Helper()
	p := Specimen(tmpl)
	p.Learner, p.ValidFrom = learner, today
	composed, err := tmpl.Compose(p)
	if err != nil {
		t.Fatalf("checked, yet not composed: %v", err)
	}
	c, err := ParseCredential(composed)
	if err != nil {
		t.Fatalf("%v\n%s", err, composed)
	}
	if faults := c.Rules(today); len(faults) > 0 {
		t.Fatalf("%v\n%s", faults, composed)
	}
	p.Learner = c.Learner()
	again, err := tmpl.Compose(p)
	if err != nil || !bytes.Equal(again, composed) {
		t.Fatalf("composed again: %v\n%s\nwas\n%s", err, again, composed)
	}
}
