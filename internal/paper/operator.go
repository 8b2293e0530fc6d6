package paper

import (
	"strings"

	"github.com/employment-passport/passport/schema"
)

// operator is the certificate of somebody who works with jobseekers: the
// competence with its code, what belongs to it, and how it was assessed.
func (a *a4) operator(v schema.View) {
	t := a.tongue
	a.title()
	a.person()
	d := v.Competence
	if d == nil {
		return
	}
	a.space(gap)
	a.field2(field{t.words("paper.competence"), once(coded(&d.Competence))})
	a.items("paper.abilities", d.Abilities)
	a.items("paper.knowledge", d.Knowledge)
	a.space(gap)
	a.fields(rows(
		field{t.words("paper.framework"), once(strings.TrimSuffix(d.Framework+", "+d.Section, ", "))},
		field{t.words("paper.profile"), once(coded(d.Profile))},
		field{t.words("paper.level"), a.level(v)},
		field{t.words("paper.context"), once(d.WorkContext)},
		field{t.words("paper.test"), t.terms(v.Assessment)},
		field{t.words("paper.result"), once(v.Result)},
		field{t.words("paper.assessed_on"), t.day(d.AssessedOn)},
		field{t.words("paper.assessors"), once(strings.Join(d.Assessors, ", "))},
		field{t.words("paper.awarding"), a.awarding(v)},
		field{t.words("paper.issued"), t.day(v.IssuedOn)},
		field{t.words("paper.renew_by"), t.day(d.RenewBy)},
		field{t.words("paper.more"), once(v.Note)},
	))
}

func coded(c *schema.Coded) string {
	switch {
	case c == nil:
		return ""
	case c.Code == "":
		return c.Name
	}
	return c.Name + " (" + c.Code + ")"
}

func (a *a4) items(key string, items []string) {
	if len(items) > 0 {
		a.heading(colon(a.tongue.words(key)), 8)
		a.list(items)
	}
}
