package verifier_test

import (
	"context"
	"testing"

	"github.com/employment-passport/passport/schema"
	"github.com/employment-passport/passport/verifier"
)

const openBadgeSchema = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"

// TestNamingASchemaIsNotObeyingIt: which document a token is follows from what
// has been judged, not from the schemas that it names.
func TestNamingASchemaIsNotObeyingIt(t *testing.T) {
	noContext := func(doc map[string]any) {
		doc["@context"] = []any{"https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"}
	}
	foreign := func(doc map[string]any) {
		doc["@context"] = []any{"https://www.w3.org/ns/credentials/v2"}
		doc["type"] = []any{"VerifiableCredential", "MedicalDoctorLicence"}
		doc["credentialSubject"] = map[string]any{"id": doc["credentialSubject"].(map[string]any)["id"], "licence": "surgeon"}
	}
	names := func(id string) func(map[string]any) {
		return set("credentialSchema", map[string]any{"id": id, "type": "JsonSchema"})
	}
	notRecognised := unknown("issuer_not_recognised").but(func(x *want) { x.recognised = verifier.No })
	const theirs = "https://schemas.example/degree"
	for _, c := range []struct {
		name, recognisedFor string
		change              []func(map[string]any)
		want                want
	}{
		{"ours, by its name", "MicroCredential", nil, green},
		{"ours, by our schema", schema.MicroSchemaURL, nil, green},
		{"ours, by the schema of Open Badges that it names too", openBadgeSchema, nil, notRecognised},
		{"our type without our context, so that no rule is asked of it", schema.MicroSchemaURL, change(noContext, set("secretMedicalData", "x")), notRecognised},
		{"a licence that names our schema", schema.MicroSchemaURL, change(foreign), notRecognised},
		{"a licence that names a later schema of ours", "https://w3id.org/employment-passport/schema/other/1", change(foreign, names("https://w3id.org/employment-passport/schema/other/1")), notRecognised},
		{"a licence, recognised for micro-credentials", "MicroCredential", change(foreign), notRecognised},
		{"a foreign document by the foreign schema that it names (C22)", theirs, change(foreign, names(theirs)),
			green.but(func(x *want) { x.codes = []string{"schema_unchecked"} })},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			w.entities[0].RecognizedTo[0].Schema = c.recognisedFor
			report, err := w.verifier().VerifyCredential(context.Background(), w.issue(c.change...))
			c.want.check(t, report, err)
		})
	}
}

// TestAStatusEntryOfOursObeysItsRules: whatever the status check does not
// answer by itself is a rule of the document.
func TestAStatusEntryOfOursObeysItsRules(t *testing.T) {
	twice := []any{entry("revocation", revocations), entry("revocation", revocations)}
	for _, c := range []struct {
		name   string
		change func(map[string]any)
		want   want
	}{
		{"suspension alone", set("credentialStatus", entry("suspension", suspensions)), invalid("rule")},
		{"revocation twice", set("credentialStatus", twice), invalid("rule")},
		{"three entries", set("credentialStatus", append(twice, twice...)[:3]), invalid("rule")},
		{"a member that nobody defined", status(map[string]any{"steal": "private"}), invalid("rule")},
		{"two types", status(map[string]any{"type": []any{"BitstringStatusListEntry", "X"}}), invalid("rule")},
		{"an index with leading zeros", status(map[string]any{"statusListIndex": "0094567"}), invalid("rule")},
		{"an id that is not the place", status(map[string]any{"id": revocations + "#1"}), invalid("rule")},
		{"no id", func(doc map[string]any) { delete(doc["credentialStatus"].(map[string]any), "id") }, invalid("rule")},
		{"a purpose that is no text", status(map[string]any{"statusPurpose": []any{"revocation"}}), unknown("status_unsupported")},
		{"a second entry of another kind", func(doc map[string]any) {
			suspendable(doc)
			doc["credentialStatus"].([]any)[1] = map[string]any{"type": "OtherEntry", "anything": 1}
		}, unknown("status_unsupported")},
		{"no entry", set("credentialStatus", []any{}), invalid("shape").but(func(x *want) { x.genuine, x.recognised, x.holder = verifier.No, verifier.NotKnown, "" })},
		{"one entry, as we write it", status(nil), green},
		{"both entries, as we write them", suspendable, green},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			w.addList(suspensions, "suspension", now.Add(-hour))
			report, err := w.verifier().VerifyCredential(context.Background(), w.issue(c.change))
			c.want.check(t, report, err)
		})
	}
}
