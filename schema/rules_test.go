package schema

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// edit changes a document at a pointer; a nil value takes the member out.
func edit(t *testing.T, doc any, pointer string, v any) {
	t.Helper()
	tokens := strings.Split(pointer, "/")[1:]
	for _, token := range tokens[:len(tokens)-1] {
		doc = step(doc, token)
	}
	last := tokens[len(tokens)-1]
	switch doc := doc.(type) {
	case map[string]any:
		if v == nil {
			delete(doc, last)
		} else {
			doc[last] = v
		}
	case []any:
		var i int
		if _, err := fmt.Sscan(last, &i); err != nil {
			t.Fatal(err)
		}
		doc[i] = v
	default:
		t.Fatalf("nothing at %s", pointer)
	}
}

func step(doc any, token string) any {
	if object, ok := doc.(map[string]any); ok {
		return object[token]
	}
	var i int
	fmt.Sscan(token, &i) //nolint:errcheck // tokens of this test
	return doc.([]any)[i]
}

// judgeEdited gives the faults of the fullest document after some edits.
func judgeEdited(t *testing.T, edits ...any) Faults {
	t.Helper()
	doc := decode(t, fullest(t))
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

// Every integrity rule that touches a micro-credential has one code, and
// points at the field.
func TestIntegrityRules(t *testing.T) {
	const (
		s  = "/credentialSubject"
		a  = s + "/achievement"
		sn = "http://data.europa.eu/snb/"
	)
	for _, row := range []struct {
		rule, code, pointer string
		edits               []any
	}{
		// R1: the eleven elements of Annex I, one by one.
		{"R1.1", "annex_learner", s + "/identifier", []any{s + "/identifier", nil}},
		{"R1.2", "annex_title", a + "/name", []any{a + "/name", nil}},
		{"R1.3", "annex_country", "/issuer/address", []any{"/issuer/address", nil}},
		{"R1.4", "annex_awarding_body", "/issuer/name", []any{"/issuer/name", nil}},
		{"R1.5", "annex_issue_date", "/validFrom", []any{"/validFrom", nil}},
		{"R1.6", "annex_outcomes", a + "/learningOutcomes", []any{a + "/learningOutcomes", nil}},
		{"R1.7", "annex_workload", a + "/notionalWorkload", []any{a + "/notionalWorkload", nil}},
		{"R1.8", "annex_level", a + "/alignment", []any{a + "/alignment", nil}},
		{"R1.9", "annex_assessment", a + "/typeOfAssessment", []any{a + "/typeOfAssessment", nil}},
		{"R1.10", "annex_participation", a + "/formOfParticipation", []any{a + "/formOfParticipation", nil}},
		{"R1.11", "annex_quality", a + "/qualityAssurance", []any{a + "/qualityAssurance", nil}},
		{"R2", "birth_in_future", s + "/identifier/4/identityHash", []any{s + "/identifier/4/identityHash", "2027"}},
		{"R2", "issued_in_future", "/validFrom", []any{"/validFrom", "2026-11-23T00:00:00Z"}},
		{"R3", "issued_before_completion", "/validFrom", []any{"/validFrom", "2026-11-09T00:00:00Z"}},
		{"R3", "period_order", s + "/activityEndDate", []any{s + "/activityEndDate", "2026-09-30T00:00:00Z"}},
		{"R3", "dates_order", "/validUntil", []any{"/validUntil", "2026-11-01T00:00:00Z"}},
		{"R4", "grade_without_scheme", s + "/result/0/value", []any{s + "/result/0/resultDescription", nil}},
		{"R4", "grade_scheme_unknown", s + "/result/0/resultDescription", []any{s + "/result/0/resultDescription", "urn:x:y"}},
		{"R4", "grade_without_assessment", s + "/result/0/value", []any{a + "/typeOfAssessment", []any{sn + "assessment/812e3b0ae1"}}},
		{"R4", "grade_not_allowed", s + "/result/0/value", []any{a + "/resultDescription/0/allowedValue", []any{"A", "B"}}},
		{"R5", "esco_uri", a + "/alignment/0/targetUrl", []any{a + "/alignment/0/targetUrl", "http://data.europa.eu/esco/skill/hygiene"}},
		{"R5", "level_unknown", a + "/alignment/1/targetUrl", []any{a + "/alignment/1/targetUrl", sn + "eqf/9"}},
		{"R6", "workload_value", a + "/notionalWorkload/value", []any{a + "/notionalWorkload/value", 0.0}},
		{"R6", "workload_unit", a + "/notionalWorkload/unit", []any{a + "/notionalWorkload/unit", "days"}},
		{"R6", "credits_missing", a + "/creditsAvailable", []any{a + "/creditsAvailable", nil}},
		{"R6", "credits_mismatch", a + "/creditsAvailable", []any{a + "/creditsAvailable", 3.0}},
		{"R7", "attendance_only", a + "/typeOfAssessment", []any{a + "/typeOfAssessment", []any{attendanceOnly}}},
		{"R8", "stackable_without_part", a + "/partOf", []any{a + "/partOf", nil}},
		{"R9", "quality_type", a + "/qualityAssurance/qaType", []any{a + "/qualityAssurance/qaType", sn + "accreditation/0"}},
		{"R10", "legal_value", a + "/legalValue", []any{a + "/legalValue", "parte-quarta"}},
		{"R10", "legal_basis_missing", a + "/legalBasis", []any{a + "/legalBasis", nil}},
		{"R10", "birth_for_legal_value", s + "/identifier", []any{s + "/identifier/5/identityType", "ext:birthDate"}},
		{"R12", "private_data", s + "/gender", []any{s + "/gender", "F"}},
		{"R12", "private_data", s + "/targetGroup", []any{s + "/targetGroup", []any{"x"}}},
		{"R12", "private_data", s + "/identifier/1/identityType", []any{s + "/identifier/1/identityType", "nationalIdentityNumber"}},
		{"R15", "supersedes_self", "/supersedes", []any{"/supersedes", "urn:uuid:00000000-0000-4000-8000-000000000000"}},
		{"R15", "not_uuid", "/supersedes", []any{"/supersedes", "MC-1"}},
		{"R18", "missing", a + "/inLanguage", []any{a + "/inLanguage", nil}},
		{"R18", "language_form", a + "/inLanguage", []any{a + "/inLanguage", "italiano"}},
		{"bearer", "bearer_without_birth", s + "/identifier", []any{s + "/id", nil, s + "/identifier/4/identityType", "ext:x"}},
		{"level", "level_contradiction", a + "/levelNotApplicable", []any{a + "/levelNotApplicable", true}},
		{"level", "level_twice", a + "/alignment/2", []any{a + "/alignment/2/targetFramework", "EQF"}},
		{"region", "region_elsewhere", "/issuer/address/addressRegion", []any{"/issuer/address/addressRegion", "PL91"}},
		{"region", "region_unknown", "/issuer/address/addressRegion", []any{"/issuer/address/addressRegion", "ITZZ"}},
		{"name", "title_differs", "/name", []any{"/name", "Altro"}},
		{"status", "status_entry_id", "/credentialStatus/id", []any{"/credentialStatus/statusListIndex", "7"}},
		{"status", "missing", "/credentialStatus", []any{"/credentialStatus", nil}},
		{"schema", "schema_entries", "/credentialSchema", []any{"/credentialSchema/0/type", "Other"}},
		{"claim", "claim_contradicts", "/iss", []any{"/iss", "did:web:other.example"}},
	} {
		t.Run(row.rule+" "+row.code, func(t *testing.T) {
			faults := judgeEdited(t, row.edits...)
			for _, f := range faults {
				if f.Code == row.code && f.Pointer == row.pointer {
					return
				}
			}
			t.Errorf("got %v, want %s at %s", faults, row.code, row.pointer)
		})
	}
	if faults := judgeEdited(t); len(faults) > 0 {
		t.Errorf("the document itself: %v", faults)
	}
}

// A zero time of judging leaves out the future, and nothing else.
func TestRulesWithoutAClock(t *testing.T) {
	doc := decode(t, fullest(t))
	edit(t, doc, "/validFrom", "2090-01-01T00:00:00Z")
	edit(t, doc, "/validUntil", nil)
	data, _ := json.Marshal(doc)
	c, err := ParseCredential(data)
	if err != nil {
		t.Fatal(err)
	}
	if faults := c.Rules(today.AddDate(-100, 0, 0)); !faults.Has("issued_in_future") {
		t.Errorf("with a clock: %v", faults)
	}
	if faults := c.Rules(noClock); len(faults) > 0 {
		t.Errorf("without a clock: %v", faults)
	}
}

// canaries are members that must stand in no document (class C of the data model).
var canaries = []string{
	"nationalIdentityNumber", "fiscalCode", "codiceFiscale", "citizenship", "disability", "gender", "residencePermit",
	"condition", "phone", "email", "allowance", "allowancePaid", "targetGroup", "religion", "health",
}

// Private data cannot be put in: each canary, at every object of the fullest
// document, is refused when it is judged and when it is to be signed raw.
func TestPrivateDataCannotBePutIn(t *testing.T) {
	tried := 0
	var places []place
	base := decode(t, fullest(t))
	walkPlaces(base, &places)
	objects := []map[string]any{base.(map[string]any)}
	for _, p := range places {
		if object, ok := p.get().(map[string]any); ok {
			objects = append(objects, object)
		}
	}
	for _, object := range objects {
		for _, canary := range canaries {
			object[canary] = "CANARY"
			data, err := json.Marshal(base)
			if err != nil {
				t.Fatal(err)
			}
			delete(object, canary)
			tried++
			if faults := CheckForIssuing(data, today); len(faults) == 0 {
				t.Fatalf("%s can be issued in\n%s", canary, data)
			}
			c, err := ParseCredential(data)
			if err == nil && len(c.Rules(today)) == 0 {
				t.Fatalf("%s is read without a fault in\n%s", canary, data)
			}
		}
	}
	t.Logf("%d canaries refused", tried)

	// Nor through a template, nor through a learner.
	for _, canary := range canaries {
		learner := fmt.Sprintf(`{"name":"A B","birthDate":"1990",%q:"CANARY"}`, canary)
		if _, err := ParseLearner([]byte(learner)); !FaultsOf(err).Has("private_data") {
			t.Errorf("learner with %s: %v", canary, err)
		}
		tmpl := fmt.Sprintf(`{"name":"x","type":"MicroCredential","credential":{"credentialSubject":{%q:"CANARY"}}}`, canary)
		if _, err := ParseTemplate([]byte(tmpl)); !FaultsOf(err).Has("private_data") {
			t.Errorf("template with %s: %v", canary, err)
		}
	}
}
