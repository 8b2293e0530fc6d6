package report

import (
	"strconv"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/schema"
)

// assessment shows each skill with the word that says how it is known.
func (c *contents) assessment(a *schema.Assessment) {
	c.line("content.operator", joined(", ", a.Operator.Name, a.Operator.Role, a.Operator.Body))
	var phases []string
	for _, p := range a.Phases {
		phases = append(phases, c.term("content.phase", p.Phase)+" "+i18n.Date(c.lang, p.Date))
	}
	c.line("content.phases", i18n.List(c.lang, phases...))
	c.line("content.interview_languages", c.languageNames(a.Languages))
	c.line("content.mediator", a.Mediator)
	c.skills(a.Skills)
	var known []string
	for _, l := range a.Known {
		known = append(known, schema.LanguageName(l.Language, c.lang)+": "+c.languageLevels(l))
	}
	c.list("content.languages", known)
	var experiences []string
	for _, e := range a.Experiences {
		experiences = append(experiences, joined(", ", e.Title, e.Place, joined("–", i18n.Date(c.lang, e.From), i18n.Date(c.lang, e.Until))))
	}
	c.list("content.experiences", experiences)
	c.line("content.goal", a.Goal)
	var steps []string
	for _, s := range a.Plan {
		steps = append(steps, joined(", ", s.Action, s.By, i18n.Date(c.lang, s.When)))
	}
	c.list("content.plan", steps)
	if key := "content.confirmed." + a.Confirmed.Mode; i18n.Has(key) {
		c.line("content.confirmed", c.word(key, "date", i18n.Date(c.lang, a.Confirmed.Date)))
	}
}

func (c *contents) skills(skills []schema.AssessedSkill) {
	l := Line{Key: "content.skills"}
	for _, s := range skills {
		text := c.word("content.skill", "name", WithFramework(schema.Skill{Name: s.Name, Framework: s.Framework}),
			"evidence", c.term("content.evidence", s.Evidence), "level", strconv.Itoa(s.Level))
		if len(s.Refs) > 0 {
			text += " · " + i18n.List(c.lang, s.Refs...)
		}
		l.Items = append(l.Items, Item{text, s.Evidence == schema.EvidenceDeclared})
	}
	if len(l.Items) > 0 {
		c.lines = append(c.lines, l)
	}
}

func (c *contents) languageNames(tags []string) string {
	var names []string
	for _, tag := range tags {
		names = append(names, schema.LanguageName(tag, c.lang))
	}
	return i18n.List(c.lang, names...)
}

func (c *contents) languageLevels(l schema.KnownLanguage) string {
	if l.Mother {
		return c.word("content.mother_tongue")
	}
	var levels []string
	for _, part := range [...]struct{ key, level string }{
		{"content.listening", l.Listening}, {"content.reading", l.Reading}, {"content.interaction", l.Interaction},
		{"content.production", l.Production}, {"content.writing", l.Writing},
	} {
		if part.level != "" {
			levels = append(levels, c.word(part.key)+" "+part.level)
		}
	}
	return i18n.List(c.lang, levels...)
}

func (c *contents) competence(k *schema.Competence) {
	c.line("operator.framework", c.term("operator.framework", k.Framework))
	c.line("operator.section", k.Section)
	if k.Profile != nil {
		c.line("operator.profile", joined(" ", k.Profile.Code, k.Profile.Name))
	}
	c.line("operator.competence", joined(" ", k.Competence.Code, k.Competence.Name))
	c.list("operator.abilities", k.Abilities)
	c.list("operator.knowledge", k.Knowledge)
	c.line("operator.context", k.WorkContext)
	c.line("operator.assessed_on", i18n.Date(c.lang, k.AssessedOn))
	c.line("operator.assessors", i18n.List(c.lang, k.Assessors...))
	c.line("operator.renew", i18n.Date(c.lang, k.RenewBy))
}
