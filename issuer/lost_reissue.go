package issuer

import (
	"context"
	"errors"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/schema"
)

// Renewed is what became of a lost credential.
type Renewed struct {
	Old  string    // id
	New  *Issuance // nil where Why says why there is none
	Why  *Error
	Kept bool // New had been issued before
}

// ReissueLost is one act for everything that a person has lost: it revokes the
// old copies and records new ones, which are bound to no key and can be printed,
// and signs them when that is durable. A crash on the way leaves pending rows
// that Resume finishes; what was not come to is found again by CopiesOf. Two who
// do it at once get the same copies.
//
// What Lose refuses is refused, and by a body with the four-eyes rule everything
// that nobody else has approved ("needs_approval"); then nothing was done. A
// composite is made anew from its new components, after them; one that cannot be
// comes with Renewed.Why, and has to be awarded again.
func (i *Issuer) ReissueLost(ctx context.Context, by Actor, l Lost) ([]Renewed, error) {
	done, err := i.reissueOnce(ctx, by, l)
	if isRefusal(err, codeSuperseded) { // while we looked: then there is a copy by now
		return i.reissueOnce(ctx, by, l)
	}
	return done, err
}

const codeSuperseded = "already_superseded"

func (i *Issuer) reissueOnce(ctx context.Context, by Actor, l Lost) ([]Renewed, error) {
	if err := l.check(); err != nil {
		return nil, err
	}
	out := make([]Renewed, len(l.Credentials))
	rest, person := Lost{Issuer: l.Issuer, Seen: l.Seen}, ""
	for n, id := range l.Credentials {
		out[n].Old = id
		kept, err := i.unboundCopy(ctx, l.Issuer, id)
		if err != nil {
			return nil, err
		}
		switch {
		case kept == nil:
			rest.Credentials = append(rest.Credentials, id)
		case person != "" && kept.Person != person:
			return nil, refuse("lost_persons")
		default:
			person = kept.Person
		}
		out[n].New, out[n].Kept = kept, kept != nil
	}
	if len(rest.Credentials) == 0 {
		return out, nil
	}
	made, err := i.reissueLost(ctx, by, rest, person)
	for n := range out {
		if m, ok := made[out[n].Old]; ok {
			out[n].New, out[n].Why = m.New, m.Why
		}
	}
	return out, err
}

// unboundCopy is the copy that was made of a lost credential before: by the
// other desk, or by a request whose answer was lost. One for a key is none.
func (i *Issuer) unboundCopy(ctx context.Context, name, id string) (found *Issuance, err error) {
	err = i.store.View(ctx, func(tx Tx) error {
		found = nil
		row, err := tx.Issuance(id)
		if errors.Is(err, ErrNotFound) || err == nil && (row.Issuer != name || row.SupersededBy == "") {
			return nil // what is wrong with it is told by the act
		}
		if err != nil {
			return err
		}
		next, err := tx.Issuance(row.SupersededBy)
		if err != nil || next.State != StateIssued || next.Erased {
			return err
		}
		l, err := learnerOf(next)
		if err == nil && l.Holder == "" {
			found = &next
		}
		return err
	})
	return found, err
}

// reissueLost makes new copies; person, unless empty, is whose they must be.
func (i *Issuer) reissueLost(ctx context.Context, by Actor, l Lost, person string) (map[string]Renewed, error) {
	drafts, err := i.draftsOfLost(ctx, l)
	if err != nil {
		return nil, err
	}
	var lost []Copy
	var rows []pending
	var after *falls
	err = i.update(ctx, by, func(a *act) (err error) {
		if err := a.fourEyes(ctx, by, l.Issuer); err != nil {
			return err
		}
		if lost, err = a.lose(l); err != nil {
			return err
		}
		if person != "" && lost[0].Person != person {
			return refuse("lost_persons")
		}
		rows, err = a.recordDrafts(ctx, by, drafts)
		after = a.falls
		return err
	})
	if err != nil {
		return nil, one(err)
	}
	i.afterFalls(ctx, by, after)
	made, err := i.finishLost(ctx, by, drafts, rows)
	if err != nil {
		return made, one(err)
	}
	return made, i.awardLost(ctx, by, lost, made)
}

// finishLost signs the new copies and settles them, each as the successor of its
// old one.
func (i *Issuer) finishLost(ctx context.Context, by Actor, drafts []draft, rows []pending) (map[string]Renewed, error) {
	made := map[string]Renewed{}
	if len(rows) == 0 {
		return made, nil
	}
	i.sign(ctx, rows)
	settled, err := i.settle(context.WithoutCancel(ctx), by, rows)
	for n := range settled {
		if settled[n].Token == "" {
			continue
		}
		old := drafts[n].replaces
		if l, err := learnerOf(settled[n]); err != nil || l.Holder != "" { // somebody's phone was quicker
			return made, errors.Join(err, refuse(codeSuperseded, "id", old, "by", settled[n].ID))
		}
		made[old] = Renewed{Old: old, New: &settled[n]}
	}
	return made, err
}

// draftsOfLost are the new copies of those that are no composites.
func (i *Issuer) draftsOfLost(ctx context.Context, l Lost) ([]draft, error) {
	var offers []Offer
	for _, id := range l.Credentials {
		row, err := i.Find(ctx, id)
		if err != nil {
			return nil, err
		}
		c, err := i.composite(ctx, row.ID)
		if err != nil {
			return nil, err
		}
		if c != nil || row.Token == "" || row.Template == "" || row.Issuer != l.Issuer {
			continue // of the others the act tells what is wrong
		}
		learner, err := learnerOf(row)
		if err != nil {
			return nil, err
		}
		learner.Holder = "" // the key is lost
		offers = append(offers, Offer{
			Issuer: row.Issuer, Template: row.Template, Learner: *learner, Profile: row.Profile,
			IdempotencyKey: "reissue " + row.ID, replaces: row.ID,
		})
	}
	drafts, err := i.validate(ctx, offers)
	for n := range drafts {
		drafts[n].anew = true
	}
	return drafts, one(err)
}

// awardLost makes the composites anew, now that their components are.
func (i *Issuer) awardLost(ctx context.Context, by Actor, lost []Copy, made map[string]Renewed) error {
	for _, c := range lost {
		if !c.Composite {
			continue
		}
		row, err := i.reissueUnbound(ctx, by, c.Issuance)
		var refused *Error
		var faults schema.Faults
		switch {
		case errors.As(err, &refused):
		case errors.As(err, &faults) && len(faults) > 0:
			refused = &Error{Code: faults[0].Code, Args: faults[0].Args, Err: err}
		case err != nil:
			return err
		}
		made[c.ID] = Renewed{Old: c.ID, New: row, Why: refused}
	}
	return nil
}

func (i *Issuer) reissueUnbound(ctx context.Context, by Actor, old Issuance) (*Issuance, error) {
	learner, err := learnerOf(old)
	if err != nil {
		return nil, err
	}
	learner.Holder = ""
	return i.reissue(ctx, by, old, learner, old.Profile)
}

// Learner reads the person's particulars out of what was signed.
func (i Issuance) Learner() (*schema.Learner, error) { return learnerOf(i) }

// Title is what the document that was signed is called; empty where there is
// none.
func (i Issuance) Title() string {
	_, payload, err := jose.ParseUnverified(i.Token)
	if err != nil {
		return ""
	}
	c, err := schema.ParseCredential(payload)
	if err != nil {
		return ""
	}
	return c.View().Title
}
