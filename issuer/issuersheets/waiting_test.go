package issuersheets_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/employment-passport/passport/internal/mail"
	"github.com/employment-passport/passport/issuer/issuersheets"
)

// deaf is a mail server that never answers.
type deaf struct{}

func (deaf) Send(context.Context, mail.Letter) error { return mail.ErrLater }

// TestFaultDeadMailServerHoldsNobodyUp: a sheet whose letters nobody takes says
// what it waits for; the body's next sheet is done meanwhile; and whoever cancels
// waits for nothing. It said "0 of 12 rows done" for three minutes before, and
// the next sheet stood behind it.
func TestFaultDeadMailServerHoldsNobodyUp(t *testing.T) {
	w := newWorld(t)
	w.shut()
	w.config = func(c *issuersheets.Config) {
		c.Offers, c.Mail, c.Backoff = &offers{}, deaf{}, []time.Duration{time.Hour}
	}
	w.open(t)
	w.start(t)
	letters := w.send(t, "&delivery=mail", class(12))
	v := w.until(t, letters.ID, func(v issuersheets.View) bool { return v.WaitingFor != "" })
	if v.WaitingFor != issuersheets.WaitMail || v.State != issuersheets.StateIssuing || !strings.Contains(v.Message, "mail server") {
		t.Fatalf("%+v", v)
	}
	if v := w.ended(t, w.send(t, "", class(5)).ID); v.State != issuersheets.StateDone || v.Counts.Issued != 5 {
		t.Errorf("the next sheet: %+v", v)
	}
	if res, text := w.ask(t, "DELETE", "/api/v1/sheets/"+letters.ID, ""); res.StatusCode != http.StatusAccepted {
		t.Fatalf("%d %s", res.StatusCode, text)
	}
	if v := w.ended(t, letters.ID); v.State != issuersheets.StateCancelled || v.WaitingFor != "" {
		t.Errorf("%+v", v)
	}
}

// TestCancelledBeforeItsTurn: a sheet that waits for its turn ends when it is
// told to, not when its turn comes.
func TestCancelledBeforeItsTurn(t *testing.T) {
	w := newWorld(t)
	sent := w.send(t, "", class(3))
	res, text := w.ask(t, "DELETE", "/api/v1/sheets/"+sent.ID, "")
	if res.StatusCode != http.StatusAccepted || !strings.Contains(text, `"state":"cancelled"`) {
		t.Fatalf("%d %s", res.StatusCode, text)
	}
	w.start(t)
	if v := w.ended(t, w.send(t, "", class(2)).ID); v.State != issuersheets.StateDone {
		t.Errorf("%+v", v)
	}
	if v := w.ended(t, sent.ID); v.State != issuersheets.StateCancelled || w.issued(t) != 2 {
		t.Errorf("%+v, %d issued", v, w.issued(t))
	}
}
