package schema

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"
	"time"

	"github.com/employment-passport/passport/internal/jsonschema"
)

const exampleFile = "../examples/definitions/passaporto-esempio.json"

func exampleBytes(t testing.TB) []byte {
	t.Helper()
	data, err := os.ReadFile(exampleFile)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func example(t testing.TB) *PassportDefinition {
	t.Helper()
	d, err := ParseDefinition(exampleBytes(t))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// owner is a consortium that signs definitions and awards passports.
var owner = Particulars{
	ID:            "urn:uuid:00000000-0000-4000-8000-00000000d001",
	Issuer:        IssuerProfile{ID: "did:web:consorzio.example", Name: "Consorzio Esempio", Country: "IT", Region: "ITF5"},
	ValidFrom:     time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC),
	StatusListURL: "https://consorzio.example/status/1", StatusIndex: 7,
}

// The shipped definition says that it is an example, asks for the twenty
// micro-credentials of the four frameworks, and speaks five languages
// everywhere.
func TestShippedDefinition(t *testing.T) {
	d := example(t)
	if !d.Example || d.Minimum != 20 || len(d.Requirements) != 20 {
		t.Errorf("example %v, %d of %d", d.Example, d.Minimum, len(d.Requirements))
	}
	frameworks := map[string]int{}
	texts := []map[string]string{d.Title, d.Notice}
	for _, r := range d.Requirements {
		frameworks[r.Framework]++
		texts = append(texts, r.Label)
	}
	for name, n := range map[string]int{"LifeComp": 9, "DigComp": 6, "GreenComp": 2, "EntreComp": 3} {
		if frameworks[name] != n {
			t.Errorf("%d of %s, want %d", frameworks[name], name, n)
		}
	}
	for _, words := range texts {
		for _, lang := range languages {
			if words[lang] == "" {
				t.Errorf("no %s in %v", lang, words)
			}
		}
	}
}

// A signed definition reads back as the same definition, obeys its published
// schema, and may be signed.
func TestDefinitionComposedReadsBack(t *testing.T) {
	d := example(t)
	data, err := d.Compose(owner)
	if err != nil {
		t.Fatal(err)
	}
	if err := jsonschema.New(Schemas()).Validate(DefinitionSchemaURL, data); err != nil {
		t.Error(err)
	}
	if f := CheckForIssuing(data, owner.ValidFrom); len(f) > 0 {
		t.Errorf("may not be signed: %v", f)
	}
	c, err := ParseCredential(data)
	if err != nil {
		t.Fatal(err)
	}
	if f := c.Rules(owner.ValidFrom); len(f) > 0 {
		t.Errorf("broken rules: %v", f)
	}
	back, ok := c.Definition()
	if !ok || c.Kind() != KindPassportDefinition {
		t.Fatalf("not a definition but %q", c.Kind())
	}
	if back.Owner != (Profile{ID: owner.Issuer.ID, Name: owner.Issuer.Name}) {
		t.Errorf("owner %v", back.Owner)
	}
	again, err := back.Compose(owner)
	if err != nil || !bytes.Equal(data, again) {
		t.Errorf("written again it differs: %v", err)
	}
}

// A draft for an issuer who gives id and status itself may be signed too, and
// is incomplete until it has both.
func TestDefinitionDraft(t *testing.T) {
	p := owner
	p.ID, p.StatusListURL = "", ""
	data, err := example(t).Compose(p)
	if err != nil {
		t.Fatal(err)
	}
	if f := CheckForIssuing(data, p.ValidFrom); len(f) > 0 {
		t.Errorf("may not be signed: %v", f)
	}
	c, err := ParseCredential(data)
	if err != nil {
		t.Fatal(err)
	}
	if f := c.Rules(p.ValidFrom); !f.at("/id") || !f.at("/credentialStatus") {
		t.Errorf("nobody misses id and status: %v", f)
	}
}

// Each fault of a definition's file has its code and its place.
func TestDefinitionFaults(t *testing.T) {
	for name, c := range map[string]struct {
		change  func(d map[string]any)
		code    string
		pointer string
	}{
		"unknown member":       {func(d map[string]any) { d["colour"] = "red" }, "unknown_member", "/colour"},
		"nothing asked":        {func(d map[string]any) { d["requirements"] = []any{} }, "empty", "/requirements"},
		"no title":             {func(d map[string]any) { delete(d, "title") }, "missing", "/title"},
		"no version":           {func(d map[string]any) { delete(d, "version") }, "missing", "/version"},
		"no day":               {func(d map[string]any) { delete(d, "validFrom") }, "missing", "/validFrom"},
		"day":                  {func(d map[string]any) { d["validFrom"] = "2026-02-30" }, "date_form", "/validFrom"},
		"minimum of 21":        {func(d map[string]any) { d["minimum"] = 21 }, "definition_minimum", "/minimum"},
		"minimum of none":      {func(d map[string]any) { d["minimum"] = 0 }, "definition_minimum", "/minimum"},
		"half a minimum":       {func(d map[string]any) { d["minimum"] = 1.5 }, "definition_minimum", "/minimum"},
		"title without it":     {func(d map[string]any) { delete(d["title"].(map[string]any), "it") }, "language_primary", "/title"},
		"label without it":     {func(d map[string]any) { delete(first(d)["label"].(map[string]any), "it") }, "language_primary", "/requirements/0/label"},
		"ref twice":            {func(d map[string]any) { first(d)["ref"] = "LC-P2" }, "repeated", "/requirements/1/ref"},
		"ref with a space":     {func(d map[string]any) { first(d)["ref"] = "LC P1" }, "definition_name", "/requirements/0/ref"},
		"framework":            {func(d map[string]any) { first(d)["framework"] = "MyComp" }, "framework_unknown", "/requirements/0/framework"},
		"neither code nor uri": {func(d map[string]any) { delete(first(d), "code") }, "requirement_target", "/requirements/0"},
		"level 9":              {func(d map[string]any) { first(d)["minLevel"] = 9 }, "eqf_level", "/requirements/0/minLevel"},
		"body":                 {func(d map[string]any) { first(d)["acceptedBodies"] = []any{"ente"} }, "not_did", "/requirements/0/acceptedBodies/0"},
		"offer by script": {func(d map[string]any) {
			first(d)["offers"] = []any{map[string]any{"name": "x", "url": "javascript:alert(1)"}}
		}, "not_link", "/requirements/0/offers/0/url"},
		"language":     {func(d map[string]any) { d["title"].(map[string]any)["Italian"] = "x" }, "language_form", "/title/Italian"},
		"level twice":  {func(d map[string]any) { d["eqfLevels"] = []any{4, 4} }, "repeated", "/eqfLevels/1"},
		"private data": {func(d map[string]any) { d["gender"] = "f" }, "private_data", "/gender"},
	} {
		t.Run(name, func(t *testing.T) {
			var d map[string]any
			if err := json.Unmarshal(exampleBytes(t), &d); err != nil {
				t.Fatal(err)
			}
			c.change(d)
			data, err := json.Marshal(d)
			if err != nil {
				t.Fatal(err)
			}
			_, err = ParseDefinition(data)
			for _, f := range FaultsOf(err) {
				if f.Code == c.code && f.Pointer == c.pointer {
					return
				}
			}
			t.Errorf("got %v, want %s at %s", err, c.code, c.pointer)
		})
	}
}

func first(d map[string]any) map[string]any {
	return d["requirements"].([]any)[0].(map[string]any)
}

// A definition that names its owner is signed by nobody else.
func TestDefinitionOfAnotherOwner(t *testing.T) {
	d := example(t)
	d.Owner = Profile{ID: "did:web:altro.example", Name: "Altro Consorzio Esempio"}
	if _, err := d.Compose(owner); !FaultsOf(err).Has("definition_owner") {
		t.Errorf("got %v", err)
	}
}

// Nobody's bytes make the reader panic, and what it takes can be written and
// read back.
func FuzzParseDefinition(f *testing.F) {
	f.Add(exampleBytes(f))
	f.Add([]byte(`{"id":"https://a.example/d","version":"1","language":"it","title":{"it":"A"},"validFrom":"2026-01-01","minimum":1,"requirements":[{"ref":"A","framework":"ESCO","uri":"urn:x","label":{"it":"A"}}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := ParseDefinition(data)
		if err != nil {
			if FaultsOf(err) == nil {
				t.Fatalf("not Faults: %v", err)
			}
			return
		}
		p := owner
		if d.Owner.ID != "" {
			p.Issuer.ID = d.Owner.ID
		}
		signed, err := d.Compose(p)
		if FaultsOf(err).Has("definition_size") {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		c, err := ParseCredential(signed)
		if err != nil {
			t.Fatal(err)
		}
		if faults := c.Rules(time.Time{}); len(faults) > 0 {
			t.Fatalf("composed and refused: %v\n%s", faults, signed)
		}
	})
}
