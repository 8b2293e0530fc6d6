package schema

import "strconv"

// appendJSON writes the document, compact, members always in this order: the
// QR dictionary is cut from it, and paper printed today must still fit it.
func (m *Document) appendJSON(b []byte) []byte {
	b = append(b, `{"@context":["`+contextVC+`","`+contextOB+`","`+ContextURL+`"],"id":`...)
	b = appendString(b, m.ID)
	b = append(b, `,"type":["VerifiableCredential","OpenBadgeCredential","`...)
	b = append(append(b, m.Kind...), `"],"name":`...)
	b = appendString(b, m.Name)
	b = append(b, `,"issuer":`...)
	b = appendProfile(b, Profile(m.Issuer))
	b = appendTime(b, `,"validFrom":`, m.ValidFrom)
	b = appendTime(b, `,"validUntil":`, m.ValidUntil)
	b = append(b, `,"credentialSubject":`...)
	b = m.appendSubject(b)
	if len(m.Evidence) > 0 {
		b = appendList(append(b, `,"evidence":`...), m.Evidence, appendEvidence)
	}
	b = append(b, `,"credentialStatus":`...)
	if len(m.Status) == 1 {
		b = appendStatus(b, m.Status[0])
	} else {
		b = appendList(b, m.Status, appendStatus)
	}
	b = appendList(append(b, `,"credentialSchema":`...), m.Schemas, appendSchemaRef)
	b = appendMember(b, `,"supersedes":`, m.Supersedes)
	return append(b, '}')
}

func (m *Document) appendSubject(b []byte) []byte {
	p := &m.Subject
	b = append(b, '{')
	if p.ID != "" {
		b = append(appendString(append(b, `"id":`...), p.ID), ',')
	}
	b = append(b, `"type":["AchievementSubject"],"identifier":`...)
	b = appendList(b, p.Identity, appendIdentity)
	b = appendMember(b, `,"licenseNumber":`, p.DocumentNumber)
	b = appendTime(b, `,"activityStartDate":`, p.Started)
	b = appendTime(b, `,"activityEndDate":`, p.Completed)
	b = appendMember(b, `,"narrative":`, p.Note)
	if p.Provider != nil {
		b = appendProfile(append(b, `,"source":`...), *p.Provider)
	}
	if len(p.Results) > 0 {
		b = appendList(append(b, `,"result":`...), p.Results, appendResult)
	}
	if m.kind.appendOnSubject != nil {
		b = m.kind.appendOnSubject(b, m)
	}
	b = append(b, `,"achievement":`...)
	b = m.appendAchievement(b)
	return append(b, '}')
}

func (m *Document) appendAchievement(b []byte) []byte {
	a := &m.Subject.Achievement
	b = appendString(append(b, `{"id":`...), a.ID)
	b = append(b, `,"type":["Achievement"],"achievementType":"`...)
	b = append(append(b, m.kind.achievementType...), `","name":`...)
	b = appendString(b, a.Name)
	b = appendMember(b, `,"description":`, a.Description)
	b = appendMember(b, `,"inLanguage":`, a.Language)
	if a.AwardingBody != nil {
		b = appendProfile(append(b, `,"creator":`...), *a.AwardingBody)
	}
	b = appendMember(b, `,"humanCode":`, a.CourseCode)
	b = append(appendString(append(b, `,"criteria":{"narrative":`...), a.Criteria), '}')
	b = appendTexts(b, `,"learningOutcomes":`, a.Outcomes)
	if len(a.Alignment) > 0 {
		b = appendList(append(b, `,"alignment":`...), a.Alignment, appendAlignment)
	}
	if len(a.Schemes) > 0 {
		b = appendList(append(b, `,"resultDescription":`...), a.Schemes, appendScheme)
	}
	b = appendMember(b, `,"fieldOfStudy":`, a.FieldOfStudy)
	if a.Credits != 0 {
		b = appendNumber(append(b, `,"creditsAvailable":`...), a.Credits)
	}
	if a.Workload != (Workload{}) {
		b = appendNumber(append(b, `,"notionalWorkload":{"value":`...), a.Workload.Value)
		b = append(appendMember(b, `,"unit":`, a.Workload.Unit), '}')
	}
	if a.LevelNotApplicable {
		b = append(b, `,"levelNotApplicable":true`...)
	}
	b = appendTexts(b, `,"typeOfAssessment":`, a.Assessment)
	b = appendMember(b, `,"formOfParticipation":`, a.Participation)
	b = appendMember(b, `,"supervision":`, a.Supervision)
	if a.Quality != (Quality{}) {
		b = a.Quality.appendJSON(append(b, `,"qualityAssurance":`...))
	}
	b = a.appendRest(b)
	if m.kind.appendAchievement != nil {
		b = m.kind.appendAchievement(b, m)
	}
	return append(b, '}')
}

// appendRest writes the members that many courses leave out.
func (a *Achievement) appendRest(b []byte) []byte {
	b = appendTexts(b, `,"entryRequirements":`, a.EntryRequirements)
	b = appendMember(b, `,"activityType":`, a.Activity)
	b = appendMember(b, `,"learningSetting":`, a.LearningSetting)
	b = appendMember(b, `,"learningSchedule":`, a.Schedule)
	b = appendMember(b, `,"assessmentLanguage":`, a.AssessmentLanguage)
	b = appendMember(b, `,"fundedBy":`, a.FundedBy)
	b = appendMember(b, `,"legalValue":`, a.LegalValue)
	b = appendMember(b, `,"legalBasis":`, a.LegalBasis)
	if a.Stackable != nil {
		b = strconv.AppendBool(append(b, `,"stackable":`...), *a.Stackable)
	}
	b = appendTexts(b, `,"partOf":`, a.PartOf)
	return appendAmount(b, `,"internshipHours":`, a.InternshipHours)
}

func (q Quality) appendJSON(b []byte) []byte {
	b = appendString(append(b, `{"qaType":`...), q.Type)
	b = appendMember(b, `,"body":`, q.Body)
	b = appendMember(b, `,"reference":`, q.Reference)
	b = appendMember(b, `,"date":`, q.Date)
	return append(b, '}')
}

func appendProfile(b []byte, p Profile) []byte {
	b = appendString(append(b, `{"id":`...), p.ID)
	b = appendString(append(b, `,"type":["Profile"],"name":`...), p.Name)
	if p.Country != "" {
		b = appendString(append(b, `,"address":{"type":["Address"],"addressCountryCode":`...), p.Country)
		b = append(appendMember(b, `,"addressRegion":`, p.Region), '}')
	}
	return append(b, '}')
}

func appendIdentity(b []byte, i Identity) []byte {
	b = appendString(append(b, `{"type":"IdentityObject","hashed":false,"identityHash":`...), i.Value)
	b = appendString(append(b, `,"identityType":`...), i.Type)
	return append(b, '}')
}

func appendResult(b []byte, r Result) []byte {
	b = append(b, `{"type":["Result"]`...)
	b = appendMember(b, `,"resultDescription":`, r.Scheme)
	b = appendMember(b, `,"status":`, r.Status)
	b = appendMember(b, `,"value":`, r.Value)
	return append(b, '}')
}

func appendScheme(b []byte, s ResultScheme) []byte {
	b = appendString(append(b, `{"id":`...), s.ID)
	b = appendString(append(b, `,"type":["ResultDescription"],"name":`...), s.Name)
	b = appendMember(b, `,"resultType":`, s.Type)
	b = appendTexts(b, `,"allowedValue":`, s.Allowed)
	b = appendMember(b, `,"requiredValue":`, s.Required)
	b = appendMember(b, `,"valueMax":`, s.Max)
	b = appendMember(b, `,"valueMin":`, s.Min)
	return append(b, '}')
}

func appendAlignment(b []byte, a Alignment) []byte {
	b = appendString(append(b, `{"type":["Alignment"],"targetName":`...), a.Name)
	b = appendMember(b, `,"targetDescription":`, a.Description)
	b = appendMember(b, `,"targetFramework":`, a.Framework)
	b = appendMember(b, `,"targetCode":`, a.Code)
	b = appendMember(b, `,"targetType":`, a.Type)
	b = appendMember(b, `,"targetUrl":`, a.URL)
	return append(b, '}')
}

func appendEvidence(b []byte, e Evidence) []byte {
	b = appendString(append(b, `{"type":["Evidence"],"name":`...), e.Name)
	b = appendMember(b, `,"sha256":`, e.SHA256)
	return append(b, '}')
}

func appendStatus(b []byte, s StatusEntry) []byte {
	b = appendString(append(b, `{"id":`...), s.ID)
	b = appendMember(b, `,"type":`, s.Type)
	b = appendMember(b, `,"statusPurpose":`, s.Purpose)
	b = appendMember(b, `,"statusListIndex":`, s.Index)
	b = appendMember(b, `,"statusListCredential":`, s.ListURL)
	return append(b, '}')
}

func appendSchemaRef(b []byte, s SchemaRef) []byte {
	b = appendString(append(b, `{"id":`...), s.ID)
	return append(appendMember(b, `,"type":`, s.Type), '}')
}
