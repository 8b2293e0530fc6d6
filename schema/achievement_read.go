package schema

func (r *reading) achievement(v value, d *Document) {
	if !r.object(v) {
		return
	}
	for c := v.first(); c.exists(); c = c.next() {
		switch {
		case d.kind.may(c.key()) && r.sharedMember(d, c):
		case d.kind.onAchievement == nil || !d.kind.onAchievement(r, d, c):
			r.refused(c, d.kind)
		}
	}
	r.needs(v, "id", "type", "achievementType", "description", "criteria", "inLanguage", "legalValue")
	r.needs(v, d.kind.needs...)
}

// sharedMember reads what documents of several kinds have.
func (r *reading) sharedMember(d *Document, c value) bool {
	if c.key() == "achievementType" {
		r.exactly(c, d.kind.achievementType)
		return true
	}
	return r.badgeMember(&d.Subject.Achievement, c) || r.ownMember(&d.Subject.Achievement, c)
}

// badgeMember reads what Open Badges 3.0 defines (class Achievement).
func (r *reading) badgeMember(a *Achievement, c value) bool {
	switch c.key() {
	case "id":
		a.ID = r.link(c)
	case "type":
		r.only(c, "Achievement")
	case "name":
		a.Name = r.text(c, maxShort)
	case "description":
		a.Description = r.text(c, maxLong)
	case "inLanguage":
		a.Language = r.term(c, isLanguage, "language_form")
	case "creator":
		a.AwardingBody = r.body(c)
	case "humanCode":
		a.CourseCode = r.text(c, maxShort)
	case "criteria":
		a.Criteria = r.criteria(c)
	case "alignment":
		a.Alignment = list(r, c, r.alignment)
	case "resultDescription":
		a.Schemes = list(r, c, r.scheme)
	case "fieldOfStudy":
		a.FieldOfStudy = r.term(c, isFieldOfStudy, "field_unknown")
	case "creditsAvailable":
		a.Credits = r.amount(c)
	default:
		return false
	}
	return true
}

// ownMember reads what the European lists add (our context names the IRIs).
func (r *reading) ownMember(a *Achievement, c value) bool {
	switch c.key() {
	case "learningOutcomes":
		a.Outcomes = r.texts(c, maxLong)
	case "notionalWorkload":
		a.Workload = r.workload(c)
	case "levelNotApplicable":
		if a.LevelNotApplicable = r.boolean(c); !a.LevelNotApplicable && c.kind() == isBool {
			r.fault("fixed_value", c, "want", "true")
		}
	case "typeOfAssessment":
		a.Assessment = r.terms(c, isAssessment, "assessment_unknown")
	case "formOfParticipation":
		a.Participation = r.term(c, isMode, "participation_unknown")
	case "supervision":
		a.Supervision = r.term(c, isSupervision, "supervision_unknown")
	case "qualityAssurance":
		a.Quality = r.quality(c)
	case "entryRequirements":
		a.EntryRequirements = r.texts(c, maxLong)
	case "activityType":
		a.Activity = r.term(c, isActivity, "activity_unknown")
	case "learningSetting":
		a.LearningSetting = r.term(c, isSetting, "setting_unknown")
	case "learningSchedule":
		a.Schedule = r.term(c, isSchedule, "schedule_unknown")
	case "assessmentLanguage":
		a.AssessmentLanguage = r.term(c, isLanguage, "language_form")
	case "fundedBy":
		a.FundedBy = r.text(c, maxShort)
	case "legalValue":
		a.LegalValue = r.term(c, isLegalValue, "legal_value")
	case "legalBasis":
		a.LegalBasis = r.text(c, maxLong)
	case "stackable":
		stackable := r.boolean(c)
		a.Stackable = &stackable
	case "partOf":
		a.PartOf = r.terms(c, isLink, "not_link")
	case "internshipHours":
		a.InternshipHours = r.amount(c)
	default:
		return false
	}
	return true
}

// amount reads a number of hours or credits that is more than nothing.
func (r *reading) amount(v value) float64 {
	h := r.number(v)
	if v.kind() == isNumber && !isWorkload(h) {
		r.fault("workload_value", v)
	}
	return h
}

func (r *reading) criteria(v value) (narrative string) {
	if !r.object(v) {
		return ""
	}
	for c := v.first(); c.exists(); c = c.next() {
		if c.key() == "narrative" {
			narrative = r.text(c, maxLong)
		} else {
			r.unknown(c)
		}
	}
	r.needs(v, "narrative")
	return narrative
}

func (r *reading) alignment(v value) (a Alignment) {
	if !r.object(v) {
		return a
	}
	for c := v.first(); c.exists(); c = c.next() {
		switch c.key() {
		case "type":
			r.only(c, "Alignment")
		case "targetName":
			a.Name = r.text(c, maxShort)
		case "targetDescription":
			a.Description = r.text(c, maxLong)
		case "targetFramework":
			a.Framework = r.term(c, isFramework, "framework_unknown")
		case "targetCode":
			a.Code = r.text(c, maxShort)
		case "targetType":
			a.Type = r.text(c, maxShort)
		case "targetUrl":
			a.URL = r.link(c)
		default:
			r.unknown(c)
		}
	}
	r.needs(v, "type", "targetName", "targetFramework", "targetUrl")
	return a
}

func (r *reading) scheme(v value) (s ResultScheme) {
	if !r.object(v) {
		return s
	}
	for c := v.first(); c.exists(); c = c.next() {
		switch c.key() {
		case "id":
			s.ID = r.link(c)
		case "type":
			r.only(c, "ResultDescription")
		case "name":
			s.Name = r.text(c, maxShort)
		case "resultType":
			s.Type = r.term(c, isResultType, "result_type")
		case "allowedValue":
			s.Allowed = r.texts(c, maxShort)
		case "requiredValue":
			s.Required = r.text(c, maxShort)
		case "valueMax":
			s.Max = r.text(c, maxShort)
		case "valueMin":
			s.Min = r.text(c, maxShort)
		default:
			r.unknown(c)
		}
	}
	r.needs(v, "id", "type", "name", "resultType")
	return s
}

func (r *reading) workload(v value) (w Workload) {
	if !r.object(v) {
		return w
	}
	for c := v.first(); c.exists(); c = c.next() {
		switch c.key() {
		case "value":
			w.Value = r.amount(c)
		case "unit":
			w.Unit = r.term(c, isUnit, "workload_unit")
		default:
			r.unknown(c)
		}
	}
	r.needs(v, "value", "unit")
	return w
}

func (r *reading) quality(v value) (q Quality) {
	if !r.object(v) {
		return q
	}
	for c := v.first(); c.exists(); c = c.next() {
		switch c.key() {
		case "qaType":
			q.Type = r.term(c, isAccreditation, "quality_type")
		case "body":
			q.Body = r.text(c, maxShort)
		case "reference":
			q.Reference = r.text(c, maxShort)
		case "date":
			q.Date = r.term(c, isDay, "date_form")
		default:
			r.unknown(c)
		}
	}
	r.needs(v, "qaType")
	return q
}
