package boltstore

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"

	"github.com/employment-passport/passport/issuer"
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
			if err := s.guarded(func() error { return t.in(name).check() }); err != nil {
				problems = append(problems, err.Error())
			}
		}
		if len(problems) == 0 {
			problems = slices.Concat(t.checkIndexes(), t.checkComposites(), t.checkPeople())
		}
		return nil
	})
	if _, lost := readErased(s.dir); lost != nil {
		problems = append(problems, lost.Error())
	}
	if err != nil || len(problems) > 0 {
		return problems, err
	}
	// bbolt walks the pages in a goroutine of its own, where a bad pointer would
	// end the process: it comes last, when every record has been reached.
	return s.checkPages(ctx)
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
	err := t.scan(nil, nil, func(key, value []byte) (bool, error) {
		is.Count++
		is.Sum += uint64(t.sum(key, value))
		return true, nil
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
		at, err := t.in("ids").get([]byte(i.ID))
		if err != nil {
			add("row %s has no id record: %v", i.ID, err)
			return len(problems) < maxProblems
		}
		at = clone(at)
		keys, err := t.indexKeys(i, at)
		if err != nil {
			add("row %s: %v", i.ID, err)
			return len(problems) < maxProblems
		}
		if problem := t.checkOwner(i); problem != "" {
			add("row %s: %s", i.ID, problem)
		}
		for name, keys := range keys {
			want[name] += uint64(len(keys))
			for _, key := range keys {
				if !t.in(name).has(key) {
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
		if got := t.in(name).total.Count; got != n {
			add("table %s has %d records for %d rows", name, got, n)
		}
	}
	slices.Sort(problems)
	return problems
}

// indexKeys are the records that lead to a row, by table; keys_seen is not
// among them, as the key of a voided row may lead to its successor.
func (t *tx) indexKeys(i issuer.Issuance, at []byte) (map[string][][]byte, error) {
	keys := map[string][][]byte{
		"ids": {[]byte(i.ID)}, "row_issuers": {joined(i.Issuer, string(at))}, "indexes": statusIndexes(i),
		"payloads": nil, "tokens": nil, "hashes": nil,
	}
	moving, err := t.movingKeys(i, at)
	for _, name := range movingTables {
		keys[name] = nil
		if key := moving[name]; key != nil {
			keys[name] = [][]byte{key}
		}
	}
	if len(i.Payload) > 0 {
		keys["payloads"] = [][]byte{at}
	}
	if i.Token != "" {
		keys["tokens"] = [][]byte{at}
	}
	if hash := tokenHash(i); hash != [32]byte{} {
		keys["hashes"] = [][]byte{hashKey(hash, at)}
	}
	return keys, err
}

// checkPages has bbolt walk its pages. It compares them with the list of free
// ones that is in memory, which is the writers': nobody writes meanwhile.
func (s *Store) checkPages(ctx context.Context) (problems []string, err error) {
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-s.writer:
	}
	defer func() { s.writer <- struct{}{} }()
	btx, err := s.beginView()
	if err != nil {
		return nil, err
	}
	defer func() { _ = btx.Rollback() }() // only read
	for err := range btx.Check() {
		if len(problems) < maxProblems {
			problems = append(problems, err.Error())
		}
	}
	return problems, nil
}

// DamagedBy joins problems to the error of a damaged store.
func (s *Store) DamagedBy(problems []string) error {
	if len(problems) == 0 {
		return nil
	}
	return withPath(refuse(Damaged, FileName, errors.New(problems[0])), s.Path())
}
