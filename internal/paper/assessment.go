package paper

import (
	"slices"
	"strconv"
	"strings"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/schema"
)

// assessment is the summary of a skills assessment. How a skill is known
// stands beside it in words and dots: what a person says of herself must not
// look like what somebody has tested.
func (a *a4) assessment(v schema.View) {
	t := a.tongue
	a.title()
	a.person()
	d := v.Assessed
	if d == nil {
		return
	}
	a.skillTable(d.Skills)
	a.knownLanguages(d.Known)
	a.experiences(d.Experiences)
	if d.Goal != "" {
		a.heading(t.words("paper.goal"), 6)
		a.write(margin, a.width(), d.Goal, style{})
	}
	a.plan(d.Plan)
	a.closing(rows(
		field{t.words("paper.operator"), once(joined(d.Operator.Name, d.Operator.Role, d.Operator.Body))},
		field{t.words("paper.mediator"), once(d.Mediator)},
		field{t.words("paper.phases"), a.phases(d.Phases)},
		field{t.words("paper.interview_languages"), t.each(func(lang string) string {
			var names []string
			for _, tag := range d.Languages {
				names = append(names, schema.LanguageName(tag, lang))
			}
			return strings.Join(names, ", ")
		})},
		field{t.words("paper.confirmed"), a.confirmed(d.Confirmed)},
		field{t.words("paper.issued"), t.day(v.IssuedOn)},
		field{t.words("paper.more"), once(v.Note)},
	), t.words("paper.operator"), t.words("paper.holder"))
}

// joined puts a comma between the parts that are there.
func joined(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), ", ")
}

// evidence from the weakest, with as many full dots.
var evidence = []string{schema.EvidenceDeclared, schema.EvidenceDocumented, schema.EvidenceObserved, schema.EvidenceAssessed}

// skillTable writes a skill a line, strongest proof first.
func (a *a4) skillTable(skills []schema.AssessedSkill) {
	a.heading(a.tongue.words("paper.assessed_skills"), 20)
	a.both(margin, a.width(), a.tongue.words("paper.dots"), style{ink: soft})
	a.y += 1.5
	for rank := len(evidence) - 1; rank >= 0; rank-- {
		for _, s := range skills {
			if s.Evidence == evidence[rank] {
				a.skill(s, rank+1)
			}
		}
	}
	if slices.ContainsFunc(skills, func(s schema.AssessedSkill) bool { return s.Evidence == schema.EvidenceDeclared }) {
		a.y += 0.5
		a.framed(a.tongue.words("paper.declared_note"))
	}
}

// skill writes the dots, the name and, under it, how it is known and by what.
func (a *a4) skill(s schema.AssessedSkill, dots int) {
	const dotsWide = 20.0
	t := a.tongue
	name, nameStyle := s.Name, style{face: bold}
	if s.Framework != "" {
		name += " (" + joined(s.Framework, s.Code) + ")"
	}
	if s.Evidence == schema.EvidenceDeclared {
		nameStyle.face = regular // no bold word for what nobody checked
	}
	how := t.each(func(lang string) string {
		one := tongues{lang}
		return joined(one.words("paper.evidence." + s.Evidence)[0], one.words("paper.skill_level", "level", strconv.Itoa(s.Level))[0])
	})
	proof := ""
	if len(s.Refs) > 0 {
		proof = t.words("paper.proof").oneLine() + ": " + strings.Join(s.Refs, "; ")
	}
	w := a.width() - dotsWide
	a.need(measure(name, w, nameStyle).height + heightOf(how, w, style{}) + min(measure(proof, w, style{}).height, 3*lineHeight))
	w = a.width() - dotsWide
	for i := range len(evidence) {
		a.dot(margin+2+float64(i)*4.3, a.y+lineHeight/2, 1.5, i < dots)
	}
	a.write(margin+dotsWide, w, name, nameStyle)
	a.both(margin+dotsWide, w, how, style{})
	if proof != "" {
		a.write(margin+dotsWide, w, proof, style{ink: soft})
	}
	a.y += 1.2
}

func (a *a4) knownLanguages(all []schema.KnownLanguage) {
	if len(all) == 0 {
		return
	}
	a.heading(a.tongue.words("paper.languages"), 8)
	a.list(each(all, func(k schema.KnownLanguage) string {
		one := tongues{a.tongue[0]}
		name := schema.LanguageName(k.Language, one[0])
		if k.Mother {
			return name + ": " + one.words("paper.mother_tongue")[0]
		}
		var parts []string
		for _, level := range []struct{ key, cefr string }{
			{"paper.cefr.listening", k.Listening}, {"paper.cefr.reading", k.Reading}, {"paper.cefr.interaction", k.Interaction},
			{"paper.cefr.production", k.Production}, {"paper.cefr.writing", k.Writing},
		} {
			if level.cefr != "" {
				parts = append(parts, one.words(level.key)[0]+" "+level.cefr)
			}
		}
		return name + ": " + strings.Join(parts, ", ")
	}))
}

func (a *a4) experiences(all []schema.Experience) {
	if len(all) == 0 {
		return
	}
	lang := a.tongue[0]
	a.heading(a.tongue.words("paper.experiences"), 8)
	a.list(each(all, func(e schema.Experience) string {
		where := e.Place
		if e.Country != "" {
			where = joined(where, schema.CountryName(e.Country, lang))
		}
		when := strings.Trim(i18n.Date(lang, e.From)+"–"+i18n.Date(lang, e.Until), "–")
		return joined(e.Title, where, when, e.Description)
	}))
}

func (a *a4) plan(steps []schema.PlanStep) {
	if len(steps) == 0 {
		return
	}
	a.heading(a.tongue.words("paper.plan"), 8)
	a.list(each(steps, func(s schema.PlanStep) string { return joined(s.Action, s.By, i18n.Date(a.tongue[0], s.When)) }))
}

// each turns entries into lines.
func each[T any](all []T, say func(T) string) []string {
	lines := make([]string, len(all))
	for i, one := range all {
		lines[i] = say(one)
	}
	return lines
}

func (a *a4) phases(all []schema.Phase) twice {
	return a.tongue.each(func(lang string) string {
		one := tongues{lang}
		return strings.Join(each(all, func(p schema.Phase) string {
			return one.code("paper.phase.", p.Phase)[0] + " " + i18n.Date(lang, p.Date)
		}), ", ")
	})
}

func (a *a4) confirmed(c schema.Confirmation) twice {
	return a.tongue.each(func(lang string) string {
		return joined(i18n.Date(lang, c.Date), tongues{lang}.code("paper.confirmed.", c.Mode)[0])
	})
}
