package boltstore

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"

	"github.com/employment-passport/passport/issuer"
	"go.etcd.io/bbolt"
)

// maxProblems is how many problems Check returns: a broken page makes thousands.
const maxProblems = 100

// Check reads every record of the store against its checksum, every table
// against its total, the tables that lead to rows against the rows, and at last
// bbolt's own pages. It returns what it found in words for an engineer; an error
// means that it could not look. What the records say is for issuer.Fsck.
func (s *Store) Check(ctx context.Context) (problems []string, err error) {
	err = s.view(func(t *tx) error {
		for _, name := range tableNames {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := s.guarded(func() error { return t.tables[name].check() }); err != nil {
				problems = append(problems, err.Error())
			}
		}
		if len(problems) == 0 {
			problems = append(t.checkIndexes(), t.checkComposites()...)
		}
		return nil
	})
	if err != nil || len(problems) > 0 {
		return problems, err
	}
	// bbolt walks the pages in a goroutine of its own, where a bad pointer would
	// end the process: it comes last, when every record has been reached.
	return s.checkPages(), nil
}

// guarded runs f and turns bbolt's panics over damaged pages into an error.
func (s *Store) guarded(f func() error) (err error) {
	defer s.recoverDamage(&err, false)
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	return f()
}

// check reads a table whole and compares it with its total.
func (t *table) check() error {
	var is total
	var last []byte
	err := t.scan(nil, nil, func(key, value []byte) (bool, error) {
		if last != nil && string(key) <= string(last) {
			return false, damaged("table %s is out of order", t.name)
		}
		last = clone(key)
		is.Count++
		is.Sum += uint64(t.sum(key, value))
		return is.Count <= t.total.Count, nil // a page that leads back would never end
	})
	if err != nil {
		return err
	}
	if is != t.total {
		return damaged("table %s has %d records, %d were written, or others", t.name, is.Count, t.total.Count)
	}
	return nil
}

// checkIndexes compares what leads to the rows with what the rows say.
func (t *tx) checkIndexes() (problems []string) {
	add := func(format string, args ...any) { problems = append(problems, fmt.Sprintf(format, args...)) }
	want := map[string]uint64{}
	err := t.Issuances(issuer.Filter{}, func(i issuer.Issuance) bool {
		at, err := t.tables["ids"].get([]byte(i.ID))
		if err != nil {
			add("row %s has no id record: %v", i.ID, err)
			return len(problems) < maxProblems
		}
		at = clone(at)
		for name, keys := range t.indexKeys(i, at) {
			want[name] += uint64(len(keys))
			for _, key := range keys {
				if !t.tables[name].has(key) {
					add("row %s is missing in table %s", i.ID, name)
				}
			}
		}
		return len(problems) < maxProblems
	})
	if err != nil {
		add("%v", err)
	}
	for name, n := range want {
		if got := t.tables[name].total.Count; got != n {
			add("table %s has %d records for %d rows", name, got, n)
		}
	}
	slices.Sort(problems)
	return problems
}

// indexKeys are the records that lead to a row, by table; keys_seen is not
// among them, as the key of a voided row may lead to its successor.
func (t *tx) indexKeys(i issuer.Issuance, at []byte) map[string][][]byte {
	keys := map[string][][]byte{
		"ids": {[]byte(i.ID)}, "row_issuers": {joined(i.Issuer, string(at))}, "indexes": statusIndexes(i),
		"row_states": nil, "numbers": nil, "payloads": nil, "tokens": nil,
	}
	for name, key := range map[string][]byte{"row_states": stateKey(i, at), "numbers": referenceKey(i.DocumentNumber, at)} {
		if key != nil {
			keys[name] = [][]byte{key}
		}
	}
	if len(i.Payload) > 0 {
		keys["payloads"] = [][]byte{at}
	}
	if i.Token != "" {
		keys["tokens"] = [][]byte{at}
	}
	return keys
}

func (s *Store) checkPages() (problems []string) {
	err := s.db.View(func(btx *bbolt.Tx) error {
		for err := range btx.Check() {
			if len(problems) < maxProblems {
				problems = append(problems, err.Error())
			}
		}
		return nil
	})
	if err != nil {
		problems = append(problems, err.Error())
	}
	return problems
}

// DamagedBy joins problems to the error of a damaged store.
func (s *Store) DamagedBy(problems []string) error {
	if len(problems) == 0 {
		return nil
	}
	return withPath(refuse(Damaged, FileName, errors.New(problems[0])), s.Path())
}
