package issuer

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/employment-passport/passport/schema"
)

// SeenID is the kind of the identity document that an officer has seen before
// anything is made anew for somebody who says that they have lost theirs. Its
// number is nobody's business here: a closed list has no room for one.
type SeenID string

// The kinds of identity documents.
const (
	SeenIdentityCard    SeenID = "identity-card"
	SeenPassport        SeenID = "passport"
	SeenResidencePermit SeenID = "residence-permit"
	SeenTravelDocument  SeenID = "travel-document" // of a refugee or a stateless person
	SeenDrivingLicence  SeenID = "driving-licence"
)

// SeenIDs are all kinds of identity documents.
func SeenIDs() []SeenID {
	return []SeenID{SeenIdentityCard, SeenPassport, SeenResidencePermit, SeenTravelDocument, SeenDrivingLicence}
}

// Lost is the statement of an officer that a person has lost their copies, and
// has shown who they are.
type Lost struct {
	Issuer      string   // name of the IssuerRecord
	Credentials []string // ids, 1 to MaxLost, all of one person
	Seen        SeenID
}

// MaxLost is how many credentials one statement may name.
const MaxLost = 50

// Copy is a credential of a person as it can be made anew, or cannot.
type Copy struct {
	Issuance
	Composite bool
	Why       *Error // why no new copy can be made; nil where one can

	// Doubt, of CopiesOf: it names another name or date of birth than the one that
	// was asked for, or was on another phone. A family shares a phone, and there are
	// two people of one name: an officer looks before it is given to anybody.
	Doubt bool
}

// CopiesOf returns what a person holds of an issuer, the newest first: whose the
// credential with that id is. What was never handed out, and what has a
// successor, is left out.
func (i *Issuer) CopiesOf(ctx context.Context, id string) (all []Copy, err error) {
	err = i.store.View(ctx, func(tx Tx) error {
		all = nil
		row, err := tx.Issuance(id)
		if err != nil {
			return unknown(err, "credential_unknown", "ref", id)
		}
		rows := []Issuance{row}
		if row.Person != "" {
			rows = rows[:0]
			err = tx.Issuances(Filter{Issuer: row.Issuer, Person: row.Person, Newest: true}, func(r Issuance) bool {
				rows = append(rows, r)
				return true
			})
			if err != nil {
				return err
			}
		}
		for _, r := range rows {
			if r.GivesWay() || r.Erased || r.Token == "" {
				continue
			}
			c, err := copyOf(tx, r)
			if err != nil {
				return err
			}
			if c.Doubt, err = differs(row, r); err != nil {
				return err
			}
			all = append(all, c)
		}
		return nil
	})
	return all, err
}

// differs tells whether two rows of one person may yet be two people's.
func differs(a, b Issuance) (bool, error) {
	if a.ID == b.ID || a.Token == "" {
		return false, nil
	}
	one, err := learnerOf(a)
	if err != nil {
		return false, err
	}
	other, err := learnerOf(b)
	if err != nil {
		return false, err
	}
	return foldedName(*one) != foldedName(*other) || one.BirthDate != other.BirthDate ||
		one.Holder != "" && other.Holder != "" && one.Holder != other.Holder, nil
}

func copyOf(tx Tx, row Issuance) (Copy, error) {
	_, err := tx.Composite(row.ID)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return Copy{}, err
	}
	c := Copy{Issuance: row, Composite: err == nil}
	c.Why = c.final()
	return c, nil
}

// final tells why a credential is not made anew for somebody who has lost it.
// What was revoked for another reason than a loss stays revoked, and a dispute is
// ended by whoever reinstates: a new copy is no way round either.
func (c Copy) final() *Error {
	switch {
	case c.Erased:
		return erased(c.Issuance)
	case c.SupersededBy != "":
		return refuse(codeSuperseded, "id", c.ID, "by", c.SupersededBy)
	case c.Token == "":
		return refuse("not_issued", "id", c.ID, "state", string(c.State))
	case c.Template == "":
		return refuse("reissue_raw", "id", c.ID)
	case c.State == StateSuspended:
		return refuse("lost_suspended", "number", c.DocumentNumber)
	case c.State == StateIssued || c.Reason == string(schema.LostOrCompromised):
		return nil
	case c.Composite && (c.Reason == ReasonComponent || c.Reason == string(schema.Superseded)):
		return nil // it fell with what was lost
	}
	return refuse("lost_revoked", "number", c.DocumentNumber)
}

// FindNumbered returns the credentials with a document number, of those issuers
// that may says yes to, latest copies first. Numbers are compared as they are
// typed: whatever the case, and with spaces around them.
func (i *Issuer) FindNumbered(ctx context.Context, number string, may func(issuer string) bool) (found []Issuance, err error) {
	number = strings.TrimSpace(number)
	err = i.store.View(ctx, func(tx Tx) error {
		found = nil
		for _, n := range slices.Compact([]string{number, strings.ToUpper(number)}) {
			rows, err := tx.IssuancesNumbered(n)
			if err != nil {
				return err
			}
			found = append(found, rows...)
		}
		found = slices.DeleteFunc(found, func(r Issuance) bool { return r.Erased || !may(r.Issuer) })
		return nil
	})
	slices.SortStableFunc(found, func(a, b Issuance) int { return order(a.GivesWay(), b.GivesWay()) })
	return found, err
}

// order puts false before true.
func order(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// Lose is one act: it keeps the statement in the log, and revokes every
// credential that it names as lost, if it is not revoked yet; also writes what
// belongs to the act, and may be nil. Nobody else need approve: see pressing. It
// makes nothing anew, and returns what was named, as it is by now.
//
// A statement without the kind of an identity document is refused with
// "seen_missing", one about several people with "lost_persons", and a credential
// of which no new copy can be made as Copy.Why tells.
func (i *Issuer) Lose(ctx context.Context, by Actor, l Lost, also func(*Act, []Copy) error) (lost []Copy, err error) {
	var after *falls
	err = i.update(ctx, by, func(a *act) (err error) {
		if lost, err = a.lose(l); err == nil && also != nil {
			err = also(&Act{a}, lost)
		}
		after = a.falls
		return err
	})
	if err != nil {
		return nil, err
	}
	i.afterFalls(ctx, by, after)
	return lost, nil
}

// lose is the part of Lose that belongs into the act.
func (a *act) lose(l Lost) ([]Copy, error) {
	lost, err := a.named(l)
	if err != nil {
		return nil, err
	}
	if err := a.log("lost.seen", lost[0].Person, string(l.Seen)+" "+strconv.Itoa(len(lost))); err != nil {
		return nil, err
	}
	for _, composites := range []bool{true, false} { // first those that would fall with the others
		for n := range lost {
			if lost[n].Composite != composites {
				continue
			}
			if err := a.revokeLost(&lost[n].Issuance); err != nil {
				return nil, err
			}
		}
	}
	return lost, nil
}

func (a *act) revokeLost(row *Issuance) error {
	if row.Ended() {
		return nil
	}
	row.State, row.Reason, row.ChangedAt = StateRevoked, string(schema.LostOrCompromised), a.at
	if err := a.setBit(row.StatusList, row.StatusIndex, true); err != nil {
		return err
	}
	if err := a.PutIssuance(*row); err != nil {
		return err
	}
	if err := a.log("revoke", row.ID, row.Reason); err != nil {
		return err
	}
	return a.fell(row.ID)
}

// check refuses what is no statement, before anything is looked up.
func (l Lost) check() error {
	switch {
	case l.Seen == "":
		return refuse("seen_missing", "known", seenIDs())
	case !slices.Contains(SeenIDs(), l.Seen):
		return refuse("seen_unknown", "seen", string(l.Seen), "known", seenIDs())
	case len(l.Credentials) == 0 || len(l.Credentials) > MaxLost:
		return refuse("lost_count", "max", strconv.Itoa(MaxLost))
	}
	return nil
}

// named finds what a statement is about, in its order and each once.
func (a *act) named(l Lost) (all []Copy, err error) {
	if err := l.check(); err != nil {
		return nil, err
	}
	for n, id := range l.Credentials {
		if slices.Contains(l.Credentials[:n], id) {
			continue
		}
		row, err := a.Issuance(id)
		if err == nil && row.Issuer != l.Issuer {
			err = ErrNotFound
		}
		if err != nil {
			return nil, unknown(err, "credential_unknown", "ref", id)
		}
		if row.Person == "" {
			if row.Person, err = a.adopt(row); err != nil {
				return nil, err
			}
		}
		c, err := copyOf(a.Tx, row)
		switch {
		case err != nil:
			return nil, err
		case c.Why != nil:
			return nil, c.Why
		case len(all) > 0 && all[0].Person != row.Person:
			return nil, refuse("lost_persons")
		}
		all = append(all, c)
	}
	return all, nil
}

func seenIDs() string {
	var words []string
	for _, s := range SeenIDs() {
		words = append(words, string(s))
	}
	return strings.Join(words, ", ")
}
