package issuerhttp

import (
	"context"
	"errors"
	"net/http"

	"github.com/employment-passport/passport/internal/httpkit"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/access"
)

// needsApproval tells that a body has the four-eyes rule.
func needsApproval(err error) bool {
	var refused *issuer.Error
	return errors.As(err, &refused) && refused.Code == issuer.CodeNeedsApproval
}

// propose answers 202: what was asked for waits for somebody else's approval.
func (a *API) propose(ctx context.Context, w http.ResponseWriter, p access.Principal, d access.Draft) error {
	before, err := a.Issuer.RequestedID(ctx)
	if err != nil {
		return err
	}
	proposal, err := a.Access.Prepare(ctx, p, d)
	if err != nil {
		return under("/learner", err)
	}
	markReplayed(w, before == proposal.ID)
	w.Header().Set("Location", a.url("/api/v1/proposals/"+proposal.ID))
	httpkit.WriteJSON(w, http.StatusAccepted, map[string]any{"proposal": proposal})
	return nil
}

// proposals lists those that the principal may see, the newest first.
func (a *API) proposals(w http.ResponseWriter, r *http.Request) error {
	if err := known(r.URL.Query()); err != nil {
		return err
	}
	all, err := a.Access.Proposals(r.Context(), principal(r))
	if err != nil {
		return err
	}
	if all == nil {
		all = []access.Proposal{}
	}
	return writeListing(w, r, map[string]any{"proposals": all})
}

// proposal handles what is done with one proposal.
func (a *API) proposal(do func(s *access.Service, ctx context.Context, p access.Principal, id string) (access.Proposal, error)) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		id, err := param(r, "id", idForm)
		if err != nil {
			return err
		}
		proposal, err := do(a.Access, context.WithoutCancel(r.Context()), principal(r), id)
		if err != nil {
			return hidden(err, "proposal_unknown", "id", id)
		}
		httpkit.WriteJSON(w, http.StatusOK, map[string]any{"proposal": proposal})
		return nil
	}
}
