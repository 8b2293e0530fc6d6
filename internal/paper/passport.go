package paper

import (
	"slices"
	"strconv"

	"github.com/employment-passport/passport/schema"
)

// passport is the composite on A4: what it is made of, and by whose list. The
// booklet shows the certificates themselves.
func (a *a4) passport(v schema.View) {
	t := a.tongue
	a.title()
	a.person()
	d := v.Passport
	if d == nil {
		return
	}
	var by *schema.PassportDefinition
	if a.known != nil {
		by = a.known(d.Definition)
	}
	a.space(gap)
	a.fields(rows(
		field{t.words("paper.passport_components"), once(strconv.Itoa(len(d.Components)))},
		field{t.words("paper.awarding"), a.awarding(v)},
		field{t.words("paper.issued"), t.day(v.IssuedOn)},
		field{t.words("paper.definition"), a.definition(d.Definition, by)},
		field{t.words("paper.more"), once(v.Note)},
	))
	a.components(d.Components, by)
	if by != nil && by.Example {
		a.space(gap)
		a.framed(t.each(func(lang string) string {
			return firstNonEmpty(by.In(by.Notice, lang), tongues{lang}.words("paper.definition_example")[0])
		}))
	}
}

// definition names the list and its version; without the list its address.
func (a *a4) definition(ref schema.DefinitionRef, by *schema.PassportDefinition) twice {
	return a.tongue.each(func(lang string) string {
		name := ref.ID
		if by != nil {
			name = by.In(by.Title, lang)
		}
		return tongues{lang}.words("paper.definition_version", "name", name, "version", ref.Version)[0]
	})
}

// components writes what the passport is made of, in the order of the list and
// in two columns: the words of each requirement with its short name.
func (a *a4) components(all []schema.Component, by *schema.PassportDefinition) {
	if len(all) == 0 {
		return
	}
	var items []field
	for _, ref := range inOrderOf(all, by) {
		label := once(ref)
		if by != nil {
			if r, ok := by.Requirement(ref); ok {
				label = a.tongue.each(func(lang string) string { return by.In(r.Label, lang) })
				label[0] += " (" + ref + ")"
			}
		}
		items = append(items, field{value: label})
	}
	a.heading(colon(a.tongue.words("paper.requirements")), 14)
	a.fields(items)
}

// inOrderOf are the requirements that are met, each once, as the list has them.
func inOrderOf(all []schema.Component, by *schema.PassportDefinition) (refs []string) {
	for _, c := range all {
		if !slices.Contains(refs, c.Requirement) {
			refs = append(refs, c.Requirement)
		}
	}
	if by == nil {
		return refs
	}
	rank := func(ref string) int {
		return slices.IndexFunc(by.Requirements, func(r schema.Requirement) bool { return r.Ref == ref })
	}
	slices.SortStableFunc(refs, func(x, y string) int { return rank(x) - rank(y) })
	return refs
}
