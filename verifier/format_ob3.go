package verifier

import (
	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/schema"
)

// formatOpenBadge is the token of Open Badges 3.0 (section 8.2): no typ, or
// "JWT"; nothing in the header beside alg and kid; and claims that must repeat
// the document. A token without typ that carries anything else is refused, so
// that nothing signed for another purpose can be shown as a badge.
var formatOpenBadge = format{FormatOpenBadge, jose.TypeOpenBadge, (*schema.Credential).OpenBadgeFaults}

// claimsFit judges the claims by the token's format.
func (p *part) claimsFit(f format) bool {
	faults := f.claims(p.doc)
	for _, fault := range faults[:min(len(faults), maxFaults)] {
		code := CodeClaim
		if fault.Code == "profile_other_document" {
			code = CodeType
		}
		p.fail(code, faultArgs(fault)...)
	}
	if len(faults) == 0 && f.typ == jose.TypeOpenBadge {
		p.pass(CodeOpenBadge)
	}
	return len(faults) == 0
}
