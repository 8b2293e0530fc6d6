package schema

import "time"

// skills judges a skills assessment: whoever leads it is named, the person has
// confirmed it, and its days follow each other. It is worth a private act or
// parte prima at most: what people say of themselves, set out in order. More
// takes an assessment of its own (D.M. 5.1.2021).
func (j *judge) skills(a *Assessment, legalValue string, issued time.Time) {
	j.elements([]element{
		{a.Operator == Operator{}, "assessment_operator", atSubject + "/operator"},
		{len(a.Phases) == 0, "assessment_phases", atSubject + "/phases"},
		{len(a.Languages) == 0, "assessment_languages", atSubject + "/interviewLanguages"},
		{len(a.Skills) == 0, "assessment_skills", atSubject + "/skills"},
		{a.Confirmed == Confirmation{}, "assessment_unconfirmed", atSubject + "/confirmedByHolder"},
	})
	if legalValue == "parte-seconda" || legalValue == "parte-terza" {
		j.fault("assessment_legal_value", atAchievement+"/legalValue")
	}
	j.skillDates(a, issued)
}

// skillDates: the phases in order, then the person's confirmation, then the
// document. Days of the same form compare as text.
func (j *judge) skillDates(a *Assessment, issued time.Time) {
	last := ""
	for i, p := range a.Phases {
		if p.Date < last && p.Date != "" {
			j.fault("assessment_dates", at("phases", i)+"/date")
		}
		last = max(last, p.Date)
	}
	if c := a.Confirmed.Date; c != "" && c < last {
		j.fault("assessment_dates", atSubject+"/confirmedByHolder/date")
	} else if after(c, issued) {
		j.fault("assessment_dates", atSubject+"/confirmedByHolder/date")
	}
	for i, e := range a.Experiences {
		if until := PartialDate(e.Until); e.From != "" && e.Until != "" && until.before(PartialDate(e.From)) {
			j.fault("experience_dates", at("experiences", i)+"/until")
		}
	}
}

// after tells whether a day lies after that of an instant.
func after(day string, t time.Time) bool {
	d, err := ParseDate(day)
	return err == nil && !t.IsZero() && d.t.After(DateOf(t).t)
}

// before tells whether p lies wholly before q: 2019 is not before 2019-05.
func (p PartialDate) before(q PartialDate) bool {
	n := min(len(p), len(q))
	return p[:n] < q[:n]
}

// specimenSkills gives the specimen an assessment of usual size.
func specimenSkills(part *Document, l *Learner) {
	a := part.Assessed
	var own specimenDetails
	own.add(a.Operator == Operator{}, "operator", `{"name":"Sara Neri","role":"orientatrice","body":"Centro per l’impiego Esempio"}`)
	own.add(len(a.Phases) == 0, "phases", `[{"phase":"accoglienza","date":"2026-11-04","hours":2},`+
		`{"phase":"investigazione","date":"2026-11-11","hours":4},{"phase":"sintesi","date":"2026-11-18","hours":2}]`)
	own.add(len(a.Languages) == 0, "interviewLanguages", `["it","fr"]`)
	own.add(len(a.Skills) == 0, "skills", `[{"name":"Cucinare piatti semplici","level":3,"evidenceLevel":"declared"},`+
		`{"name":"Servire a tavola","level":2,"evidenceLevel":"documented","evidenceRefs":["Lettera del datore di lavoro, 2021"]},`+
		`{"name":"Lavorare in gruppo","level":3,"evidenceLevel":"observed","evidenceRefs":["Laboratorio del 2026-11-11"]},`+
		`{"name":"Usare il computer","level":2,"evidenceLevel":"assessed","evidenceRefs":["Prova pratica del 2026-11-11"]}]`)
	own.add(len(a.Known) == 0, "languagesKnown", `[{"language":"wo","motherTongue":true},{"language":"it","listening":"B1","reading":"A2"}]`)
	own.add(a.Confirmed == Confirmation{}, "confirmedByHolder", `{"date":"2026-11-18","mode":"paper"}`)
	l.Details = own.object()
}
