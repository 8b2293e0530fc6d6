package verifier

import (
	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/schema"
)

// Formats of a credential's token, as a report names them.
const (
	FormatVC        = "vc+jwt" // VC-JOSE-COSE
	FormatOpenBadge = "ob3"    // the token profile of Open Badges 3.0
)

// format is how one kind of token carries a credential: what its header says,
// and what its claims owe the document. Everything else is judged alike.
type format struct {
	name   string
	typ    jose.Type
	claims func(*schema.Credential) schema.Faults
}

// formatVC: claims may be absent; those that are there must not contradict the
// document, which schema.ParseCredential sees to.
var formatVC = format{FormatVC, jose.TypeVC, func(*schema.Credential) schema.Faults { return nil }}

// formatOf chooses by the typ of the header. Whatever names no format of ours
// goes the way of vc+jwt, which refuses it with its reason.
func formatOf(token string) format {
	if jose.TypeOf(token) == jose.TypeOpenBadge {
		return formatOpenBadge
	}
	return formatVC
}
