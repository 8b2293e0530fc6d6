package access_test

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/access"
)

// TestNoKeyApproves: whoever works with a session and a key, or with two keys,
// is one person, and the rule wants two.
func TestNoKeyApproves(t *testing.T) {
	w := newWorld(t)
	template := w.template()
	w.fourEyes()
	_, secret, err := w.AddAPIKey(t.Context(), admin, access.NewAPIKey{Name: "moodle", Grant: at("ente", access.Officer)})
	must(t, err)
	key, err := w.FromAPIKey(t.Context(), secret)
	must(t, err)
	for _, by := range []access.Principal{anna, ben, key} {
		_, err = w.Approve(t.Context(), key, w.prepare(by, issuing(template, 1)).ID)
		is(t, err, access.ErrForbidden)
	}
	if names, all := key.Issuers(access.ActApprove); len(names) > 0 || all {
		t.Errorf("a key approves for %v", names)
	}
	if w.issued() != 0 {
		t.Error("a key was a second pair of eyes")
	}
}

// TestWhatWasLookedAtIsSigned: a template that is replaced after somebody has
// prepared a proposal is another one, for a new credential and for a new copy.
func TestWhatWasLookedAtIsSigned(t *testing.T) {
	w := newWorld(t)
	template := w.template()
	old, err := w.issuer.Issue(t.Context(), admin, issuer.Offer{Issuer: "ente", Template: template, Learner: learner(1)})
	must(t, err)
	w.fourEyes()
	again := access.Draft{Kind: access.KindReissue, Issuer: "ente", Credential: old.ID}
	same := w.prepare(anna, issuing(template, 2))
	if !strings.Contains(same.Title, "in cucina") {
		t.Errorf("whoever approves is not told what: %q", same.Title)
	}
	must(t, w.replace("in cucina", "in cucina")) // it was added anew, and is as it was
	done, err := w.Approve(t.Context(), ben, same.ID)
	must(t, err)
	if len(done.Results) != 1 {
		t.Errorf("%+v", done)
	}
	for _, d := range []access.Draft{issuing(template, 3), again} {
		o := w.prepare(anna, d)
		must(t, w.replace("in cucina", "per chirurghi"))
		_, err = w.Approve(t.Context(), ben, o.ID)
		refused(t, err, issuer.CodeTemplateChanged)
		if o, err = w.Proposal(t.Context(), ben, o.ID); err != nil || o.State != access.StateFailed || o.Code != issuer.CodeTemplateChanged {
			t.Errorf("%+v %v", o, err)
		}
		must(t, w.replace("in cucina", "in cucina"))
	}
	if w.issued() != 2 {
		t.Errorf("%d issued, want 2", w.issued())
	}
}

// replace adds the template again with other words.
func (w *world) replace(old, words string) error {
	body, err := os.ReadFile("../../examples/templates/01-food-hygiene-it.json")
	if err == nil {
		_, err = w.issuer.AddTemplate(w.t.Context(), admin, bytes.ReplaceAll(body, []byte(old), []byte(words)), 20)
	}
	return err
}

// TestARequestOutlivesItsProposal: a client that repeats a request after its
// proposal is gone is told so; it is no fault of ours.
func TestARequestOutlivesItsProposal(t *testing.T) {
	w := newWorld(t)
	template := w.template()
	ctx := issuer.Once(t.Context(), issuer.Request{Key: "api 1"})
	_, err := w.Prepare(ctx, anna, issuing(template, 1))
	must(t, err)
	w.pass(access.ProposalLife)
	must(t, w.Tend(t.Context()))
	_, err = w.Prepare(ctx, anna, issuing(template, 1))
	refused(t, err, "proposal_unknown")
}

// TestManyDecidedHoldNobodyUp: what was decided in a month is read by nobody who
// prepares another proposal, and a listing has the newest of it.
func TestManyDecidedHoldNobodyUp(t *testing.T) {
	w := newWorld(t)
	template := w.template()
	for range 210 {
		o := w.prepare(anna, issuing(template, 1))
		_, err := w.Reject(t.Context(), anna, o.ID)
		must(t, err)
		w.pass(time.Second)
	}
	open := w.prepare(anna, issuing(template, 2))
	read := 0
	must(t, w.store.View(t.Context(), func(tx issuer.Tx) error {
		return tx.EachRecord(issuer.RecordProposal, "", func(key string, _ []byte) bool {
			read++
			return key == open.ID
		})
	}))
	if read > 2 { // the one that waits, and the first behind it
		t.Errorf("the one that waits stands behind %d others", read-1)
	}
	list, err := w.Proposals(t.Context(), ben)
	must(t, err)
	if len(list) != 201 || list[0].ID != open.ID || list[1].State != access.StateRejected || list[200].PreparedAt.After(list[1].PreparedAt) {
		t.Errorf("%d listed", len(list))
	}
	if o, err := w.Proposal(t.Context(), ben, list[9].ID); err != nil || o.State != access.StateRejected {
		t.Errorf("%+v %v", o, err)
	}
	w.pass(access.ProposalLife)
	must(t, w.Tend(t.Context()))
	if list, err = w.Proposals(t.Context(), ben); err != nil || len(list) != 0 {
		t.Errorf("%d are left, %v", len(list), err)
	}
}
