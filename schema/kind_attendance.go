package schema

import (
	"math/big"
	"strconv"
)

// KindTrainingAttendance says that somebody was there: a course without a final
// test, a workshop, a seminar. Attendance is not assessment, so the document
// has no room for what was learned, how well, or at which level.
const KindTrainingAttendance = "TrainingAttendance"

var attendanceKind = documentKind{
	name:            KindTrainingAttendance,
	achievementType: "CertificateOfCompletion",
	schemaURL:       ownSchemas + "attendance/1",
	schemaFile:      "data/attendance-1.json",
	prefix:          "TA-",
	shared: frameAnd("fieldOfStudy", "formOfParticipation", "qualityAssurance", "entryRequirements", "activityType",
		"learningSetting", "learningSchedule", "fundedBy"),
	needs:             []string{"activityType", "hoursPlanned"},
	begin:             func(d *Document) { d.Attendance = new(Attendance) },
	onAchievement:     func(r *reading, d *Document, c value) bool { return r.attendanceMember(d.Attendance, c) },
	onSubject:         attendanceSubject,
	appendAchievement: func(b []byte, d *Document) []byte { return d.Attendance.appendOnAchievement(b) },
	appendOnSubject: func(b []byte, d *Document) []byte {
		return appendAmount(b, `,"hoursAttended":`, d.Attendance.HoursAttended)
	},
	refused:  claimsOutcomes,
	rules:    attendanceRules,
	fill:     func(d *Document, l Learner) { d.Attendance.HoursAttended = l.HoursAttended },
	specimen: specimenAttendance,
}

// attendanceMember reads what an attendance adds to achievement.
func (r *reading) attendanceMember(a *Attendance, c value) bool {
	switch c.key() {
	case "hoursPlanned":
		a.HoursPlanned = r.amount(c)
	case "minimumAttendance":
		if a.MinimumAttendance = r.number(c); c.kind() == isNumber && !isPercent(a.MinimumAttendance) {
			r.fault("percent_range", c)
		}
	case "programme":
		a.Programme = r.text(c, maxShort)
	case "partners":
		a.Partners = r.texts(c, maxShort)
	case "topics":
		a.Topics = r.texts(c, maxLong)
	case "funding":
		a.Funding = r.term(c, isFunding, "funding_unknown")
	default:
		return false
	}
	return true
}

func isPercent(f float64) bool { return f > 0 && f <= 100 }

func isFunding(s string) bool { return s == "free" || s == "funded" || s == "paid" }

func attendanceSubject(r *reading, d *Document, c value) bool {
	if c.key() != "hoursAttended" {
		return false
	}
	d.Attendance.HoursAttended = r.hoursAttended(c)
	return true
}

func (a *Attendance) appendOnAchievement(b []byte) []byte {
	b = appendAmount(b, `,"hoursPlanned":`, a.HoursPlanned)
	b = appendAmount(b, `,"minimumAttendance":`, a.MinimumAttendance)
	b = appendMember(b, `,"programme":`, a.Programme)
	b = appendTexts(b, `,"partners":`, a.Partners)
	b = appendTexts(b, `,"topics":`, a.Topics)
	return appendMember(b, `,"funding":`, a.Funding)
}

// claimsOutcomes knows the members by which a document says what somebody has
// learned: a micro-credential is assessed, an attendance is not (Annex I of the
// Council Recommendation on micro-credentials, definition).
func claimsOutcomes(member string) string {
	switch member {
	case "learningOutcomes", "alignment", "typeOfAssessment", "assessmentLanguage", "supervision", "resultDescription", "result",
		"creditsAvailable", "levelNotApplicable", "notionalWorkload", "stackable", "partOf", "skills", "competence", "competences":
		code := "attendance_claims_outcomes"
		return code
	}
	return ""
}

// attendanceRules: somebody was there on known days, no longer than planned,
// and as long as the course itself asks.
func attendanceRules(j *judge, d *Document) {
	a := d.Attendance
	j.privateAct(d)
	j.period(&d.Subject)
	j.hoursWithin(a.HoursAttended, a.HoursPlanned)
	if a.HoursAttended > 0 && isPercent(a.MinimumAttendance) && !reaches(a.HoursAttended, a.HoursPlanned, a.MinimumAttendance) {
		j.fault("attendance_below_minimum", atSubject+"/hoursAttended",
			"attended", numberText(a.HoursAttended), "planned", numberText(a.HoursPlanned), "minimum", numberText(a.MinimumAttendance))
	}
}

// privateAct: parte prima sets out what a person says she can do, parte seconda
// and terza what an entitled body has validated or certified (D.M. 5.1.2021).
// Having been there, having worked there and having collected documents are
// none of these: such a document is worth a private act at most.
func (j *judge) privateAct(d *Document) {
	if isPublicAct(d.Subject.Achievement.LegalValue) {
		j.fault("private_act_only", atAchievement+"/legalValue")
	}
}

// period: a document of presence tells the days.
func (j *judge) period(p *Person) {
	j.wants(p.Started.IsZero(), "credentialSubject/activityStartDate")
	j.wants(p.Completed.IsZero(), "credentialSubject/activityEndDate")
}

// hoursWithin: some hours were attended, and no more than were planned.
func (j *judge) hoursWithin(attended, planned float64) {
	const at = "credentialSubject/hoursAttended"
	j.wants(attended == 0, at)
	if planned > 0 && attended > planned && !j.faults.at("/"+at) {
		j.fault("attendance_hours", "/"+at, "planned", numberText(planned))
	}
}

// reaches tells whether attended is at least percent of planned, exactly: the
// decimals that people wrote are compared, not what binary fractions make of
// them. 336 of 480 hours are 70 %, 335 are not.
func reaches(attended, planned, percent float64) bool {
	have := new(big.Rat).Mul(decimal(attended), big.NewRat(100, 1))
	want := new(big.Rat).Mul(decimal(planned), decimal(percent))
	return have.Cmp(want) >= 0
}

func decimal(f float64) *big.Rat {
	r, ok := new(big.Rat).SetString(strconv.FormatFloat(f, 'f', -1, 64))
	if !ok {
		return new(big.Rat) // not a number at all: nothing is reached
	}
	return r
}

func numberText(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

func specimenAttendance(part *Document, l *Learner) {
	specimenPeriod(part, l)
	l.HoursAttended = part.Attendance.HoursPlanned
}

// specimenPeriod gives a learner the days that the template leaves out.
func specimenPeriod(part *Document, l *Learner) {
	if part.Subject.Started.IsZero() {
		l.StartedOn = "2026-11-02"
		if end := DateOf(part.Subject.Completed); !end.IsZero() {
			l.StartedOn = end.String()
		}
	}
}
