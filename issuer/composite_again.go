package issuer

import (
	"context"
	"errors"
	"slices"

	"github.com/employment-passport/passport/schema"
)

// succeeded lets the successor of a component count in its place: whoever
// rests on old rests on row from now on, in the act that issues row. A successor
// that names another person, or another key of the person, than the composite
// does counts for none: such a composite ends here, as its holder's other
// credentials have, and is reissued with the new particulars. Neither does one
// that no longer meets what the old one met. A spare one goes without a word.
func (a *act) succeeded(old string, row Issuance) error {
	named, err := a.CompositesOf(old)
	if err != nil {
		return err
	}
	for _, c := range named {
		is, err := a.Issuance(c.ID)
		if err != nil {
			return err
		}
		if is.Ended() || is.State == StateVoid || is.Erased {
			continue
		}
		counts, err := counting(a.Tx, is, c)
		if err != nil {
			return err
		}
		ended, changed := false, false
		kept := make([]Component, 0, len(c.Components))
		for _, p := range c.Components {
			if !p.Own || p.Current() != old {
				kept = append(kept, p)
				continue
			}
			changed = true
			if !counts(p.Requirement, row.Token) {
				ended = ended || !p.Spare
				continue
			}
			next, err := componentOf(row.Token, p.Requirement)
			if err != nil {
				return err
			}
			next.ID, next.Own, next.Spare, next.Successor = p.ID, true, p.Spare, row.ID
			kept = append(kept, next)
		}
		if ended {
			if err := a.endComposite(c, old, schema.Superseded); err != nil {
				return err
			}
			continue
		}
		c.Components = kept
		if !changed {
			continue
		}
		if err := a.PutComposite(c); err != nil {
			return err
		}
		if err := a.log("composite.successor", c.ID, row.ID); err != nil {
			return err
		}
	}
	return nil
}

// again is what still stands of a composite, for a person.
type again struct {
	record Composite
	tokens []string // of its components that are ours
	others []string // ids of good ones that are somebody else's now
}

// standing is the record of a composite made of what still stands of another:
// of each requirement the component itself, its latest copy, or the spare one,
// if it is who's and meets what it stands for.
func standing(tx Tx, c Composite, definition *schema.PassportDefinition, who *schema.Credential) (next again, err error) {
	next.record = Composite{Definition: c.Definition, Version: c.Version, Need: c.Need}
	var spare []Component
	met, used := map[string]bool{}, map[string]bool{}
	for _, wanted := range []bool{false, true} { // those that it names first
		for _, p := range c.Components {
			if p.Spare != wanted {
				continue
			}
			now, token, good, err := p.today(tx)
			if err != nil {
				return next, err
			}
			if good && token != "" {
				good = next.takes(definition, who, now, token)
			}
			switch {
			case !good || used[now.ID]:
			case met[now.Requirement]:
				now.Spare = true
				spare = append(spare, now)
			default:
				met[now.Requirement], used[now.ID] = true, true
				now.Spare = false
				next.record.Components = append(next.record.Components, now)
				if token != "" {
					next.tokens = append(next.tokens, token)
				}
			}
		}
	}
	next.record.Components = append(next.record.Components, spare...)
	return next, nil
}

// takes tells whether a credential of ours counts for the person.
func (g *again) takes(definition *schema.PassportDefinition, who *schema.Credential, c Component, token string) bool {
	part, err := credentialIn(token)
	if err != nil {
		return false
	}
	if !schema.SamePerson(who, part) {
		g.others = append(g.others, c.ID)
		return false
	}
	return counts(definition, who, c.Requirement, part)
}

// today is what a component is now, with its token where it is ours, and
// whether it counts.
func (p Component) today(tx Tx) (now Component, token string, good bool, err error) {
	if !p.Own {
		p.ID, p.Successor = p.Current(), ""
		return p, "", !p.Fallen, nil
	}
	row, err := tx.Issuance(p.Current())
	for err == nil && row.SupersededBy != "" {
		row, err = tx.Issuance(row.SupersededBy)
	}
	if err != nil || row.State != StateIssued || row.Erased {
		return p, "", false, err
	}
	now, err = componentOf(row.Token, p.Requirement)
	now.Own, now.Spare = true, p.Spare
	return now, row.Token, err == nil, err
}

// draftAgain is the draft of a composite that takes the place of was: for the
// same person, or for learner, made of what still stands.
func (a *act) draftAgain(was Issuance, c Composite, learner *schema.Learner) (draft, error) {
	return draftAgain(a.Tx, was, c, learner)
}

func draftAgain(tx Tx, was Issuance, c Composite, learner *schema.Learner) (d draft, err error) {
	if was.Erased {
		return d, erased(was) // nobody is left to name
	}
	definition, token, err := definitionOf(tx, c)
	if err != nil {
		return d, err
	}
	given := learner != nil
	if !given {
		if learner, err = learnerOfRow(was); err != nil {
			return d, err
		}
	}
	left, err := standing(tx, c, definition, personOf(*learner))
	if err != nil {
		return d, err
	}
	next := left.record
	switch have := next.named(); {
	case given && slices.ContainsFunc(next.Components, func(p Component) bool { return !p.Own && !p.Spare }):
		return d, refuse("award_bring_again", "id", was.ID) // whose the other bodies' are is not known here
	case len(have) >= next.Need && len(have) > 0:
	case len(left.others) > 0:
		return d, refuse("award_other_person", "id", left.others[0])
	default:
		return d, incomplete(definition, progressOf(definition, next))
	}
	if d.desk, err = openDesk(tx, was.Issuer, ""); err != nil {
		return d, err
	}
	replaces := was.ID
	if was.Token == "" && was.Supersedes != "" {
		replaces = was.Supersedes // it was never signed: the world knows only the one before
	}
	d.Offer = Offer{
		Issuer: was.Issuer, Template: was.Template, Learner: *learner, Profile: was.Profile,
		IdempotencyKey: "reissue " + replaces, replaces: replaces,
	}
	d.anew = true
	d.award = &award{definition: definition, token: token, record: next}
	pieces := make([]*schema.Credential, len(left.tokens))
	for n, t := range left.tokens {
		if pieces[n], err = credentialIn(t); err != nil {
			return d, err
		}
	}
	return d, samePerson(d, pieces, was.CreatedAt)
}

// progressOf says how far a record goes.
func progressOf(d *schema.PassportDefinition, c Composite) schema.Progress {
	p := schema.Progress{Need: c.Need, Met: c.named()}
	p.Have = len(p.Met)
	has := map[string]bool{}
	for _, one := range p.Met {
		has[one.Requirement] = true
	}
	for _, r := range d.Requirements {
		if !has[r.Ref] {
			p.Missing = append(p.Missing, r)
		}
	}
	return p
}

// learnerOfRow reads the person's particulars out of what is, or was about to
// be, signed.
func learnerOfRow(row Issuance) (*schema.Learner, error) {
	if row.Token != "" {
		return learnerOf(row)
	}
	return learnerIn(row.Payload)
}

// composite returns the record of a composite, nil for a row that is none.
func (i *Issuer) composite(ctx context.Context, id string) (found *Composite, err error) {
	err = i.store.View(ctx, func(tx Tx) error {
		c, err := tx.Composite(id)
		if errors.Is(err, ErrNotFound) {
			return nil
		}
		found = &c
		return err
	})
	return found, err
}

// reissueComposite is Reissue of a composite: it rests on what stands today.
func (i *Issuer) reissueComposite(ctx context.Context, by Actor, old Issuance, c Composite, learner *schema.Learner, profile Profile) (*Issuance, error) {
	var d draft
	err := i.store.View(ctx, func(tx Tx) (err error) {
		d, err = draftAgain(tx, old, c, learner)
		return err
	})
	if err != nil {
		return nil, err
	}
	d.Profile = profile
	if faults := profile.CheckLearner(d.Learner); len(faults) > 0 {
		return nil, faults
	}
	return i.issueOne(ctx, by, d)
}
