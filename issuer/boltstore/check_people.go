package boltstore

import (
	"encoding/hex"
	"fmt"

	"github.com/employment-passport/passport/issuer"
)

// checkOwner compares a row with its person; empty when they fit.
func (t *tx) checkOwner(i issuer.Issuance) string {
	if i.Person == "" {
		return ""
	}
	var r personRow
	if err := t.in("people").getJSON([]byte(i.Person), &r); err != nil {
		return fmt.Sprintf("person %s: %v", i.Person, err)
	}
	if r.Issuer != i.Issuer || i.Erased == r.ErasedAt.IsZero() {
		return fmt.Sprintf("person %s is another issuer's, or erased and the row is not, or the other way round", i.Person)
	}
	return ""
}

// checkPeople compares the people with their keys, with what leads to them, and
// with what is remembered of those who were erased.
func (t *tx) checkPeople() (problems []string) {
	add := func(format string, args ...any) { problems = append(problems, fmt.Sprintf(format, args...)) }
	var keys, erased, handles uint64
	err := t.in("people").scan(nil, nil, func(id, value []byte) (bool, error) {
		var r personRow
		if err := t.in("people").decode(value, &r); err != nil {
			return false, err
		}
		if r.ErasedAt.IsZero() {
			keys++
		} else {
			erased++
		}
		if t.in("person_keys").has(id) != r.ErasedAt.IsZero() {
			add("person %s has no key, or one although erased", id)
		}
		if t.in("erased").has(id) == r.ErasedAt.IsZero() {
			add("person %s is remembered as erased and is not, or the other way round", id)
		}
		for _, text := range r.Handles {
			handles++
			key, _ := hex.DecodeString(text) // one that does not read leads nowhere
			if to, err := t.in("handles").get(key); err != nil || string(to) != string(id) {
				add("a handle of person %s leads elsewhere", id)
			}
		}
		return len(problems) < maxProblems, nil
	})
	if err != nil {
		add("%v", err)
	}
	for name, want := range map[string]uint64{"person_keys": keys, "erased": erased, "handles": handles} {
		if got := t.in(name).total.Count; len(problems) == 0 && got != want {
			add("table %s has %d records, the people want %d", name, got, want)
		}
	}
	return problems
}
