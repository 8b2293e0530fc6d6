package schema_test

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/employment-passport/passport/internal/jsonschema"
	"github.com/employment-passport/passport/schema"
)

const badgeSchema = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"

// badges is 1EdTech's own schema, an oracle that stands beside the project.
func badges(t *testing.T) *jsonschema.Engine {
	t.Helper()
	folder := "../../shared"
	if vectors := os.Getenv("PASSPORT_VECTORS"); vectors != "" {
		folder = filepath.Dir(filepath.Clean(vectors))
	}
	data, err := os.ReadFile(filepath.Join(folder, "openbadges", "ob_v3p0_achievementcredential_schema.json"))
	if err != nil {
		if os.Getenv("PASSPORT_VECTORS") != "" {
			t.Fatal(err)
		}
		t.Skip("1EdTech's schema is not beside the project")
	}
	return jsonschema.New(map[string][]byte{badgeSchema: data})
}

func shipped(t *testing.T) map[string]*schema.Template {
	t.Helper()
	files, err := filepath.Glob("../examples/templates/*.json")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]*schema.Template{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if all[filepath.Base(file)], err = schema.ParseTemplate(data); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
	}
	return all
}

// What we compose is valid by our published schema and, unless it can be
// suspended (Open Badges allows one status entry), by 1EdTech's.
func TestComposedDocumentsObeyBothSchemas(t *testing.T) {
	ours, theirs := jsonschema.New(schema.Schemas()), badges(t)
	for name, tmpl := range shipped(t) {
		data, err := tmpl.Compose(schema.Specimen(tmpl))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := ours.Validate(schema.SchemaOf(tmpl.Type), data); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := theirs.Validate(badgeSchema, data); (err != nil) != tmpl.Suspendable {
			t.Errorf("%s (suspendable %v): 1EdTech's schema says %v", name, tmpl.Suspendable, err)
		}
	}
}

// Every term of ours has an IRI: the context defines all members that the
// published schema names and that neither VCDM 2.0 nor Open Badges defines.
func TestContextDefinesEveryOwnTerm(t *testing.T) {
	var context struct {
		Terms map[string]any `json:"@context"`
	}
	if err := json.Unmarshal(schema.Contexts()[schema.ContextURL], &context); err != nil {
		t.Fatal(err)
	}
	for _, term := range []string{
		"MicroCredential", "learningOutcomes", "notionalWorkload", "levelNotApplicable", "typeOfAssessment", "formOfParticipation",
		"supervision", "qualityAssurance", "entryRequirements", "activityType", "learningSetting", "learningSchedule",
		"assessmentLanguage", "fundedBy", "legalValue", "legalBasis", "stackable", "partOf", "sha256", "supersedes", "internshipHours",
		"TrainingAttendance", "hoursPlanned", "hoursAttended", "minimumAttendance", "programme", "partners", "topics", "funding",
		"InternshipAttestation", "internshipType", "sector", "partOfCourse", "agreementRef", "planRef", "promoter", "host", "hostActivity",
		"promoterTutor", "hostTutor", "workingHours", "place", "activities", "competences",
		"SkillsAssessment", "operator", "phases", "interviewLanguages", "mediator", "experiences", "skills", "languagesKnown", "goal", "plan", "confirmedByHolder",
		"OperatorCompetence", "competenceFramework", "frameworkSection", "professionalProfile", "competence", "knowledge", "abilities", "workContext",
		"assessmentDate", "assessors", "renewBy",
		"NetworkMembership", "network", "memberRole", "memberSince", "memberUntil", "charterHash", "themes",
		"TrainingProviderAccreditation", "accreditation", "EmploymentPassport", "definition", "components", "PassportDefinition",
	} {
		if context.Terms[term] == nil {
			t.Errorf("%s has no IRI", term)
		}
		delete(context.Terms, term)
	}
	delete(context.Terms, "@protected")
	delete(context.Terms, "1EdTechJsonSchemaValidator2019") // Open Badges keeps it in a context of its own
	if rest := slices.Sorted(maps.Keys(context.Terms)); len(rest) > 0 {
		t.Errorf("the context also defines %v", rest)
	}
}
