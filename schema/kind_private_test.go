package schema

import (
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/employment-passport/passport/internal/jsonschema"
)

// ofEveryKind is the fullest shipped document of each kind in the table: that of
// the test data for a micro-credential, and those that learners bring details
// for.
func ofEveryKind(t testing.TB) map[string][][]byte {
	t.Helper()
	all := map[string][][]byte{KindMicroCredential: {fullest(t)}, KindEmploymentPassport: {passportDocument(t)}}
	for _, data := range append(shippedDocuments(t), personalDocuments(t)...) {
		kind := mustCredential(t, data).Kind()
		all[kind] = append(all[kind], data)
	}
	return all
}

// passportDocument is a composite with all that the shipped definition asks for.
func passportDocument(t testing.TB) []byte {
	t.Helper()
	d := example(t)
	var components []Component
	for i, r := range d.Requirements {
		components = append(components, Component{ID: idNumber(i), Requirement: r.Ref})
	}
	data, err := ComposePassport(d, components, amina())
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// objectsOf are the document and all the objects in it.
func objectsOf(doc any) []map[string]any {
	var places []place
	walkPlaces(doc, &places)
	objects := []map[string]any{doc.(map[string]any)}
	for _, p := range places {
		if object, ok := p.get().(map[string]any); ok {
			objects = append(objects, object)
		}
	}
	return objects
}

// Class C cannot be put into a document of any kind: each canary, at every
// object, is refused by the rules, by the published schema, and when the
// document is to be signed raw.
func TestPrivateDataInNoKind(t *testing.T) {
	engine := jsonschema.New(Schemas())
	for kind, documents := range ofEveryKind(t) {
		tried := 0
		for which, data := range documents {
			base := decode(t, data)
			for i, object := range objectsOf(base) {
				for n, canary := range canaries {
					object[canary] = "CANARY"
					bad, err := json.Marshal(base)
					if err != nil {
						t.Fatal(err)
					}
					delete(object, canary)
					tried++
					if len(CheckForIssuing(bad, today)) == 0 {
						t.Fatalf("%s: %s can be issued in\n%s", kind, canary, bad)
					}
					if c, err := ParseCredential(bad); err == nil && len(c.Rules(today)) == 0 {
						t.Fatalf("%s: %s is read without a fault in\n%s", kind, canary, bad)
					}
					if which > 0 || n != i%len(canaries) {
						continue // the engine is slow; each object of the first gets one
					}
					mismatch := (*jsonschema.Mismatch)(nil)
					if err := engine.Validate(SchemaOf(kind), bad); !errors.As(err, &mismatch) {
						t.Fatalf("%s: the schema takes %s in\n%s", kind, canary, bad)
					}
				}
			}
		}
		t.Logf("%s: %d canaries refused", kind, tried)
	}
	all := ofEveryKind(t)
	for _, kind := range Kinds() {
		if len(all[kind]) == 0 {
			t.Errorf("no document of kind %s to try", kind)
		}
	}
}

// Nor through the template or the details of a learner of any kind.
func TestPrivateDataThroughNoTemplate(t *testing.T) {
	files, err := filepath.Glob("../examples/templates/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal(err)
	}
	for _, file := range files {
		base := decode(t, template(t, filepath.Base(file)).Raw)
		for _, object := range objectsOf(base) {
			for _, canary := range canaries {
				object[canary] = "CANARY"
				data, _ := json.Marshal(base)
				delete(object, canary)
				if _, err := ParseTemplate(data); err == nil {
					t.Fatalf("%s with %s is taken", file, canary)
				}
			}
		}
	}
	for _, canary := range canaries {
		for _, details := range []string{`{%q:"CANARY"}`, `{"activities":[{"description":"x","rating":"A",%q:"CANARY"}]}`, `{"host":{"address":{%q:1}}}`} {
			learner := fmt.Sprintf(`{"name":"A B","birthDate":"1990","details":`+details+`}`, canary)
			if _, err := ParseLearner([]byte(learner)); !FaultsOf(err).Has("private_data") {
				t.Errorf("learner with details of %s: %v", canary, err)
			}
		}
	}
}

// An identity number is as private in a text as under its own name.
func TestPersonalNumbersInDetails(t *testing.T) {
	for _, details := range []string{
		`{"planRef":"DLLMNA94C52Z343H"}`, `{"hostTutor":{"name":"x","role":"DLL MNA 94C52 Z343H"}}`,
		`{"activities":[{"description":"44051401359","rating":"A"}]}`,
	} {
		learner := `{"name":"A B","birthDate":"1990","details":` + details + `}`
		if _, err := ParseLearner([]byte(learner)); !FaultsOf(err).Has("number_personal") {
			t.Errorf("%s: %v", details, err)
		}
	}
	doc := decode(t, ofEveryKind(t)[KindInternshipAttestation][0])
	edit(t, doc, "/credentialSubject/activities/0/description", "DLLMNA94C52Z343H")
	data, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	if faults := CheckForIssuing(data, today); !faults.Has("number_personal") || !faults.at("/credentialSubject/activities/0/description") {
		t.Errorf("a raw document: %v", faults)
	}
	if faults := mustCredential(t, data).Rules(today); faults.Has("number_personal") {
		t.Errorf("what was signed before is not readable any more: %v", faults)
	}
}

// TestRowM8SchemaRefusesTargetGroup: whom an offer is meant for is never said of
// the person, in a document of any kind, by the rules and by the schema.
func TestRowM8SchemaRefusesTargetGroup(t *testing.T) {
	engine := jsonschema.New(Schemas())
	for kind, documents := range ofEveryKind(t) {
		for _, at := range []string{"/credentialSubject/targetGroup", "/credentialSubject/achievement/targetGroup"} {
			doc := decode(t, documents[0])
			edit(t, doc, at, []any{"http://data.europa.eu/snb/target-group/c900d8ecb1"})
			data, err := json.Marshal(doc)
			if err != nil {
				t.Fatal(err)
			}
			found := false
			for _, f := range mustCredential(t, data).Rules(today) {
				found = found || f.Code == "private_data" && f.Pointer == at
			}
			if !found {
				t.Errorf("%s: nothing is said of %s", kind, at)
			}
			mismatch := (*jsonschema.Mismatch)(nil)
			if err := engine.Validate(SchemaOf(kind), data); !errors.As(err, &mismatch) {
				t.Errorf("%s: the schema takes %s (%v)", kind, at, err)
			}
		}
	}
}
