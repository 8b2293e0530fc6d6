package boltstore

import (
	"cmp"
	"crypto/rand"
	"encoding/base32"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/employment-passport/passport/issuer"
)

// A person stands under their id in "people" and their key in "person_keys";
// "handles" leads from keyed hashes of what tells people apart to the id, and
// "row_people" from the id to the numbers of their rows. The name is nowhere but
// in the rows.

type personRow struct {
	ID        string    `json:"id"`
	Issuer    string    `json:"iss"`
	CreatedAt time.Time `json:"created"`
	ErasedAt  time.Time `json:"erased,omitzero"`
	Handles   []string  `json:"handles,omitempty"` // hex of the keyed hashes
}

// personPrefix begins the id of every person.
const personPrefix = "per-"

// newPersonID makes an id whose beginning grows with time, so that new people
// are written side by side in the file: 48 bits of milliseconds and 80 random
// ones.
func newPersonID(at time.Time) string {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], uint64(max(at.UnixMilli(), 0))<<16)
	rand.Read(b[6:]) // never fails, see crypto/rand
	return personPrefix + strings.ToLower(base32.HexEncoding.WithPadding(base32.NoPadding).EncodeToString(b[:]))
}

// PersonFor returns the person whom a handle means, see issuer.People.
func (t *tx) PersonFor(name string, handles []string, at time.Time) (issuer.Person, error) {
	people, err := t.table("people")
	if err != nil {
		return issuer.Person{}, err
	}
	keys := make([][]byte, len(handles))
	var id string
	missing := 0
	for n, h := range handles {
		if strings.HasPrefix(h, personPrefix) {
			id = cmp.Or(id, h)
			continue
		}
		if keys[n], err = t.keyed("handle", name+"\x00"+h); err != nil {
			return issuer.Person{}, err
		}
		is, err := t.in("handles").get(keys[n])
		switch {
		case errors.Is(err, issuer.ErrNotFound):
			missing++
		case err != nil:
			return issuer.Person{}, err
		default:
			id = cmp.Or(id, string(is))
		}
	}
	var r personRow
	switch id {
	case "":
		r = personRow{ID: newPersonID(at), Issuer: name, CreatedAt: utc(at)}
		var key [32]byte
		rand.Read(key[:]) // never fails, see crypto/rand
		if err := t.in("person_keys").put([]byte(r.ID), key[:]); err != nil {
			return issuer.Person{}, err
		}
	default:
		if err := people.getJSON([]byte(id), &r); err != nil {
			return issuer.Person{}, noPerson(id, err)
		}
		if r.Issuer != name || !r.ErasedAt.IsZero() {
			return issuer.Person{}, fmt.Errorf("person %s is nobody whom %s has credentials of", id, name)
		}
		if missing == 0 {
			return r.person(), nil
		}
	}
	for _, key := range keys {
		if key == nil || t.in("handles").has(key) {
			continue
		}
		if err := t.in("handles").add(key, []byte(r.ID)); err != nil {
			return issuer.Person{}, err
		}
		r.Handles = append(r.Handles, hex.EncodeToString(key))
	}
	return r.person(), people.put([]byte(r.ID), r.line())
}

func (r personRow) person() issuer.Person {
	return issuer.Person{ID: r.ID, Issuer: r.Issuer, CreatedAt: r.CreatedAt, ErasedAt: r.ErasedAt}
}

// noPerson says that what leads to a person leads nowhere: damage.
func noPerson(id string, err error) error {
	if errors.Is(err, issuer.ErrNotFound) {
		return damaged("person %s is gone", id)
	}
	return err
}

// Person returns a person by id, with the name of the newest row.
func (t *tx) Person(id string) (issuer.Person, error) {
	people, err := t.table("people")
	if err != nil {
		return issuer.Person{}, err
	}
	var r personRow
	if err := people.getJSON([]byte(id), &r); err != nil {
		return issuer.Person{}, err
	}
	return t.named(r)
}

// named gives a person the name that their newest named row has.
func (t *tx) named(r personRow) (issuer.Person, error) {
	p := r.person()
	if !r.ErasedAt.IsZero() {
		return p, nil
	}
	w, err := t.walkFor(issuer.Filter{Person: r.ID, Newest: true})
	if err != nil {
		return p, err
	}
	for {
		numbers, err := w.next(4)
		if err != nil || len(numbers) == 0 {
			return p, err
		}
		for _, n := range numbers {
			if p.Name, err = t.nameIn(number(n)); err != nil || p.Name != "" {
				return p, err
			}
		}
	}
}

// nameIn is the learner's name in a row.
func (t *tx) nameIn(at []byte) (string, error) {
	var r issuanceRow
	if err := t.in("rows").getJSON(at, &r); err != nil {
		return "", gone(at, err)
	}
	i, err := r.issuance()
	if err != nil {
		return "", err
	}
	err = t.openRow(at, r, &i)
	return i.LearnerName, err
}

// People yields the people that the filter matches, by id.
func (t *tx) People(f issuer.PeopleFilter, yield func(issuer.Person) bool) error {
	people, err := t.table("people")
	if err != nil {
		return err
	}
	found := 0
	return people.scan(nil, []byte(f.After), func(key, value []byte) (bool, error) {
		var r personRow
		if string(key) == f.After {
			return true, nil
		}
		if err := people.decode(value, &r); err != nil {
			return false, err
		}
		if f.Issuer != "" && r.Issuer != f.Issuer || !f.Erased && !r.ErasedAt.IsZero() {
			return true, nil
		}
		p, err := t.named(r)
		if err != nil {
			return false, err
		}
		if !strings.Contains(strings.ToLower(p.Name), strings.ToLower(f.Name)) {
			return true, nil
		}
		found++
		return yield(p) && found != f.Limit, nil
	})
}

// Unowned yields the rows that name no person, see issuer.People.
func (t *tx) Unowned(yield func(issuer.Issuance) bool) error {
	rows, err := t.table("rows")
	if err != nil || rows.total.Count == t.in("row_people").total.Count {
		return err
	}
	return t.Issuances(issuer.Filter{}, func(i issuer.Issuance) bool { return i.Person != "" || yield(i) })
}
