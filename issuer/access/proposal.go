package access

import (
	"context"
	"crypto/sha256"
	"errors"
	"slices"
	"time"

	"github.com/employment-passport/passport/issuer"
)

// State is where a proposal stands.
type State string

// The states of a proposal: open for 30 days; taken, by an approver who is
// carrying it out; done; failed, because what it asks for was refused; rejected;
// expired. All but the first two are final.
const (
	StateOpen     State = "open"
	StateTaken    State = "taken"
	StateDone     State = "done"
	StateFailed   State = "failed"
	StateRejected State = "rejected"
	StateExpired  State = "expired"
)

// Proposal is an act that somebody prepared and somebody else is to approve.
type Proposal struct {
	ID         string       `json:"id"`
	State      State        `json:"state"`
	Draft      Draft        `json:"draft"` // without the learners once the state is final
	PreparedBy issuer.Actor `json:"preparedBy"`
	PreparedAt time.Time    `json:"preparedAt"`
	ExpiresAt  time.Time    `json:"expiresAt"`
	DecidedBy  issuer.Actor `json:"decidedBy,omitempty"`
	DecidedAt  time.Time    `json:"decidedAt,omitzero"`
	Results    []string     `json:"results,omitempty"` // ids of the credentials, in the order of the learners
	Code       string       `json:"code,omitempty"`    // why it failed: a code of the catalogue

	// Title is the document's, as the template had it when this was prepared.
	Title string `json:"title,omitempty"`

	// TemplateHash is the SHA-256 of the template's file as it was when this was
	// prepared; a template that was replaced since is another one.
	TemplateHash []byte `json:"templateHash,omitempty"`
}

const (
	// ProposalLife is how long a proposal waits, and how long what became of it is
	// kept: it may hold what is said of learners.
	ProposalLife = 30 * 24 * time.Hour

	// maxOpen is how many proposals of one issuer may wait.
	maxOpen = 1000

	// lease is how long whoever took a proposal is left alone with it.
	lease = 2 * time.Minute
)

// as is the proposal as it stands at a time.
func (p Proposal) as(now time.Time) Proposal {
	if p.State == StateOpen && !now.Before(p.ExpiresAt) {
		p.close(StateExpired)
	}
	return p
}

// close ends a proposal: what it said of people is not needed any more.
func (p *Proposal) close(s State) { p.State, p.Draft = s, p.Draft.stripped() }

// final tells whether nothing can become of the proposal any more.
func (p Proposal) final() bool { return p.State != StateOpen && p.State != StateTaken }

// Prepare keeps a proposal for somebody else to approve. What the issuer would
// refuse today is refused today: schema.Faults and *issuer.OfferError too.
func (s *Service) Prepare(ctx context.Context, p Principal, d Draft) (made Proposal, err error) {
	if err := p.May(ActPrepare, d.Issuer); err != nil {
		return made, err
	}
	if err := s.check(ctx, &d); err != nil {
		return made, err
	}
	id := random(idLength)
	err = s.issuer.Act(ctx, p.Actor, func(a *issuer.Act) error {
		if before, err := a.Done(ctx); err != nil || before != "" { // a repeated request, see issuer.Once
			if err == nil {
				made, err = proposalOf(a.Tx(), before)
			}
			return unknown(err, "proposal_unknown", "id", before) // 30 days later
		}
		others, err := waiting(a.Tx(), func(o Proposal) bool { return o.Draft.Issuer == d.Issuer && !o.as(a.At()).final() })
		if err != nil {
			return err
		}
		if len(others) >= maxOpen {
			return refuse("proposals_many", "issuer", d.Issuer)
		}
		made = Proposal{ID: id, State: StateOpen, Draft: d, PreparedBy: p.Actor, PreparedAt: a.At(), ExpiresAt: a.At().Add(ProposalLife)}
		if err := made.bind(a.Tx()); err != nil {
			return err
		}
		if err := putProposal(a.Tx(), made); err != nil {
			return err
		}
		if err := a.Note(ctx, id); err != nil {
			return err
		}
		return a.Log("proposal.prepare", id, string(d.Kind)+" for "+d.Issuer)
	})
	if err != nil {
		return Proposal{}, err
	}
	return made, nil
}

// bind notes the template that is to be looked at: what was looked at is what is
// signed.
func (p *Proposal) bind(tx issuer.Tx) error {
	t, err := p.Draft.template(tx)
	p.Title = t.Title
	if len(t.Body) > 0 && (p.Draft.Kind == KindIssue || p.Draft.Kind == KindReissue) {
		sum := sha256.Sum256(t.Body)
		p.TemplateHash = sum[:]
	}
	return err
}

// Proposal returns one that the principal may see; ErrNotHere when there is none
// or it is another issuer's.
func (s *Service) Proposal(ctx context.Context, p Principal, id string) (Proposal, error) {
	return view(ctx, s, func(tx issuer.Tx) (Proposal, error) { return seen(tx, p, id, s.now()) })
}

// seen reads a proposal for a principal.
func seen(tx issuer.Tx, p Principal, id string, now time.Time) (Proposal, error) {
	found, err := proposalOf(tx, id)
	switch {
	case errors.Is(err, issuer.ErrNotFound):
		return Proposal{}, ErrNotHere
	case err != nil:
		return Proposal{}, err
	}
	if p.May(ActRead, found.Draft.Issuer) != nil {
		return Proposal{}, ErrNotHere
	}
	return found.as(now), nil
}

// Proposals returns those that the principal may see, the newest first: all that
// wait, and the last 200 that were decided.
func (s *Service) Proposals(ctx context.Context, p Principal) ([]Proposal, error) {
	now := s.now()
	mine := func(o Proposal) bool { return p.May(ActRead, o.Draft.Issuer) == nil }
	list, err := view(ctx, s, func(tx issuer.Tx) ([]Proposal, error) {
		open, err1 := waiting(tx, mine)
		ended, err2 := decided(tx, mine)
		return append(open, ended...), errors.Join(err1, err2)
	})
	for n := range list {
		list[n] = list[n].as(now)
	}
	slices.SortFunc(list, newestFirst)
	return list, err
}

// Reject closes an open proposal: whoever may approve it, and whoever prepared
// it.
func (s *Service) Reject(ctx context.Context, p Principal, id string) (o Proposal, err error) {
	err = s.issuer.Act(ctx, p.Actor, func(a *issuer.Act) error {
		if o, err = seen(a.Tx(), p, id, a.At()); err != nil {
			return err
		}
		if o.PreparedBy != p.Actor {
			if err := p.May(ActApprove, o.Draft.Issuer); err != nil {
				return err
			}
		}
		if o.State != StateOpen {
			return refuse("proposal_closed", "id", id, "state", string(o.State))
		}
		o.DecidedBy, o.DecidedAt = p.Actor, a.At()
		o.close(StateRejected)
		if err := putProposal(a.Tx(), o); err != nil {
			return err
		}
		return a.Log("proposal.reject", id, string(o.Draft.Kind)+" for "+o.Draft.Issuer)
	})
	return o, err
}
