package schema

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/employment-passport/passport/internal/jsonschema"
)

// issued composes the document of a shipped template for its shipped learner,
// both named by the number that their files begin with.
func issued(t *testing.T, number string) any {
	t.Helper()
	one := func(folder string) string {
		files, err := filepath.Glob("../examples/" + folder + "/" + number + "-*.json")
		if err != nil || len(files) != 1 {
			t.Fatalf("%s of %s: %v (%v)", folder, number, files, err)
		}
		return files[0]
	}
	data, err := os.ReadFile(one("learners"))
	if err != nil {
		t.Fatal(err)
	}
	l, err := ParseLearner(data)
	if err != nil {
		t.Fatal(err)
	}
	tmpl := template(t, filepath.Base(one("templates")))
	p := Specimen(tmpl)
	p.Learner = l
	document, err := tmpl.Compose(p)
	if err != nil {
		t.Fatal(err)
	}
	return decode(t, document)
}

// judgeDocument gives the faults of a document after edits, as pairs of pointer
// and value.
func judgeDocument(t *testing.T, number string, edits ...any) Faults {
	t.Helper()
	doc := issued(t, number)
	for i := 0; i < len(edits); i += 2 {
		edit(t, doc, edits[i].(string), edits[i+1])
	}
	data, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	c, err := ParseCredential(data)
	if err != nil {
		return FaultsOf(err)
	}
	return c.Rules(today)
}

// ruleRow breaks one rule of a shipped document.
type ruleRow struct {
	number, code, pointer string
	edits                 []any
}

func holdRules(t *testing.T, rows []ruleRow) {
	t.Helper()
	for _, row := range rows {
		t.Run(row.code, func(t *testing.T) {
			faults := judgeDocument(t, row.number, row.edits...)
			for _, f := range faults {
				if f.Code == row.code && f.Pointer == row.pointer {
					return
				}
			}
			t.Errorf("%v: got %v, want %s at %s", row.edits, faults, row.code, row.pointer)
		})
	}
	for _, number := range []string{"10", "11", "12", "13", "14", "15", "16", "17"} {
		if faults := judgeDocument(t, number); len(faults) > 0 {
			t.Errorf("document %s itself: %v", number, faults)
		}
	}
}

// TestRowN1EvidenceLevels: each skill says how it is known, in one of four
// words, and each but the first needs something to point to.
func TestRowN1EvidenceLevels(t *testing.T) {
	const s = atSubject
	holdRules(t, []ruleRow{
		{"10", "evidence_level", s + "/skills/0/evidenceLevel", []any{s + "/skills/0/evidenceLevel", "certain"}},
		{"10", "missing", s + "/skills/0/evidenceLevel", []any{s + "/skills/0/evidenceLevel", nil}},
		{"10", "evidence_unsupported", s + "/skills/0/evidenceLevel", []any{s + "/skills/0/evidenceLevel", EvidenceDocumented}},
		{"10", "evidence_unsupported", s + "/skills/0/evidenceLevel", []any{s + "/skills/0/evidenceLevel", EvidenceObserved}},
		{"10", "evidence_unsupported", s + "/skills/0/evidenceLevel", []any{s + "/skills/0/evidenceLevel", EvidenceAssessed}},
		{"10", "skill_level", s + "/skills/1/level", []any{s + "/skills/1/level", 5.0}},
		{"10", "assessment_phases", s + "/phases", []any{s + "/phases/1/phase", "accoglienza"}},
		{"10", "assessment_phases", s + "/phases", []any{s + "/phases", nil}},
		{"10", "assessment_dates", s + "/phases/2/date", []any{s + "/phases/2/date", "2026-10-01"}},
		{"10", "assessment_dates", s + "/confirmedByHolder/date", []any{s + "/confirmedByHolder/date", "2026-10-25"}},
		{"10", "assessment_dates", s + "/confirmedByHolder/date", []any{s + "/confirmedByHolder/date", "2026-11-21"}},
		{"10", "assessment_unconfirmed", s + "/confirmedByHolder", []any{s + "/confirmedByHolder", nil}},
		{"10", "confirmation_mode", s + "/confirmedByHolder/mode", []any{s + "/confirmedByHolder/mode", "telephone"}},
		{"10", "assessment_operator", s + "/operator", []any{s + "/operator", nil}},
		{"10", "missing", s + "/operator/name", []any{s + "/operator/name", nil}},
		{"10", "assessment_languages", s + "/interviewLanguages", []any{s + "/interviewLanguages", nil}},
		{"10", "assessment_skills", s + "/skills", []any{s + "/skills", nil}},
		{"10", "assessment_legal_value", atAchievement + "/legalValue", []any{atAchievement + "/legalValue", "parte-seconda"}},
		{"10", "legal_basis_missing", atAchievement + "/legalBasis", []any{atAchievement + "/legalValue", "parte-prima"}},
		{"10", "cefr_level", s + "/languagesKnown/1/reading", []any{s + "/languagesKnown/1/reading", "B3"}},
		{"10", "language_levels", s + "/languagesKnown/0", []any{s + "/languagesKnown/0/reading", "B1"}},
		{"11", "language_levels", s + "/languagesKnown/0", []any{s + "/languagesKnown/0/motherTongue", nil}},
		{"10", "experience_kind", s + "/experiences/0/kind", []any{s + "/experiences/0/kind", "prison"}},
		{"10", "experience_dates", s + "/experiences/0/until", []any{s + "/experiences/0/until", "2011-05"}},
		{"10", "partial_date", s + "/plan/0/when", []any{s + "/plan/0/when", "presto"}},
		{"10", "esco_uri", s + "/skills/2/url", []any{s + "/skills/2/url", "http://data.europa.eu/esco/skill/x"}},
		{"10", "unknown_member", atAchievement + "/learningOutcomes", []any{atAchievement + "/learningOutcomes", []any{"Cucina"}}},
	})
}

// TestPresenceIsNoPublicAct: to have been there, to have worked there and to
// have collected documents is no parte prima, seconda or terza, in what is
// issued and in what a template would have issued.
func TestPresenceIsNoPublicAct(t *testing.T) {
	engine := jsonschema.New(Schemas())
	documents := map[string]any{"workshop": issued(t, "06"), "internship": issued(t, "08"), "passport": decode(t, passportDocument(t))}
	for name, doc := range documents {
		for _, value := range []string{"parte-prima", "parte-seconda", "parte-terza"} {
			edit(t, doc, atAchievement+"/legalValue", value)
			edit(t, doc, atAchievement+"/legalBasis", "D.Lgs. 13/2013")
			data, err := json.Marshal(doc)
			if err != nil {
				t.Fatal(err)
			}
			c, err := ParseCredential(data)
			if err != nil {
				t.Fatal(err)
			}
			if faults := c.Rules(today); !faults.Has("private_act_only") {
				t.Errorf("%s of %s: %v", name, value, faults)
			}
			mismatch := (*jsonschema.Mismatch)(nil)
			if err := engine.Validate(SchemaOf(c.Kind()), data); !errors.As(err, &mismatch) {
				t.Errorf("%s of %s: the schema says %v", name, value, err)
			}
		}
	}
	for _, file := range []string{"06-workshop-it.json", "07-cleaning-course-es.json", "08-internship-it.json"} {
		raw := decode(t, template(t, file).Raw)
		edit(t, raw, "/credential"+atAchievement+"/legalValue", "parte-terza")
		edit(t, raw, "/credential"+atAchievement+"/legalBasis", "D.Lgs. 13/2013")
		data, err := json.Marshal(raw)
		if err != nil {
			t.Fatal(err)
		}
		tmpl, err := ParseTemplate(data)
		if err != nil {
			t.Fatal(err)
		}
		if faults := tmpl.Check(); !faults.Has("private_act_only") {
			t.Errorf("template %s: %v", file, faults)
		}
	}
}

// TestRowT5Codes: a competence of QRSP has its code and, in the section of
// professional profiles, that of the profile; what it asks was assessed.
func TestRowT5Codes(t *testing.T) {
	const s, a = atSubject, atAchievement
	profile := a + "/professionalProfile"
	inProfiles := []any{a + "/frameworkSection", profileOfQRSP}
	holdRules(t, []ruleRow{
		{"12", "operator_code", a + "/competence/code", []any{a + "/competence/code", nil}},
		{"12", "operator_code", profile, inProfiles},
		{"12", "operator_code", profile, []any{a + "/frameworkSection", nil}},
		{"12", "operator_code", profile, append([]any{profile, map[string]any{"name": "Orientatore"}}, inProfiles...)},
		{"12", "operator_section", a + "/frameworkSection", []any{a + "/frameworkSection", "altro"}},
		{"12", "operator_framework", a + "/competenceFramework", []any{a + "/competenceFramework", nil}},
		{"12", "operator_framework", a + "/competenceFramework", []any{a + "/competenceFramework", "ESCO"}},
		{"12", "operator_competence", a + "/competence", []any{a + "/competence", nil}},
		{"12", "operator_bound", a + "/knowledge", []any{a + "/knowledge", nil}},
		{"13", "operator_bound", a + "/abilities", []any{a + "/abilities", nil}},
		{"12", "operator_not_assessed", a + "/typeOfAssessment", []any{a + "/typeOfAssessment", nil}},
		{"12", "operator_not_assessed", a + "/typeOfAssessment", []any{a + "/typeOfAssessment", []any{attendanceOnly}}},
		{"12", "operator_not_assessed", s + "/assessmentDate", []any{s + "/assessmentDate", nil}},
		{"12", "operator_dates", s + "/assessmentDate", []any{s + "/assessmentDate", "2026-11-21"}},
		{"13", "operator_dates", s + "/renewBy", []any{s + "/renewBy", "2026-01-01"}},
		{"12", "annex_level", a + "/alignment", []any{a + "/alignment", nil}},
		{"12", "birth_for_legal_value", atIdentifier, []any{a + "/legalValue", "parte-terza", a + "/legalBasis", "D.Lgs. 13/2013"}},
	})
	withProfile := append([]any{profile, map[string]any{"code": "ESEMPIO.24", "name": "Orientatore"}}, inProfiles...)
	if faults := judgeDocument(t, "12", withProfile...); len(faults) > 0 {
		t.Errorf("with a profile: %v", faults)
	}
	if faults := judgeDocument(t, "13", a+"/professionalProfile", map[string]any{"name": "Operater"}); len(faults) > 0 {
		t.Errorf("COM-IN asks for no codes: %v", faults)
	}
}

// TestRowC1AttendanceIsNoCompetence: having been there never passes for a
// competence, whatever the document calls itself.
func TestRowC1AttendanceIsNoCompetence(t *testing.T) {
	tmpl := template(t, "13-operator-comin-si.json")
	data, err := tmpl.Compose(Specimen(tmpl))
	if err != nil {
		t.Fatal(err)
	}
	for _, edits := range [][]any{
		{"/type/2", "TrainingAttendance"},
		{"/type/2", "TrainingAttendance", atAchievement + "/achievementType", "CertificateOfCompletion"},
		{atAchievement + "/achievementType", "CertificateOfCompletion"},
		{atSubject + "/hoursAttended", 20.0},
		{atAchievement + "/hoursPlanned", 20.0},
		{"/credentialSchema/0/id", ownSchemas + "attendance/1"},
	} {
		doc := decode(t, data)
		for i := 0; i < len(edits); i += 2 {
			edit(t, doc, edits[i].(string), edits[i+1])
		}
		changed, err := json.Marshal(doc)
		if err != nil {
			t.Fatal(err)
		}
		c, err := ParseCredential(changed)
		if err == nil && c.Kind() != "" && len(c.Rules(today)) == 0 {
			t.Errorf("%v passes as %s", edits, c.Kind())
		}
	}
}

// Documents of organisations: who belongs to what, and who may issue what.
func TestRulesOfOrganisations(t *testing.T) {
	const s, acc = atSubject, atAccreditation
	keys := acc + "/keys/0"
	holdRules(t, []ruleRow{
		{"14", "membership_dates", s + "/memberSince", []any{s + "/memberSince", "2026-12-01"}},
		{"15", "membership_dates", s + "/memberUntil", []any{s + "/memberUntil", "2025-08-31"}},
		{"14", "membership_role", s + "/memberRole", []any{s + "/memberRole", "capo"}},
		{"14", "membership_level", s + "/network/networkLevel", []any{s + "/network/networkLevel", "cosmic"}},
		{"14", "territory_form", s + "/network/territory", []any{s + "/network/territory", "Bologna"}},
		{"14", "hash_form", s + "/charterHash", []any{s + "/charterHash", "abc"}},
		{"14", "missing", s + "/network", []any{s + "/network", nil}},
		{"14", "missing", s + "/id", []any{s + "/id", nil}},
		{"14", "identity_type", atIdentifier + "/0/identityType", []any{atIdentifier + "/0/identityType", "ext:birthDate"}},
		{"14", "organisation_legal_value", atAchievement + "/legalValue", []any{atAchievement + "/legalValue", "parte-terza"}},
		{"16", "accreditation_scope", acc + "/scopes/0", []any{acc + "/scopes/0", "XX"}},
		{"16", "accreditation_scope", acc + "/scopes/0", []any{acc + "/scopes/0", "issue:Diploma"}},
		{"16", "repeated", acc + "/scopes/1", []any{acc + "/scopes/1", "FC"}},
		{"16", "missing", acc + "/scopes", []any{acc + "/scopes", nil}},
		{"16", "missing", acc, []any{acc, nil}},
		{"16", "accreditation_dates", acc + "/accreditedUntil", []any{acc + "/accreditedUntil", "2025-12-31"}},
		{"16", "accreditation_dates", acc + "/decisionDate", []any{acc + "/decisionDate", "2026-11-21"}},
		{"16", "accreditation_quality", acc + "/accreditationType", []any{acc + "/accreditationType", "http://data.europa.eu/snb/accreditation/bb4618238e"}},
		{"16", "quality_type", acc + "/accreditationType", []any{acc + "/accreditationType", "buono"}},
		{"16", "eqf_level", acc + "/limitEQF/0", []any{acc + "/limitEQF/0", 9.0}},
		{"17", "key_private", keys + "/publicKeyJwk/d", []any{keys + "/publicKeyJwk/d", "secret"}},
		{"17", "key_form", keys + "/publicKeyJwk", []any{keys + "/publicKeyJwk/y", nil}},
		{"17", "key_form", keys + "/publicKeyJwk/crv", []any{keys + "/publicKeyJwk/crv", "secp256k1"}},
		{"17", "key_form", keys + "/publicKeyJwk/x", []any{keys + "/publicKeyJwk/x", "AAAA"}},
		{"17", "key_use", keys + "/keyUse", []any{keys + "/keyUse", "all"}},
		{"17", "unknown_member", keys + "/publicKeyJwk/alg", []any{keys + "/publicKeyJwk/alg", "ES256"}},
	})
}

// What an accreditation lets its body issue, as a recognition says it.
func TestAccreditationIssues(t *testing.T) {
	a := Accreditation{From: "2026-01-01", Until: "2028-12-31", Scopes: []string{"FC", "issue:MicroCredential", "issue:parte-seconda", "issue:OperatorCompetence"}}
	got := a.Issues()
	if len(got) != 2 || got[0].Schema != "MicroCredential" || got[1].Schema != "OperatorCompetence" {
		t.Fatalf("got %v", got)
	}
	for _, p := range got {
		if len(p.Scopes) != 1 || p.Scopes[0] != "issue:parte-seconda" || DateOf(p.From).String() != "2026-01-01" || DateOf(p.Until).String() != "2028-12-31" {
			t.Errorf("permission %+v", p)
		}
	}
	if got := (&Accreditation{Scopes: []string{"FC", "issue:parte-terza"}}).Issues(); got != nil {
		t.Errorf("no document, yet %v", got)
	}
}

// A client may have a whole document of every kind signed as well, with an
// organisation's name as bodies are called.
func TestWholeDocumentsCanBeIssued(t *testing.T) {
	for _, number := range []string{"10", "11", "12", "13", "14", "15", "16", "17"} {
		data, err := json.Marshal(issued(t, number))
		if err != nil {
			t.Fatal(err)
		}
		if faults := CheckForIssuing(data, today); len(faults) > 0 {
			t.Errorf("document %s: %v", number, faults)
		}
	}
}
