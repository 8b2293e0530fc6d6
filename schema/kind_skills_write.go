package schema

import "strconv"

// appendSkills writes what a skills assessment adds to credentialSubject.
func appendSkills(b []byte, a *Assessment) []byte {
	b = appendString(append(b, `,"operator":{"name":`...), a.Operator.Name)
	b = appendMember(b, `,"role":`, a.Operator.Role)
	b = append(appendMember(b, `,"body":`, a.Operator.Body), '}')
	b = appendList(append(b, `,"phases":`...), a.Phases, appendPhase)
	b = appendTexts(b, `,"interviewLanguages":`, a.Languages)
	b = appendMember(b, `,"mediator":`, a.Mediator)
	if len(a.Experiences) > 0 {
		b = appendList(append(b, `,"experiences":`...), a.Experiences, appendExperience)
	}
	b = appendList(append(b, `,"skills":`...), a.Skills, appendAssessedSkill)
	if len(a.Known) > 0 {
		b = appendList(append(b, `,"languagesKnown":`...), a.Known, appendKnownLanguage)
	}
	b = appendMember(b, `,"goal":`, a.Goal)
	if len(a.Plan) > 0 {
		b = appendList(append(b, `,"plan":`...), a.Plan, appendPlanStep)
	}
	b = appendString(append(b, `,"confirmedByHolder":{"date":`...), a.Confirmed.Date)
	return append(appendMember(b, `,"mode":`, a.Confirmed.Mode), '}')
}

func appendPhase(b []byte, p Phase) []byte {
	b = appendString(append(b, `{"phase":`...), p.Phase)
	b = appendMember(b, `,"date":`, p.Date)
	if p.Hours != 0 {
		b = appendNumber(append(b, `,"hours":`...), p.Hours)
	}
	return append(b, '}')
}

func appendExperience(b []byte, e Experience) []byte {
	b = appendString(append(b, `{"kind":`...), e.Kind)
	b = appendMember(b, `,"title":`, e.Title)
	b = appendMember(b, `,"place":`, e.Place)
	b = appendMember(b, `,"country":`, e.Country)
	b = appendMember(b, `,"from":`, e.From)
	b = appendMember(b, `,"until":`, e.Until)
	return append(appendMember(b, `,"description":`, e.Description), '}')
}

func appendAssessedSkill(b []byte, s AssessedSkill) []byte {
	b = appendString(append(b, `{"name":`...), s.Name)
	b = appendMember(b, `,"framework":`, s.Framework)
	b = appendMember(b, `,"code":`, s.Code)
	b = appendMember(b, `,"url":`, s.URL)
	b = strconv.AppendInt(append(b, `,"level":`...), int64(s.Level), 10)
	b = appendMember(b, `,"evidenceLevel":`, s.Evidence)
	return append(appendTexts(b, `,"evidenceRefs":`, s.Refs), '}')
}

func appendKnownLanguage(b []byte, l KnownLanguage) []byte {
	b = appendString(append(b, `{"language":`...), l.Language)
	if l.Mother {
		b = append(b, `,"motherTongue":true`...)
	}
	b = appendMember(b, `,"listening":`, l.Listening)
	b = appendMember(b, `,"reading":`, l.Reading)
	b = appendMember(b, `,"interaction":`, l.Interaction)
	b = appendMember(b, `,"production":`, l.Production)
	return append(appendMember(b, `,"writing":`, l.Writing), '}')
}

func appendPlanStep(b []byte, s PlanStep) []byte {
	b = appendString(append(b, `{"action":`...), s.Action)
	b = appendMember(b, `,"by":`, s.By)
	return append(appendMember(b, `,"when":`, s.When), '}')
}
