package access_test

import (
	"testing"

	"github.com/employment-passport/passport/issuer/access"
	"github.com/employment-passport/passport/schema"
)

// TestErasureTakesAPersonOutOfProposals: those that name them or are about a
// credential of theirs are rejected whole; other people's wait on.
func TestErasureTakesAPersonOutOfProposals(t *testing.T) {
	w := newWorld(t)
	template := w.template()
	row, other := w.issue(template, 1), w.issue(template, 2)
	renamed := learner(2)
	renamed.Name = "amina  prova a" // as it was typed the second time
	theirs := []access.Proposal{
		w.prepare(anna, issuing(template, 3, 1)),
		w.prepare(anna, access.Draft{Kind: access.KindRevoke, Issuer: "ente", Credential: row.ID, Reason: schema.IssuedInError, Note: "Amina"}),
		w.prepare(anna, access.Draft{Kind: access.KindReissue, Issuer: "ente", Credential: other.ID, Learner: &renamed}),
	}
	others := []access.Proposal{
		w.prepare(anna, issuing(template, 4)),
		w.prepare(anna, access.Draft{Kind: access.KindRevoke, Issuer: "ente", Credential: other.ID, Reason: schema.IssuedInError}),
	}
	_, err := w.issuer.Erase(t.Context(), admin, row.ID)
	must(t, err)
	for _, o := range theirs {
		now, err := w.Proposal(t.Context(), ben, o.ID)
		must(t, err)
		if now.State != access.StateRejected || now.Code != "person_erased" || len(now.Draft.Learners) != 0 || now.Draft.Learner != nil || now.Draft.Note != "" {
			t.Errorf("%+v", now)
		}
		_, err = w.Approve(t.Context(), ben, o.ID)
		refused(t, err, "proposal_closed")
	}
	for _, o := range others {
		if _, err := w.Approve(t.Context(), ben, o.ID); err != nil {
			t.Errorf("another person's proposal: %v", err)
		}
	}
}
