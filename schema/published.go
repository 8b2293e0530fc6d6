package schema

import "strings"

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
