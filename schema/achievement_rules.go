package schema

import "strconv"

// levels is element 8 of Annex I and R5 (MC-IR-05): references have the form
// of the framework they name.
func (j *judge) levels(a *Achievement, wanted bool) {
	eqf := 0
	for i, al := range a.Alignment {
		at := atAchievement + "/alignment/" + strconv.Itoa(i)
		switch al.Framework {
		case "ESCO":
			if al.URL != "" && !isESCO(al.URL) {
				j.fault("esco_uri", at+"/targetUrl")
			}
		case "EQF":
			if eqf++; eqf == 2 {
				j.fault("level_twice", at)
			}
			j.level(al, at, "eqf", levelTypeEQF)
		case "QNQ":
			j.level(al, at, "qnq", levelTypeQNQ)
		default:
			if al.Type != "" {
				j.fault("target_type", at+"/targetType")
			}
		}
		if al.Framework == "ESCO" && al.Type != "" {
			j.fault("target_type", at+"/targetType")
		}
	}
	switch {
	case wanted && eqf == 0 && !a.LevelNotApplicable:
		j.fault("annex_level", atAchievement+"/alignment")
	case eqf > 0 && a.LevelNotApplicable:
		j.fault("level_contradiction", atAchievement+"/levelNotApplicable")
	}
}

func (j *judge) level(al Alignment, at, vocabulary, levelType string) {
	if al.URL != "" && !known(vocabulary).hasURI(al.URL) {
		j.fault("level_unknown", at+"/targetUrl")
	}
	if al.Type != levelType && !j.faults.at(at+"/targetType") {
		j.fault("fixed_value", at+"/targetType", "want", levelType)
	}
}

// results is R4 (MC-IR-04): a grade needs its scheme, and an assessment that
// can give one.
func (j *judge) results(p *Person) {
	a := &p.Achievement
	for i, res := range p.Results {
		at := atSubject + "/result/" + strconv.Itoa(i)
		if res.Value != "" && res.Scheme == "" {
			j.fault("grade_without_scheme", at+"/value")
			continue
		}
		if res.Scheme == "" {
			continue
		}
		scheme, ok := a.scheme(res.Scheme)
		switch {
		case !ok:
			j.fault("grade_scheme_unknown", at+"/resultDescription")
		case res.Value != "" && scheme.Type != resultTypeStatus && !canGrade(a.Assessment):
			j.fault("grade_without_assessment", at+"/value")
		case res.Value != "" && !scheme.allows(res.Value):
			j.fault("grade_not_allowed", at+"/value")
		}
	}
}

func (a *Achievement) scheme(id string) (ResultScheme, bool) {
	for _, s := range a.Schemes {
		if s.ID == id {
			return s, true
		}
	}
	return ResultScheme{}, false
}

func (s ResultScheme) allows(result string) bool {
	for _, allowed := range s.Allowed {
		if allowed == result {
			return true
		}
	}
	return len(s.Allowed) == 0
}

// achievement is R6, R8 and the legal value (R10 is the issuer's permission:
// see Credential.Scope).
func (j *judge) achievement(a *Achievement) {
	if a.Workload.Unit == unitECTS && a.Credits != a.Workload.Value && !j.faults.at(atAchievement+"/creditsAvailable") {
		code := "credits_mismatch"
		if a.Credits == 0 {
			code = "credits_missing"
		}
		j.fault(code, atAchievement+"/creditsAvailable")
	}
	if a.Stackable != nil && *a.Stackable && len(a.PartOf) == 0 && !j.faults.at(atAchievement+"/partOf") {
		j.fault("stackable_without_part", atAchievement+"/partOf")
	}
	if isPublicAct(a.LegalValue) && a.LegalBasis == "" && !j.faults.at(atAchievement+"/legalBasis") {
		j.fault("legal_basis_missing", atAchievement+"/legalBasis")
	}
}
