package storetest

import (
	"errors"
	"strings"
	"testing"

	"github.com/employment-passport/passport/issuer"
)

var serviceTests = map[string]func(*testing.T, Harness){
	"put, get, delete": func(t *testing.T, h Harness) {
		s := h.New(t)
		update(t, s, func(tx issuer.Tx) error {
			return errors.Join(
				tx.PutRecord(issuer.RecordUser, "anna", []byte(`{"n":1}`)),
				tx.PutRecord(issuer.RecordUser, "anna", []byte(`{"n":2}`)),
				tx.PutRecord(issuer.RecordUser, "bruno", nil),
				tx.PutRecord(issuer.RecordAPIKey, "anna", []byte("other kind")),
				tx.DeleteRecord(issuer.RecordUser, "never there"),
			)
		})
		s = h.Reopen(t, s)
		view(t, s, func(tx issuer.Tx) error {
			value, err := tx.Record(issuer.RecordUser, "anna")
			same(t, "anna", string(value), `{"n":2}`, err)
			clear(value) // what is read belongs to the reader
			value, err = tx.Record(issuer.RecordUser, "anna")
			same(t, "anna again", string(value), `{"n":2}`, err)
			value, err = tx.Record(issuer.RecordUser, "bruno")
			same(t, "an empty value", len(value), 0, err)
			_, err = tx.Record(issuer.RecordSession, "anna")
			absent(t, "another kind", err)
			return nil
		})
		update(t, s, func(tx issuer.Tx) error { return tx.DeleteRecord(issuer.RecordUser, "anna") })
		view(t, s, func(tx issuer.Tx) error {
			_, err := tx.Record(issuer.RecordUser, "anna")
			absent(t, "deleted", err)
			_, err = tx.Record(issuer.RecordAPIKey, "anna")
			same(t, "the other kind stays", err, nil, nil)
			return nil
		})
	},
	"each by key": func(t *testing.T, h Harness) {
		s := h.New(t)
		update(t, s, func(tx issuer.Tx) error {
			for _, key := range []string{"b", "a", "c", "ab", "B"} {
				if err := tx.PutRecord(issuer.RecordJob, key, []byte(key)); err != nil {
					return err
				}
			}
			return tx.PutRecord(issuer.RecordJob+"x", "z", nil)
		})
		view(t, s, func(tx issuer.Tx) error {
			for after, want := range map[string]string{"": "B a ab b c", "a": "ab b c", "aa": "ab b c", "c": "", "z": ""} {
				var keys []string
				err := tx.EachRecord(issuer.RecordJob, after, func(key string, value []byte) bool {
					same(t, "value of "+key, string(value), key, nil)
					keys = append(keys, key)
					return true
				})
				same(t, "after "+after, strings.Join(keys, " "), want, err)
			}
			n := 0
			err := tx.EachRecord(issuer.RecordJob, "", func(string, []byte) bool { n++; return n < 2 })
			same(t, "stops when told", n, 2, err)
			return nil
		})
	},
	"bounds": func(t *testing.T, h Harness) {
		s := h.New(t)
		refused(t, s, "a value that is too long", func(tx issuer.Tx) error {
			return tx.PutRecord(issuer.RecordJob, "k", make([]byte, issuer.MaxRecord+1))
		})
		refused(t, s, "no key", func(tx issuer.Tx) error { return tx.PutRecord(issuer.RecordJob, "", nil) })
		refused(t, s, "no kind", func(tx issuer.Tx) error { return tx.PutRecord("", "k", nil) })
		refused(t, s, "a key with a zero byte", func(tx issuer.Tx) error { return tx.PutRecord(issuer.RecordJob, "a\x00b", nil) })
		update(t, s, func(tx issuer.Tx) error {
			return tx.PutRecord(issuer.RecordJob, "k", make([]byte, issuer.MaxRecord))
		})
		view(t, s, func(tx issuer.Tx) error {
			if err := tx.PutRecord(issuer.RecordJob, "k", nil); err == nil {
				t.Error("a view wrote")
			}
			if err := tx.DeleteRecord(issuer.RecordJob, "k"); err == nil {
				t.Error("a view deleted")
			}
			return nil
		})
	},
}
