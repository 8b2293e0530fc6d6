package main

import (
	"strconv"
	"strings"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/schema"
)

// assessment shows each skill with the word that says how it is known.
func (c *contents) assessment(a *schema.Assessment) {
	c.line("content.operator", joined(", ", a.Operator.Name, a.Operator.Role, a.Operator.Body))
	var phases []string
	for _, p := range a.Phases {
		phases = append(phases, c.term("content.phase", p.Phase)+" "+isoDay(c.lang, p.Date))
	}
	c.line("content.phases", strings.Join(phases, ", "))
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
		experiences = append(experiences, joined(", ", e.Title, e.Place, joined("–", isoDay(c.lang, e.From), isoDay(c.lang, e.Until))))
	}
	c.list("content.experiences", experiences)
	c.line("content.goal", a.Goal)
	var steps []string
	for _, s := range a.Plan {
		steps = append(steps, joined(", ", s.Action, s.By, isoDay(c.lang, s.When)))
	}
	c.list("content.plan", steps)
	if key := "content.confirmed." + a.Confirmed.Mode; i18n.Has(key) {
		c.line("content.confirmed", c.word(key, "date", isoDay(c.lang, a.Confirmed.Date)))
	}
}

func (c *contents) skills(skills []schema.AssessedSkill) {
	l := contentLine{key: "content.skills"}
	for _, s := range skills {
		text := c.word("content.skill", "name", withFramework(schema.Skill{Name: s.Name, Framework: s.Framework}),
			"evidence", c.term("content.evidence", s.Evidence), "level", strconv.Itoa(s.Level))
		if len(s.Refs) > 0 {
			text += " · " + strings.Join(s.Refs, ", ")
		}
		l.items = append(l.items, contentItem{text, s.Evidence == schema.EvidenceDeclared})
	}
	if len(l.items) > 0 {
		c.lines = append(c.lines, l)
	}
}

func (c *contents) languageNames(tags []string) string {
	var names []string
	for _, tag := range tags {
		names = append(names, schema.LanguageName(tag, c.lang))
	}
	return strings.Join(names, ", ")
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
	return strings.Join(levels, ", ")
}

// joined leaves the empty parts out.
func joined(with string, parts ...string) string {
	var there []string
	for _, p := range parts {
		if p != "" {
			there = append(there, p)
		}
	}
	return strings.Join(there, with)
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
	c.line("operator.assessed_on", isoDay(c.lang, k.AssessedOn))
	c.line("operator.assessors", strings.Join(k.Assessors, ", "))
	c.line("operator.renew", isoDay(c.lang, k.RenewBy))
}

// operatorAssessments are the kinds of assessment, for the words of an
// operator's competence, which know the languages of all its partners.
var operatorAssessments = map[string]string{
	"http://data.europa.eu/snb/assessment/6e6cb2cc78": "operator.assessment.written",
	"http://data.europa.eu/snb/assessment/d30284d7df": "operator.assessment.oral",
	"http://data.europa.eu/snb/assessment/6a4db9f11d": "operator.assessment.practical",
	"http://data.europa.eu/snb/assessment/b1b68f6735": "operator.assessment.quiz",
	"http://data.europa.eu/snb/assessment/795dac4096": "operator.assessment.project",
	"http://data.europa.eu/snb/assessment/4f03b91c0e": "operator.assessment.portfolio",
	"http://data.europa.eu/snb/assessment/3484bd7e51": "operator.assessment.continuous",
	"http://data.europa.eu/snb/assessment/2939dae15f": "operator.assessment.assignment",
	"http://data.europa.eu/snb/assessment/de4d165a6c": "operator.assessment.artefact",
	"http://data.europa.eu/snb/assessment/56539a6507": "operator.assessment.group",
	"http://data.europa.eu/snb/assessment/19a2e5e671": "operator.assessment.peers",
	"http://data.europa.eu/snb/assessment/812e3b0ae1": "operator.assessment.review",
	"http://data.europa.eu/snb/assessment/c4256a2726": "operator.assessment.problems",
	"http://data.europa.eu/snb/assessment/7331eb4762": "operator.assessment.attendance",
}

// assessmentLabel is label for a kind of assessment.
func assessmentLabel(lang, uri string, operator bool) string {
	if key := operatorAssessments[uri]; operator && key != "" {
		return i18n.T(lang, key, nil)
	}
	return label(lang, uri)
}
