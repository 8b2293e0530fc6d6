package issuer_test

import (
	"errors"
	"testing"

	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/schema"
)

// A document number is one person's, whichever door somebody comes through: with
// the key of a sheet's row or of something else, alone or among many.
func TestNumberOfAnotherPerson(t *testing.T) {
	d := newDesk(t)
	plain, suspendable := d.templateNames(t)
	o := d.offer(t, plain, "SS-2")
	o.IdempotencyKey = "row"
	sofia, err := d.Issue(t.Context(), clerk, o)
	must(t, err)

	other := o
	other.Learner.Name, other.Learner.GivenName, other.Learner.FamilyName = "Persona Diversa", "", ""
	for _, key := range []string{"row", "proposal", ""} {
		other.IdempotencyKey = key
		_, err = d.Issue(t.Context(), clerk, other)
		refused(t, err, "number_differs")
		_, err = d.IssueBatch(t.Context(), clerk, []issuer.Offer{d.offer(t, plain, "SS-9"), other}, nil)
		var of *issuer.OfferError
		if refused(t, err, "number_differs"); !errors.As(err, &of) || of.Offer != 1 {
			t.Errorf("%v", err)
		}
	}
	var faults schema.Faults
	if err := d.CheckNumbers(t.Context(), other); !errors.As(err, &faults) || faults[0].Pointer != "/documentNumber" || faults[0].Args["number"] != "SS-2" {
		t.Errorf("%v", err)
	}

	// The same person is the same credential, under whatever key.
	for _, key := range []string{"row", "proposal", ""} {
		o.IdempotencyKey = key
		again, err := d.Issue(t.Context(), clerk, o)
		must(t, err)
		if again.ID != sofia.ID || !again.Repeated {
			t.Errorf("%q: a second copy %s", key, again.ID)
		}
	}
	// Of a class what a sheet leaves out is no difference.
	fewer := o
	fewer.Learner.Result, fewer.Learner.GivenName, fewer.Learner.FamilyName = "", "", ""
	less, err := d.IssueBatch(t.Context(), clerk, []issuer.Offer{fewer}, nil)
	must(t, err)
	if less[0].ID != sofia.ID {
		t.Errorf("got %s", less[0].ID)
	}
	// Another course has numbers of its own.
	d.issue(t, suspendable, "SS-2")

	// Of a revoked one a sheet is told so, of another person that it is another's.
	_, err = d.Revoke(t.Context(), clerk, sofia.ID, mistake)
	must(t, err)
	must(t, d.CheckNumbers(t.Context(), o))
	if err := d.CheckNumbers(t.Context(), other); !errors.As(err, &faults) {
		t.Errorf("%v", err)
	}
	o.IdempotencyKey = "a third"
	_, err = d.Issue(t.Context(), clerk, o)
	refused(t, err, "number_ended")
	rows, err := d.IssueBatch(t.Context(), clerk, []issuer.Offer{o}, nil)
	must(t, err)
	if rows[0].ID != sofia.ID || rows[0].State != issuer.StateRevoked {
		t.Errorf("%+v", rows[0])
	}
}

// Two drafts of one act see each other, and a reissue takes no number that is
// somebody else's.
func TestNumberTwiceInOneBatch(t *testing.T) {
	d := newDesk(t)
	plain, _ := d.templateNames(t)
	one, two := d.offer(t, plain, "A-1"), d.offer(t, plain, "A-1")
	two.Learner.Name, two.Learner.GivenName, two.Learner.FamilyName = "Persona Diversa", "", ""
	_, err := d.IssueBatch(t.Context(), clerk, []issuer.Offer{one, two}, nil)
	refused(t, err, "number_differs")
	rows, err := d.IssueBatch(t.Context(), clerk, []issuer.Offer{one, one}, nil)
	must(t, err)
	if rows[0].ID != rows[1].ID {
		t.Errorf("two of one: %s, %s", rows[0].ID, rows[1].ID)
	}
	second := d.issue(t, plain, "A-2")
	_, err = d.Reissue(t.Context(), clerk, second.ID, &two.Learner)
	refused(t, err, "number_differs")
	_, err = d.Reissue(t.Context(), clerk, second.ID, &one.Learner)
	refused(t, err, "number_taken")
	two.Learner.DocumentNumber = "A-2"
	_, err = d.Reissue(t.Context(), clerk, second.ID, &two.Learner) // its own number
	must(t, err)
}

// What a number was given to twice before there was a guard can be revoked, each
// by its id, and each person is still known by it.
func TestNumberGivenTwiceLongAgo(t *testing.T) {
	d := newDesk(t)
	plain, _ := d.templateNames(t)
	o, twin := d.offer(t, plain, "A-1"), d.offer(t, plain, "A-2")
	twin.Learner.Name, twin.Learner.GivenName, twin.Learner.FamilyName = "Persona Diversa", "", ""
	first, err := d.Issue(t.Context(), clerk, o)
	must(t, err)
	old, err := d.Issue(t.Context(), clerk, twin)
	must(t, err)
	must(t, d.store.Update(t.Context(), func(tx issuer.Tx) error {
		row, err := tx.Issuance(old.ID)
		if err != nil {
			return err
		}
		row.DocumentNumber = "A-1"
		return tx.PutIssuance(row)
	}))
	again, err := d.Issue(t.Context(), clerk, o)
	must(t, err)
	if again.ID != first.ID {
		t.Errorf("got %s, want the person's own", again.ID)
	}
	_, err = d.Revoke(t.Context(), clerk, "A-1", mistake)
	refused(t, err, "credential_ambiguous")
	for _, id := range []string{first.ID, old.ID} {
		_, err = d.Revoke(t.Context(), clerk, id, mistake)
		must(t, err)
	}
}

// A document of a client's own takes nobody's number either, in both orders.
func TestNumberOfARawDocument(t *testing.T) {
	d := newDesk(t)
	plain, _ := d.templateNames(t)
	o := d.offer(t, plain, "R-1")
	r, err := d.Template(t.Context(), plain)
	must(t, err)
	tpl, err := schema.ParseTemplate(r.Body)
	must(t, err)
	body, err := d.Body(t.Context(), "ente")
	must(t, err)
	raw := func(l schema.Learner) issuer.RawOffer {
		p := schema.Specimen(tpl)
		p.Learner, p.Issuer = l, schema.IssuerProfile{ID: body.DID, Name: body.Title, Country: body.Country, Region: body.Region}
		p.ID = "urn:uuid:00000000-0000-4000-8000-00000000000" + l.DocumentNumber[2:]
		p.StatusListURL = "https://elsewhere.example/status/1"
		p.ValidFrom = today.Truncate(24 * 60 * 60 * 1e9)
		document, err := tpl.Compose(p)
		must(t, err)
		return issuer.RawOffer{Issuer: "ente", Document: document}
	}
	other := o.Learner
	other.Name, other.GivenName, other.FamilyName = "Persona Diversa", "", ""
	d.issue(t, plain, "R-1")
	_, err = d.IssueRaw(t.Context(), clerk, raw(other))
	refused(t, err, "number_differs")
	_, err = d.IssueRaw(t.Context(), clerk, raw(o.Learner))
	must(t, err)
	other.DocumentNumber = "R-2"
	_, err = d.IssueRaw(t.Context(), clerk, raw(other))
	must(t, err)
	_, err = d.Issue(t.Context(), clerk, d.offer(t, plain, "R-2"))
	refused(t, err, "number_differs")
}

// Whoever repeats the request of somebody who was erased is told so, not that it
// was ended while it was signed.
func TestErasedIsSaidSo(t *testing.T) {
	d, _, o := onceDesk(t)
	ctx := request(t.Context(), "k", "one")
	row, err := d.Issue(ctx, clerk, o)
	must(t, err)
	full, err := d.Find(t.Context(), row.ID)
	must(t, err)
	_, err = d.Erase(t.Context(), clerk, full.Person)
	must(t, err)
	_, err = d.Issue(ctx, clerk, o)
	refused(t, err, "erased")
}
