package schema

import (
	"strconv"
)

// KindSkillsAssessment is the bilancio delle competenze: what a person can do,
// and how each of it is known.
const KindSkillsAssessment = "SkillsAssessment"

var skillsKind = documentKind{
	name:            KindSkillsAssessment,
	achievementType: "Assessment",
	schemaURL:       ownSchemas + "assessment/1",
	schemaFile:      "data/assessment-1.json",
	prefix:          "SA-",
	shared:          frameAnd("formOfParticipation", "qualityAssurance", "fundedBy"),
	begin:           func(d *Document) { d.Assessed = new(Assessment) },
	onSubject:       func(r *reading, d *Document, c value) bool { return r.skillsMember(d.Assessed, c) },
	appendOnSubject: func(b []byte, d *Document) []byte { return appendSkills(b, d.Assessed) },
	rules:           func(j *judge, d *Document) { j.skills(d.Assessed, d.Subject.Achievement.LegalValue, d.ValidFrom) },
	specimen:        specimenSkills,
}

// frameAnd are the members of achievement that every document may have, and
// some that not all have.
func frameAnd(others ...string) map[string]bool {
	return set(append(others, "id", "type", "achievementType", "name", "description", "inLanguage",
		"creator", "humanCode", "criteria", "legalValue", "legalBasis")...)
}

// phases of a skills assessment, in the order in which they take place.
var phases = [...]string{"accoglienza", "investigazione", "sintesi"}

// skillsMember reads a member of credentialSubject that only a skills
// assessment has.
func (r *reading) skillsMember(a *Assessment, c value) bool {
	switch c.key() {
	case "operator":
		a.Operator = r.operator(c)
	case "phases":
		a.Phases = r.phases(c)
	case "interviewLanguages":
		a.Languages = r.terms(c, isLanguage, "language_form")
	case "mediator":
		a.Mediator = r.text(c, maxShort)
	case "experiences":
		a.Experiences = list(r, c, r.experience)
	case "skills":
		a.Skills = list(r, c, r.assessedSkill)
	case "languagesKnown":
		a.Known = list(r, c, r.knownLanguage)
	case "goal":
		a.Goal = r.text(c, maxLong)
	case "plan":
		a.Plan = list(r, c, r.planStep)
	case "confirmedByHolder":
		a.Confirmed = r.confirmation(c)
	default:
		return false
	}
	return true
}

func (r *reading) operator(v value) (o Operator) {
	if !r.object(v) {
		return o
	}
	for c := v.first(); c.exists(); c = c.next() {
		switch c.key() {
		case "name":
			o.Name = r.text(c, maxShort)
		case "role":
			o.Role = r.text(c, maxShort)
		case "body":
			o.Body = r.text(c, maxShort)
		default:
			r.unknown(c)
		}
	}
	r.needs(v, "name")
	return o
}

// phases reads the three phases, each once and in its order.
func (r *reading) phases(v value) []Phase {
	all := list(r, v, r.phase)
	if v.kind() != isArray || len(all) == 0 || len(all) > maxItems {
		return all // said already
	}
	inOrder := len(all) == len(phases)
	for i := 0; inOrder && i < len(phases); i++ {
		inOrder = all[i].Phase == phases[i]
	}
	if !inOrder {
		r.fault("assessment_phases", v)
	}
	return all
}

func (r *reading) phase(v value) (p Phase) {
	if !r.object(v) {
		return p
	}
	for c := v.first(); c.exists(); c = c.next() {
		switch c.key() {
		case "phase":
			p.Phase = r.text(c, maxShort)
		case "date":
			p.Date = r.term(c, isDay, "date_form")
		case "hours":
			p.Hours = r.amount(c)
		default:
			r.unknown(c)
		}
	}
	r.needs(v, "phase", "date")
	return p
}

func (r *reading) experience(v value) (e Experience) {
	if !r.object(v) {
		return e
	}
	for c := v.first(); c.exists(); c = c.next() {
		switch c.key() {
		case "kind":
			e.Kind = r.term(c, isExperience, "experience_kind")
		case "title":
			e.Title = r.text(c, maxShort)
		case "place":
			e.Place = r.text(c, maxShort)
		case "country":
			e.Country = r.term(c, isCountry, "country_unknown")
		case "from":
			e.From = r.term(c, isPartialDate, "partial_date")
		case "until":
			e.Until = r.term(c, isPartialDate, "partial_date")
		case "description":
			e.Description = r.text(c, maxLong)
		default:
			r.unknown(c)
		}
	}
	r.needs(v, "kind", "title")
	return e
}

// assessedSkill reads a skill with the word that says how it is known. Every
// word but declared needs something to point to.
func (r *reading) assessedSkill(v value) (s AssessedSkill) {
	if !r.object(v) {
		return s
	}
	for c := v.first(); c.exists(); c = c.next() {
		switch c.key() {
		case "name":
			s.Name = r.text(c, maxShort)
		case "framework":
			s.Framework = r.term(c, isFramework, "framework_unknown")
		case "code":
			s.Code = r.text(c, maxShort)
		case "url":
			s.URL = r.link(c)
		case "level":
			s.Level = r.step(c, 4, "skill_level")
		case "evidenceLevel":
			s.Evidence = r.term(c, isEvidence, "evidence_level")
		case "evidenceRefs":
			s.Refs = r.texts(c, maxShort)
		default:
			r.unknown(c)
		}
	}
	r.needs(v, "name", "level", "evidenceLevel")
	if s.Framework == "ESCO" && s.URL != "" && !isESCO(s.URL) {
		r.fault("esco_uri", v.get("url"))
	}
	if isEvidence(s.Evidence) && s.Evidence != EvidenceDeclared && !v.get("evidenceRefs").exists() {
		r.fault("evidence_unsupported", v.get("evidenceLevel"), "word", s.Evidence)
	}
	return s
}

// step reads a whole number from 1 to most.
func (r *reading) step(v value, most int, code string) int {
	n := r.number(v)
	if v.kind() == isNumber && (n != float64(int(n)) || n < 1 || n > float64(most)) {
		r.fault(code, v)
	}
	return int(n)
}

func (r *reading) knownLanguage(v value) (l KnownLanguage) {
	if !r.object(v) {
		return l
	}
	levels := 0
	for c := v.first(); c.exists(); c = c.next() {
		if level := l.level(c.key()); level != nil {
			*level = r.term(c, isCEFR, "cefr_level")
			levels++
			continue
		}
		switch c.key() {
		case "language":
			l.Language = r.term(c, isLanguage, "language_form")
		case "motherTongue":
			if l.Mother = r.boolean(c); !l.Mother && c.kind() == isBool {
				r.fault("fixed_value", c, "want", "true")
			}
		default:
			r.unknown(c)
		}
	}
	r.needs(v, "language")
	if v.get("motherTongue").exists() == (levels > 0) {
		r.fault("language_levels", v)
	}
	return l
}

// level is the place for one of the five levels of the European framework of
// languages, nil for any other name.
func (l *KnownLanguage) level(name string) *string {
	switch name {
	case "listening":
		return &l.Listening
	case "reading":
		return &l.Reading
	case "interaction":
		return &l.Interaction
	case "production":
		return &l.Production
	case "writing":
		return &l.Writing
	}
	return nil
}

func (r *reading) planStep(v value) (s PlanStep) {
	if !r.object(v) {
		return s
	}
	for c := v.first(); c.exists(); c = c.next() {
		switch c.key() {
		case "action":
			s.Action = r.text(c, maxShort)
		case "by":
			s.By = r.text(c, maxShort)
		case "when":
			s.When = r.term(c, isPartialDate, "partial_date")
		default:
			r.unknown(c)
		}
	}
	r.needs(v, "action")
	return s
}

func (r *reading) confirmation(v value) (f Confirmation) {
	if !r.object(v) {
		return f
	}
	for c := v.first(); c.exists(); c = c.next() {
		switch c.key() {
		case "date":
			f.Date = r.term(c, isDay, "date_form")
		case "mode":
			f.Mode = r.term(c, isConfirmation, "confirmation_mode")
		default:
			r.unknown(c)
		}
	}
	r.needs(v, "date", "mode")
	return f
}

func isEvidence(s string) bool {
	return s == EvidenceDeclared || s == EvidenceDocumented || s == EvidenceObserved || s == EvidenceAssessed
}

func isExperience(s string) bool {
	return s == "work" || s == "study" || s == "informal" || s == "volunteering" || s == "family"
}

func isConfirmation(s string) bool { return s == "key" || s == "paper" || s == "witness" }

func isCEFR(s string) bool {
	return len(s) == 2 && s[0] >= 'A' && s[0] <= 'C' && (s[1] == '1' || s[1] == '2')
}

func isPartialDate(s string) bool {
	_, err := ParsePartialDate(s)
	return err == nil
}

// at gives the pointer of an item of a list of credentialSubject.
func at(list string, i int) string { return atSubject + "/" + list + "/" + strconv.Itoa(i) }
