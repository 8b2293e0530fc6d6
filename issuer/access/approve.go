package access

import (
	"context"
	"crypto/sha256"
	"errors"

	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/schema"
)

// Approve takes an open proposal, which one of many who approve it at the same
// moment does, and carries it out in the name of both: who prepared it and who
// approves, who must be somebody else ("proposal_own").
//
// A proposal whose approver was interrupted stays taken. Whoever approves it
// after that, and Tend, finish it in the first approver's name: what was issued
// is not issued again. A refusal of what it asks for closes it as failed and is
// the error; any other error leaves it taken.
func (s *Service) Approve(ctx context.Context, p Principal, id string) (Proposal, error) {
	o, err := s.take(ctx, p, id)
	if err != nil {
		return o, err
	}
	return s.carryOut(context.WithoutCancel(ctx), o)
}

// take makes a proposal the principal's to carry out.
func (s *Service) take(ctx context.Context, p Principal, id string) (o Proposal, err error) {
	err = s.issuer.Act(ctx, p.Actor, func(a *issuer.Act) error {
		if o, err = seen(a.Tx(), p, id, a.At()); err != nil {
			return err
		}
		if err := p.May(ActApprove, o.Draft.Issuer); err != nil {
			return err
		}
		what := "proposal.approve"
		switch {
		case o.PreparedBy == p.Actor:
			return refuse("proposal_own", "id", id)
		case o.State == StateTaken && !a.At().Before(o.DecidedAt.Add(lease)):
			what = "proposal.resume"
		case o.State == StateTaken:
			return refuse("proposal_taken", "id", id)
		case o.State != StateOpen:
			return refuse("proposal_closed", "id", id, "state", string(o.State))
		default:
			o.DecidedBy = p.Actor
		}
		o.State, o.DecidedAt = StateTaken, a.At()
		if err := putProposal(a.Tx(), o); err != nil {
			return err
		}
		return a.Log(what, id, string(o.Draft.Kind)+" for "+o.Draft.Issuer)
	})
	return o, err
}

// carryOut does what a taken proposal asks for and notes what came of it.
func (s *Service) carryOut(ctx context.Context, o Proposal) (Proposal, error) {
	results, refused := s.do(issuer.Approved(ctx, o.DecidedBy), o)
	code := refusal(refused)
	if refused != nil && code == "" {
		return o, refused // a full disk, a key that is away: it stays taken
	}
	err := s.issuer.Act(issuer.Approved(ctx, o.DecidedBy), o.PreparedBy, func(a *issuer.Act) error {
		now, err := proposalOf(a.Tx(), o.ID)
		if err != nil {
			return err
		}
		if o = now; now.final() {
			return nil // two finished it, or a person in it was erased meanwhile
		}
		now.Results, now.Code = results, code
		what := "proposal.done"
		now.close(StateDone)
		if code != "" {
			what = "proposal.failed"
			now.State = StateFailed
		}
		o = now
		if err := putProposal(a.Tx(), now); err != nil {
			return err
		}
		return a.Log(what, o.ID, code)
	})
	return o, errors.Join(refused, err)
}

// refusal is the code of an error that no repetition would mend, else empty.
func refusal(err error) string {
	var refused *issuer.Error
	var faults schema.Faults
	switch {
	case errors.As(err, &refused):
		return refused.Code
	case errors.As(err, &faults) && len(faults) > 0:
		return faults[0].Code
	}
	return ""
}

// do is the act itself. It may be done again after a crash and happens once: a
// batch by the keys of its learners, everything else as one request.
func (s *Service) do(ctx context.Context, o Proposal) (ids []string, err error) {
	d, by := o.Draft, o.PreparedBy
	if len(o.TemplateHash) == sha256.Size {
		ctx = issuer.ApprovedTemplate(ctx, [sha256.Size]byte(o.TemplateHash))
	}
	if d.Kind == KindIssue {
		if err := s.checkNumbers(ctx, d.offers(o.ID)); err != nil {
			return nil, err
		}
		rows, err := s.issuer.IssueBatch(ctx, by, d.offers(o.ID), nil)
		for _, r := range rows {
			if r.ID != "" {
				ids = append(ids, r.ID)
			}
		}
		return ids, err
	}
	ctx = issuer.Once(ctx, issuer.Request{Key: "proposal " + o.ID, Hash: sha256.Sum256([]byte(o.ID))})
	var row issuer.Issuance
	switch d.Kind {
	case KindRevoke:
		row, err = s.issuer.Revoke(ctx, by, d.Credential, issuer.Reason{Code: d.Reason, Note: d.Note})
	case KindSuspend:
		row, err = s.issuer.Suspend(ctx, by, d.Credential, issuer.Reason{Code: d.Reason, Note: d.Note}, d.Until)
	case KindReinstate:
		row, err = s.issuer.Reinstate(ctx, by, d.Credential)
	case KindDocument:
		var signed *issuer.Issuance
		if signed, err = s.issuer.IssueRaw(ctx, by, d.raw()); signed != nil {
			row = *signed
		}
	case KindReissue:
		var again *issuer.Issuance
		if again, err = s.reissue(ctx, o); again != nil {
			row = *again
		}
	default:
		err = refuse("proposal_form", "kind", string(d.Kind))
	}
	if err != nil {
		return nil, err
	}
	return []string{row.ID}, nil
}

// reissue keeps the form of the old token unless another one was asked for.
func (s *Service) reissue(ctx context.Context, o Proposal) (*issuer.Issuance, error) {
	if d := o.Draft; d.Profile != "" {
		return s.issuer.ReissueAs(ctx, o.PreparedBy, d.Credential, d.Learner, d.Profile)
	}
	return s.issuer.Reissue(ctx, o.PreparedBy, o.Draft.Credential, o.Draft.Learner)
}
