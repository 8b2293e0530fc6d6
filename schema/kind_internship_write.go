package schema

func (i *Internship) appendOnAchievement(b []byte) []byte {
	b = appendMember(b, `,"internshipType":`, i.Type)
	b = appendMember(b, `,"sector":`, i.Sector)
	return appendMember(b, `,"partOfCourse":`, i.PartOfCourse)
}

func (i *Internship) appendOnSubject(b []byte) []byte {
	b = appendMember(b, `,"agreementRef":`, i.AgreementRef)
	b = appendMember(b, `,"planRef":`, i.PlanRef)
	if i.Promoter != nil {
		b = appendProfile(append(b, `,"promoter":`...), *i.Promoter)
	}
	if i.Host != nil {
		b = appendProfile(append(b, `,"host":`...), *i.Host)
	}
	b = appendMember(b, `,"hostActivity":`, i.HostActivity)
	b = appendTutor(append(b, `,"promoterTutor":`...), i.PromoterTutor)
	b = appendTutor(append(b, `,"hostTutor":`...), i.HostTutor)
	b = appendAmount(b, `,"hoursPlanned":`, i.HoursPlanned)
	b = appendAmount(b, `,"hoursAttended":`, i.HoursAttended)
	b = appendMember(b, `,"workingHours":`, i.WorkingHours)
	b = appendMember(b, `,"place":`, i.Place)
	b = appendList(append(b, `,"activities":`...), i.Activities, appendActivity)
	if len(i.Competences) > 0 {
		b = appendList(append(b, `,"competences":`...), i.Competences, appendInternCompetence)
	}
	return b
}

func appendTutor(b []byte, t Tutor) []byte {
	b = appendString(append(b, `{"name":`...), t.Name)
	return append(appendMember(b, `,"role":`, t.Role), '}')
}

func appendActivity(b []byte, a Activity) []byte {
	b = appendString(append(b, `{"description":`...), a.Description)
	b = appendMember(b, `,"adaCode":`, a.Code)
	return append(appendMember(b, `,"rating":`, a.Rating), '}')
}

func appendInternCompetence(b []byte, k InternCompetence) []byte {
	b = appendString(append(b, `{"name":`...), k.Name)
	b = appendTexts(b, `,"knowledge":`, k.Knowledge)
	return append(appendTexts(b, `,"abilities":`, k.Abilities), '}')
}
