package storetest

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"

	"github.com/employment-passport/passport/issuer"
)

var peopleTests = map[string]func(*testing.T, Harness){
	"who is whom": func(t *testing.T, h Harness) {
		s := h.New(t)
		update(t, s, func(tx issuer.Tx) error {
			who := func(name string, handles ...string) string {
				p, err := tx.PersonFor(name, handles, day)
				if err != nil || !strings.HasPrefix(p.ID, "per-") || p.Issuer != name {
					t.Errorf("%v: %+v, %v", handles, p, err)
				}
				return p.ID
			}
			anna := who("ferrara", "name anna 1990")
			same(t, "again", who("ferrara", "name anna 1990"), anna, nil)
			same(t, "with a phone now", who("ferrara", "holder did:1", "name anna 1990"), anna, nil)
			same(t, "by the phone", who("ferrara", "holder did:1"), anna, nil)
			same(t, "by the id, with another name", who("ferrara", anna, "name anna rossi 1990"), anna, nil)
			same(t, "by that name", who("ferrara", "name anna rossi 1990"), anna, nil)
			if other := who("lodz", "name anna 1990"); other == anna {
				t.Error("another issuer's")
			}
			if a, b := who("ferrara"), who("ferrara"); a == b || a == anna {
				t.Error("whom nothing tells apart from others is somebody else")
			}
			p, err := tx.Person(anna)
			same(t, "anna", p, issuer.Person{ID: anna, Issuer: "ferrara", CreatedAt: day}, err)
			_, err = tx.Person("per-nobody")
			absent(t, "nobody", err)
			if _, err := tx.PersonFor("lodz", []string{anna}, day); err == nil {
				t.Error("another issuer's person by id")
			}
			return nil
		})
	},
	"rows of a person": func(t *testing.T, h Harness) {
		s := h.New(t)
		rows := owned(t, s, 7)
		put(t, s, row(8)) // nobody's
		s = h.Reopen(t, s)
		view(t, s, func(tx issuer.Tx) error {
			for n, want := range rows {
				got, err := tx.Issuance(want.ID)
				same(t, fmt.Sprintf("row %d", n), got, want, err)
				byHash, err := tx.IssuanceByHash(sha256.Sum256([]byte(want.Token)))
				same(t, "by hash", byHash.ID, want.ID, err)
				byKey, err := tx.IssuanceByKey(want.IdempotencyKey)
				same(t, "by key", byKey.ID, want.ID, err)
				byNumber, err := tx.FindIssuance(want.DocumentNumber)
				same(t, "by number", byNumber, []issuer.Issuance{want}, err)
			}
			_, err := tx.IssuanceByHash([32]byte{1})
			absent(t, "no such hash", err)
			person := rows[0].Person
			same(t, "of the first", ids(t, tx, issuer.Filter{Person: person}), []string{rows[0].ID, rows[3].ID, rows[6].ID}, nil)
			same(t, "by name", len(ids(t, tx, issuer.Filter{Learner: "LEARNER 1"})), 2, nil)
			p, err := tx.Person(person)
			same(t, "the name that the newest row has", p.Name, rows[6].LearnerName, err)
			var strays []string
			err = tx.Unowned(func(i issuer.Issuance) bool { strays = append(strays, i.ID); return true })
			same(t, "nobody's", strays, []string{row(8).ID}, err)
			return nil
		})
		moved := rows[0]
		moved.Person = rows[1].Person
		refused(t, s, "a row that changes its person", func(tx issuer.Tx) error { return tx.PutIssuance(moved) })
		stranger := row(9)
		stranger.Person = "per-nobody"
		refused(t, s, "a row of nobody known", func(tx issuer.Tx) error { return tx.PutIssuance(stranger) })
		adopted := row(8)
		adopted.Person = rows[0].Person
		put(t, s, adopted)
		view(t, s, func(tx issuer.Tx) error {
			got, err := tx.IssuanceByKey(adopted.IdempotencyKey)
			same(t, "adopted, by key", got, adopted, err)
			found, err := tx.FindIssuance(adopted.DocumentNumber)
			same(t, "adopted, by number", found, []issuer.Issuance{adopted}, err)
			return tx.Unowned(func(issuer.Issuance) bool { t.Error("still nobody's"); return true })
		})
	},
	"people by page": func(t *testing.T, h Harness) {
		s := h.New(t)
		owned(t, s, 6)
		view(t, s, func(tx issuer.Tx) error {
			var all []string
			err := tx.People(issuer.PeopleFilter{}, func(p issuer.Person) bool { all = append(all, p.ID); return true })
			same(t, "all", len(all), 3, err)
			for _, tt := range []struct {
				f    issuer.PeopleFilter
				want int
			}{
				{issuer.PeopleFilter{Issuer: "ferrara"}, 3}, {issuer.PeopleFilter{Issuer: "lodz"}, 0},
				{issuer.PeopleFilter{Name: "learner 2"}, 1}, {issuer.PeopleFilter{Limit: 2}, 2},
				{issuer.PeopleFilter{After: all[0]}, 2}, {issuer.PeopleFilter{After: all[2]}, 0},
			} {
				n := 0
				err := tx.People(tt.f, func(issuer.Person) bool { n++; return true })
				same(t, fmt.Sprintf("%+v", tt.f), n, tt.want, err)
			}
			return nil
		})
	},
	"erase": func(t *testing.T, h Harness) {
		s := h.New(t)
		rows := owned(t, s, 6)
		gone := rows[0].Person
		update(t, s, func(tx issuer.Tx) error { return tx.ErasePerson(gone, day) })
		update(t, s, func(tx issuer.Tx) error { return tx.ErasePerson(gone, day) }) // twice is no error
		refused(t, s, "a person who never was", func(tx issuer.Tx) error { return tx.ErasePerson("per-nobody", day) })
		s = h.Reopen(t, s)
		view(t, s, func(tx issuer.Tx) error {
			was := rows[0]
			got, err := tx.Issuance(was.ID)
			want := was
			want.Erased, want.TokenHash = true, sha256.Sum256([]byte(was.Token))
			want.LearnerName, want.DocumentNumber, want.IdempotencyKey, want.Token, want.Note = "", "", "", "", ""
			same(t, "what is left", got, want, err)
			byHash, err := tx.IssuanceByHash(want.TokenHash)
			same(t, "by hash", byHash, want, err)
			_, err = tx.FindIssuance(was.DocumentNumber)
			absent(t, "by number", err)
			same(t, "by name", ids(t, tx, issuer.Filter{Learner: was.LearnerName}), nil, nil)
			again, err := tx.IssuanceByKey(was.IdempotencyKey)
			same(t, "the request is known still", again.ID, was.ID, err)
			p, err := tx.Person(gone)
			same(t, "the person", p, issuer.Person{ID: gone, Issuer: "ferrara", CreatedAt: day, ErasedAt: day}, err)
			n := 0
			err = tx.People(issuer.PeopleFilter{}, func(issuer.Person) bool { n++; return true })
			same(t, "people", n, 2, err)
			err = tx.People(issuer.PeopleFilter{Erased: true}, func(issuer.Person) bool { n++; return true })
			same(t, "people, the erased as well", n, 5, err)
			other, err := tx.Issuance(rows[1].ID)
			same(t, "somebody else's", other, rows[1], err)
			return nil
		})
		update(t, s, func(tx issuer.Tx) error {
			p, err := tx.PersonFor("ferrara", []string{"holder did:example:0"}, day)
			if p.ID == gone {
				t.Error("the handle still means who was erased")
			}
			return err
		})
		// What is left can still be ended; words do not come back with it.
		revoked := rows[0]
		revoked.State, revoked.Reason, revoked.Note = issuer.StateRevoked, "issued-in-error", "words"
		put(t, s, revoked)
		view(t, s, func(tx issuer.Tx) error {
			got, err := tx.Issuance(revoked.ID)
			same(t, "state", got.State, issuer.StateRevoked, err)
			same(t, "words", got.LearnerName+got.Token+got.Note, "", nil)
			return nil
		})
	},
	"pages": func(t *testing.T, h Harness) {
		s := h.New(t)
		var all []string
		var rows []issuer.Issuance
		for n := range 300 {
			i := issued(row(n + 1))
			if n%3 == 0 {
				i.Issuer = "lodz"
			}
			if n%50 == 7 {
				i.State = issuer.StateRevoked
			}
			if n%2 == 1 {
				i.Template = "welding"
			}
			all, rows = append(all, i.ID), append(rows, i)
		}
		put(t, s, rows...)
		view(t, s, func(tx issuer.Tx) error {
			for _, f := range []issuer.Filter{
				{}, {Issuer: "lodz"}, {Template: "welding"}, {Issuer: "lodz", Template: "welding"}, {State: issuer.StateRevoked},
				{State: issuer.StateIssued, Issuer: "ferrara"}, {Since: day.Add(150e9)}, {Issuer: "lodz", State: issuer.StateRevoked},
				{Learner: "zoë", Issuer: "ferrara", Template: "welding", Since: day.Add(20e9)},
			} {
				want := ids(t, tx, f)
				same(t, fmt.Sprintf("pages of %+v", f), pages(t, tx, f), want, nil)
				f.Newest = true
				back := pages(t, tx, f)
				same(t, fmt.Sprintf("pages of %+v", f), len(back), len(want), nil)
				for n, id := range back {
					if id != want[len(want)-1-n] {
						t.Errorf("%+v: row %d from the end is %s", f, n, id)
						break
					}
				}
			}
			same(t, "rows", ids(t, tx, issuer.Filter{}), all, nil)
			err := tx.Issuances(issuer.Filter{After: "urn:uuid:none"}, func(issuer.Issuance) bool { return true })
			absent(t, "after nothing", err)
			return nil
		})
	},
}

// owned puts n issued rows of three people.
func owned(t *testing.T, s issuer.Store, n int) (rows []issuer.Issuance) {
	t.Helper()
	update(t, s, func(tx issuer.Tx) error {
		rows = nil
		for k := range n {
			p, err := tx.PersonFor("ferrara", []string{fmt.Sprintf("holder did:example:%d", k%3)}, day)
			if err != nil {
				return err
			}
			i := issued(row(k + 1))
			i.Person, i.LearnerName, i.Note = p.ID, fmt.Sprintf("Learner %d", k%3), "said at the desk"
			if err := tx.PutIssuance(i); err != nil {
				return err
			}
			rows = append(rows, i)
		}
		return nil
	})
	return rows
}

// pages lists by pages of seven.
func pages(t *testing.T, tx issuer.Tx, f issuer.Filter) (all []string) {
	t.Helper()
	for f.Limit = 7; ; {
		page := ids(t, tx, f)
		if len(page) == 0 {
			return all
		}
		all = append(all, page...)
		f.After = page[len(page)-1]
	}
}
