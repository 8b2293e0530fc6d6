package schema

// URLs of what we publish.
const (
	ContextURL     = "https://w3id.org/employment-passport/v1"
	MicroSchemaURL = "https://w3id.org/employment-passport/schema/micro/1"

	ownSchemas = "https://w3id.org/employment-passport/schema/"
)

// Contexts maps the URL of each JSON-LD context of ours to its bytes.
func Contexts() map[string][]byte { return nil }

// Schemas maps the id of each JSON Schema of ours to its bytes.
func Schemas() map[string][]byte { return nil }
