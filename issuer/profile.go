package issuer

import (
	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/schema"
)

// Profile is how the token around a document is made. The zero value is vc+jwt
// of VC-JOSE-COSE. A row of the register remembers its own, because a pending
// payload may be signed by another run than the one that wrote it.
type Profile string

// The profiles.
const (
	ProfileVC        Profile = ""    // vc+jwt: the default
	ProfileOpenBadge Profile = "ob3" // the strict token of Open Badges 3.0
)

func (p Profile) check() error {
	if p != ProfileVC && p != ProfileOpenBadge {
		return refuse("profile_unknown", "profile", string(p))
	}
	return nil
}

// CheckLearner tells what keeps a learner from a token of this profile, besides
// the rules of the document; pointers are to the learner's members.
func (p Profile) CheckLearner(l schema.Learner) schema.Faults {
	if p == ProfileOpenBadge {
		return l.OpenBadgeFaults()
	}
	return nil
}

// complete gives a document the claims that the profile wants beside it.
func (p Profile) complete(document []byte) ([]byte, error) {
	if p == ProfileOpenBadge {
		return schema.WithOpenBadgeClaims(document)
	}
	return document, nil
}

func (p Profile) tokenType() jose.Type {
	if p == ProfileOpenBadge {
		return jose.TypeOpenBadge
	}
	return jose.TypeVC
}
