package boltstore

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"

	"github.com/employment-passport/passport/internal/strictjson"
	"github.com/employment-passport/passport/issuer"
	"go.etcd.io/bbolt"
)

// sumLen is the length of the checksum before every value. bbolt has none of
// its own: a flipped bit in a page is served as if it had been written.
const sumLen = 4

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// table is a bucket whose records and totals are checked. Values are the
// checksum (CRC-32C of table name, key and value) and the value.
type table struct {
	name   string
	bucket *bbolt.Bucket
	total  total
	writes *int   // of the transaction
	seed   uint32 // checksum of the name
}

// total counts a table's records and adds up their checksums, so that a record
// that vanished with a damaged page is missed.
type total struct {
	Count uint64 `json:"count"`
	Sum   uint64 `json:"sum"`
}

func (t *table) sum(key, value []byte) uint32 {
	return crc32.Update(crc32.Update(t.seed, castagnoli, key), castagnoli, value)
}

// value takes the checksum off a stored record.
func (t *table) value(key, stored []byte) ([]byte, error) {
	if len(stored) < sumLen || binary.BigEndian.Uint32(stored) != t.sum(key, stored[sumLen:]) {
		return nil, damaged("a record of table %s does not fit its checksum", t.name)
	}
	return stored[sumLen:], nil
}

// get returns a value, which is valid until the transaction ends or writes.
func (t *table) get(key []byte) ([]byte, error) {
	stored := t.bucket.Get(key)
	if stored == nil {
		return nil, issuer.ErrNotFound
	}
	return t.value(key, stored)
}

func (t *table) has(key []byte) bool { return t.bucket.Get(key) != nil }

func (t *table) put(key, value []byte) error {
	if !t.bucket.Writable() {
		return errReading
	}
	*t.writes++
	if err := t.subtract(key); err != nil {
		return err
	}
	return t.add(key, value)
}

// add is put for a key that is known not to be there: it spares the search for
// what it would replace, which in a register of many rows is half of the cost.
func (t *table) add(key, value []byte) error {
	if !t.bucket.Writable() {
		return errReading
	}
	*t.writes++
	sum := t.sum(key, value)
	stored := make([]byte, 0, sumLen+len(value))
	stored = append(binary.BigEndian.AppendUint32(stored, sum), value...)
	if err := t.bucket.Put(key, stored); err != nil {
		return fmt.Errorf("write to table %s: %w", t.name, err)
	}
	t.total.Count++
	t.total.Sum += uint64(sum)
	return nil
}

// remove takes a record out; one that is not there is no error.
func (t *table) remove(key []byte) error {
	if !t.bucket.Writable() {
		return errReading
	}
	*t.writes++
	if err := t.subtract(key); err != nil {
		return err
	}
	return t.bucket.Delete(key)
}

// subtract takes what stands under key out of the total.
func (t *table) subtract(key []byte) error {
	old, err := t.get(key)
	if errors.Is(err, issuer.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	t.total.Count--
	t.total.Sum -= uint64(t.sum(key, old))
	return nil
}

// scan yields the records whose key begins with prefix, in order of keys from
// the key from on, until yield returns false or an error.
func (t *table) scan(prefix, from []byte, yield func(key, value []byte) (bool, error)) error {
	return t.scanStored(prefix, from, func(key, stored []byte) (bool, error) {
		value, err := t.value(key, stored)
		if err != nil {
			return false, err
		}
		return yield(key, value)
	})
}

// scanStored is scan of values that still bear their checksums.
func (t *table) scanStored(prefix, from []byte, yield func(key, stored []byte) (bool, error)) error {
	if bytes.Compare(from, prefix) < 0 {
		from = prefix
	}
	c := t.bucket.Cursor()
	var last []byte
	for k, stored := c.Seek(from); k != nil && bytes.HasPrefix(k, prefix); k, stored = c.Next() {
		if last != nil && bytes.Compare(k, last) <= 0 {
			return damaged("table %s is out of order", t.name) // a page that leads back would never end
		}
		last = append(last[:0], k...)
		if more, err := yield(k, stored); err != nil || !more {
			return err
		}
	}
	return nil
}

// putJSON and getJSON keep a record as JSON.
func (t *table) putJSON(key []byte, record any) error {
	value, err := json.Marshal(record)
	if err != nil {
		return fmt.Errorf("write to table %s: %w", t.name, err)
	}
	return t.put(key, value)
}

func (t *table) getJSON(key []byte, record any) error {
	value, err := t.get(key)
	if err != nil {
		return err
	}
	return t.decode(value, record)
}

// decode reads what fits its checksum, so that it was written by us.
func (t *table) decode(value []byte, record any) error {
	if err := strictjson.UnmarshalChecked(value, record); err != nil {
		return damaged("a record of table %s does not read: %w", t.name, err)
	}
	return nil
}

// all decodes every record under prefix, in order of keys.
func all[T any](t *table, prefix []byte) ([]T, error) {
	var records []T
	err := t.scan(prefix, nil, func(_, value []byte) (bool, error) {
		var r T
		if err := t.decode(value, &r); err != nil {
			return false, err
		}
		records = append(records, r)
		return true, nil
	})
	return records, err
}

// number is a key or value that sorts as its number.
func number(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

// joined is a key of parts; no part but the last may hold a zero byte.
func joined(parts ...string) []byte {
	var key []byte
	for i, p := range parts {
		if i > 0 {
			key = append(key, 0)
		}
		key = append(key, p...)
	}
	return key
}
