package schema

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/employment-passport/passport/internal/jsonschema"
)

// everything is a template that uses every member there is.
func everything(t testing.TB) *Template {
	t.Helper()
	data, err := os.ReadFile("testdata/everything.json")
	if err != nil {
		t.Fatal(err)
	}
	tmpl, err := ParseTemplate(data)
	if err != nil {
		t.Fatal(err)
	}
	return tmpl
}

// fullest is a document that has every member there is.
func fullest(t testing.TB) []byte {
	t.Helper()
	tmpl := everything(t)
	p := Specimen(tmpl)
	p.Learner.GivenName, p.Learner.FamilyName, p.Learner.NameOriginalScript = "Amina", "Diallo", "أمينة ديالو"
	p.ValidUntil = p.ValidFrom.AddDate(10, 0, 0)
	p.Supersedes = "urn:uuid:11111111-2222-4333-8444-555555555555"
	data, err := tmpl.Compose(p)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// beyondSchema are the rules that compare two members, or a member with
// today. No JSON Schema can say them; typed Go says them alone.
var beyondSchema = map[string]bool{
	"title_differs": true, "supersedes_self": true, "status_entry_id": true, "region_elsewhere": true,
	"dates_order": true, "period_order": true, "issued_before_completion": true,
	"credits_mismatch": true, "grade_scheme_unknown": true, "grade_without_assessment": true, "grade_not_allowed": true,
	"assessment_dates": true, "experience_dates": true, "operator_dates": true, "membership_dates": true,
	"accreditation_dates": true, "accreditation_quality": true,
	"attendance_below_minimum": true, "internship_hours": true, "internship_type_elsewhere": true, "component_twice": true,
}

// typedAccepts judges as ParseCredential and Rules do, by the rules that a
// schema can express.
func typedAccepts(data []byte, k *documentKind) (bool, Faults) {
	root, err := readTree(data)
	if err != nil {
		return false, FaultsOf(err)
	}
	m, faults := readDocument(root, k)
	for _, f := range m.check(faults, noClock) {
		tooMany := f.Code == "attendance_hours" && f.Args["planned"] != "" // compared with the plan
		if !beyondSchema[f.Code] && !tooMany {
			return false, Faults{f}
		}
	}
	return true, nil
}

// Typed rules and the published JSON Schema say the same of 5 000 documents,
// most of them broken in one place or two; of as many as PASSPORT_ROUNDS says
// where there is time (.ci/run asks for 20 000).
func TestTypedRulesEqualPublishedSchema(t *testing.T) {
	rounds := 5000
	if n, err := strconv.Atoi(os.Getenv("PASSPORT_ROUNDS")); err == nil {
		rounds = n
	}
	engine := jsonschema.New(Schemas())
	var bases []any
	for _, data := range append(append(shippedDocuments(t), personalDocuments(t)...), fullest(t), passportDocument(t)) {
		bases = append(bases, decode(t, data))
	}
	for seed := range uint64(4) {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			compareVerdicts(t, engine, bases, rand.New(rand.NewPCG(20261122, seed)), rounds/4)
		})
	}
}

func compareVerdicts(t *testing.T, engine *jsonschema.Engine, bases []any, random *rand.Rand, rounds int) {
	accepted := 0
	for range rounds {
		base := bases[random.IntN(len(bases))]
		k := kindNamed(base.(map[string]any)["type"].([]any)[2].(string))
		doc := mutate(random, base)
		data, err := json.Marshal(doc)
		if err != nil {
			t.Fatal(err)
		}
		typed, why := typedAccepts(data, k)
		err = engine.Validate(k.schemaURL, data)
		if mismatch := (*jsonschema.Mismatch)(nil); err != nil && !errors.As(err, &mismatch) {
			continue // not even JSON that we read: nothing to compare
		}
		if typed {
			accepted++
		}
		if typed != (err == nil) {
			t.Fatalf("typed rules say %v, the schema says %v, of\n%s", why, err, data)
		}
	}
	t.Logf("%d of %d mutated documents were still good", accepted, rounds)
	if accepted == 0 || accepted > rounds/2 {
		t.Errorf("%d of %d accepted: the mutations prove nothing", accepted, rounds)
	}
}

func shippedDocuments(t testing.TB) (all [][]byte) {
	t.Helper()
	files, err := filepath.Glob("../examples/templates/*.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		tmpl := template(t, filepath.Base(file))
		data, err := tmpl.Compose(Specimen(tmpl))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, data)
	}
	return all
}

// personalDocuments are those that the shipped learners bring details for.
func personalDocuments(t testing.TB) (all [][]byte) {
	t.Helper()
	files, err := filepath.Glob("../examples/learners/*.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		l, err := ParseLearner(data)
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		templates, err := filepath.Glob("../examples/templates/" + filepath.Base(file)[:3] + "*.json")
		if l.Details == "" || err != nil || len(templates) != 1 {
			continue
		}
		tmpl := template(t, filepath.Base(templates[0]))
		p := Specimen(tmpl)
		p.Learner = l
		if data, err = tmpl.Compose(p); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		all = append(all, data)
	}
	return all
}

func decode(t testing.TB, data []byte) (v any) {
	t.Helper()
	if err := json.NewDecoder(bytes.NewReader(data)).Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

// mutate copies a document and changes it in one place, sometimes in two.
func mutate(r *rand.Rand, base any) any {
	doc := clone(base)
	for range 1 + r.IntN(2)*r.IntN(2) {
		var places []place
		walkPlaces(doc, &places)
		p := places[r.IntN(len(places))]
		p.change(r, places)
	}
	return doc
}

// place is a member or an item that can be replaced.
type place struct {
	object map[string]any
	key    string
	array  []any
	index  int
}

func (p place) get() any {
	if p.object != nil {
		return p.object[p.key]
	}
	return p.array[p.index]
}

func (p place) set(v any) {
	if p.object != nil {
		p.object[p.key] = v
		return
	}
	p.array[p.index] = v
}

func walkPlaces(v any, all *[]place) {
	switch v := v.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) { // the same walk for the same seed
			*all = append(*all, place{object: v, key: key})
			walkPlaces(v[key], all)
		}
	case []any:
		for i := range v {
			*all = append(*all, place{array: v, index: i})
			walkPlaces(v[i], all)
		}
	}
}

// strangers are values that other members have, nearly have, or must not have.
var strangers = []any{
	nil, true, false, 0.0, -1.0, 1.0, 2.5, 10000.0, 10001.0, 1.5e9, "", " ", "x", "a b", " a", "a ", "a\u0000b", "a\u202eb", "a\u2066b", "a\u0085b",
	strings.Repeat("è", 200), strings.Repeat("è", 201), strings.Repeat("x", 2001), "https://" + strings.Repeat("x", 1993), "https://a.example/ b",
	"hours", "ECTS", "EQF", "QNQ", "ESCO", "OTHER", "none", "parte-prima", "parte-terza", "Status", "LetterGrade", "Completed", "Failed",
	"name", "ext:birthDate", "ext:birthPlace", "ext:gender", "nationalIdentityNumber", "1994", "1994-13", "1994-02-30", "1994-02", "0999",
	"2026-11-20T00:00:00Z", "2026-02-30T00:00:00Z", "2026-11-20T24:00:00Z", "2026-11-20T00:00:00+01:00", "2026-11-20", "2026-02-29", "2024-02-29",
	"IT", "PL", "XX", "it", "pt-BR", "it-it", "zh-Hans-CN", "ITF5", "PL91", "ITZZ", "IT1", "1013", "9998", "0", "007", "131072", "1234567890",
	"http://data.europa.eu/snb/eqf/3", "http://data.europa.eu/snb/eqf/9", "http://data.europa.eu/snb/qdr/c_7d534b92",
	"http://data.europa.eu/snb/assessment/7331eb4762", "http://data.europa.eu/snb/assessment/6a4db9f11d", "http://data.europa.eu/snb/accreditation/e57dddfcf3",
	"http://data.europa.eu/esco/skill/60c78287-22eb-4103-9c8c-28deaa460da0", "http://data.europa.eu/esco/skill/60C78287", "ext:EQFLevel", "ext:NQFLevel",
	"did:key:zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169", "did:web:", "javascript:alert(1)", "data:text/html,x",
	"urn:uuid:9a3f6b2e-1c44-4b8a-9e21-6f0a2d7c5b31", "urn:uuid:9A3F6B2E-1c44-4b8a-9e21-6f0a2d7c5b31",
	"declared", "assessed", "guessed", "sintesi", "A1", "C2", "A9", "key", "witness", "work", "QRSP", "COM-IN", "competenze indipendenti",
	"profili professionali e competenze", "issue:parte-terza", "issue:MicroCredential", "FC", "issue:x", "local", "membro", "ITH55", "EC", "OKP", "P-256", "Ed25519",
	"status", "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEV", 3.0, 8.0,
	335.0, 336.0, 480.0, 70.0, "A", "E", "ADA.11.11.23", "ADA.1.1.1", "free", "56.10.11", "5610", "56.", "altro", "tirocinio", "23", "25",
	[]any{}, []any{"x"}, []any{"http://data.europa.eu/snb/assessment/7331eb4762"}, map[string]any{}, map[string]any{"type": []any{"Address"}},
}

var newMembers = []string{
	"gender", "fiscalCode", "email", "id", "name", "type", "description", "levelNotApplicable", "creditsAvailable", "stackable", "partOf", "legalBasis",
	"targetType", "targetCode", "validUntil", "supersedes", "iss", "nbf", "addressRegion", "value", "resultDescription", "constructor", "",
	"evidenceRefs", "motherTongue", "writing", "code", "professionalProfile", "frameworkSection", "memberUntil", "accreditedUntil", "y", "d", "learningOutcomes",
	"hoursAttended", "hoursPlanned", "minimumAttendance", "internshipHours", "promoter", "sector", "adaCode", "rating", "role", "funding", "result", "alignment",
}

// change does one of the things that go wrong with documents.
func (p place) change(r *rand.Rand, places []place) {
	switch r.IntN(8) {
	case 0, 1:
		p.set(strangers[r.IntN(len(strangers))])
	case 2: // lose it
		if p.object != nil {
			delete(p.object, p.key)
		} else {
			p.set("")
		}
	case 3: // gain a member
		if object, ok := p.get().(map[string]any); ok {
			object[newMembers[r.IntN(len(newMembers))]] = strangers[r.IntN(len(strangers))]
		} else {
			p.set(strangers[r.IntN(len(strangers))])
		}
	case 4: // something from elsewhere in the document
		p.set(clone(places[r.IntN(len(places))].get()))
	case 5: // grow or shrink a list
		if list, ok := p.get().([]any); ok && len(list) > 0 {
			p.set(append(clone(list).([]any), clone(list[r.IntN(len(list))])))
		} else {
			p.set([]any{clone(p.get())})
		}
	case 6:
		if list, ok := p.get().([]any); ok && len(list) > 0 {
			p.set(clone(list[1:]))
		} else if s, ok := p.get().(string); ok && len(s) > 0 {
			p.set(s[:len(s)-1])
		}
	case 7: // one letter
		if s, ok := p.get().(string); ok && len(s) > 0 {
			i := r.IntN(len(s))
			p.set(strings.ToValidUTF8(s[:i]+string(rune(' '+r.IntN(95)))+s[i+1:], "?"))
		}
	}
}

func clone(v any) any {
	switch v := v.(type) {
	case map[string]any:
		c := make(map[string]any, len(v))
		for key, member := range v {
			c[key] = clone(member)
		}
		return c
	case []any:
		c := make([]any, len(v))
		for i, item := range v {
			c[i] = clone(item)
		}
		return c
	default:
		return v
	}
}
