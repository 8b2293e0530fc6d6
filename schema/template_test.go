package schema

import (
	"path/filepath"
	"testing"
)

// Every course that we ship composes for everybody that it should.
func TestShippedTemplates(t *testing.T) {
	files, err := filepath.Glob("../examples/templates/*.json")
	if err != nil || len(files) < 13 {
		t.Fatalf("found %d templates only (%v)", len(files), err)
	}
	for i, file := range files {
		tmpl := template(t, filepath.Base(file))
		if faults := tmpl.Check(); len(faults) > 0 {
			t.Errorf("%s: %v", file, faults)
		}
		data, err := tmpl.Compose(Specimen(tmpl))
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		c, err := ParseCredential(data)
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if faults := c.Rules(today); len(faults) > 0 {
			t.Errorf("%s: %v", file, faults)
		}
		if i > 0 {
			continue
		}
		// Scripts lean on this one: no region, no key, a name and a year of birth.
		p := amina()
		p.Issuer.Region = ""
		p.Learner = Learner{Name: "Amina Diallo", BirthDate: "1994", CompletedOn: "2026-11-18"}
		if _, err := tmpl.Compose(p); err != nil {
			t.Errorf("%s must fit an ordinary learner: %v", file, err)
		}
	}
}
