package issuersheets

import (
	"context"
	"errors"
	"time"

	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/sheet"
)

// claimLife is how long people have to take what is offered: a slip is carried
// home, and a letter is read at the weekend.
const claimLife = 14 * 24 * time.Hour

// offering makes the offers of one job.
type offering struct {
	*Service
	post *post // nil: nobody is written to
}

// offer makes an offer for each row, and with a post writes to those who have an
// address.
func (s *offering) offer(ctx context.Context, j Job, rows []sheet.Row) (lines []handout, err error) {
	t, err := s.template(ctx, j.Issuer, j.Template)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		if err := ctx.Err(); err != nil {
			return lines, err
		}
		claim, err := s.Offers.Offer(ctx, j.By, Offered{Issuer: j.Issuer, Template: j.Template, Learner: r.Learner, Life: claimLife})
		var refused *issuer.Error
		if errors.As(err, &refused) && s.has(ctx, j, r, refused.Code) {
			lines = append(lines, handout{Row: r.Number, Result: rowUnchanged, ID: refused.Args["id"]})
			continue
		}
		if err != nil {
			return lines, &rowError{r.Number, err}
		}
		line := handout{
			Row: r.Number, Result: rowOffered, ID: claim.ID, Name: r.Learner.Name,
			Title: claim.Title, Body: claim.Body, Page: claim.Page, Link: claim.Link, Code: claim.Code, Until: claim.Until,
		}
		if s.post != nil && r.Email != "" {
			line.Result = s.post.write(ctx, letter(j, r, claim, t.Language()))
			if line.Result == rowNotMailed && ctx.Err() != nil {
				return lines, ctx.Err() // the service stops: this row's turn comes again
			}
		}
		lines = append(lines, line)
	}
	return lines, nil
}

// has tells, of an offer that was refused, whether the person has the credential
// already: the sheet may say less of them than it does.
func (s *offering) has(ctx context.Context, j Job, r sheet.Row, code string) bool {
	return isNumberFault(code) &&
		s.Issuer.CheckNumbers(ctx, issuer.Offer{Issuer: j.Issuer, Template: j.Template, Learner: r.Learner}) == nil
}
