package issuersheets_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/issuersheets"
)

// A row with the number of somebody else's credential is a fault of that row, in
// a dry run and in earnest, and nobody's certificate is printed for it.
func TestNumberOfAnotherPersonIsARowFault(t *testing.T) {
	w := newWorld(t)
	w.start(t)
	w.ended(t, w.send(t, "", class(2)).ID)
	w.pass(time.Minute)
	wrong := strings.Replace(class(3), "Ada b;", "Persona Diversa;", 1)

	_, text := w.ask(t, "POST", "/api/v1/sheets?dryRun=true&issuer=ente&template="+template, wrong)
	var dry issuersheets.DryRun
	must(t, json.Unmarshal([]byte(text), &dry))
	if dry.Ready != 2 || len(dry.Faults) != 1 || dry.Faults[0].Row != 3 || dry.Faults[0].Code != "number_differs" || !strings.Contains(dry.Faults[0].Message, "N-1") || !strings.Contains(dry.Faults[0].Message, "reissue") {
		t.Fatalf("%s", text)
	}
	if v := w.ended(t, w.send(t, "", wrong).ID); v.State != issuersheets.StateRefused || w.issued(t) != 2 {
		t.Errorf("%+v", v)
	}
	v := w.ended(t, w.send(t, "&skipFaulty=true", wrong).ID)
	if v.State != issuersheets.StateDone || v.Counts.Issued != 1 || v.Counts.Unchanged != 1 || v.FaultyRows != 1 {
		t.Fatalf("%+v", v)
	}
	_, report := w.ask(t, "GET", v.Links["report"], "")
	if strings.Count(report, "\n3,") != 1 || !strings.Contains(report, "number_differs") {
		t.Errorf("%s", report)
	}
}

// claimed refuses as offers do for a person who has the credential.
type claimed struct{ *offers }

func (c claimed) Offer(ctx context.Context, by issuer.Actor, n issuersheets.Offered) (issuersheets.Claim, error) {
	if n.Learner.DocumentNumber == "N-0" {
		return issuersheets.Claim{}, &issuer.Error{Code: "number_taken", Args: map[string]string{"number": "N-0", "id": "urn:uuid:1"}}
	}
	return c.offers.Offer(ctx, by, n)
}

// Whoever has the credential gets no slip, and the report says so.
func TestSlipForWhomHasIt(t *testing.T) {
	w, o := newWorld(t), &offers{}
	w.shut()
	w.config = func(c *issuersheets.Config) { c.Offers = claimed{o} }
	w.open(t)
	w.start(t)
	v := w.ended(t, w.send(t, "&delivery=slip", class(2)).ID)
	if v.State != issuersheets.StateDone || v.Counts.Offered != 1 || v.Counts.Unchanged != 1 || len(o.made) != 1 {
		t.Fatalf("%+v", v)
	}
	_, report := w.ask(t, "GET", v.Links["report"], "")
	if !strings.Contains(report, "2,unchanged,") || !strings.Contains(report, "3,offered,") {
		t.Errorf("%s", report)
	}
}
