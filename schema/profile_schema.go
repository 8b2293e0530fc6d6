package schema

// ProfileSchemaURL is the id of the JSON Schema of a profile's file.
const ProfileSchemaURL = ownSchemas + "profile/1"
