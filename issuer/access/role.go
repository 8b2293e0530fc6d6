package access

import "slices"

// Role is what somebody is for an issuer, or for the whole home.
type Role string

// The roles. A registry admin keeps the home (bodies, keys, people who work with
// it) and never issues for a body; an officer answers for a body's credentials;
// an assessor prepares what an officer approves; an operator looks things up and
// prints at a desk; an auditor reads everything and changes nothing.
const (
	RegistryAdmin Role = "registry-admin"
	Officer       Role = "officer"
	Assessor      Role = "assessor"
	Operator      Role = "operator"
	Auditor       Role = "auditor"
)

// Roles are all there are, the widest first.
func Roles() []Role { return []Role{RegistryAdmin, Officer, Assessor, Operator, Auditor} }

// WholeHome tells whether the role may be given without an issuer: those of the
// register itself, and those who audit it.
func (r Role) WholeHome() bool { return r == RegistryAdmin || r == Auditor }

// Act is something that may be allowed.
type Act string

// The acts. Reading covers printing what is there; preparing is making a
// proposal; approving is letting somebody else's proposal happen.
const (
	ActRead      Act = "read"
	ActPrepare   Act = "prepare"
	ActApprove   Act = "approve"
	ActIssue     Act = "issue"
	ActSheets    Act = "sheets"
	ActOffers    Act = "offers"
	ActRevoke    Act = "revoke"  // reissuing too: it revokes
	ActSuspend   Act = "suspend" // and reinstating
	ActPeople    Act = "people"
	ActErase     Act = "erase"
	ActTemplates Act = "templates"
	ActKeys      Act = "keys"
	ActAudit     Act = "audit"
	ActFeedback  Act = "feedback"
	ActUsers     Act = "users"
	ActIssuers   Act = "issuers"
)

// Acts are all there are.
func Acts() []Act {
	return []Act{
		ActRead, ActPrepare, ActApprove, ActIssue, ActSheets, ActOffers, ActRevoke, ActSuspend,
		ActPeople, ActErase, ActTemplates, ActKeys, ActAudit, ActFeedback, ActUsers, ActIssuers,
	}
}

// allowed is the one table of who may do what. What is not in it is forbidden.
//
// The registry admin may revoke and suspend, because a stolen key or a false
// credential must not wait for the body that is at fault, but can neither issue
// nor approve: whoever makes officers must not be one (T12).
var allowed = map[Role][]Act{
	RegistryAdmin: {ActRead, ActRevoke, ActSuspend, ActPeople, ActErase, ActTemplates, ActKeys, ActAudit, ActFeedback, ActUsers, ActIssuers},
	Officer:       {ActRead, ActPrepare, ActApprove, ActIssue, ActSheets, ActOffers, ActRevoke, ActSuspend, ActPeople, ActErase, ActTemplates, ActFeedback},
	Assessor:      {ActRead, ActPrepare},
	Operator:      {ActRead, ActFeedback},
	Auditor:       {ActRead, ActAudit},
}

func (r Role) may(act Act) bool { return slices.Contains(allowed[r], act) }
