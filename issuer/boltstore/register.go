package boltstore

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
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
	at := number(t.in("rows").bucket.Sequence() + 1)
	if !ids.bucket.Writable() {
		return errReading
	}
	if _, err := t.in("rows").bucket.NextSequence(); err != nil {
		return err
	}
	if err := ids.add([]byte(i.ID), at); err != nil {
		return err
	}
	for _, index := range statusIndexes(i) {
		if t.in("indexes").has(index) {
			return fmt.Errorf("%s: %w", i.ID, errIndexTaken)
		}
		if err := t.in("indexes").add(index, at); err != nil {
			return err
		}
	}
	if err := t.in("row_issuers").add(joined(i.Issuer, string(at)), nil); err != nil {
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
	if old.Person != "" && i.Person != old.Person {
		return fmt.Errorf("%s: a row keeps its person", i.ID)
	}
	if i.Erased, i.TokenHash = old.Erased, old.TokenHash; i.Erased {
		forget(&i)
	}
	return t.writeRow(at, old, i)
}

// writeRow writes what may change in a row and what leads to it.
func (t *tx) writeRow(at []byte, old, i issuer.Issuance) error {
	t.lastRead.at = nil
	put := t.in("rows").put
	if old.ID == "" {
		put = t.in("rows").add
		i.Erased, i.TokenHash = false, [32]byte{}
	}
	r, err := t.sealRow(at, i)
	if err != nil {
		return err
	}
	if err := put(at, r.line()); err != nil {
		return err
	}
	justWritten.keep(at, t.in("rows").bucket.Get(at), i)
	if err := t.moveIndexes(at, old, i); err != nil {
		return err
	}
	if err := t.putKeySeen(old, i, at); err != nil {
		return err
	}
	owned := old.Person != i.Person
	if err := t.keep("payloads", at, old.Payload, i.Payload, i, owned); err != nil {
		return err
	}
	return t.keep("tokens", at, []byte(old.Token), []byte(i.Token), i, owned)
}

// moveIndexes lets every index lead to the row as it is now.
func (t *tx) moveIndexes(at []byte, old, i issuer.Issuance) error {
	from, err := t.movingKeys(old, at)
	if err != nil {
		return err
	}
	to := from
	if i.State != old.State || i.Template != old.Template || i.Person != old.Person || i.DocumentNumber != old.DocumentNumber {
		if to, err = t.movingKeys(i, at); err != nil {
			return err
		}
	}
	for _, name := range movingTables {
		if err := t.move(name, from[name], to[name]); err != nil {
			return err
		}
	}
	if i.Token == old.Token || i.Token == "" {
		return nil // what led to the token of an erased row goes on leading there
	}
	return t.in("hashes").add(hashKey(tokenHash(i), at), nil)
}

// hashKey leads from the hash of a token to a row.
func hashKey(hash [32]byte, at []byte) []byte { return append(hash[:keyedLen:keyedLen], at...) }

// movingTables are the indexes whose keys end in the number of a row.
var movingTables = []string{"row_states", "row_templates", "row_people", "numbers"}

// movingKeys are the keys in them that lead to a row; nil is none.
func (t *tx) movingKeys(i issuer.Issuance, at []byte) (map[string][]byte, error) {
	number, err := t.numberKey(i, at)
	return map[string][]byte{
		"row_states": stateKey(i, at), "row_templates": endingIn(at, i.Template), "row_people": endingIn(at, i.Person), "numbers": number,
	}, err
}

// numberKey leads from a document number to a row: from its keyed hash, once the
// row is somebody's.
func (t *tx) numberKey(i issuer.Issuance, at []byte) ([]byte, error) {
	if i.DocumentNumber == "" || i.Person == "" {
		return endingIn(at, i.DocumentNumber), nil
	}
	word, err := t.keyedText("number", i.DocumentNumber)
	return endingIn(at, word), err
}

// endingIn is a key of a word and the number of a row; none without a word.
func endingIn(at []byte, word string) []byte {
	if word == "" {
		return nil
	}
	return joined(word, string(at))
}

// move replaces one key of an index by another; nil is none. Both end in the
// number of the row, so that nothing but this row can have put to.
func (t *tx) move(name string, from, to []byte) error {
	if string(from) == string(to) {
		return nil
	}
	if from != nil {
		if err := t.in(name).remove(from); err != nil {
			return err
		}
	}
	if to == nil {
		return nil
	}
	return t.in(name).add(to, nil)
}

// putKeySeen lets an idempotency key lead to the row last put with it: its keyed
// hash, once the row is somebody's.
func (t *tx) putKeySeen(old, i issuer.Issuance, at []byte) error {
	if i.IdempotencyKey == "" {
		return nil
	}
	plain := []byte(i.IdempotencyKey)
	if err := checkKey("idempotency key", i.IdempotencyKey); err != nil {
		return err
	}
	now, err := t.keySeen(i.IdempotencyKey)
	if err != nil && !errors.Is(err, issuer.ErrNotFound) {
		return err
	}
	mine := err == nil && string(now) == string(at)
	if i.State == issuer.StateVoid && old.IdempotencyKey == i.IdempotencyKey && !mine {
		return nil // a voided row does not take its key back from a later one
	}
	if i.Person == "" {
		if mine {
			return nil
		}
		return t.in("keys_seen").put(plain, at)
	}
	if mine && old.Person != "" {
		return nil
	}
	if t.in("keys_seen").has(plain) { // of a release before, or of a row that was nobody's
		if err := t.in("keys_seen").remove(plain); err != nil {
			return err
		}
	}
	word, err := t.keyedText("key", i.IdempotencyKey)
	if err != nil {
		return err
	}
	return t.in("keys_seen").put([]byte(word), at)
}

// keySeen returns the number of the row that an idempotency key leads to.
func (t *tx) keySeen(key string) (at []byte, err error) {
	word, err := t.keyedText("key", key)
	if err != nil {
		return nil, err
	}
	at, err = t.in("keys_seen").get([]byte(word))
	if errors.Is(err, issuer.ErrNotFound) {
		at, err = t.in("keys_seen").get([]byte(key))
	}
	return clone(at), err
}

// stateKey indexes every state but issued, where nearly all rows rest and an
// index would save nothing.
func stateKey(i issuer.Issuance, at []byte) []byte {
	if i.State == issuer.StateIssued || i.State == "" {
		return nil
	}
	return joined(string(i.State), string(at))
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
func (t *tx) Issuance(id string) (issuer.Issuance, error) {
	ids, err := t.table("ids")
	if err != nil {
		return issuer.Issuance{}, err
	}
	at, err := ids.get([]byte(id))
	if err != nil {
		return issuer.Issuance{}, err
	}
	return t.row(clone(at))
}

// IssuanceByKey returns the row last put with an idempotency key.
func (t *tx) IssuanceByKey(key string) (issuer.Issuance, error) {
	if _, err := t.table("keys_seen"); err != nil {
		return issuer.Issuance{}, err
	}
	at, err := t.keySeen(key)
	if err != nil {
		return issuer.Issuance{}, err
	}
	return t.row(at)
}

// tokenHash is the hash of a row's token, zero while there is none.
func tokenHash(i issuer.Issuance) [32]byte {
	if i.Token == "" {
		return i.TokenHash
	}
	return sha256.Sum256([]byte(i.Token))
}

// IssuanceByHash returns the row whose token has a hash, or had before it was
// erased.
func (t *tx) IssuanceByHash(hash [32]byte) (i issuer.Issuance, err error) {
	hashes, err := t.table("hashes")
	if err != nil {
		return i, err
	}
	var found [][]byte
	err = hashes.scan(hash[:keyedLen], nil, func(key, _ []byte) (bool, error) {
		found = append(found, clone(key[keyedLen:]))
		return true, nil
	})
	if err != nil {
		return i, err
	}
	for _, at := range found {
		if i, err = t.row(at); err != nil || tokenHash(i) == hash {
			return i, err
		}
	}
	return issuer.Issuance{}, issuer.ErrNotFound
}

// row reads a row by its number. An index that leads nowhere is damage.
func (t *tx) row(at []byte) (issuer.Issuance, error) {
	stored := t.in("rows").bucket.Get(at)
	if stored == nil {
		return issuer.Issuance{}, gone(at, issuer.ErrNotFound)
	}
	i, known := justWritten.of(at, stored)
	var err error
	if !known {
		i, err = t.readRow(at, stored)
	}
	if err == nil && t.in("rows").bucket.Writable() {
		t.lastRead.at, t.lastRead.row = at, i
	}
	if err == nil {
		i.Payload = clone(i.Payload) // the other is kept
	}
	return i, err
}

func (t *tx) readRow(at, stored []byte) (i issuer.Issuance, err error) {
	value, err := t.in("rows").value(at, stored)
	if err != nil {
		return i, err
	}
	var r issuanceRow
	if err := t.in("rows").decode(value, &r); err != nil {
		return i, err
	}
	return t.complete(at, r)
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
	if err := t.openRow(at, r, &i); err != nil {
		return i, err
	}
	if i.Payload, err = t.kept("payloads", at, i); err != nil {
		return i, err
	}
	token, err := t.kept("tokens", at, i)
	i.Token = string(token)
	return i, err
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

// IssuancesNumbered returns the rows of a document number, see issuer.Register.
func (t *tx) IssuancesNumbered(number string) ([]issuer.Issuance, error) {
	if number == "" {
		return nil, nil
	}
	return t.numbered(number)
}

// numbered returns the rows of a document number: those that give way to no
// other, or all when there is none such. Nothing is left out for their number,
// since a person would then mean another one than the store.
func (t *tx) numbered(number string) ([]issuer.Issuance, error) {
	word, err := t.keyedText("number", number)
	if err != nil {
		return nil, err
	}
	var standing, all [][]byte
	add := func(key, _ []byte) (bool, error) {
		at := clone(key[len(key)-8:])
		var r issuanceRow
		if err := t.in("rows").getJSON(at, &r); err != nil {
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
	}
	for _, prefix := range []string{number, word} {
		if err := t.in("numbers").scan(joined(prefix, ""), nil, add); err != nil {
			return nil, err
		}
	}
	switch {
	case len(all) == 0:
		return nil, nil
	case len(standing) == 0:
		standing = all
	}
	slices.SortFunc(standing, bytes.Compare)
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
