package verifierhttp

import _ "embed"

//go:embed openapi.json
var openAPI []byte

// OpenAPI is this package's part of the service's description (OpenAPI 3.1).
func OpenAPI() []byte { return openAPI }
