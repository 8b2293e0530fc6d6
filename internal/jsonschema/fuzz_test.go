package jsonschema

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// No schema and no document makes the engine panic or labour for long.
func FuzzSchema(f *testing.F) {
	f.Add([]byte(`{"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"https://a.example/s","type":"object"}`), []byte(`{}`))
	files, err := filepath.Glob("../../../shared/vectors/vc-json-schema/tests/input/*/*/*-schema.json")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data, data)
	}
	const id = "https://a.example/s"
	f.Fuzz(func(t *testing.T, schema, document []byte) {
		engine := New(map[string][]byte{id: schema})
		start := time.Now()
		_ = engine.Validate(id, document)
		_ = engine.Judge(document, Reference{ID: id, Type: typeSchema})
		_ = engine.Judge(document, Reference{ID: id, Type: typeVC})
		if took := time.Since(start); took > 20*time.Second {
			t.Fatalf("took %v", took)
		}
	})
}
