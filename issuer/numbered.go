package issuer

import (
	"cmp"
	"context"
	"errors"
	"strings"

	"github.com/employment-passport/passport/schema"
)

// Numbered returns the credential that an offer has been issued as already: one
// of the same issuer and template with the learner's document number. It is
// marked Repeated. An offer without a number, or whose number is new, is nil.
//
// A credential whose particulars are not the offer's is refused with
// "number_differs": reissuing corrects it. One that differs in the holder's key
// alone is refused with "number_taken": reissuing binds it to another key. One
// that was revoked and has no successor is refused with "number_ended": handing
// it out once more would help nobody. Of a reissued one its latest copy counts.
func (i *Issuer) Numbered(ctx context.Context, o Offer) (found *Issuance, err error) {
	return i.numbered(ctx, draft{Offer: o, anew: true})
}

func (i *Issuer) numbered(ctx context.Context, d draft) (found *Issuance, err error) {
	o := d.Offer
	if o.Learner.DocumentNumber == "" {
		return nil, nil
	}
	err = i.store.View(ctx, func(tx Tx) error {
		rows, err := tx.IssuancesNumbered(o.Learner.DocumentNumber)
		if found = nil; err != nil || len(rows) == 0 {
			return err
		}
		if d.desk, err = openDesk(tx, o.Issuer, o.Template); err != nil {
			return err
		}
		found, err = numberOf(rows, d)
		return err
	})
	if err != nil || found == nil || found.Token == "" {
		return nil, err // a pending one is left to the idempotency key
	}
	found.Repeated = true
	return found, nil
}

// CheckNumbers tells what IssueBatch will refuse of an offer's document number,
// for whoever judges many before the first is issued: schema.Faults at
// /documentNumber. That the credential was revoked is an answer there.
func (i *Issuer) CheckNumbers(ctx context.Context, o Offer) error {
	_, err := i.numbered(ctx, draft{Offer: o})
	var refused *Error
	if !errors.As(err, &refused) || refused.Code != codeNumberDiffers && refused.Code != codeNumberTaken {
		return err
	}
	return schema.Faults{{Code: refused.Code, Pointer: "/documentNumber", Args: refused.Args}}
}

const (
	codeNumberDiffers = "number_differs"
	codeNumberTaken   = "number_taken"
	codeNumberEnded   = "number_ended"
)

// numberOf finds the credential in force that a draft would be once more, among
// those with its document number; nil when there is none. Registers of older
// releases may have the number several times: then it is the person's own one.
func numberOf(rows []Issuance, d draft) (*Issuance, error) {
	var ended *Issuance
	var refused error
	for n := range rows {
		r := &rows[n]
		switch {
		case r.Issuer != d.Issuer || r.GivesWay() || r.Erased || r.ID == d.replaces || d.besides(*r),
			r.Template != d.Template && r.Template != "",
			r.Token == "" && r.State != StatePending:
			continue
		case r.Ended():
			if r.Template != "" {
				ended = r
			}
			continue
		}
		is, err := d.is(*r)
		switch {
		case err == nil && is:
			return r, nil
		case err != nil:
			if !errors.As(err, new(*Error)) {
				return nil, err
			}
			refused = err
		}
	}
	if refused != nil || ended == nil || d.award != nil {
		return nil, refused
	}
	if !d.anew { // in a batch it is an answer, as under its key
		_, err := d.is(*ended)
		return ended, err
	}
	return nil, refuse(codeNumberEnded, "number", d.Learner.DocumentNumber, "id", ended.ID)
}

// besides tells whether the row belongs to the same request as the draft: one
// person has one number, and a credential for each of some keys.
func (d draft) besides(r Issuance) bool {
	return d.Together != "" && strings.HasPrefix(r.IdempotencyKey, d.Together)
}

// is tells whether a row with the draft's number is what the draft asks for: of
// one person alone every particular is held against it, of many what is said.
// One of a raw document never is, and refuses another person alone.
func (d draft) is(row Issuance) (bool, error) {
	was, err := particularsOf(row)
	if err != nil {
		return false, err
	}
	wanted, err := d.particulars()
	if err != nil {
		return false, err
	}
	number := d.Learner.DocumentNumber
	if row.Template == "" || d.award != nil {
		switch {
		case !samePersonAs(*was, *wanted):
			return false, refuse(codeNumberDiffers, "number", number, "id", row.ID)
		case row.Template != "":
			return false, refuse(codeNumberTaken, "number", number, "id", row.ID)
		}
		return false, nil
	}
	holder := cmp.Or(wanted.Holder, was.Holder)
	other := was.Holder != holder
	was.Holder, wanted.Holder = "", ""
	switch {
	case d.anew && *was != *wanted, contradict(*was, *wanted):
		return false, refuse(codeNumberDiffers, "number", number, "id", row.ID)
	case other:
		return false, refuse(codeNumberTaken, "number", number, "id", row.ID)
	case row.Profile != d.Profile:
		return false, refuse("profile_differs", "id", row.ID)
	}
	return true, nil
}

// contradict tells whether two learners say different things. What one of them
// leaves out is none: a sheet with fewer columns is about the same class.
func contradict(a, b schema.Learner) bool {
	for _, said := range [...][2]string{
		{a.Name, b.Name}, {a.GivenName, b.GivenName}, {a.FamilyName, b.FamilyName}, {a.NameOriginalScript, b.NameOriginalScript},
		{a.BirthDate, b.BirthDate}, {a.BirthPlace, b.BirthPlace}, {a.Organisation, b.Organisation}, {a.Result, b.Result},
		{a.StartedOn, b.StartedOn}, {a.CompletedOn, b.CompletedOn}, {string(a.Details), string(b.Details)},
	} {
		if said[0] != said[1] && said[0] != "" && said[1] != "" {
			return true
		}
	}
	return a.HoursAttended != b.HoursAttended && a.HoursAttended != 0 && b.HoursAttended != 0
}

// particulars are the learner's as a document of the template says them: there
// the forms of a name are one.
func (d draft) particulars() (*schema.Learner, error) {
	if d.award != nil {
		return &d.Learner, nil
	}
	p := schema.Specimen(d.desk.template)
	p.Learner = d.Learner
	document, err := d.desk.template.Compose(p)
	if err != nil {
		return nil, err
	}
	return learnerIn(document)
}

// particularsOf are those of a row that is signed, or about to be.
func particularsOf(row Issuance) (*schema.Learner, error) {
	if row.Token == "" {
		return learnerIn(row.Payload)
	}
	return learnerOf(row)
}

// samePersonAs holds the names and the dates of birth of two learners against
// each other, where both have them.
func samePersonAs(a, b schema.Learner) bool {
	return fullName(a) == fullName(b) && (a.BirthDate == b.BirthDate || a.BirthDate == "" || b.BirthDate == "")
}

// again returns the row that a draft with a document number is once more, or
// ErrNotFound for what is new. A number is one person's: whichever door a draft
// comes through, nobody else gets a credential under it.
func (a *act) again(d draft) (Issuance, error) {
	row, err := a.repeated(d)
	if err == nil {
		if known := row.Token != "" || len(row.Payload) > 0; known && d.guarded() && d.award == nil && d.replaces == "" {
			_, err = d.is(row)
		}
		return row, err
	}
	if !errors.Is(err, ErrNotFound) || !d.guarded() {
		return row, err
	}
	if d.replaces != "" { // what is reissued keeps its number
		old, err := a.Issuance(d.replaces)
		if err != nil {
			return row, err
		}
		if old.DocumentNumber == d.Learner.DocumentNumber {
			return row, ErrNotFound
		}
	}
	rows, err := a.IssuancesNumbered(d.Learner.DocumentNumber)
	if err != nil {
		return row, err
	}
	found, err := numberOf(rows, d)
	switch {
	case err != nil:
		return row, err
	case found == nil:
		return row, ErrNotFound
	case d.replaces != "":
		return row, refuse(codeNumberTaken, "number", found.DocumentNumber, "id", found.ID)
	}
	found.Repeated = found.State != StatePending
	return *found, nil
}

// notAnothers refuses a document of a client's own whose number is that of a
// credential in force of somebody else. The same person may have more of them: a
// document has no template that would tell a second copy from another one.
func (a *act) notAnothers(d draft, who schema.Learner) error {
	rows, err := a.IssuancesNumbered(who.DocumentNumber)
	for _, r := range rows {
		if r.Issuer != d.Issuer || r.GivesWay() || r.Erased || r.Ended() {
			continue
		}
		was, err := particularsOf(r)
		if err != nil {
			return err
		}
		if !samePersonAs(*was, who) {
			return refuse(codeNumberDiffers, "number", who.DocumentNumber, "id", r.ID)
		}
	}
	return err
}

// guarded tells whether a number was asked for by somebody: those that are made
// here are new.
func (d draft) guarded() bool { return d.raw == nil && d.Learner.DocumentNumber != "" }
