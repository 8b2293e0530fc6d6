package access

import (
	"context"
	"errors"

	"github.com/employment-passport/passport/issuer"
)

// MayReplace tells whether the principal may act when somebody has lost their
// copies: it takes whoever may both end and issue.
func (p Principal) MayReplace(name string) error {
	for _, act := range []Act{ActIssue, ActRevoke, ActOffers} {
		if err := p.May(act, name); err != nil {
			return err
		}
	}
	return nil
}

// Replaced is what became of a statement.
type Replaced struct {
	Renewed   []issuer.Renewed
	Proposals []Proposal // where a body has the four-eyes rule: one for each, to be approved
}

// ReissueLost makes what was lost anew without a key, to be printed, and revokes
// the old copies in the same act, see (*issuer.Issuer).ReissueLost. Where the body
// has the four-eyes rule, what was lost is revoked at once, which waits for
// nobody, and for each a proposal waits for somebody else, who reads in it which
// kind of identity document was seen.
func (s *Service) ReissueLost(ctx context.Context, p Principal, l issuer.Lost) (out Replaced, err error) {
	if err := p.MayReplace(l.Issuer); err != nil {
		return out, err
	}
	out.Renewed, err = s.issuer.ReissueLost(ctx, p.Actor, l)
	var refused *issuer.Error
	if !errors.As(err, &refused) || refused.Code != issuer.CodeNeedsApproval {
		return out, err
	}
	lost, err := s.issuer.Lose(ctx, p.Actor, l, nil)
	if err != nil {
		return out, err
	}
	for _, c := range lost {
		before, err := s.waitingFor(ctx, c.ID)
		if err != nil {
			return out, err
		}
		if len(before) > 0 { // twice is once
			out.Proposals = append(out.Proposals, before[0])
			continue
		}
		learner, err := c.Learner()
		if err != nil {
			return out, err
		}
		learner.Holder = "" // the key is lost
		proposal, err := s.Prepare(ctx, p, Draft{
			Kind: KindReissue, Issuer: l.Issuer, Credential: c.ID, Learner: learner, Profile: c.Profile, Seen: l.Seen,
		})
		if err != nil {
			return out, err
		}
		out.Proposals = append(out.Proposals, proposal)
	}
	return out, nil
}

// waitingFor are the proposals to make a lost credential anew that wait.
func (s *Service) waitingFor(ctx context.Context, id string) ([]Proposal, error) {
	now := s.now()
	return view(ctx, s, func(tx issuer.Tx) ([]Proposal, error) {
		return waiting(tx, func(o Proposal) bool {
			return o.Draft.Kind == KindReissue && o.Draft.Credential == id && o.Draft.Seen != "" && !o.as(now).final()
		})
	})
}
