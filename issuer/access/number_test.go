package access_test

import (
	"testing"

	"github.com/employment-passport/passport/issuer/access"
)

// Two proposals with one number for two people: one is issued, the other is
// refused to whoever approves it, and stays decided.
func TestProposalsHoldNumbers(t *testing.T) {
	w := newWorld(t)
	template := w.template()
	w.fourEyes()
	other := issuing(template, 1)
	other.Learners[0].Name = "Persona Diversa"
	first, second := w.prepare(ben, issuing(template, 1)), w.prepare(ben, other)
	twin := w.prepare(ben, issuing(template, 1))
	done, err := w.Approve(t.Context(), carla, first.ID)
	must(t, err)
	failed, err := w.Approve(t.Context(), carla, second.ID)
	refused(t, err, "number_differs")
	if failed.State != access.StateFailed || failed.Code != "number_differs" || len(failed.Results) != 0 {
		t.Errorf("%+v", failed)
	}
	// The same person again is the same credential, and no second copy.
	again, err := w.Approve(t.Context(), carla, twin.ID)
	must(t, err)
	if len(again.Results) != 1 || again.Results[0] != done.Results[0] || w.issued() != 1 {
		t.Errorf("%+v, %d issued", again, w.issued())
	}
	// What is known today is refused today.
	_, err = w.Prepare(t.Context(), ben, other)
	refused(t, err, "number_differs")
	_, err = w.Prepare(t.Context(), ben, issuing(template, 1))
	refused(t, err, "number_taken")
	w.prepare(ben, issuing(template, 1, 2)) // of a class some may have theirs
}
