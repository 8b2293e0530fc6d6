package boltstore

import (
	"errors"
	"fmt"

	"github.com/employment-passport/passport/issuer"
)

// The records of the service stand in "records" under their kind and key.

// PutRecord writes a record, see issuer.Records.
func (t *tx) PutRecord(kind issuer.RecordKind, key string, value []byte) error {
	records, err := t.table("records")
	if err != nil {
		return err
	}
	if err := errors.Join(checkKey("kind of record", string(kind)), checkKey("key of record", key)); err != nil {
		return err
	}
	if len(value) > issuer.MaxRecord {
		return fmt.Errorf("record %s %s has %d bytes", kind, key, len(value))
	}
	return records.put(joined(string(kind), key), value)
}

// Record returns the value of a record.
func (t *tx) Record(kind issuer.RecordKind, key string) ([]byte, error) {
	records, err := t.table("records")
	if err != nil {
		return nil, err
	}
	value, err := records.get(joined(string(kind), key))
	return clone(value), err
}

// DeleteRecord takes a record out.
func (t *tx) DeleteRecord(kind issuer.RecordKind, key string) error {
	records, err := t.table("records")
	if err != nil {
		return err
	}
	return records.remove(joined(string(kind), key))
}

// EachRecord yields the records of a kind by key.
func (t *tx) EachRecord(kind issuer.RecordKind, after string, yield func(key string, value []byte) bool) error {
	records, err := t.table("records")
	if err != nil {
		return err
	}
	prefix := joined(string(kind), "")
	return records.scan(prefix, joined(string(kind), after), func(key, value []byte) (bool, error) {
		name := string(key[len(prefix):])
		return name == after || yield(name, clone(value)), nil
	})
}
