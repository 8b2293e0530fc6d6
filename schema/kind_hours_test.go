package schema

import (
	"math"
	"os"
	"strings"
	"testing"
)

// learnerFile reads a shipped learner.
func learnerFile(t testing.TB, file string) Learner {
	t.Helper()
	data, err := os.ReadFile("../examples/learners/" + file)
	if err != nil {
		t.Fatal(err)
	}
	l, err := ParseLearner(data)
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return l
}

// Hours are compared as the decimals that people write.
func TestReaches(t *testing.T) {
	for _, row := range []struct {
		attended, planned, percent float64
		want                       bool
	}{
		{335, 480, 70, false}, {336, 480, 70, true}, {335.99, 480, 70, false}, {335.99999999, 480, 70, false},
		{0.07, 0.1, 70, true}, {0.49, 0.7, 70, true}, {0.21, 0.3, 70, true}, {4.9, 7, 70, true}, {4.89, 7, 70, false},
		{45, 60, 75, true}, {44.9, 60, 75, false}, {1, 3, 33.3, true}, {1, 3, 33.34, false}, {10000, 10000, 100, true},
	} {
		if got := reaches(row.attended, row.planned, row.percent); got != row.want {
			t.Errorf("%v of %v at %v%%: %v", row.attended, row.planned, row.percent, got)
		}
	}
}

// What is printed as a percentage never says more than the rule found, and no
// number of hours is too strange to be shown.
func TestPercentIsCutAsTheRuleCompares(t *testing.T) {
	for _, row := range []struct{ attended, planned, want float64 }{
		{69.99, 100, 69.9}, {69.99999999999, 100, 69.9}, {6.9999999999, 10, 69.9}, {335.99999999, 480, 69.9}, {336, 480, 70},
		{0.07, 0.1, 70}, {4.9, 7, 70}, {452, 480, 94.1}, {1, 3, 33.3}, {0.3, 0.3, 100}, {0.1 + 0.2, 0.3, 100}, {480, 480, 100},
		{1e308, 1e-300, 999}, {1e6, 1, 999}, {math.MaxFloat64, math.SmallestNonzeroFloat64, 999}, {1e-300, 1e308, 0}, {-1, 2, 0},
		{1, 0, 0}, {1, -2, 0}, {math.NaN(), 1, 0}, {1, math.NaN(), 0}, {math.Inf(1), 1, 0}, {1, math.Inf(1), 0},
	} {
		got := Internship{HoursAttended: row.attended, HoursPlanned: row.planned}.Percent()
		if got != row.want || got != (Attendance{HoursAttended: row.attended, HoursPlanned: row.planned}).Percent() {
			t.Errorf("%v of %v: %v, want %v", row.attended, row.planned, got, row.want)
		}
		if got < 999 && row.planned > 0 && got > 0 && !reaches(row.attended, row.planned, got) {
			t.Errorf("%v of %v is printed as %v, which it has not reached", row.attended, row.planned, got)
		}
	}
}

// Each rule of an attendance and of an internship has a code, at the learner's
// own member.
func TestHourRules(t *testing.T) {
	workshop, course := template(t, "06-workshop-it.json"), template(t, "07-cleaning-course-es.json")
	kitchen := template(t, "08-internship-it.json")
	giulia, fatima, amina := learnerFile(t, "06-giulia-rossi-workshop.json"), learnerFile(t, "07-fatima-benali-course.json"), learnerFile(t, "08-amina-diallo-internship.json")
	for name, row := range map[string]struct {
		tmpl          *Template
		learner       Learner
		change        func(l *Learner)
		code, pointer string
	}{
		"fine workshop":    {workshop, giulia, func(*Learner) {}, "", ""},
		"fine course":      {course, fatima, func(*Learner) {}, "", ""},
		"fine internship":  {kitchen, amina, func(*Learner) {}, "", ""},
		"longer than it":   {workshop, giulia, func(l *Learner) { l.HoursAttended = 3.5 }, "attendance_hours", "/hoursAttended"},
		"less than none":   {workshop, giulia, func(l *Learner) { l.HoursAttended = -1 }, "attendance_hours", "/hoursAttended"},
		"no hours":         {workshop, giulia, func(l *Learner) { l.HoursAttended = 0 }, "missing", "/hoursAttended"},
		"no beginning":     {workshop, giulia, func(l *Learner) { l.StartedOn = "" }, "missing", "/startedOn"},
		"no end":           {workshop, giulia, func(l *Learner) { l.CompletedOn = "" }, "missing", "/completedOn"},
		"seldom there":     {course, fatima, func(l *Learner) { l.HoursAttended = 44 }, "attendance_below_minimum", "/hoursAttended"},
		"335 of 480":       {kitchen, amina, func(l *Learner) { l.HoursAttended = 335 }, "internship_hours", "/hoursAttended"},
		"481 of 480":       {kitchen, amina, func(l *Learner) { l.HoursAttended = 481 }, "attendance_hours", "/hoursAttended"},
		"no plan":          {kitchen, amina, func(l *Learner) { l.Details = `{"activities":[{"description":"x","rating":"A"}]}` }, "missing", "/details/planRef"},
		"no activity":      {kitchen, amina, func(l *Learner) { l.Details = `{"planRef":"x"}` }, "internship_no_rated_activity", "/details/activities"},
		"unrated":          {kitchen, amina, func(l *Learner) { l.Details = `{"planRef":"x","activities":[{"description":"x"}]}` }, "missing", "/details/activities/0/rating"},
		"rated E":          {kitchen, amina, func(l *Learner) { l.Details = `{"planRef":"x","activities":[{"description":"x","rating":"E"}]}` }, "activity_rating", "/details/activities/0/rating"},
		"hours twice":      {kitchen, amina, func(l *Learner) { l.Details = `{"planRef":"x","hoursAttended":480}` }, "unknown_member", "/details/hoursAttended"},
		"an allowance":     {kitchen, amina, func(l *Learner) { l.Details = `{"allowance":500}` }, "private_data", "/details/allowance"},
		"no object":        {kitchen, amina, func(l *Learner) { l.Details = `[]` }, "not_object", "/details"},
		"details of none":  {workshop, giulia, func(l *Learner) { l.Details = `{"planRef":"x"}` }, "unknown_member", "/details/planRef"},
		"an organisation":  {workshop, Learner{Organisation: "Ente", Holder: "did:web:ente.example", HoursAttended: 3}, func(*Learner) {}, "organisation_or_person", "/organisation"},
		"both":             {workshop, giulia, func(l *Learner) { l.Organisation = "Ente" }, "organisation_or_person", "/organisation"},
		"two hours in one": {hygiene(t), giulia, func(l *Learner) { l.Details = `{"internshipHours":3}` }, "unknown_member", "/details/internshipHours"},
	} {
		l := row.learner
		row.change(&l)
		faults := row.tmpl.CheckLearner(l, today)
		if row.code == "" {
			if len(faults) > 0 {
				t.Errorf("%s: %v", name, faults)
			}
			continue
		}
		found := false
		for _, f := range faults {
			found = found || f.Code == row.code && f.Pointer == row.pointer
		}
		if !found {
			t.Errorf("%s: %v, want %s at %s", name, faults, row.code, row.pointer)
		}
		p := Specimen(row.tmpl)
		p.Learner = l
		if data, err := row.tmpl.Compose(p); data != nil || !FaultsOf(err).at("/learner"+row.pointer) {
			t.Errorf("%s: composed, or %v", name, err)
		}
	}
}

// Attendance is not assessment: whatever says that somebody has learned has a
// code of its own, wherever it stands.
func TestAttendanceClaimsNoOutcomes(t *testing.T) {
	tmpl := template(t, "06-workshop-it.json")
	for _, member := range []string{
		`"learningOutcomes":["x"]`, `"alignment":[]`, `"typeOfAssessment":["x"]`, `"resultDescription":[]`, `"creditsAvailable":1`,
		`"levelNotApplicable":true`, `"supervision":"x"`, `"stackable":true`, `"partOf":["urn:x:y"]`,
	} {
		data := strings.Replace(string(tmpl.Raw), `"legalValue"`, member+`,"legalValue"`, 1)
		_, err := ParseTemplate([]byte(data))
		if !FaultsOf(err).Has("attendance_claims_outcomes") {
			t.Errorf("%s: %v", member, err)
		}
	}
	document, err := tmpl.Compose(Specimen(tmpl))
	if err != nil {
		t.Fatal(err)
	}
	graded := strings.Replace(string(document), `"hoursAttended"`, `"result":[{"type":["Result"],"status":"Completed"}],"hoursAttended"`, 1)
	if faults := CheckForIssuing([]byte(graded), today); !faults.Has("attendance_claims_outcomes") {
		t.Errorf("a result: %v", faults)
	}
}

// What an internship must keep is the region's to say: another threshold,
// fewer types; a region of which nothing is known asks for 70 %.
func TestInternshipOfARegion(t *testing.T) {
	i := Internship{Type: "inclusione-sociale", HoursPlanned: 480, HoursAttended: 336}
	for _, row := range []struct {
		rule InternshipRule
		code string
	}{
		{InternshipRule{}, ""},
		{InternshipRule{MinimumPercent: 70, Types: []string{"altro", "inclusione-sociale"}}, ""},
		{InternshipRule{MinimumPercent: 71}, "internship_hours"},
		{InternshipRule{Types: []string{"altro"}}, "internship_type_elsewhere"},
	} {
		var j judge
		j.internship(&i, row.rule)
		if row.code == "" && len(j.faults) > 0 || row.code != "" && !j.faults.Has(row.code) {
			t.Errorf("%+v: %v, want %q", row.rule, j.faults, row.code)
		}
	}
	i.HoursAttended = 335
	var j judge
	if j.internship(&i, InternshipRule{}); !j.faults.Has("internship_hours") {
		t.Errorf("335 of 480 where nothing is known: %v", j.faults)
	}
}

func mustCredential(t testing.TB, document []byte) *Credential {
	t.Helper()
	c, err := ParseCredential(document)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// What is shown of both, and the learner that they give back.
func TestHoursAreShown(t *testing.T) {
	for file, course := range map[string]string{
		"06-giulia-rossi-workshop.json": "06-workshop-it.json", "07-fatima-benali-course.json": "07-cleaning-course-es.json",
		"08-amina-diallo-internship.json": "08-internship-it.json", "09-arben-hoxha-internship.json": "09-internship-el.json",
	} {
		tmpl, learner := template(t, course), learnerFile(t, file)
		p := Specimen(tmpl)
		p.Learner = learner
		document, err := tmpl.Compose(p)
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		c := mustCredential(t, document)
		if faults := c.Rules(today); len(faults) > 0 {
			t.Errorf("%s: %v", file, faults)
		}
		v := c.View()
		switch {
		case v.Kind == KindTrainingAttendance && v.Attendance != nil && v.Internship == nil:
			if v.Attendance.HoursAttended != learner.HoursAttended || v.Attendance.HoursPlanned == 0 || len(v.Attendance.Topics) != 3 || len(v.Outcomes) > 0 {
				t.Errorf("%s: %+v", file, v.Attendance)
			}
		case v.Kind == KindInternshipAttestation && v.Internship != nil && v.Attendance == nil:
			if v.Internship.HoursAttended != learner.HoursAttended || len(v.Internship.Activities) != 2 || v.Internship.HostTutor.Name == "" || v.Internship.Percent() < 70 {
				t.Errorf("%s: %+v", file, v.Internship)
			}
		default:
			t.Errorf("%s: shown as %q", file, v.Kind)
		}
		// Composed again from what it gives back, it is the same document.
		p.Learner = c.Learner()
		again, err := tmpl.Compose(p)
		if err != nil || string(again) != string(document) {
			t.Errorf("%s: composed again\n%s\nwas\n%s\n%v", file, again, document, err)
		}
	}
}
