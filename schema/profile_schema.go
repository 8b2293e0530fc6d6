package schema

import _ "embed"

// ProfileSchemaURL is the id of the JSON Schema of a profile's file.
const ProfileSchemaURL = ownSchemas + "profile/1"

//go:embed data/profile-1.json
var profileSchemaV1 []byte
