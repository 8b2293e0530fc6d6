package schema

import "strings"

// internshipMember reads what an internship adds to achievement.
func (r *reading) internshipMember(i *Internship, c value) bool {
	switch c.key() {
	case "internshipType":
		i.Type = r.term(c, isInternshipType, "internship_type")
	case "sector":
		i.Sector = r.term(c, isSector, "sector_unknown")
	case "partOfCourse":
		i.PartOfCourse = r.text(c, maxShort)
	default:
		return false
	}
	return true
}

// isInternshipType knows the kinds of internship of the regional rules.
func isInternshipType(s string) bool {
	switch s {
	case "formativo-orientamento", "inserimento-reinserimento", "inclusione-sociale", "altro":
		return true
	}
	return false
}

// isSector knows the economic and professional sectors of the Atlante del
// lavoro e delle qualificazioni, 01 to 24.
func isSector(s string) bool {
	return len(s) == 2 && isDigits(s) && s >= "01" && s <= "24"
}

// internSubject reads what an internship adds to credentialSubject.
func (r *reading) internSubject(i *Internship, c value) bool {
	switch c.key() {
	case "agreementRef":
		i.AgreementRef = r.text(c, maxShort)
	case "planRef":
		i.PlanRef = r.text(c, maxShort)
	case "promoter":
		i.Promoter = r.body(c)
	case "host":
		i.Host = r.body(c)
	case "hostActivity":
		i.HostActivity = r.term(c, isIndustry, "industry_form")
	case "promoterTutor":
		i.PromoterTutor = r.tutor(c)
	case "hostTutor":
		i.HostTutor = r.tutor(c)
	case "hoursPlanned":
		i.HoursPlanned = r.amount(c)
	case "hoursAttended":
		i.HoursAttended = r.hoursAttended(c)
	case "workingHours":
		i.WorkingHours = r.text(c, maxShort)
	case "place":
		i.Place = r.text(c, maxShort)
	case "activities":
		i.Activities = list(r, c, r.activity)
	case "competences":
		i.Competences = list(r, c, r.internCompetence)
	default:
		return false
	}
	return true
}

// isIndustry tells the form of a class of NACE and of its national editions
// (ATECO 56.10.11, CNAE 5610, PKD 56.10.A): two digits, then groups of one or
// two more.
func isIndustry(s string) bool {
	if len(s) < 2 || len(s) > 12 || !isDigits(s[:2]) {
		return false
	}
	for i, group := range strings.Split(s[2:], ".") {
		if i == 0 && len(group) <= 2 && (group == "" || isDigits(group)) {
			continue
		}
		if i == 0 || len(group) < 1 || len(group) > 2 || strings.Trim(group, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") != "" {
			return false
		}
	}
	return true
}

func (r *reading) tutor(v value) (t Tutor) {
	if !r.object(v) {
		return t
	}
	for c := v.first(); c.exists(); c = c.next() {
		switch c.key() {
		case "name":
			t.Name = r.text(c, maxShort)
		case "role":
			t.Role = r.text(c, maxShort)
		default:
			r.unknown(c)
		}
	}
	r.needs(v, "name")
	return t
}

func (r *reading) activity(v value) (a Activity) {
	if !r.object(v) {
		return a
	}
	for c := v.first(); c.exists(); c = c.next() {
		switch c.key() {
		case "description":
			a.Description = r.text(c, maxLong)
		case "adaCode":
			a.Code = r.term(c, isADA, "ada_form")
		case "rating":
			a.Rating = r.term(c, isRating, "activity_rating")
		default:
			r.unknown(c)
		}
	}
	r.needs(v, "description", "rating")
	return a
}

// isRating: only what was done well enough for a grade is attested.
func isRating(s string) bool { return len(s) == 1 && s >= "A" && s <= "D" }

// isADA tells the form of a code of the Atlante del lavoro: ADA.11.11.23.
func isADA(s string) bool {
	parts := strings.Split(s, ".")
	if len(parts) != 4 || parts[0] != "ADA" {
		return false
	}
	for _, p := range parts[1:] {
		if len(p) != 2 || !isDigits(p) {
			return false
		}
	}
	return true
}

func (r *reading) internCompetence(v value) (k InternCompetence) {
	if !r.object(v) {
		return k
	}
	for c := v.first(); c.exists(); c = c.next() {
		switch c.key() {
		case "name":
			k.Name = r.text(c, maxLong)
		case "knowledge":
			k.Knowledge = r.texts(c, maxLong)
		case "abilities":
			k.Abilities = r.texts(c, maxLong)
		default:
			r.unknown(c)
		}
	}
	r.needs(v, "name")
	return k
}
