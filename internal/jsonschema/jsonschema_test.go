package jsonschema

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func vectors(t *testing.T, path string) string {
	t.Helper()
	root := os.Getenv("PASSPORT_VECTORS")
	if root == "" {
		root = filepath.FromSlash("../../../shared/vectors")
	}
	folder := filepath.Join(root, filepath.FromSlash(path))
	if _, err := os.Stat(folder); err != nil {
		if os.Getenv("PASSPORT_VECTORS") != "" {
			t.Fatalf("PASSPORT_VECTORS is set, but %s is missing", folder)
		}
		t.Skipf("no public vectors beside the project (%s)", folder)
	}
	return folder
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// Outcomes of the W3C's suite (w3c/vc-json-schema-test-suite). The files do
// not name them; the comments say what is wrong in each.
var outcomes = map[string]map[string]error{
	"jsonschema": {
		"1": nil,            // obeys
		"2": ErrBadSchema,   // $id is another URL
		"3": ErrBadSchema,   // no $id
		"4": ErrBadSchema,   // $id is no URL
		"5": ErrBadSchema,   // no $schema
		"6": ErrBadSchema,   // another schema, known by another $id
		"7": ErrUnsupported, // a dialect that nobody knows
	},
	"jsonschemacredential": {
		"1":  nil,            // obeys
		"2":  ErrBadSchema,   // id is another, subject without type
		"3":  ErrBadSchema,   // subject without type
		"4":  ErrBadSchema,   // subject of another type
		"5":  ErrBadSchema,   // no jsonSchema
		"6":  ErrBadSchema,   // credentialSchema is another
		"7":  ErrBadSchema,   // no $id
		"8":  ErrBadSchema,   // $id is no URL
		"9":  ErrBadSchema,   // no $schema
		"10": errMismatch,    // asks for a first name, which the credential lacks
		"11": ErrUnsupported, // a dialect that nobody knows
	},
}

var errMismatch = errors.New("mismatch")

func TestCredentialSchemaVectors(t *testing.T) {
	for kind, wants := range outcomes {
		for _, draft := range []string{"2019-09", "2020-12", "Draft-7"} {
			folder := vectors(t, "vc-json-schema/tests/input/"+kind+"/"+draft)
			for number, want := range wants {
				t.Run(kind+"/"+draft+"/"+number, func(t *testing.T) {
					expect(t, judge(t, folder, "1", number), want)
				})
			}
			t.Run(kind+"/"+draft+"/unknown type", func(t *testing.T) {
				expect(t, judge(t, folder, "2", "1"), ErrUnsupported)
			})
		}
	}
}

func judge(t *testing.T, folder, credential, schema string) error {
	data := read(t, filepath.Join(folder, credential+"-credential.json"))
	var c struct{ CredentialSchema Reference }
	if err := json.Unmarshal(data, &c); err != nil {
		t.Fatal(err)
	}
	documents := map[string][]byte{c.CredentialSchema.ID: read(t, filepath.Join(folder, schema+"-schema.json"))}
	return New(documents).Judge(data, c.CredentialSchema)
}

func expect(t *testing.T, got, want error) {
	t.Helper()
	var mismatch *Mismatch
	switch {
	case want == nil && got != nil:
		t.Errorf("got %v, want it to pass", got)
	case errors.Is(want, errMismatch):
		if !errors.As(got, &mismatch) {
			t.Errorf("got %v, want a mismatch", got)
		}
	case want != nil && !errors.Is(got, want):
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestMismatchNamesThePlace(t *testing.T) {
	e := New(map[string][]byte{"https://a.example/s": []byte(`{"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"https://a.example/s",
		"properties":{"a/b":{"items":{"type":"string"}}}}`)})
	var m *Mismatch
	if err := e.Validate("https://a.example/s", []byte(`{"a/b":["x",1]}`)); !errors.As(err, &m) {
		t.Fatalf("got %v", err)
	}
	if len(m.Places) != 1 || m.Places[0] != (Place{"/a~1b/1", "type"}) {
		t.Errorf("got %+v", m.Places)
	}
}

func TestNothingIsFetched(t *testing.T) {
	for _, ref := range []string{"https://elsewhere.example/s", "file:///etc/passwd", "http://127.0.0.1/s"} {
		schema := fmt.Sprintf(`{"$schema":%q,"$id":"https://a.example/s","$ref":%q}`, draft2020, ref)
		err := New(map[string][]byte{"https://a.example/s": []byte(schema)}).Validate("https://a.example/s", []byte(`{}`))
		if !errors.Is(err, ErrBadSchema) || !strings.Contains(err.Error(), ErrUnknownSchema.Error()) {
			t.Errorf("$ref %s: got %v", ref, err)
		}
	}
}

// Sixty references that ask for 2^30 comparisons, and a recursive schema that
// doubles with every level of the document.
func TestReferencesThatMultiplyAreRefused(t *testing.T) {
	defs := map[string]any{"d30": map[string]any{"type": "object"}}
	for i := range 30 {
		next := map[string]any{"$ref": fmt.Sprintf("#/$defs/d%d", i+1)}
		defs[fmt.Sprintf("d%d", i)] = map[string]any{"allOf": []any{next, next}}
	}
	again := map[string]any{"properties": map[string]any{"x": map[string]any{"$ref": "#"}}}
	bombs := map[string]map[string]any{
		"flat":      {"$defs": defs, "$ref": "#/$defs/d0"},
		"recursive": {"allOf": []any{again, again, again}},
	}
	document := []byte(strings.Repeat(`{"x":`, 40) + `{}` + strings.Repeat(`}`, 40))
	for name, bomb := range bombs {
		bomb["$schema"], bomb["$id"] = draft2020, "https://a.example/s"
		data, err := json.Marshal(bomb)
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		err = New(map[string][]byte{"https://a.example/s": data}).Validate("https://a.example/s", document)
		if !errors.Is(err, ErrUnsupported) {
			t.Errorf("%s: got %v", name, err)
		}
		if took := time.Since(start); took > 10*time.Second { // some ms; without the bound it would not end
			t.Errorf("%s: took %v", name, took)
		}
	}
}
