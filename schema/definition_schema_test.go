package schema

import (
	"encoding/json"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/employment-passport/passport/internal/jsonschema"
)

// Typed rules and the published JSON Schema say the same of definitions, most
// of them broken in one place or two.
func TestDefinitionRulesEqualPublishedSchema(t *testing.T) {
	d := example(t)
	d.Requirements = d.Requirements[3:6]
	d.Requirements[0].URI, d.Requirements[0].AcceptedBodies = "https://consorzio.example/P1", []string{"did:web:ente.example", "did:web:scuola.example"}
	d.Minimum = 2
	p := owner
	p.ValidUntil, p.Supersedes = p.ValidFrom.AddDate(5, 0, 0), "urn:uuid:11111111-2222-4333-8444-555555555555"
	data, err := d.Compose(p)
	if err != nil {
		t.Fatal(err)
	}
	base, engine := decode(t, data), jsonschema.New(Schemas())
	random, accepted := rand.New(rand.NewPCG(20261122, 7)), 0
	const rounds = 1000
	for range rounds {
		data, err := json.Marshal(mutate(random, base))
		if err != nil {
			t.Fatal(err)
		}
		root, err := readTree(data)
		if err != nil {
			continue
		}
		var why Faults
		for _, f := range readDefinition(root).check(noClock) {
			if !beyondDefinitionSchema(f) {
				why = append(why, f)
			}
		}
		err = engine.Validate(DefinitionSchemaURL, data)
		if mismatch := (*jsonschema.Mismatch)(nil); err != nil && !errors.As(err, &mismatch) {
			continue
		}
		if len(why) == 0 {
			accepted++
		}
		if (len(why) == 0) != (err == nil) {
			t.Fatalf("typed rules say %v, the schema says %v, of\n%s", why, err, data)
		}
	}
	if accepted == 0 || accepted > rounds/2 {
		t.Errorf("%d of %d accepted: the mutations prove nothing", accepted, rounds)
	}
}

// beyondDefinitionSchema tells the rules that compare two members.
func beyondDefinitionSchema(f Fault) bool {
	switch f.Code {
	case "language_primary", "dates_order":
		return true
	case "definition_minimum":
		return f.Args["requirements"] != ""
	case "repeated":
		return strings.HasSuffix(f.Pointer, "/ref")
	}
	return false
}
