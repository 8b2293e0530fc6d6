package schema

import (
	"strconv"
)

// KindInternshipAttestation is the final attestation of an internship
// (attestazione finale di tirocinio): where, under whom, for how long, and what
// the trainee did there. What the trainee was paid has no place in it.
const KindInternshipAttestation = "InternshipAttestation"

var internshipKind = documentKind{
	name:            KindInternshipAttestation,
	achievementType: "Fieldwork",
	schemaURL:       ownSchemas + "internship/1",
	schemaFile:      "data/internship-1.json",
	prefix:          "IN-",
	shared: frameAnd("alignment", "fieldOfStudy", "formOfParticipation", "activityType", "learningSetting", "learningSchedule",
		"fundedBy"),
	needs:             []string{"internshipType"},
	begin:             func(d *Document) { d.Internship = new(Internship) },
	onAchievement:     func(r *reading, d *Document, c value) bool { return r.internshipMember(d.Internship, c) },
	onSubject:         func(r *reading, d *Document, c value) bool { return r.internSubject(d.Internship, c) },
	appendAchievement: func(b []byte, d *Document) []byte { return d.Internship.appendOnAchievement(b) },
	appendOnSubject:   func(b []byte, d *Document) []byte { return d.Internship.appendOnSubject(b) },
	rules:             internshipRules,
	fill:              func(d *Document, l Learner) { d.Internship.HoursAttended = l.HoursAttended },
	specimen:          specimenInternship,
}

// internshipPercent is the part of the planned hours without which no
// internship is attested (R11), where no profile of a region says another.
const internshipPercent = 70

// internshipRules: both tutors, the agreement and the plan, the days and the
// hours, and at least one rated activity.
func internshipRules(j *judge, d *Document) {
	i := d.Internship
	j.privateAct(d)
	j.period(&d.Subject)
	j.wants(i.AgreementRef == "", "credentialSubject/agreementRef")
	j.wants(i.PlanRef == "", "credentialSubject/planRef")
	j.wants(i.Host == nil, "credentialSubject/host")
	j.wants(i.PromoterTutor.Name == "", "credentialSubject/promoterTutor")
	j.wants(i.HostTutor.Name == "", "credentialSubject/hostTutor")
	j.wants(i.HoursPlanned == 0, "credentialSubject/hoursPlanned")
	j.wants(i.Place == "", "credentialSubject/place")
	j.elements([]element{{len(i.Activities) == 0, "internship_no_rated_activity", atSubject + "/activities"}})
	j.hoursWithin(i.HoursAttended, i.HoursPlanned)
	j.internship(i, ProfileFor(d.Issuer.Country, d.Issuer.Region).Internship)
}

// internship is R11, and the types of internship that a region knows.
func (j *judge) internship(i *Internship, rule InternshipRule) {
	minimum := internshipPercent
	if rule.MinimumPercent > 0 {
		minimum = rule.MinimumPercent
	}
	if i.HoursAttended > 0 && i.HoursPlanned > 0 && !reaches(i.HoursAttended, i.HoursPlanned, float64(minimum)) {
		j.fault("internship_hours", atSubject+"/hoursAttended",
			"attended", numberText(i.HoursAttended), "planned", numberText(i.HoursPlanned), "minimum", strconv.Itoa(minimum))
	}
	const at = atAchievement + "/internshipType"
	if len(rule.Types) > 0 && i.Type != "" && !contains(rule.Types, i.Type) && !j.faults.at(at) {
		j.fault("internship_type_elsewhere", at)
	}
}

func specimenInternship(part *Document, l *Learner) {
	i := part.Internship
	specimenPeriod(part, l)
	var own specimenDetails
	own.add(i.AgreementRef == "", "agreementRef", `"Convenzione n. 41 del 2026-02-02"`)
	own.add(i.PlanRef == "", "planRef", `"PFI 41/3"`)
	own.add(i.Host == nil, "host", `{"id":"https://trattoria.example/","type":["Profile"],"name":"Trattoria Esempio S.r.l."}`)
	own.add(i.PromoterTutor.Name == "", "promoterTutor", `{"name":"Marco Bianchi"}`)
	own.add(i.HostTutor.Name == "", "hostTutor", `{"name":"Lucia Verdi"}`)
	own.add(i.HoursPlanned == 0, "hoursPlanned", `480`)
	own.add(i.Place == "", "place", `"Ancona"`)
	own.add(len(i.Activities) == 0, "activities", `[{"description":"Pulizia e preparazione delle verdure","rating":"A"}]`)
	l.Details = own.object()
	if l.HoursAttended = i.HoursPlanned; l.HoursAttended == 0 {
		l.HoursAttended = 480
	}
}
