package schema

// Reason says why a credential was revoked or suspended (domain of WE BUILD's
// micro-credential rulebook, grounds of revocation; rule R15).
type Reason string

// Reasons for revoking. Disputed is the only one for suspending.
const (
	IssuedInError          Reason = "issued-in-error"
	AssessmentInvalid      Reason = "assessment-invalid"
	AccreditationWithdrawn Reason = "accreditation-withdrawn"
	LostOrCompromised      Reason = "lost-or-compromised"
	Superseded             Reason = "superseded"
	HolderRequest          Reason = "holder-request"
	Disputed               Reason = "disputed"
)

// RevocationReasons lists the reasons a revocation may state.
func RevocationReasons() []Reason {
	return []Reason{IssuedInError, AssessmentInvalid, AccreditationWithdrawn, LostOrCompromised, Superseded, HolderRequest}
}

// Revokes tells whether r may be stated for a revocation.
func (r Reason) Revokes() bool {
	for _, known := range RevocationReasons() {
		if r == known {
			return true
		}
	}
	return false
}

// Suspends tells whether r may be stated for a suspension.
func (r Reason) Suspends() bool { return r == Disputed }
