package issuervci

import (
	"errors"
	"testing"

	"github.com/employment-passport/passport/issuer"
)

// An offer is held to document numbers when it is made and when it is taken.
func TestOffersHoldNumbers(t *testing.T) {
	w := newWorld(t)
	refused := func(code string, n NewOffer) {
		t.Helper()
		_, err := w.offers.Make(t.Context(), clerk, n)
		var e *issuer.Error
		if !errors.As(err, &e) || e.Code != code {
			t.Errorf("got %v, want %s", err, code)
		}
	}
	// Two offers of one number, made before either was taken: to her, and to
	// somebody else.
	first := w.offered()
	other := w.amina()
	other.Name, other.GivenName, other.FamilyName, other.NameOriginalScript = "Persona Diversa", "", "", ""
	second := w.offered(func(n *NewOffer) { n.Items[0].Learner = other })
	twin := w.offered()

	// Her wallet may have several keys: one request, one person.
	one, two := newHolder(t), newHolder(t)
	if got := credentials(t, w.claim(w.token(first), hygiene, one, two)); len(got) != 2 {
		t.Fatalf("%d credentials", len(got))
	}
	w.claim(w.token(second), hygiene, newHolder(t)).is(t, 400, "credential_request_denied")
	w.claim(w.token(twin), hygiene, newHolder(t)).is(t, 400, "credential_request_denied")

	item := Item{Template: hygiene, Learner: w.amina()}
	refused("number_taken", NewOffer{Issuer: "ente", Items: []Item{item}})
	item.Learner = other
	refused("number_differs", NewOffer{Issuer: "ente", Items: []Item{item}})
}
