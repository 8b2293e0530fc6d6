package verifier

import (
	"context"
	"time"

	"github.com/employment-passport/passport/schema"
)

// Kept is what somebody has kept of a credential that was verified before: not
// the credential, which is its holder's, but enough to ask again how it stands.
type Kept struct {
	ID        string
	Issuer    string // DID
	KeyID     string // kid of the key that signed it
	Digest    [16]byte
	ValidFrom time.Time
	Status    []schema.StatusEntry
}

// Standing judges by the authority's word of today and by the issuer's status
// lists whether a credential that was valid when it was kept still is. Its
// contents are not judged again. An error means that ctx has ended.
func (v *Verifier) Standing(ctx context.Context, k Kept) (*Report, error) {
	s := v.begin()
	s.count = 1
	p := &part{session: s, number: 1, digest: k.Digest}
	p.out.Number = 1
	p.out.Status.State = StatusUnknown
	p.doc = &schema.Credential{ID: k.ID, Issuer: schema.Issuer{ID: k.Issuer}, ValidFrom: k.ValidFrom, Status: k.Status}
	p.recogniseKept(ctx, k.KeyID)
	p.status(ctx)
	return s.finish(ctx, []*part{p})
}

// recogniseKept is recognise without the question whether the document was
// permitted on its day, which was answered when it was verified.
func (p *part) recogniseKept(ctx context.Context, kid string) {
	if !p.known {
		return
	}
	r := p.v.cfg.Recognition
	if r.Denied(p.digest) {
		p.fail(CodeDenied)
	}
	entity, err := r.Entity(ctx, p.doc.Issuer.ID)
	if err != nil {
		p.undecided(CodeNotRecognised)
		return
	}
	for _, k := range entity.Keys {
		if k.KID == kid && fits(k.Use, forCredentials) {
			p.by.key = k
		}
	}
	reaffirmed := r.Reaffirmed(p.digest)
	if p.keyStands(entity, reaffirmed) && p.standing(entity, reaffirmed) {
		p.out.Recognised = Yes
	}
}
