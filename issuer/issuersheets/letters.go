package issuersheets

import (
	"context"
	"errors"
	"time"

	"github.com/employment-passport/passport/internal/mail"
	"github.com/employment-passport/passport/issuer/sheet"
)

// defaultBackoff is how long the service waits before it asks a mail server
// again that was not ready.
var defaultBackoff = []time.Duration{time.Second, 5 * time.Second, 30 * time.Second, 2 * time.Minute}

// post writes the letters of one job. Once the server has stayed away through
// every wait, it is asked once for each further letter: their slips are printed.
type post struct {
	*Service
	job  Job
	wait []time.Duration
}

// write sends one letter and says what became of it. A letter may go twice when
// the service dies between the server's yes and its own record: SMTP has no
// memory. Both have one Message-ID, and lead to offers for the same person.
func (p *post) write(ctx context.Context, l mail.Letter) string {
	for n := 0; ; n++ {
		err := p.Mail.Send(ctx, l)
		switch {
		case err == nil:
			return rowMailed
		case !errors.Is(err, mail.ErrLater) || ctx.Err() != nil:
			return rowNotMailed
		case n == len(p.wait):
			p.wait = nil
			return rowNotMailed
		}
		if !p.pause(ctx, p.wait[n]) {
			return rowNotMailed
		}
	}
}

// pause waits for the mail server and says so. The other sheets of the issuer go
// on meanwhile. It is false when the job is cancelled or the service stops.
func (p *post) pause(ctx context.Context, d time.Duration) bool {
	changed, off := p.watch.on(p.job.ID)
	defer off()
	p.Log.Warn("sheet waits for the mail server", "job", p.job.ID, "for", d.String())
	p.busy.rest(p.job)
	p.nudge()
	p.Service.wait(p.job.ID, WaitMail)
	defer p.Service.wait(p.job.ID, "")
	timer := time.NewTimer(d)
	defer timer.Stop()
	for {
		if j, err := p.Job(ctx, p.job.ID); err == nil && j.Cancelling {
			return false
		}
		select {
		case <-timer.C:
			return true
		case <-changed:
		case <-ctx.Done():
			return false
		}
	}
}

// letter is what a person gets by mail: where the credential waits, and not the
// code that releases it.
func letter(j Job, r sheet.Row, c Claim, language string) mail.Letter {
	return mail.Letter{
		To: r.Email, Language: language, Name: r.Learner.Name, Title: c.Title, Issuer: c.Body, Page: c.Page, Link: c.Link, Until: c.Until,
		ID: j.ID + "." + r.Key,
	}
}
