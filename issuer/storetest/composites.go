package storetest

import (
	"fmt"
	"testing"

	"github.com/employment-passport/passport/issuer"
)

// composite is one of the components with these numbers.
func composite(n int, components ...int) issuer.Composite {
	c := issuer.Composite{
		ID: row(n).ID, Definition: "https://regione.example/passport/definition", Version: "1", Need: len(components),
	}
	for _, k := range components {
		c.Components = append(c.Components, issuer.Component{
			ID: row(k).ID, Requirement: fmt.Sprintf("R%d", k), Issuer: "did:web:ferrara.example", Own: k%2 == 0, Spare: k%5 == 0,
			KeyID: "did:web:ferrara.example#key-1", Digest: [16]byte{byte(k), 0xff}, ValidFrom: day,
			Status: []issuer.StatusPlace{
				{Purpose: "revocation", List: "https://ferrara.example/status/1", Index: fmt.Sprint(k)},
				{Purpose: "suspension", List: "https://ferrara.example/status/2", Index: "131071"},
			},
		})
	}
	return c
}

func putComposites(t *testing.T, s issuer.Store, all ...issuer.Composite) {
	t.Helper()
	update(t, s, func(tx issuer.Tx) error {
		for _, c := range all {
			if err := tx.PutComposite(c); err != nil {
				return err
			}
		}
		return nil
	})
}

var compositeTests = map[string]func(*testing.T, Harness){
	"what was put is found by its id and by each component": func(t *testing.T, h Harness) {
		s := h.New(t)
		one, two := composite(10, 1, 2, 3), composite(11, 3, 4, 5)
		putComposites(t, s, two, one)
		s = h.Reopen(t, s)
		view(t, s, func(tx issuer.Tx) error {
			got, err := tx.Composite(one.ID)
			same(t, "composite", got, one, err)
			_, err = tx.Composite(row(1).ID)
			absent(t, "a component by itself", err)
			for component, want := range map[int][]issuer.Composite{1: {one}, 3: {one, two}, 5: {two}, 6: nil} {
				got, err := tx.CompositesOf(row(component).ID)
				same(t, fmt.Sprint("of component ", component), got, want, err)
			}
			got2, err := tx.CompositesOf(row(1).ID[:12])
			same(t, "of the beginning of an id", got2, nil, err)
			return nil
		})
	},
	"a change moves what leads to it": func(t *testing.T, h Harness) {
		s := h.New(t)
		c := composite(10, 1, 2)
		putComposites(t, s, c)
		c.Components[0].Successor = row(7).ID
		c.Components[1].Fallen = true
		putComposites(t, s, c)
		view(t, s, func(tx issuer.Tx) error {
			for _, id := range []int{1, 2, 7} {
				got, err := tx.CompositesOf(row(id).ID)
				same(t, fmt.Sprint("of component ", id), got, []issuer.Composite{c}, err)
			}
			return nil
		})
		c.Components = c.Components[:1]
		c.Components[0].Successor = row(8).ID
		putComposites(t, s, c)
		view(t, s, func(tx issuer.Tx) error {
			for id, n := range map[int]int{1: 1, 2: 0, 7: 0, 8: 1} {
				got, err := tx.CompositesOf(row(id).ID)
				same(t, fmt.Sprint("of component ", id), len(got), n, err)
			}
			return nil
		})
	},
	"each is yielded once, and yield may write": func(t *testing.T, h Harness) {
		s := h.New(t)
		putComposites(t, s, composite(12, 1), composite(10, 1), composite(11, 2))
		var seen []string
		update(t, s, func(tx issuer.Tx) error {
			return tx.EachComposite(func(c issuer.Composite) bool {
				seen = append(seen, c.ID)
				c.Components[0].Fallen = true
				if err := tx.PutComposite(c); err != nil {
					t.Error(err)
				}
				return true
			})
		})
		same(t, "by id", seen, []string{row(10).ID, row(11).ID, row(12).ID}, nil)
		view(t, s, func(tx issuer.Tx) error {
			first := 0
			err := tx.EachComposite(func(c issuer.Composite) bool { first++; return false })
			same(t, "stopped", first, 1, err)
			return nil
		})
	},
	"an error undoes a composite": func(t *testing.T, h Harness) {
		s := h.New(t)
		refused(t, s, "two acts, the second bad", func(tx issuer.Tx) error {
			if err := tx.PutComposite(composite(10, 1)); err != nil {
				t.Error(err)
			}
			return tx.PutComposite(issuer.Composite{})
		})
		view(t, s, func(tx issuer.Tx) error {
			_, err := tx.Composite(row(10).ID)
			absent(t, "composite", err)
			got, err := tx.CompositesOf(row(1).ID)
			same(t, "of its component", got, nil, err)
			if err := tx.PutComposite(composite(10, 1)); err == nil {
				t.Error("written through a view")
			}
			return nil
		})
	},
	"a definition is kept once": func(t *testing.T, h Harness) {
		s := h.New(t)
		const id = "https://regione.example/passport/definition"
		update(t, s, func(tx issuer.Tx) error { return tx.PutDefinition(id, "1", "eyJ.first.sig") })
		update(t, s, func(tx issuer.Tx) error { return tx.PutDefinition(id, "1", "eyJ.first.sig") })
		refused(t, s, "another one of that version", func(tx issuer.Tx) error { return tx.PutDefinition(id, "1", "eyJ.other.sig") })
		update(t, s, func(tx issuer.Tx) error { return tx.PutDefinition(id, "2", "eyJ.second.sig") })
		s = h.Reopen(t, s)
		view(t, s, func(tx issuer.Tx) error {
			got, err := tx.Definition(id, "1")
			same(t, "first version", got, "eyJ.first.sig", err)
			got, err = tx.Definition(id, "2")
			same(t, "second version", got, "eyJ.second.sig", err)
			_, err = tx.Definition(id, "3")
			absent(t, "third version", err)
			var all []string
			err = tx.EachDefinition(func(token string) bool { all = append(all, token); return len(all) < 5 })
			same(t, "all versions", all, []string{"eyJ.first.sig", "eyJ.second.sig"}, err)
			all = nil
			err = tx.EachDefinition(func(token string) bool { all = append(all, token); return false })
			same(t, "one asked for", all, []string{"eyJ.first.sig"}, err)
			return nil
		})
		refused(t, s, "a definition without a name", func(tx issuer.Tx) error { return tx.PutDefinition("", "1", "t") })
	},
}
