package access_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/access"
	"github.com/employment-passport/passport/schema"
)

var (
	anna  = person("anna", at("ente", access.Assessor))
	ben   = person("ben", at("ente", access.Officer))
	carla = person("carla", at("ente", access.Officer))
	dino  = person("dino", at("scuola", access.Officer))
	erin  = person("erin", at("ente", access.Operator))
)

func (w *world) prepare(p access.Principal, d access.Draft) access.Proposal {
	w.t.Helper()
	o, err := w.Prepare(w.t.Context(), p, d)
	must(w.t, err)
	return o
}

// issuing is a draft for some learners.
func issuing(template string, numbers ...int) access.Draft {
	d := access.Draft{Kind: access.KindIssue, Issuer: "ente", Template: template}
	for _, n := range numbers {
		d.Learners = append(d.Learners, learner(n))
	}
	return d
}

// TestOnePreparesAnotherApproves is the whole of T12: nobody issues alone, and
// the log names both.
func TestOnePreparesAnotherApproves(t *testing.T) {
	w := newWorld(t)
	template := w.template()
	w.fourEyes()
	o := w.prepare(ben, issuing(template, 1, 2, 3))
	_, err := w.Approve(t.Context(), ben, o.ID)
	refused(t, err, "proposal_own")
	_, err = w.Approve(t.Context(), anna, o.ID)
	is(t, err, access.ErrForbidden)
	_, err = w.Approve(t.Context(), erin, o.ID)
	is(t, err, access.ErrForbidden)
	_, err = w.Approve(t.Context(), dino, o.ID)
	is(t, err, access.ErrNotHere)
	if n := w.issued(); n != 0 {
		t.Fatalf("%d credentials that nobody approved", n)
	}
	done, err := w.Approve(t.Context(), carla, o.ID)
	must(t, err)
	if done.State != access.StateDone || len(done.Results) != 3 || len(done.Draft.Learners) != 0 || w.issued() != 3 {
		t.Errorf("%+v, %d issued", done, w.issued())
	}
	for n, id := range done.Results {
		row, err := w.issuer.Find(t.Context(), id)
		must(t, err)
		if row.State != issuer.StateIssued || row.DocumentNumber != learner(n+1).DocumentNumber {
			t.Errorf("%+v", row)
		}
		if !strings.Contains(w.log(), "user:ben+user:carla issue.done "+id) {
			t.Error("the log does not name both")
		}
	}
	w.wrote("user:ben proposal.prepare "+o.ID+" issue for ente", "user:carla proposal.approve "+o.ID+" issue for ente", "user:ben+user:carla proposal.done "+o.ID)
	_, err = w.Approve(t.Context(), carla, o.ID)
	refused(t, err, "proposal_closed")
}

// issued counts the credentials of ente.
func (w *world) issued() (n int) {
	must(w.t, w.issuer.List(w.t.Context(), issuer.Filter{State: issuer.StateIssued}, func(issuer.Issuance) bool { n++; return true }))
	return n
}

// TestTenApproveAtOnce: one of them does it, once.
func TestTenApproveAtOnce(t *testing.T) {
	w := newWorld(t)
	template := w.template()
	w.fourEyes()
	o := w.prepare(anna, issuing(template, 1))
	var done atomic.Int32
	var wg sync.WaitGroup
	for n := range 10 {
		wg.Go(func() {
			_, err := w.Approve(context.Background(), person(fmt.Sprint("p", n), at("ente", access.Officer)), o.ID)
			var refused *issuer.Error
			switch {
			case err == nil:
				done.Add(1)
			case !errors.As(err, &refused) || refused.Code != "proposal_taken" && refused.Code != "proposal_closed":
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if done.Load() != 1 || w.issued() != 1 || strings.Count(w.log(), "proposal.approve") != 1 {
		t.Errorf("%d done, %d issued\n%s", done.Load(), w.issued(), w.log())
	}
}

// TestLifeByProposals: every other kind, on a body with the rule.
func TestLifeByProposals(t *testing.T) {
	w := newWorld(t)
	template := w.template()
	w.fourEyes()
	approve := func(d access.Draft) issuer.Issuance {
		t.Helper()
		d.Issuer = "ente"
		o := w.prepare(anna, d)
		done, err := w.Approve(t.Context(), ben, o.ID)
		must(t, err)
		row, err := w.issuer.Find(t.Context(), done.Results[0])
		must(t, err)
		return row
	}
	first := w.issue(template, 1)
	corrected := learner(1)
	corrected.Name = "Amina Giusta"
	second := approve(access.Draft{Kind: access.KindReissue, Credential: first.ID, Learner: &corrected})
	if second.Supersedes != first.ID || second.LearnerName != "Amina Giusta" {
		t.Errorf("%+v", second)
	}
	third := approve(access.Draft{Kind: access.KindRevoke, Credential: second.ID, Reason: schema.IssuedInError, Note: "wrong course"})
	if third.ID != second.ID || third.State != issuer.StateRevoked || third.Note != "wrong course" {
		t.Errorf("%+v", third)
	}
	w.wrote("user:anna+user:ben revoke " + second.ID + " issued-in-error")
}

// TestADocumentOfTheBodysOwn is signed as it was prepared, once approved.
func TestADocumentOfTheBodysOwn(t *testing.T) {
	w := newWorld(t)
	w.fourEyes()
	document := []byte(`{"@context":["https://www.w3.org/ns/credentials/v2"],"type":["VerifiableCredential"],"validFrom":"2026-11-01T00:00:00Z","credentialSubject":{"id":"did:example:amina","name":"Amina"}}`)
	_, err := w.issuer.IssueRaw(t.Context(), admin, issuer.RawOffer{Issuer: "ente", Document: document})
	refused(t, err, "needs_approval")
	o := w.prepare(ben, access.Draft{Kind: access.KindDocument, Issuer: "ente", Document: document})
	done, err := w.Approve(t.Context(), carla, o.ID)
	must(t, err)
	row, err := w.issuer.Find(t.Context(), done.Results[0])
	must(t, err)
	if row.State != issuer.StateIssued || row.Token == "" || len(done.Draft.Document) != 0 {
		t.Errorf("%+v %+v", row, done)
	}
	_, err = w.Prepare(t.Context(), ben, access.Draft{Kind: access.KindDocument, Issuer: "ente", Document: []byte(`{"type":["VerifiableCredential"]}`)})
	var faults schema.Faults
	if !errors.As(err, &faults) {
		t.Errorf("a document that is none: %v", err)
	}
	_, err = w.Prepare(t.Context(), ben, access.Draft{Kind: access.KindDocument, Issuer: "ente", Document: document, Reason: schema.IssuedInError})
	refused(t, err, "proposal_form")
}

// TestRefusedAtOnce: what can be known when it is prepared is said then.
func TestRefusedAtOnce(t *testing.T) {
	w := newWorld(t)
	template := w.template()
	mine := w.issue(template, 1)
	bad := issuing(template, 2)
	bad.Learners[0].BirthDate = "yesterday"
	for _, row := range []struct {
		code string
		d    access.Draft
	}{
		{"proposal_learners", issuing(template)},
		{"template_unknown", issuing("none", 1)},
		{"proposal_form", access.Draft{Kind: "burn", Issuer: "ente"}},
		{"proposal_form", access.Draft{Kind: access.KindRevoke, Issuer: "ente", Credential: mine.ID, Reason: schema.IssuedInError, Learners: issuing(template, 1).Learners}},
		{"proposal_form", access.Draft{Kind: access.KindRevoke, Issuer: "ente", Credential: mine.ID, Reason: schema.IssuedInError, Until: today}},
		{"proposal_form", access.Draft{Kind: access.KindIssue, Issuer: "ente", Template: template, Learners: issuing(template, 1).Learners, Keys: []string{"a", "b"}}},
		{"reason_unknown", access.Draft{Kind: access.KindRevoke, Issuer: "ente", Credential: mine.ID, Reason: "boredom"}},
		{"credential_unknown", access.Draft{Kind: access.KindReinstate, Issuer: "ente", Credential: "nothing"}},
	} {
		_, err := w.Prepare(t.Context(), ben, row.d)
		refused(t, err, row.code)
	}
	var faults schema.Faults
	if _, err := w.Prepare(t.Context(), ben, bad); !errors.As(err, &faults) {
		t.Errorf("a learner with a fault: %v", err)
	}
	// J08: another body's credential is not there.
	_, err := w.Prepare(t.Context(), dino, access.Draft{Kind: access.KindReinstate, Issuer: "scuola", Credential: mine.ID})
	refused(t, err, "credential_unknown")
	_, err = w.Prepare(t.Context(), dino, issuing(template, 1))
	is(t, err, access.ErrNotHere)
	_, err = w.Prepare(t.Context(), erin, issuing(template, 1))
	is(t, err, access.ErrForbidden)
	if list, err := w.Proposals(t.Context(), ben); err != nil || len(list) != 0 {
		t.Errorf("%v %v", list, err)
	}
}

func TestProposalsAreSeenByTheirBody(t *testing.T) {
	w := newWorld(t)
	template := w.template()
	first := w.prepare(anna, issuing(template, 1))
	w.pass(time.Minute)
	second := w.prepare(anna, issuing(template, 2))
	list, err := w.Proposals(t.Context(), ben)
	must(t, err)
	if len(list) != 2 || list[0].ID != second.ID || list[1].ID != first.ID {
		t.Errorf("%+v", list)
	}
	if list, _ = w.Proposals(t.Context(), dino); len(list) != 0 {
		t.Errorf("another body's officer sees %+v", list)
	}
	_, err = w.Proposal(t.Context(), dino, first.ID)
	is(t, err, access.ErrNotHere)
	_, err = w.Proposal(t.Context(), ben, "none")
	is(t, err, access.ErrNotHere)
	_, err = w.Reject(t.Context(), dino, first.ID)
	is(t, err, access.ErrNotHere)
	_, err = w.Reject(t.Context(), erin, first.ID)
	is(t, err, access.ErrForbidden)
	own, err := w.Reject(t.Context(), anna, first.ID) // taken back
	must(t, err)
	if own.State != access.StateRejected || len(own.Draft.Learners) != 0 {
		t.Errorf("%+v", own)
	}
	_, err = w.Approve(t.Context(), ben, first.ID)
	refused(t, err, "proposal_closed")
	w.wrote("user:anna proposal.reject " + first.ID + " issue for ente")
}

// TestProposalsEndAfterThirtyDays, and nothing of them is left.
func TestProposalsEndAfterThirtyDays(t *testing.T) {
	w := newWorld(t)
	template := w.template()
	o := w.prepare(anna, issuing(template, 1))
	w.pass(access.ProposalLife)
	_, err := w.Approve(t.Context(), ben, o.ID)
	refused(t, err, "proposal_closed")
	seen, err := w.Proposal(t.Context(), ben, o.ID)
	must(t, err)
	if seen.State != access.StateExpired || len(seen.Draft.Learners) != 0 {
		t.Errorf("%+v", seen)
	}
	must(t, w.Tend(t.Context()))
	_, err = w.Proposal(t.Context(), ben, o.ID)
	is(t, err, access.ErrNotHere)
	before := w.store.updates.Load()
	must(t, w.Tend(t.Context()))
	if w.store.updates.Load() != before {
		t.Error("housekeeping writes where there is nothing to do")
	}
}

// TestWhatIsRefusedCloses: the template's rules changed, the credential ended.
func TestWhatIsRefusedCloses(t *testing.T) {
	w := newWorld(t)
	template := w.template()
	row := w.issue(template, 1)
	o := w.prepare(anna, access.Draft{Kind: access.KindRevoke, Issuer: "ente", Credential: row.ID, Reason: schema.IssuedInError})
	_, err := w.issuer.Revoke(t.Context(), admin, row.ID, issuer.Reason{Code: schema.LostOrCompromised})
	must(t, err)
	failed, err := w.Approve(t.Context(), ben, o.ID)
	refused(t, err, "already_revoked")
	if failed.State != access.StateFailed || failed.Code != "already_revoked" {
		t.Errorf("%+v", failed)
	}
	w.wrote("user:anna+user:ben proposal.failed " + o.ID + " already_revoked")
}
