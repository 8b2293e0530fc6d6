package boltstore

import (
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"github.com/employment-passport/passport/issuer"
)

var errIndexTaken = errors.New("status index belongs to another row")

// PutIssuance writes the row of i.ID, see issuer.Register.
func (t *tx) PutIssuance(i issuer.Issuance) error {
	ids, err := t.table("ids")
	if err != nil {
		return err
	}
	if err := checkKey("credential id", i.ID); err != nil {
		return err
	}
	at, err := ids.get([]byte(i.ID))
	switch {
	case errors.Is(err, issuer.ErrNotFound):
		return t.insertRow(ids, i)
	case err != nil:
		return err
	}
	return t.changeRow(clone(at), i)
}

func (t *tx) insertRow(ids *table, i issuer.Issuance) error {
	at := number(t.tables["rows"].bucket.Sequence() + 1)
	if !ids.bucket.Writable() {
		return errReading
	}
	if _, err := t.tables["rows"].bucket.NextSequence(); err != nil {
		return err
	}
	if err := ids.add([]byte(i.ID), at); err != nil {
		return err
	}
	for _, index := range statusIndexes(i) {
		if t.tables["indexes"].has(index) {
			return fmt.Errorf("%s: %w", i.ID, errIndexTaken)
		}
		if err := t.tables["indexes"].add(index, at); err != nil {
			return err
		}
	}
	if err := t.tables["row_issuers"].add(joined(i.Issuer, string(at)), nil); err != nil {
		return err
	}
	return t.writeRow(at, issuer.Issuance{}, i)
}

func (t *tx) changeRow(at []byte, i issuer.Issuance) error {
	old, err := t.stored(at)
	if err != nil {
		return err
	}
	if i.StatusList != old.StatusList || i.StatusIndex != old.StatusIndex ||
		i.SuspensionList != old.SuspensionList || i.SuspensionIndex != old.SuspensionIndex || i.Issuer != old.Issuer {
		return fmt.Errorf("%s: a row keeps its issuer, its status lists and its indexes", i.ID)
	}
	return t.writeRow(at, old, i)
}

// writeRow writes what may change in a row and what leads to it.
func (t *tx) writeRow(at []byte, old, i issuer.Issuance) error {
	t.lastRead.at = nil
	put := t.tables["rows"].put
	if old.ID == "" {
		put = t.tables["rows"].add
	}
	if err := put(at, rowOf(i).line()); err != nil {
		return err
	}
	if err := t.move("row_states", stateKey(old, at), stateKey(i, at)); err != nil {
		return err
	}
	if err := t.move("numbers", referenceKey(old.DocumentNumber, at), referenceKey(i.DocumentNumber, at)); err != nil {
		return err
	}
	if err := t.putKeySeen(old, i, at); err != nil {
		return err
	}
	if err := t.keep("payloads", at, old.Payload, i.Payload); err != nil {
		return err
	}
	return t.keep("tokens", at, []byte(old.Token), []byte(i.Token))
}

// move replaces one key of an index by another; nil is none. Both end in the
// number of the row, so that nothing but this row can have put to.
func (t *tx) move(name string, from, to []byte) error {
	if string(from) == string(to) {
		return nil
	}
	if from != nil {
		if err := t.tables[name].remove(from); err != nil {
			return err
		}
	}
	if to == nil {
		return nil
	}
	return t.tables[name].add(to, nil)
}

// keep stores the long parts of a row beside it, so that a change of state does
// not write them again.
func (t *tx) keep(name string, at, old, now []byte) error {
	switch {
	case string(old) == string(now):
		return nil
	case len(now) == 0:
		return t.tables[name].remove(at)
	case len(old) == 0:
		return t.tables[name].add(at, now)
	default:
		return t.tables[name].put(at, now)
	}
}

// putKeySeen lets an idempotency key lead to the row last put with it.
func (t *tx) putKeySeen(old, i issuer.Issuance, at []byte) error {
	if i.IdempotencyKey == "" || i.State == issuer.StateVoid && old.IdempotencyKey == i.IdempotencyKey {
		return nil // a voided row does not take its key back from a later one
	}
	key := []byte(i.IdempotencyKey)
	if err := checkKey("idempotency key", i.IdempotencyKey); err != nil {
		return err
	}
	switch now, err := t.tables["keys_seen"].get(key); {
	case errors.Is(err, issuer.ErrNotFound):
		return t.tables["keys_seen"].add(key, at)
	case err == nil && string(now) == string(at):
		return nil
	}
	return t.tables["keys_seen"].put(key, at)
}

// stateKey indexes every state but issued, where nearly all rows rest and an
// index would save nothing.
func stateKey(i issuer.Issuance, at []byte) []byte {
	if i.State == issuer.StateIssued || i.State == "" {
		return nil
	}
	return joined(string(i.State), string(at))
}

func referenceKey(reference string, at []byte) []byte {
	if reference == "" {
		return nil
	}
	return joined(reference, string(at))
}

// statusIndexes are the places that a row takes in its lists.
func statusIndexes(i issuer.Issuance) [][]byte {
	var keys [][]byte
	if i.StatusList != "" {
		keys = append(keys, binary.BigEndian.AppendUint32(joined(i.StatusList, ""), i.StatusIndex))
	}
	if i.SuspensionList != "" {
		keys = append(keys, binary.BigEndian.AppendUint32(joined(i.SuspensionList, ""), i.SuspensionIndex))
	}
	return keys
}

// Issuance returns the row of a credential's id.
func (t *tx) Issuance(id string) (issuer.Issuance, error) { return t.rowBy("ids", id) }

// IssuanceByKey returns the row last put with an idempotency key.
func (t *tx) IssuanceByKey(key string) (issuer.Issuance, error) { return t.rowBy("keys_seen", key) }

func (t *tx) rowBy(name, key string) (issuer.Issuance, error) {
	index, err := t.table(name)
	if err != nil {
		return issuer.Issuance{}, err
	}
	at, err := index.get([]byte(key))
	if err != nil {
		return issuer.Issuance{}, err
	}
	return t.row(clone(at))
}

// row reads a row by its number. An index that leads nowhere is damage.
func (t *tx) row(at []byte) (issuer.Issuance, error) {
	var r issuanceRow
	if err := t.tables["rows"].getJSON(at, &r); err != nil {
		return issuer.Issuance{}, gone(at, err)
	}
	i, err := t.complete(at, r)
	if err == nil && t.tables["rows"].bucket.Writable() {
		t.lastRead.at, t.lastRead.row = at, i
		t.lastRead.row.Payload = clone(i.Payload) // the other is the caller's
	}
	return i, err
}

// stored is row for a row that is about to change. Whoever changes one has
// mostly just read it, and it need not be read again to be compared.
func (t *tx) stored(at []byte) (issuer.Issuance, error) {
	if t.lastRead.at != nil && string(t.lastRead.at) == string(at) {
		return t.lastRead.row, nil
	}
	return t.row(at)
}

func (t *tx) complete(at []byte, r issuanceRow) (issuer.Issuance, error) {
	i, err := r.issuance()
	if err != nil {
		return i, err
	}
	payload, err := t.tables["payloads"].get(at)
	if err != nil && !errors.Is(err, issuer.ErrNotFound) {
		return i, err
	}
	token, err := t.tables["tokens"].get(at)
	if err != nil && !errors.Is(err, issuer.ErrNotFound) {
		return i, err
	}
	i.Payload, i.Token = clone(payload), string(token)
	return i, nil
}

// FindIssuance returns the rows that a person may mean, see issuer.Register.
func (t *tx) FindIssuance(ref string) ([]issuer.Issuance, error) {
	ids, err := t.table("ids")
	if err != nil {
		return nil, err
	}
	if i, err := t.Issuance(ref); !errors.Is(err, issuer.ErrNotFound) {
		return []issuer.Issuance{i}, err
	}
	rows, err := t.numbered(ref)
	if err != nil || len(rows) > 0 {
		return rows, err
	}
	found, err := t.beginning(ids, ref)
	if err != nil {
		return nil, err
	}
	return t.rowsAt(found)
}

// numbered returns the rows of a document number: those that give way to no
// other, or all when there is none such. Nothing is left out for their number,
// since a person would then mean another one than the store.
func (t *tx) numbered(number string) ([]issuer.Issuance, error) {
	var standing, all [][]byte
	err := t.tables["numbers"].scan(joined(number, ""), nil, func(key, _ []byte) (bool, error) {
		at := clone(key[len(key)-8:])
		var r issuanceRow
		if err := t.tables["rows"].getJSON(at, &r); err != nil {
			return false, gone(at, err)
		}
		bare, err := r.issuance()
		if err != nil {
			return false, err
		}
		if all = append(all, at); !bare.GivesWay() {
			standing = append(standing, at)
		}
		return true, nil
	})
	switch {
	case err != nil || len(all) == 0:
		return nil, err
	case len(standing) == 0:
		return t.rowsAt(all)
	}
	return t.rowsAt(standing)
}

// beginning returns the places of the first rows whose id begins with ref.
func (t *tx) beginning(ids *table, ref string) (found [][]byte, err error) {
	if ref == "" {
		return nil, nil
	}
	for _, prefix := range []string{ref, "urn:uuid:" + ref} {
		if len(found) >= issuer.FindLimit {
			break
		}
		err := ids.scan([]byte(prefix), nil, func(_, at []byte) (bool, error) {
			found = append(found, clone(at))
			return len(found) < issuer.FindLimit, nil
		})
		if err != nil {
			return nil, err
		}
	}
	return found, nil
}

func (t *tx) rowsAt(numbers [][]byte) ([]issuer.Issuance, error) {
	if len(numbers) == 0 {
		return nil, issuer.ErrNotFound
	}
	rows := make([]issuer.Issuance, 0, len(numbers))
	for _, at := range numbers {
		i, err := t.row(at)
		if err != nil {
			return nil, err
		}
		rows = append(rows, i)
	}
	return rows, nil
}

// Issuances yields the rows that the filter matches, oldest first. The numbers
// are collected before the first row is yielded, so that yield may write.
func (t *tx) Issuances(f issuer.Filter, yield func(issuer.Issuance) bool) error {
	rows, err := t.table("rows")
	if err != nil {
		return err
	}
	numbers, err := t.numbersFor(f)
	if err != nil {
		return err
	}
	for _, n := range numbers {
		at := number(n)
		var r issuanceRow
		if err := rows.getJSON(at, &r); err != nil {
			return gone(at, err)
		}
		bare, err := r.issuance()
		if err != nil {
			return err
		}
		if !f.Matches(bare) {
			continue
		}
		i, err := t.complete(at, r)
		if err != nil || !yield(i) {
			return err
		}
	}
	return nil
}

// numbersFor narrows a listing by the best index there is.
func (t *tx) numbersFor(f issuer.Filter) (numbers []uint64, err error) {
	index, prefix := t.tables["rows"], []byte(nil)
	switch {
	case f.State != "" && f.State != issuer.StateIssued:
		index, prefix = t.tables["row_states"], joined(string(f.State), "")
	case f.Issuer != "":
		index, prefix = t.tables["row_issuers"], joined(f.Issuer, "")
	}
	err = index.scan(prefix, nil, func(key, _ []byte) (bool, error) {
		if len(key) != len(prefix)+8 {
			return false, damaged("a key of table %s is %d bytes long", index.name, len(key))
		}
		numbers = append(numbers, sequence(key[len(prefix):]))
		return true, nil
	})
	return numbers, err
}

// gone says that a number that something led to has no row: damage, and not the
// caller's ErrNotFound.
func gone(at []byte, err error) error {
	if errors.Is(err, issuer.ErrNotFound) {
		return damaged("row %x of the register is gone", at)
	}
	return err
}

// clone copies bytes out of the file's mapping.
func clone(b []byte) []byte { return append([]byte(nil), b...) }

// utc keeps the zero time zero and every other one in UTC, without the clock
// reading that cannot be stored.
func utc(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return t.UTC().Round(0)
}
