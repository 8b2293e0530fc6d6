package export

import (
	"fmt"
	"math"
	"strings"

	"github.com/employment-passport/passport/schema"
)

// achievement is what was learned and tested.
func (e *elm) achievement() object {
	a := e.node("LearningAchievement", object{
		"title": e.own(e.v.Title), "description": e.own(e.v.Description), "awardedBy": e.awardedBy(),
		"specifiedBy": e.qualification(), "provenBy": []object{e.assessment()}, "additionalNote": e.notes(),
	})
	if e.v.Passport != nil {
		a["hasPart"] = e.parts()
		return a
	}
	a["influencedBy"] = []object{e.activity(false)}
	return a
}

// parts are the components of a composite, by id and requirement: the composite
// knows no more of them.
func (e *elm) parts() (all []object) {
	for _, p := range e.v.Passport.Components {
		part := e.node("LearningAchievement", object{"title": e.own(p.Requirement)})
		part["id"] = p.ID
		all = append(all, part)
	}
	return all
}

// qualification is what the award stands for.
func (e *elm) qualification() object {
	return e.node("Qualification", object{
		"title": e.own(e.v.Title), "volumeOfLearning": e.volume(), "creditPoint": e.credits(),
		"mode": e.concept(e.v.Participation), "eqfLevel": e.eqf(), "nqfLevel": e.concept(e.v.NationalLevel),
		"learningOutcome": e.outcomes(), "learningSetting": e.concept(e.v.Setting), "thematicArea": e.concept(e.v.FieldOfStudy),
		"entryRequirement": e.note(e.own(strings.Join(e.v.EntryRequirements, "\n"))), "language": e.concept(schema.LanguageURI(e.v.Language)),
		"isPartialQualification": false,
	})
}

func (e *elm) eqf() object {
	if e.v.Level == 0 {
		return nil
	}
	return e.concept(fmt.Sprintf("%seqf/%d", snb, e.v.Level))
}

func (e *elm) volume() string {
	if e.v.Workload.Unit != "hours" {
		return ""
	}
	return duration(e.v.Workload.Value)
}

func (e *elm) credits() object {
	points := e.v.Credits
	if e.v.Workload.Unit == "ECTS" && points == 0 {
		points = e.v.Workload.Value
	}
	if points <= 0 {
		return nil
	}
	return e.node("CreditPoint", object{"framework": e.concept(snb + "education-credit/6fcec5c5af"), "point": number(points)})
}

// duration of hours as ISO 8601 writes it; empty for none.
func duration(hours float64) string {
	minutes := int(math.Round(hours * 60))
	switch {
	case minutes <= 0:
		return ""
	case minutes%60 == 0:
		return fmt.Sprintf("PT%dH", minutes/60)
	}
	return fmt.Sprintf("PT%dH%dM", minutes/60, minutes%60)
}

// outcomes are those of the document, then one for each skill that it names:
// which skill belongs to which outcome it does not say.
func (e *elm) outcomes() (all []object) {
	texts := e.v.Outcomes
	if e.v.Competence != nil {
		texts = append([]string{e.v.Competence.Competence.Name}, e.v.Competence.Abilities...)
	}
	for _, o := range texts {
		all = append(all, e.node("LearningOutcome", object{"title": e.own(o)}))
	}
	for _, s := range e.v.Skills {
		related := "relatedSkill"
		if s.Framework == "ESCO" {
			related = "relatedESCOSkill"
		}
		all = append(all, e.node("LearningOutcome", object{"title": e.own(skillName(s.URI, e.lang, s.Name)), related: []object{e.skill(s)}}))
	}
	return all
}

// assessment always has a grade, as the shapes want it: the result, or in words
// that it was passed; a skills assessment has none, and says so.
func (e *elm) assessment() object {
	grade := e.both("export.grade.pass")
	switch {
	case e.v.Result != "":
		grade = e.own(e.v.Result)
	case e.v.ResultStatus == "Failed":
		grade = e.both("export.grade.fail")
	case e.v.Assessed != nil:
		grade = e.both("export.grade.none")
	}
	title := e.both("export.assessment")
	if e.v.Assessed != nil {
		title = e.own(e.v.Title)
	}
	spec := object{"title": title, "mode": e.concept(e.v.Participation)}
	if len(e.v.Assessment) > 0 {
		spec["dcType"] = e.concept(e.v.Assessment[0])
	}
	if e.v.ResultScheme != "" {
		spec["gradingScheme"] = e.node("GradingScheme", object{"title": e.own(e.v.ResultScheme)})
	}
	return e.node("LearningAssessment", object{
		"title": title, "awardedBy": e.awardedBy(), "grade": e.note(grade), "idVerification": e.concept(e.v.Supervision),
		"specifiedBy": e.node("LearningAssessmentSpecification", spec),
	})
}

// activity is what the person took part in. As a claim of its own it says how
// many hours of it; behind an achievement it only tells the way there.
func (e *elm) activity(whole bool) object {
	kind, planned, attended, place := e.v.Activity, e.volume(), "", ""
	switch {
	case e.v.Attendance != nil:
		planned, attended = duration(e.v.Attendance.HoursPlanned), duration(e.v.Attendance.HoursAttended)
	case e.v.Internship != nil:
		kind, place = snb+"learning-activity/bf5588ff84", e.v.Internship.Place
		planned, attended = duration(e.v.Internship.HoursPlanned), duration(e.v.Internship.HoursAttended)
	}
	a := object{
		"title": e.own(e.v.Title), "awardedBy": e.awardedBy(), "temporal": e.temporal(), "workload": attended,
		"specifiedBy": e.node("LearningActivitySpecification", object{
			"title": e.own(e.v.Title), "dcType": e.concept(kind), "mode": e.concept(e.v.Participation), "volumeOfLearning": planned,
			"language": e.concept(schema.LanguageURI(e.v.Language)),
		}),
	}
	if whole {
		a["description"], a["additionalNote"] = e.own(e.v.Description), e.notes()
	}
	if place != "" {
		a["location"] = e.node("Location", object{"description": e.own(place)})
	}
	return e.node("LearningActivity", a)
}

func (e *elm) temporal() object {
	if e.v.StartedOn == "" && e.v.CompletedOn == "" {
		return nil
	}
	day := func(d string) string {
		if d == "" {
			return ""
		}
		return d + "T00:00:00Z"
	}
	return e.node("PeriodOfTime", object{"startDate": day(e.v.StartedOn), "endDate": day(e.v.CompletedOn)})
}

// notes hold what the model has no field for without facts that we lack: how
// quality is assured, and the document's own number and note.
func (e *elm) notes() (all []object) {
	quality := schema.Label(e.v.Quality.Type, e.lang)
	for _, part := range []string{e.v.Quality.Body, e.v.Quality.Reference} {
		if part != "" {
			quality = strings.TrimPrefix(quality+" · "+part, " · ")
		}
	}
	for _, text := range []string{quality, e.v.DocumentNumber, e.v.Note} {
		if text != "" {
			all = append(all, e.note(e.own(text)))
		}
	}
	return all
}
