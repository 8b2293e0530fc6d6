package schema

import (
	_ "embed"
	"strings"
)

// URLs of what we publish.
const (
	ContextURL     = "https://w3id.org/employment-passport/v1"
	MicroSchemaURL = "https://w3id.org/employment-passport/schema/micro/1"

	ownSchemas = "https://w3id.org/employment-passport/schema/"
)

// SchemaOf gives the id of the JSON Schema of a document of ours by its name
// (MicroCredential), empty for any other name.
func SchemaOf(kind string) string {
	if k := kindNamed(kind); k != nil {
		return k.schemaURL
	}
	return ""
}

// IsOwnSchema tells whether id stands where the schemas of our own documents
// do, those of later versions included.
func IsOwnSchema(id string) bool { return strings.HasPrefix(id, ownSchemas) }

//go:embed data/context-1.jsonld
var contextV1 []byte

// Contexts maps the URL of each JSON-LD context of ours to its bytes, which
// are served as application/ld+json and never change once published.
func Contexts() map[string][]byte { return map[string][]byte{ContextURL: contextV1} }

// Schemas maps the id of each JSON Schema of ours to its bytes, which are
// served as application/schema+json and never change once published.
func Schemas() map[string][]byte {
	all := make(map[string][]byte, len(kinds)+2)
	all[DefinitionSchemaURL] = definitionSchemaV1
	all[ProfileSchemaURL] = profileSchemaV1
	for _, k := range kinds {
		all[k.schemaURL] = k.schema
	}
	return all
}
