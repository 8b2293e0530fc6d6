package schema_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/employment-passport/passport/internal/jsonschema"
	"github.com/employment-passport/passport/schema"
)

// The documents of the shipped learners, with all that their details bring,
// are good by our schema of their kind and by 1EdTech's.
func TestLearnersDocumentsObeyBothSchemas(t *testing.T) {
	ours, theirs := jsonschema.New(schema.Schemas()), badges(t)
	judged := map[string]int{}
	for name, tmpl := range shipped(t) {
		learners, err := filepath.Glob("../examples/learners/" + name[:3] + "*.json")
		if err != nil || len(learners) != 1 || tmpl.Type == schema.KindMicroCredential {
			continue
		}
		data, err := os.ReadFile(learners[0])
		if err != nil {
			t.Fatal(err)
		}
		p := schema.Specimen(tmpl)
		if p.Learner, err = schema.ParseLearner(data); err != nil {
			t.Fatalf("%s: %v", learners[0], err)
		}
		document, err := tmpl.Compose(p)
		if err != nil {
			t.Fatalf("%s for %s: %v", name, learners[0], err)
		}
		if err := ours.Validate(schema.SchemaOf(tmpl.Type), document); err != nil {
			t.Errorf("%s: %v", learners[0], err)
		}
		if err := theirs.Validate(badgeSchema, document); (err != nil) != tmpl.Suspendable {
			t.Errorf("%s (suspendable %v): 1EdTech's schema says %v", learners[0], tmpl.Suspendable, err)
		}
		judged[tmpl.Type]++
	}
	for _, kind := range []string{
		schema.KindSkillsAssessment, schema.KindOperatorCompetence, schema.KindNetworkMembership, schema.KindTrainingProviderAccreditation,
	} {
		if judged[kind] < 2 {
			t.Errorf("%d documents of %s", judged[kind], kind)
		}
	}
}
