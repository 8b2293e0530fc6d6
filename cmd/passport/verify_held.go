package main

import (
	"github.com/employment-passport/passport/schema"
	"github.com/employment-passport/passport/verifier"
)

// sayOrganisations gives the question who shows a document other words where it
// belongs to a body: nobody compares a body with an identity document.
func sayOrganisations(r *verifier.Report) {
	if r == nil {
		return
	}
	bodies := map[int]bool{}
	for _, c := range r.Credentials() {
		bodies[c.Number] = schema.HeldByOrganisation(c.Document.Kind())
	}
	for i, c := range r.Checks {
		if c.Code == verifier.CodeHolderCompare && bodies[c.Credential] {
			r.Checks[i].Args = withCase(c.Args, "organisation")
		}
	}
}

// holderWord is the answer about the holder: that of bodies where all that is
// shown belongs to bodies.
func holderWord(r *verifier.Report) string {
	people := len(r.Credentials()) == 0
	for _, c := range r.Credentials() {
		people = people || !schema.HeldByOrganisation(c.Document.Kind())
	}
	if r.Holder == verifier.HolderCompare && !people {
		return "organisation"
	}
	return string(r.Holder)
}

// partsOf names the components of a passport: by the requirement's label where
// the bundle has the definition, by their own title where they are shown.
func (s *verifySetup) partsOf(r *verifier.Report) componentNames {
	titles := map[string]string{}
	for _, c := range r.Credentials() {
		titles[c.Document.ID] = firstOf(c.Document.View().Title, c.Document.Name)
	}
	return func(ref schema.DefinitionRef, c schema.Component) string {
		if s.bundle != nil {
			if d, ok := s.bundle.PassportDefinition(ref.ID, ref.Version); ok {
				if q, ok := d.Requirement(c.Requirement); ok {
					return d.In(q.Label, s.app.lang)
				}
			}
		}
		return titles[c.ID]
	}
}
