//go:build !js

package schema

import "embed"

// What we publish is no part of a browser's program: nothing is judged by it.
//
//go:embed data
var published embed.FS

// Contexts maps the URL of each JSON-LD context of ours to its bytes, which
// are served as application/ld+json and never change once published.
func Contexts() map[string][]byte {
	return map[string][]byte{ContextURL: publishedFile("data/context-1.jsonld")}
}

// Schemas maps the id of each JSON Schema of ours to its bytes, which are
// served as application/schema+json and never change once published.
func Schemas() map[string][]byte {
	all := make(map[string][]byte, len(kinds)+2)
	all[DefinitionSchemaURL] = publishedFile("data/definition-1.json")
	all[ProfileSchemaURL] = publishedFile("data/profile-1.json")
	for _, k := range kinds {
		all[k.schemaURL] = publishedFile(k.schemaFile)
	}
	return all
}

func publishedFile(name string) []byte {
	data, err := published.ReadFile(name)
	if err != nil {
		panic(err) // the files are part of the program
	}
	return data
}
