package schema

import (
	"slices"
	"time"
)

// KindOperatorCompetence is a competence of those who work with jobseekers,
// assessed by an accredited body (QRSP of Lombardia, COM-IN).
const KindOperatorCompetence = "OperatorCompetence"

var operatorKind = documentKind{
	name:            KindOperatorCompetence,
	achievementType: "Competency",
	schemaURL:       ownSchemas + "operator/1",
	schemaFile:      "data/operator-1.json",
	prefix:          "OC-",
	results:         true,
	level:           true,
	shared: frameAnd("alignment", "resultDescription", "fieldOfStudy", "creditsAvailable", "notionalWorkload", "levelNotApplicable",
		"typeOfAssessment", "formOfParticipation", "supervision", "qualityAssurance", "entryRequirements", "activityType",
		"learningSetting", "learningSchedule", "assessmentLanguage", "fundedBy", "stackable", "partOf"),
	begin:             func(d *Document) { d.Competence = new(Competence) },
	onAchievement:     func(r *reading, d *Document, c value) bool { return r.operatorAchievement(d.Competence, c) },
	onSubject:         func(r *reading, d *Document, c value) bool { return r.operatorSubject(d.Competence, c) },
	appendAchievement: func(b []byte, d *Document) []byte { return appendOperatorAchievement(b, d.Competence) },
	appendOnSubject:   func(b []byte, d *Document) []byte { return appendOperatorSubject(b, d.Competence) },
	rules: func(j *judge, d *Document) {
		j.competence(d.Competence, d.Subject.Achievement.Assessment, d.ValidFrom)
	},
	fill:     assessedOnCompletion,
	specimen: specimenOperator,
}

const (
	frameworkQRSP = "QRSP"
	profileOfQRSP = "profili professionali e competenze"
)

// sectionsOfQRSP are the parts of the Quadro Regionale degli Standard
// Professionali. Only the first groups its competences under profiles.
var sectionsOfQRSP = [...]string{
	profileOfQRSP, "competenze indipendenti", "competenze di base", "competenze trasversali",
	"discipline bionaturali", "figure regolamentate/abilitanti", "percorsi normati",
}

// operatorAchievement reads what an operator's competence adds to achievement.
func (r *reading) operatorAchievement(k *Competence, c value) bool {
	switch c.key() {
	case "competenceFramework":
		k.Framework = r.term(c, isOperatorFramework, "operator_framework")
	case "frameworkSection":
		k.Section = r.text(c, maxShort)
	case "professionalProfile":
		coded := r.coded(c)
		k.Profile = &coded
	case "competence":
		k.Competence = r.coded(c)
	case "knowledge":
		k.Knowledge = r.texts(c, maxLong)
	case "abilities":
		k.Abilities = r.texts(c, maxLong)
	case "workContext":
		k.WorkContext = r.text(c, maxShort)
	default:
		return false
	}
	return true
}

// operatorSubject reads what it adds to credentialSubject.
func (r *reading) operatorSubject(k *Competence, c value) bool {
	switch c.key() {
	case "assessmentDate":
		k.AssessedOn = r.term(c, isDay, "date_form")
	case "assessors":
		k.Assessors = r.texts(c, maxShort)
	case "renewBy":
		k.RenewBy = r.term(c, isDay, "date_form")
	default:
		return false
	}
	return true
}

func (r *reading) coded(v value) (k Coded) {
	if !r.object(v) {
		return k
	}
	for c := v.first(); c.exists(); c = c.next() {
		switch c.key() {
		case "code":
			k.Code = r.text(c, maxShort)
		case "name":
			k.Name = r.text(c, maxShort)
		default:
			r.unknown(c)
		}
	}
	r.needs(v, "name")
	return k
}

func isOperatorFramework(s string) bool { return s == frameworkQRSP || s == "COM-IN" || s == "OTHER" }

// competence judges an operator's competence: it comes from a framework, with
// the knowledge and the abilities that belong to it, and somebody assessed it.
func (j *judge) competence(k *Competence, assessment []string, issued time.Time) {
	j.elements([]element{
		{k.Framework == "", "operator_framework", atAchievement + "/competenceFramework"},
		{k.Competence == Coded{}, "operator_competence", atAchievement + "/competence"},
		{len(k.Knowledge) == 0, "operator_bound", atAchievement + "/knowledge"},
		{len(k.Abilities) == 0, "operator_bound", atAchievement + "/abilities"},
		{!assessed(assessment), "operator_not_assessed", atAchievement + "/typeOfAssessment"},
		{k.AssessedOn == "", "operator_not_assessed", atSubject + "/assessmentDate"},
	})
	if k.Framework == frameworkQRSP {
		j.codesOfQRSP(k)
	}
	if after(k.AssessedOn, issued) {
		j.fault("operator_dates", atSubject+"/assessmentDate")
	}
	if k.RenewBy != "" && k.RenewBy < k.AssessedOn {
		j.fault("operator_dates", atSubject+"/renewBy")
	}
}

// assessed tells an assessment from a list of those who were there.
func assessed(types []string) bool {
	return slices.ContainsFunc(types, func(t string) bool { return t != attendanceOnly })
}

// codesOfQRSP: the repertory knows its competences by code, and those of a
// profile by that of the profile too.
func (j *judge) codesOfQRSP(k *Competence) {
	if k.Section != "" && !slices.Contains(sectionsOfQRSP[:], k.Section) && !j.faults.at(atAchievement+"/frameworkSection") {
		j.fault("operator_section", atAchievement+"/frameworkSection")
	}
	if k.Competence.Code == "" && !j.faults.at(atAchievement+"/competence") {
		j.fault("operator_code", atAchievement+"/competence/code")
	}
	inProfile := k.Section == "" || k.Section == profileOfQRSP
	if inProfile && (k.Profile == nil || k.Profile.Code == "") && !j.faults.at(atAchievement+"/professionalProfile") {
		j.fault("operator_code", atAchievement+"/professionalProfile")
	}
}

// appendOperatorAchievement writes what stands on achievement.
func appendOperatorAchievement(b []byte, k *Competence) []byte {
	b = appendMember(b, `,"competenceFramework":`, k.Framework)
	b = appendMember(b, `,"frameworkSection":`, k.Section)
	if k.Profile != nil {
		b = appendCoded(append(b, `,"professionalProfile":`...), *k.Profile)
	}
	b = appendCoded(append(b, `,"competence":`...), k.Competence)
	b = appendTexts(b, `,"knowledge":`, k.Knowledge)
	b = appendTexts(b, `,"abilities":`, k.Abilities)
	return appendMember(b, `,"workContext":`, k.WorkContext)
}

// appendOperatorSubject writes what stands on credentialSubject.
func appendOperatorSubject(b []byte, k *Competence) []byte {
	b = appendMember(b, `,"assessmentDate":`, k.AssessedOn)
	b = appendTexts(b, `,"assessors":`, k.Assessors)
	return appendMember(b, `,"renewBy":`, k.RenewBy)
}

func appendCoded(b []byte, k Coded) []byte {
	b = append(b, '{')
	if k.Code != "" {
		b = append(appendString(append(b, `"code":`...), k.Code), ',')
	}
	return append(appendString(append(b, `"name":`...), k.Name), '}')
}

// assessedOnCompletion: a sheet has a column for the day of completion, which
// is that of the assessment unless the details say another.
func assessedOnCompletion(d *Document, l Learner) {
	if _, err := ParseDate(l.CompletedOn); err == nil && d.Competence.AssessedOn == "" {
		d.Competence.AssessedOn = l.CompletedOn
	}
}

func specimenOperator(part *Document, l *Learner) {
	var own specimenDetails
	own.add(part.Competence.AssessedOn == "", "assessmentDate", `"2026-11-18"`)
	own.add(len(part.Competence.Assessors) == 0, "assessors", `["Marco Bianchi","Lucia Verdi"]`)
	l.Details = own.object()
}
