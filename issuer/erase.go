package issuer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Eraser takes out what the records of a package hold of a person, in the
// transaction that erases the person. It knows the person by id, and by the names
// that KnownAs gives. In a store that was restored (Restoring) it may not ask for
// anything to be finished first: nobody is left who would.
type Eraser func(ctx context.Context, tx Tx, p Person) error

type restoringKey struct{}

// Restoring tells an Eraser that it is asked again, in a store that was restored.
func Restoring(ctx context.Context) bool { return ctx.Value(restoringKey{}) != nil }

// KnownAs returns what a person who is being erased is called: p.Name and every
// other name that their credentials have, each once, and the ids of those.
func KnownAs(tx Tx, p Person) (names, ids []string, err error) {
	if p.Name != "" {
		names = append(names, p.Name)
	}
	err = tx.Issuances(Filter{Person: p.ID}, func(row Issuance) bool {
		if row.LearnerName != "" && !slices.Contains(names, row.LearnerName) {
			names = append(names, row.LearnerName)
		}
		ids = append(ids, row.ID)
		return true
	})
	return names, ids, err
}

// Erased tells of an erasure: one that was made, or that would be.
type Erased struct {
	Person      Person   // once erased without a name; before without an id where no row names one yet
	Credentials []string // ids of the person's rows
}

// Erasure is what a store remembers of an erasure beside its tables, so that a
// backup from before it is not taken for what is true today.
type Erasure struct {
	Person      string    `json:"person"`
	At          time.Time `json:"at"`
	Credentials []string  `json:"credentials"`
}

// Compacter is what a Store can be besides: one that rewrites its file, so that
// nothing of what was erased is left in pages that are free. It returns when the
// new file is the store. Erase calls it after the act is durable; a store that
// stands for another one elsewhere forwards it.
type Compacter interface {
	Compact(ctx context.Context) error
}

// Rememberer is what a Store can be besides: one that remembers, over a restore,
// who was erased.
type Rememberer interface {
	Remembered(ctx context.Context) ([]Erasure, error)
}

// Erase erases a person: ref is the id of the person, of one of their
// credentials, or its document number, whole. The key that seals what the rows say of
// them is destroyed, and what led to them by name; ids, hashes, times and places
// in lists stay, so that what the holder has still verifies and can be revoked
// by its id. Pending rows are given up. Then the store's file is rewritten.
//
// It refuses with "person_unknown" and "person_ambiguous". When all is durable
// and only the file could not be rewritten it says so with "erase_rewrite",
// beside what it did; Erase of the same person tries that again.
func (i *Issuer) Erase(ctx context.Context, by Actor, ref string) (done Erased, err error) {
	err = i.update(ctx, by, func(a *act) error {
		m, err := whoseIs(a.Tx, ref)
		if err != nil {
			return err
		}
		done, err = a.erase(ctx, m, i.erasers)
		return err
	})
	if err != nil {
		return Erased{}, err
	}
	if err := compact(ctx, i.store); err != nil {
		return done, refuse("erase_rewrite", "person", done.Person.ID).because(err)
	}
	return done, nil
}

// Erasable tells what Erase would erase, and changes nothing.
func (i *Issuer) Erasable(ctx context.Context, ref string) (would Erased, err error) {
	err = i.store.View(ctx, func(tx Tx) error {
		m, err := whoseIs(tx, ref)
		would = Erased{Person: m.person, Credentials: idsOf(m.rows)}
		return err
	})
	return would, err
}

func compact(ctx context.Context, s Store) error {
	if c, ok := s.(Compacter); ok {
		return c.Compact(ctx)
	}
	return nil
}

// erase erases whom m means, in one act with what the erasers take out.
func (a *act) erase(ctx context.Context, m meant, erasers []Eraser) (done Erased, err error) {
	done = Erased{Person: m.person, Credentials: idsOf(m.rows)}
	if !m.person.ErasedAt.IsZero() {
		return done, nil
	}
	for n := range m.rows {
		if err := a.eraseRow(&m.rows[n], &done.Person.ID); err != nil {
			return done, err
		}
	}
	p := done.Person
	if done.Person, err = a.Person(p.ID); err != nil {
		return done, err
	}
	p.Issuer, p.CreatedAt = done.Person.Issuer, done.Person.CreatedAt
	for _, e := range erasers {
		if err := e(ctx, a.Tx, p); err != nil {
			return done, fmt.Errorf("erase %s: %w", p.ID, err)
		}
	}
	if err := a.ErasePerson(p.ID, a.at); err != nil {
		return done, err
	}
	if done.Person, err = a.Person(p.ID); err != nil {
		return done, err
	}
	return done, a.log(actErase, p.ID, fmt.Sprintf("%d credentials", len(m.rows)))
}

const actErase = "erase"

// eraseRow readies a row: one of an older release becomes the person's, whose id
// it sets where there was none, and a pending one is given up.
func (a *act) eraseRow(row *Issuance, person *string) (err error) {
	if row.Person == "" {
		if *person == "" {
			row.Person, err = a.adopt(*row)
		} else {
			var p Person
			if p, err = a.PersonFor(row.Issuer, append([]string{*person}, handlesIn(*row)...), a.at); err == nil {
				row.Person, err = p.ID, nil
			}
		}
		if err != nil {
			return err
		}
		*person = row.Person
		if err := a.Tx.PutIssuance(*row); err != nil {
			return err
		}
	}
	if row.State == StatePending {
		return a.void(row)
	}
	return nil
}

// eraseAgain erases, in a store that was restored, whom the one before it had
// erased. It returns how many there were.
func (a *act) eraseAgain(ctx context.Context, remembered []Erasure, erasers []Eraser) (n int, err error) {
	ctx = context.WithValue(ctx, restoringKey{}, true)
	for _, e := range remembered {
		for _, ref := range append([]string{e.Person}, e.Credentials...) {
			m, err := whoseIs(a.Tx, ref)
			if isRefusal(err, "person_unknown") || err == nil && !m.person.ErasedAt.IsZero() {
				continue // of after the backup, or gone already
			}
			if err != nil {
				return n, err
			}
			if _, err := a.erase(ctx, m, erasers); err != nil {
				return n, err
			}
			n++
		}
	}
	return n, nil
}

// meant is whom somebody means who wants a person erased: their rows, those of
// older releases among them, which name nobody yet.
type meant struct {
	person Person
	rows   []Issuance
}

// whoseIs finds the person of an id, or whose a credential or document number is.
func whoseIs(tx Tx, ref string) (m meant, err error) {
	if strings.HasPrefix(ref, "per-") {
		if m.person, err = tx.Person(ref); err != nil {
			return m, unknown(err, "person_unknown", "ref", ref)
		}
	} else if m.rows, err = tx.FindIssuance(ref); err != nil {
		return m, unknown(err, "person_unknown", "ref", ref)
	} else if r := m.rows[0]; ref != r.ID && "urn:uuid:"+ref != r.ID && ref != r.DocumentNumber {
		return m, refuse("person_unknown", "ref", ref) // the beginning of an id: too little for what cannot be undone
	}
	if m.person, err = onePerson(tx, ref, m); err != nil {
		return m, err
	}
	if m.person.ID != "" {
		strays := unowned(m.rows)
		m.rows = nil
		err = tx.Issuances(Filter{Person: m.person.ID}, func(row Issuance) bool {
			m.rows = append(m.rows, row)
			return true
		})
		if err != nil {
			return m, err
		}
		m.rows = append(m.rows, strays...)
	}
	return m, m.addStrays(tx)
}

// onePerson is whose the rows are; rows of several people are refused.
func onePerson(tx Tx, ref string, m meant) (p Person, err error) {
	p = m.person
	for _, row := range m.rows {
		switch {
		case row.Issuer != m.rows[0].Issuer, row.Person != "" && p.ID != "" && row.Person != p.ID:
			return p, refuse("person_ambiguous", "ref", ref, "ids", ids(m.rows))
		case row.Person != "" && p.ID == "":
			if p, err = tx.Person(row.Person); err != nil {
				return p, err
			}
		}
	}
	if left := unowned(m.rows); len(left) > 1 && !sameHandles(left) {
		return p, refuse("person_ambiguous", "ref", ref, "ids", ids(m.rows))
	}
	if p.ID == "" && p.Issuer == "" && len(m.rows) > 0 {
		p = Person{Issuer: m.rows[0].Issuer, Name: m.rows[len(m.rows)-1].LearnerName}
	}
	return p, nil
}

// addStrays adds the rows of older releases that are the same person's.
func (m *meant) addStrays(tx Tx) error {
	if !m.person.ErasedAt.IsZero() {
		return nil
	}
	is, have := map[string]bool{}, map[string]bool{}
	for _, row := range m.rows {
		have[row.ID] = true
		for _, h := range handlesIn(row) {
			is[h] = true
		}
	}
	if len(is) == 0 {
		return nil
	}
	return tx.Unowned(func(row Issuance) bool {
		if have[row.ID] || row.Issuer != m.person.Issuer {
			return true
		}
		for _, h := range handlesIn(row) {
			if is[h] {
				m.rows = append(m.rows, row)
				break
			}
		}
		return true
	})
}

func unowned(rows []Issuance) (left []Issuance) {
	for _, row := range rows {
		if row.Person == "" {
			left = append(left, row)
		}
	}
	return left
}

// sameHandles tells whether rows have a handle in common.
func sameHandles(rows []Issuance) bool {
	count := map[string]int{}
	for _, row := range rows {
		for _, h := range handlesIn(row) {
			count[h]++
		}
	}
	for _, n := range count {
		if n == len(rows) {
			return true
		}
	}
	return false
}

// handlesIn are the handles of the person whom a row's document names.
func handlesIn(row Issuance) []string {
	l, err := learnerOfRow(row)
	if err != nil {
		return nil
	}
	return handlesOf(*l)
}

func idsOf(rows []Issuance) []string {
	all := make([]string, len(rows))
	for n, row := range rows {
		all[n] = row.ID
	}
	return all
}

// erased refuses what needs the person's data, which is gone.
const codeErased = "erased"

func erased(row Issuance) *Error { return refuse(codeErased, "id", row.ID) }

func isRefusal(err error, code string) bool {
	var e *Error
	return errors.As(err, &e) && e.Code == code
}
