package schema

import "strings"

// Terms of the vocabularies, as predicates. The lists behind them stand in
// vocab/, with their labels.

func isAssessment(uri string) bool    { return known("assessment").hasURI(uri) }
func isMode(uri string) bool          { return known("mode").hasURI(uri) }
func isSupervision(uri string) bool   { return known("supervision").hasURI(uri) }
func isAccreditation(uri string) bool { return known("accreditation").hasURI(uri) }
func isActivity(uri string) bool      { return known("activity").hasURI(uri) }
func isSetting(uri string) bool       { return known("setting").hasURI(uri) }
func isSchedule(uri string) bool      { return known("schedule").hasURI(uri) }
func isFieldOfStudy(code string) bool { return known("isced-f").has(code) }

const (
	assessmentBase = "http://data.europa.eu/snb/assessment/"
	attendanceOnly = assessmentBase + "7331eb4762" // level of attendance
	peerReview     = assessmentBase + "812e3b0ae1" // comments, no marks

	escoSkill = "http://data.europa.eu/esco/skill/"
	iscedBase = "http://data.europa.eu/snb/isced-f/"
	eqfBase   = "http://data.europa.eu/snb/eqf/"
)

// canGrade tells whether one of the assessments can end in a grade.
func canGrade(assessments []string) bool {
	for _, a := range assessments {
		if a != attendanceOnly && a != peerReview {
			return true
		}
	}
	return false
}

func isESCO(uri string) bool {
	id, ok := strings.CutPrefix(uri, escoSkill)
	return ok && isUUID(id)
}

// frameworks that an alignment may name; OTHER keeps the door open.
func isFramework(s string) bool {
	switch s {
	case "ESCO", "EQF", "QNQ", "DigComp", "LifeComp", "GreenComp", "EntreComp", "CEFR", "QRSP", "ADA", "CP-ISTAT", "ISCO-08", "OTHER":
		return true
	}
	return false
}

// isResultType knows the result types of Open Badges 3.0 that say how one
// learner did; its types for predictions and rubric parts say something else.
func isResultType(s string) bool {
	switch s {
	case "GradePointAverage", "LetterGrade", "Percent", "PerformanceLevel", "RawScore", "Result", "RubricScore", "ScaledScore", resultTypeStatus:
		return true
	}
	return false
}

func isUnit(s string) bool { return s == unitHours || s == unitECTS }

func isWorkload(f float64) bool { return f > 0 && f <= maxHours }

// isLegalValue knows what an Italian document of learning can be worth
// (D.Lgs. 13/2013 and D.M. 5.1.2021); elsewhere it is none or a private act.
func isLegalValue(s string) bool { return s == "none" || s == "atto-privato" || isPublicAct(s) }

func isPublicAct(s string) bool {
	return s == "parte-prima" || s == "parte-seconda" || s == "parte-terza"
}

// isRegion tells whether s has the form of a NUTS-2 code.
func isRegion(s string) bool {
	return len(s) == 4 && isUpper(s[:2]) && strings.Trim(s[2:], "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == ""
}

// isIndex tells whether s is a place in a status list: a plain decimal of nine
// digits at most, one spelling only.
func isIndex(s string) bool { return len(s) <= 9 && isDigits(s) && (s[0] != '0' || s == "0") }

func isWebLink(s string) bool {
	return isLink(s) && (strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "http://"))
}

func isDay(s string) bool {
	_, err := ParseDate(s)
	return err == nil && s[0] != '0'
}
