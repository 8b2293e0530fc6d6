package schema

import (
	"net/url"
	"slices"
)

// Documents are the names of the documents that a body may be recognised for.
// An authority can name one before this program issues it.
var Documents = []string{
	"MicroCredential", "EmploymentPassport", "TrainingAttendance", "InternshipAttestation",
	"SkillsAssessment", "OperatorCompetence", "NetworkMembership", "TrainingProviderAccreditation",
}

// IsDocument tells a document's name, or the https address of a schema, from a
// slip of the pen: a recognition for "microcredential" would recognise nothing.
func IsDocument(name string) bool {
	if slices.Contains(Documents, name) {
		return true
	}
	u, err := url.Parse(name)
	return err == nil && u.Scheme == "https" && u.Host != ""
}
