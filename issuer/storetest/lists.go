package storetest

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"github.com/employment-passport/passport/issuer"
)

func list(n int) issuer.StatusList {
	return issuer.StatusList{
		URL: fmt.Sprintf("https://ferrara.example/status/%d", n), Issuer: "ferrara", Purpose: "revocation", Number: n,
		PermutationKey: [32]byte{byte(n), 1, 2, 255}, Entries: 131072, Next: 10, Version: 3, SignedAt: day, ChangedAt: day.Add(time.Hour),
	}
}

var listTests = map[string]func(*testing.T, Harness){
	"come back": func(t *testing.T, h Harness) {
		s := h.New(t)
		other := list(3)
		other.Issuer, other.URL = "lodz", "https://lodz.example/status/3"
		closed := list(10)
		closed.Closed = true
		update(t, s, func(tx issuer.Tx) error {
			for _, l := range []issuer.StatusList{closed, list(2), other} {
				if err := tx.PutStatusList(l); err != nil {
					return err
				}
			}
			return nil
		})
		view(t, s, func(tx issuer.Tx) error {
			got, err := tx.StatusList(list(2).URL)
			same(t, "list", got, list(2), err)
			of, err := tx.StatusListsOf("ferrara")
			same(t, "lists by number", of, []issuer.StatusList{list(2), closed}, err)
			none, err := tx.StatusListsOf("nobody")
			same(t, "of nobody", len(none), 0, err)
			_, err = tx.StatusList("https://ferrara.example/status/")
			absent(t, "another list", err)
			_, err = tx.StatusBits(list(2).URL)
			absent(t, "bits", err)
			return nil
		})
	},
	"never go back": func(t *testing.T, h Harness) {
		s := h.New(t)
		update(t, s, func(tx issuer.Tx) error { return tx.PutStatusList(list(1)) })
		for what, change := range map[string]func(*issuer.StatusList){
			"a lower next":    func(l *issuer.StatusList) { l.Next-- },
			"a lower version": func(l *issuer.StatusList) { l.Version-- },
		} {
			l := list(1)
			change(&l)
			refused(t, s, what, func(tx issuer.Tx) error { return tx.PutStatusList(l) })
		}
		l := list(1)
		l.Next, l.Version, l.Closed = l.Next+1, l.Version+1, true
		update(t, s, func(tx issuer.Tx) error { return tx.PutStatusList(l) })
		view(t, s, func(tx issuer.Tx) error {
			got, err := tx.StatusList(l.URL)
			same(t, "list", got, l, err)
			return nil
		})
	},
	"bits": func(t *testing.T, h Harness) {
		s := h.New(t)
		bits := bytes.Repeat([]byte{0, 0x80, 0xff, 7}, 16384/4)
		for _, b := range [][]byte{make([]byte, 16384), bits} {
			update(t, s, func(tx issuer.Tx) error { return tx.PutStatusBits(list(1).URL, b) })
		}
		s = h.Reopen(t, s)
		view(t, s, func(tx issuer.Tx) error {
			got, err := tx.StatusBits(list(1).URL)
			same(t, "bits", got, bits, err)
			clear(got)
			got, err = tx.StatusBits(list(1).URL)
			same(t, "bits after the reader changed his copy", got, bits, err)
			return nil
		})
	},
}
