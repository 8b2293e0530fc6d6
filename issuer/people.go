package issuer

import (
	"context"
	"strings"
	"time"

	"github.com/employment-passport/passport/schema"
	"golang.org/x/text/unicode/norm"
)

// Person is somebody whom an issuer of this home has credentials of. Two
// credentials are one person's when they name the same holder, or else the same
// name, in any spelling of case and space, and the same full date of birth.
// Every person has a key of their own, which seals what their rows say of them.
type Person struct {
	ID        string // "per-" and 26 letters and digits
	Issuer    string // name of the IssuerRecord
	Name      string // as the newest credential has it; empty once erased
	CreatedAt time.Time
	ErasedAt  time.Time // zero for one who is not erased
}

// PeopleFilter narrows a listing of people; a zero field matches everything.
type PeopleFilter struct {
	Issuer string
	Name   string // part of the name, in any case
	Erased bool   // those who are erased as well

	After string // id of the person after whom the page begins, by id
	Limit int    // 0 is all
}

// People keeps whose credentials the rows of the register are, and the keys
// that seal them.
type People interface {
	// PersonFor returns the person of an issuer whom one of the handles means, the
	// first that means one, and lets the others mean that person too where they mean
	// nobody. When none does it makes a person. A handle is a text that tells people
	// apart ("holder did:…", "name …"); the store keeps a keyed hash of it. The id
	// of a person, who must be this issuer's and not erased, is a handle too.
	PersonFor(issuer string, handles []string, at time.Time) (Person, error)

	Person(id string) (Person, error)

	// People yields the people that the filter matches, by id, until yield returns
	// false; yield may not write.
	People(f PeopleFilter, yield func(Person) bool) error

	// ErasePerson destroys the key of a person and everything that leads from a
	// word of theirs to them or to their rows. Nothing that the person's rows say of
	// them can be read from then on. Twice is no error.
	ErasePerson(id string, at time.Time) error

	// Unowned yields the rows that name no person, oldest first, until yield
	// returns false; yield may write. It is quick when there are none.
	Unowned(yield func(Issuance) bool) error
}

// Person returns a person by id; ErrNotFound when there is none.
func (i *Issuer) Person(ctx context.Context, id string) (p Person, err error) {
	err = i.store.View(ctx, func(tx Tx) error {
		p, err = tx.Person(id)
		return err
	})
	return p, err
}

// People yields the people that the filter matches, by id.
func (i *Issuer) People(ctx context.Context, f PeopleFilter, yield func(Person) bool) error {
	return i.store.View(ctx, func(tx Tx) error { return tx.People(f, yield) })
}

// FindByHash returns the row whose token has that SHA-256, erased ones too;
// ErrNotFound when none has.
func (i *Issuer) FindByHash(ctx context.Context, hash [32]byte) (row Issuance, err error) {
	err = i.store.View(ctx, func(tx Tx) error {
		row, err = tx.IssuanceByHash(hash)
		return err
	})
	return row, err
}

// ownerOf returns the id of the person whose credential a draft's row will be:
// whoever has the one that it replaces, or else whom its learner's particulars
// mean.
func (a *act) ownerOf(row Issuance, d draft) (id string, err error) {
	learner := &d.Learner
	if d.raw != nil {
		if learner, err = learnerOfRow(row); err != nil {
			learner = &schema.Learner{} // a document of somebody else's kind
		}
	}
	return a.owner(row, *learner)
}

func (a *act) owner(row Issuance, l schema.Learner) (id string, err error) {
	handles := handlesOf(l)
	if row.Supersedes != "" {
		old, err := a.Issuance(row.Supersedes)
		if err != nil {
			return "", err
		}
		if old.Erased {
			return "", erased(old) // while its successor was being made
		}
		if old.Person == "" {
			if old.Person, err = a.adopt(old); err != nil {
				return "", err
			}
		}
		handles = append([]string{old.Person}, handles...)
	}
	p, err := a.PersonFor(row.Issuer, handles, a.at)
	return p.ID, err
}

// adopt gives a row of an older release its person.
func (a *act) adopt(row Issuance) (id string, err error) {
	l, err := learnerOfRow(row)
	if err != nil {
		l = &schema.Learner{} // nothing is left to read, or nothing that we read
	}
	if row.Person, err = a.owner(row, *l); err != nil {
		return "", err
	}
	return row.Person, a.Tx.PutIssuance(row)
}

// PutIssuance gives every row that an act touches its person.
func (a *act) PutIssuance(row Issuance) error {
	if row.Person == "" {
		_, err := a.adopt(row)
		return err
	}
	return a.Tx.PutIssuance(row)
}

// handlesOf are the texts that tell a person from others of an issuer: the
// holder's DID, and the name with the full date of birth. A name alone, or with a
// year, is many people's, and joining two of them cannot be undone.
func handlesOf(l schema.Learner) (handles []string) {
	if l.Holder != "" {
		handles = append(handles, "holder "+l.Holder)
	}
	if name := foldedName(l); name != "" && len(l.BirthDate) == len(time.DateOnly) {
		handles = append(handles, "name "+name+"\x00"+l.BirthDate)
	}
	return handles
}

// foldedName is a name but for case, spaces and the way in which Unicode writes
// an accent, as schema.SameName compares.
func foldedName(l schema.Learner) string {
	name := norm.NFC.String(strings.Join(strings.Fields(fullName(l)), " "))
	return norm.NFC.String(strings.ToLower(name))
}
