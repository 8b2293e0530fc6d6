package schema

// KindMicroCredential is the first of our documents. It carries the eleven
// mandatory and five optional elements of Annex I of the Council Recommendation
// of 16 June 2022 on micro-credentials.
const KindMicroCredential = "MicroCredential"

var microKind = documentKind{
	name:            KindMicroCredential,
	achievementType: "MicroCredential",
	schemaURL:       MicroSchemaURL,
	schemaFile:      "data/micro-1.json",
	prefix:          "MC-",
	results:         true,
	level:           true,
	rules:           microRules,
}

// microRules is R1 for what was learned, and R7: each mandatory element of
// Annex I has a code of its own. Those about people and issuers hold for every
// kind; the level (element 8) is judged with the alignment.
func microRules(j *judge, d *Document) {
	a := &d.Subject.Achievement
	j.elements([]element{
		{len(a.Outcomes) == 0, "annex_outcomes", atAchievement + "/learningOutcomes"},
		{a.Workload == Workload{}, "annex_workload", atAchievement + "/notionalWorkload"},
		{len(a.Assessment) == 0, "annex_assessment", atAchievement + "/typeOfAssessment"},
		{a.Participation == "", "annex_participation", atAchievement + "/formOfParticipation"},
		{a.Quality == Quality{}, "annex_quality", atAchievement + "/qualityAssurance"},
	})
	if len(a.Assessment) == 1 && a.Assessment[0] == attendanceOnly {
		j.fault("attendance_only", atAchievement+"/typeOfAssessment")
	}
}
