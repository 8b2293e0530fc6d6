package issuerhttp

import (
	_ "embed"
	"encoding/json"
	"fmt"
)

//go:embed openapi.json
var openAPI []byte

//go:embed frame.json
var frame []byte

// OpenAPI is the fragment of an OpenAPI 3.1 document that describes the routes
// of this package: {"paths":…,"components":…}.
func OpenAPI() []byte { return openAPI }

// fragment is a part of an OpenAPI document.
type fragment struct {
	Paths      map[string]json.RawMessage            `json:"paths"`
	Components map[string]map[string]json.RawMessage `json:"components"`
	Tags       []json.RawMessage                     `json:"tags"`
}

// Document merges the fragments of the packages that have routes into one
// OpenAPI 3.1 document for a server reached at base. The schemas, answers and
// ways to sign in that all share are in it already. Two fragments that
// describe one path or name one component are an error.
func Document(base string, fragments ...[]byte) ([]byte, error) {
	var whole map[string]json.RawMessage
	if err := json.Unmarshal(frame, &whole); err != nil {
		return nil, fmt.Errorf("openapi frame: %w", err)
	}
	var all fragment
	if err := json.Unmarshal(frame, &all); err != nil {
		return nil, fmt.Errorf("openapi frame: %w", err)
	}
	all.Paths = map[string]json.RawMessage{}
	for n, data := range fragments {
		var f fragment
		if err := json.Unmarshal(data, &f); err != nil {
			return nil, fmt.Errorf("openapi fragment %d: %w", n, err)
		}
		if err := all.add(f); err != nil {
			return nil, fmt.Errorf("openapi fragment %d: %w", n, err)
		}
	}
	servers := []map[string]string{{"url": base}}
	for name, part := range map[string]any{"paths": all.Paths, "components": all.Components, "tags": all.Tags, "servers": servers} {
		data, err := json.Marshal(part)
		if err != nil {
			return nil, fmt.Errorf("openapi: %w", err)
		}
		whole[name] = data
	}
	return json.MarshalIndent(whole, "", "  ")
}

func (all *fragment) add(f fragment) error {
	for path, item := range f.Paths {
		if _, taken := all.Paths[path]; taken {
			return fmt.Errorf("path %s is described twice", path)
		}
		all.Paths[path] = item
	}
	for kind, items := range f.Components {
		if all.Components[kind] == nil {
			all.Components[kind] = map[string]json.RawMessage{}
		}
		for name, item := range items {
			if _, taken := all.Components[kind][name]; taken {
				return fmt.Errorf("component %s/%s is named twice", kind, name)
			}
			all.Components[kind][name] = item
		}
	}
	all.Tags = append(all.Tags, f.Tags...)
	return nil
}
