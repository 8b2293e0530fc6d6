package issuer

import (
	"context"
	"errors"

	"github.com/employment-passport/passport/schema"
)

// Fall tells of a composite that ended because a component did.
type Fall struct {
	Composite   Issuance // as it is now
	Component   string   // id of what fell
	Replacement string   // id of the composite that takes its place; empty for none
	Waiting     bool     // the replacement waits for its key
}

// ReasonComponent is the reason code of a composite that ended because a
// component did, where nobody has told why that ended: a status list says that a
// credential is revoked, and a new copy of it may be on its way. It says nothing
// of what the person can do.
const ReasonComponent = "component-ended"

// falls is what an act has done to composites, and what is to be signed after it.
type falls struct {
	fallen []Fall
	redo   []pending
}

// fell ends the composites that rest on a credential of this register that has
// just been revoked. It is part of the act that revokes: there is no moment at
// which the component is revoked and the composite stands, and no key is asked
// for. Where enough is left, the composite that takes its place is recorded in
// the same act, to be signed when that is durable.
func (a *act) fell(id string) error {
	named, err := a.CompositesOf(id)
	if err != nil {
		return err
	}
	for _, c := range named {
		if !c.restsOn(id) {
			continue
		}
		reason := schema.Reason(ReasonComponent)
		if row, err := a.Issuance(id); err != nil {
			return err
		} else if r := schema.Reason(row.Reason); r.Revokes() && r != schema.Superseded {
			reason = r
		}
		if err := a.endComposite(c, id, reason); err != nil {
			return err
		}
	}
	return nil
}

// restsOn tells whether a credential of this register is what the composite
// counts on today.
func (c Composite) restsOn(id string) bool {
	for _, p := range c.Components {
		if p.Own && !p.Spare && p.Current() == id {
			return true
		}
	}
	return false
}

// endComposite revokes a composite because of a component. One that has ended
// before stays as it is.
func (a *act) endComposite(c Composite, because string, reason schema.Reason) error {
	was, err := a.Issuance(c.ID)
	if err != nil || was.Ended() || was.State == StateVoid {
		return err
	}
	row := was
	row.State, row.Payload, row.ChangedAt = StateRevoked, nil, a.at
	row.Reason, row.Note = string(reason), "component "+because
	if err := a.setBit(row.StatusList, row.StatusIndex, true); err != nil {
		return err
	}
	if err := a.PutIssuance(row); err != nil {
		return err
	}
	if err := a.log("composite.fell", row.ID, because); err != nil {
		return err
	}
	if err := a.log("revoke", row.ID, row.Reason); err != nil {
		return err
	}
	if a.falls == nil {
		a.falls = &falls{}
	}
	at := len(a.falls.fallen)
	a.falls.fallen = append(a.falls.fallen, Fall{Composite: row, Component: because})
	if err := a.fell(row.ID); err != nil {
		return err
	}
	next, err := a.replace(was, c)
	a.falls.fallen[at].Replacement = next
	return err
}

// replace records the composite that takes the place of one that fell, when
// enough of it stands. What keeps it from being made (no key in use, a rule
// that has changed) keeps nothing from being revoked.
func (a *act) replace(was Issuance, c Composite) (id string, err error) {
	if a.doubted {
		return "", nil // no day to write into it
	}
	d, err := a.draftAgain(was, c, nil)
	var refused *Error
	var faults schema.Faults
	if errors.As(err, &refused) || errors.As(err, &faults) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	shelves := map[string]*shelf{}
	row, err := a.recordOne(d, shelves)
	if err != nil {
		return "", err
	}
	for _, s := range shelves {
		if err := s.put(); err != nil {
			return "", err
		}
	}
	a.falls.redo = append(a.falls.redo, pending{Issuance: row, key: d.desk.key})
	return row.ID, nil
}

// afterFalls signs the composites that an act has recorded and tells what
// became of all. It has no error: the act is durable, and what could not be
// signed now stays pending for Resume.
func (i *Issuer) afterFalls(ctx context.Context, by Actor, f *falls) []Fall {
	if f == nil {
		return nil
	}
	i.sign(ctx, f.redo)
	var rows []pending
	waiting := map[string]bool{}
	for _, p := range f.redo {
		if errors.Is(p.err, errKeyAway) {
			waiting[p.ID] = true
			continue
		}
		rows = append(rows, p)
	}
	states := map[string]State{}
	if len(rows) > 0 {
		settled, err := i.settle(context.WithoutCancel(ctx), by, rows)
		for n, p := range rows {
			if settled == nil || err != nil && settled[n].ID == "" {
				waiting[p.ID] = true
				continue
			}
			states[p.ID] = settled[n].State
		}
	}
	for n := range f.fallen {
		one := &f.fallen[n]
		switch {
		case waiting[one.Replacement]:
			one.Waiting = true
		case states[one.Replacement] != StateIssued:
			one.Replacement = ""
		}
		i.tellFall(*one)
	}
	return f.fallen
}

// tellSuspended says which composites rest on a credential that has been
// suspended: they stand, because a suspension takes nothing away for good, and
// whoever is shown the component sees it.
func (i *Issuer) tellSuspended(ctx context.Context, row Issuance) {
	if row.State != StateSuspended {
		return
	}
	_ = i.store.View(ctx, func(tx Tx) error { // the act is done; this only tells
		named, err := tx.CompositesOf(row.ID)
		for _, c := range named {
			if is, err := tx.Issuance(c.ID); err == nil && c.restsOn(row.ID) && !is.Ended() {
				i.notice("award.suspended", map[string]string{"id": is.ID, "number": is.DocumentNumber, "component": row.ID})
			}
		}
		return err
	})
}

func (i *Issuer) tellFall(f Fall) {
	args := map[string]string{"id": f.Composite.ID, "number": f.Composite.DocumentNumber, "component": f.Component, "new": f.Replacement}
	switch {
	case f.Waiting:
		i.notice("award.fell_waiting", args)
	case f.Replacement != "":
		i.notice("award.fell_again", args)
	default:
		i.notice("award.fell", args)
	}
}
