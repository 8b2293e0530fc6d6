package boltstore

import (
	"encoding/hex"
	"time"

	"github.com/employment-passport/passport/issuer"
)

// What is remembered of an erasure stands in "erased" under the person's id, and
// in a file beside the store, see remember.

// ErasePerson destroys the key of a person and what leads to them, see
// issuer.People. That a request was answered before goes on being known by the
// keyed hash of its idempotency key: asked for again, it is not issued anew.
func (t *tx) ErasePerson(id string, at time.Time) error {
	people, err := t.table("people")
	if err != nil {
		return err
	}
	var r personRow
	if err := people.getJSON([]byte(id), &r); err != nil {
		return err
	}
	if !r.ErasedAt.IsZero() {
		return nil
	}
	e := issuer.Erasure{Person: id, At: utc(at), Credentials: []string{}}
	w, err := t.walkFor(issuer.Filter{Person: id})
	if err != nil {
		return err
	}
	for {
		numbers, err := w.next(chunk)
		if err != nil {
			return err
		}
		if len(numbers) == 0 {
			break
		}
		for _, n := range numbers {
			credential, err := t.eraseRow(number(n))
			if err != nil {
				return err
			}
			e.Credentials = append(e.Credentials, credential)
		}
	}
	for _, text := range r.Handles {
		key, err := hex.DecodeString(text)
		if err != nil {
			return damaged("a handle of person %s does not read", id)
		}
		if err := t.in("handles").remove(key); err != nil {
			return err
		}
	}
	if err := t.in("person_keys").remove([]byte(id)); err != nil {
		return err
	}
	t.lastSealer = nil
	r.Handles, r.ErasedAt = nil, utc(at)
	if err := people.putJSON([]byte(id), r); err != nil {
		return err
	}
	if err := t.writeMeta(rewriteKey, true); err != nil {
		return err
	}
	return t.in("erased").putJSON([]byte(id), e)
}

// eraseRow leaves of a row what names nobody.
func (t *tx) eraseRow(at []byte) (credential string, err error) {
	old, err := t.row(at)
	if err != nil || old.Erased {
		return old.ID, err
	}
	i := old
	i.Erased, i.TokenHash = true, tokenHash(old)
	forget(&i)
	return i.ID, t.writeRow(at, old, i)
}

// forget takes the words of the person out of a row.
func forget(i *issuer.Issuance) {
	i.IdempotencyKey, i.DocumentNumber, i.LearnerName, i.Note, i.Payload, i.Token = "", "", "", "", nil, ""
}
