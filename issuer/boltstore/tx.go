package boltstore

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"strings"

	"github.com/employment-passport/passport/issuer"
	"go.etcd.io/bbolt"
)

var (
	errReading = errors.New("write in a reading transaction")
	errEnded   = errors.New("transaction has ended")
	errKey     = errors.New("empty, too long or with a zero byte")
)

// The tables. Rows of the register bear a number in the order of creation, so
// that they are appended to the file and listed oldest first; the other tables
// of the register lead to that number.
var tableNames = []string{
	"rows", "payloads", "tokens", "ids", "numbers", "keys_seen", "row_issuers", "row_states", "indexes",
	"lists", "bits", "issuers", "keys", "templates", "audit", "authorities", "recognitions", "digests",
	"composites", "components", "definitions", // since schema 2
}

// tablesOf are the tables of a schema.
func tablesOf(schema int) []string {
	if schema < 2 {
		return tableNames[:len(tableNames)-3]
	}
	return tableNames
}

// metaBucket holds the format, the marks and the totals of the tables.
var (
	metaBucket = []byte("passport")
	formatKey  = []byte("format")
	marksKey   = []byte("marks")
	totalsKey  = []byte("totals")
)

const storeFormat = "passport store"

// tx is one transaction over the tables.
type tx struct {
	meta    *bbolt.Bucket
	tables  map[string]*table
	reached Marks // what this transaction will have reached; writing only
	ended   bool

	lastRead struct { // the row read last, until one is written; see stored
		at  []byte
		row issuer.Issuance
	}
}

var _ issuer.Tx = (*tx)(nil)

func createTables(btx *bbolt.Tx) (*tx, error) {
	meta, err := btx.CreateBucket(metaBucket)
	if err != nil {
		return nil, err
	}
	if err := meta.Put(formatKey, []byte(storeFormat)); err != nil {
		return nil, err
	}
	t := &tx{meta: meta, tables: map[string]*table{}}
	for _, name := range tableNames {
		b, err := btx.CreateBucket([]byte(name))
		if err != nil {
			return nil, err
		}
		t.tables[name] = newTable(name, b)
	}
	return t, nil
}

func newTable(name string, b *bbolt.Bucket) *table {
	return &table{name: name, bucket: b, seed: crc32.Checksum([]byte(name), castagnoli)}
}

// openTables finds the tables of a store, or refuses it as foreign, older,
// newer or damaged.
func openTables(btx *bbolt.Tx) (*tx, error) {
	meta := btx.Bucket(metaBucket)
	if meta == nil || string(meta.Get(formatKey)) != storeFormat {
		return nil, refuse(Foreign, FileName, errors.New("a bbolt file of another program"))
	}
	t := &tx{meta: meta, tables: make(map[string]*table, len(tableNames))}
	marks, err := t.marks()
	switch {
	case err != nil:
		return nil, err
	case marks.Schema < oldestSchema:
		return nil, refuse(Older, FileName, fmt.Errorf("schema %d, this release reads %d", marks.Schema, schemaVersion))
	case marks.Schema > schemaVersion:
		return nil, refuse(Newer, FileName, fmt.Errorf("schema %d, this release reads %d", marks.Schema, schemaVersion))
	}
	totals := map[string]total{}
	if err := t.readMeta(totalsKey, &totals); err != nil {
		return nil, err
	}
	for _, name := range tablesOf(marks.Schema) {
		b := btx.Bucket([]byte(name))
		if b == nil {
			return nil, damaged("table %s is gone", name)
		}
		t.tables[name] = newTable(name, b)
		t.tables[name].total = totals[name]
	}
	return t, nil
}

// migrate makes the tables that a store of an older schema lacks. What it holds
// stays as it is.
func (t *tx) migrate() error {
	for _, name := range tablesOf(schemaVersion)[len(t.tables):] {
		b, err := t.meta.Tx().CreateBucket([]byte(name))
		if err != nil {
			return err
		}
		t.tables[name] = newTable(name, b)
	}
	t.reached.Schema = schemaVersion
	return nil
}

// table returns a table, or the reason why this transaction reads no more.
func (t *tx) table(name string) (*table, error) {
	if t.ended {
		return nil, errEnded
	}
	return t.tables[name], nil
}

func (t *tx) end() { t.ended = true }

// finish writes the marks and the totals of the tables that changed.
func (t *tx) finish(m Marks) error {
	totals := map[string]total{}
	for name, table := range t.tables {
		totals[name] = table.total
	}
	if err := t.writeMeta(totalsKey, totals); err != nil {
		return err
	}
	// The lists are rows of their own; the marks here leave them out.
	m.Lists = nil
	return t.writeMeta(marksKey, m)
}

// marks reads how far the store has come.
func (t *tx) marks() (m Marks, err error) {
	if err := t.readMeta(marksKey, &m); err != nil {
		return m, err
	}
	m.Lists = map[string]uint32{}
	lists := t.tables["lists"]
	if lists == nil {
		return m, nil // openTables asks before there are tables
	}
	err = lists.scan(nil, nil, func(_, value []byte) (bool, error) {
		var l listRow
		if err := lists.decode(value, &l); err != nil {
			return false, err
		}
		m.Lists[l.URL] = l.Next
		return true, nil
	})
	return m, err
}

// The records of the meta bucket are text with a checksum, as those of tables.
func (t *tx) writeMeta(key []byte, record any) error {
	value, err := json.Marshal(record)
	if err != nil {
		return err
	}
	sum := crc32.Checksum(value, castagnoli)
	return t.meta.Put(key, fmt.Appendf(nil, "%08x %s", sum, value))
}

func (t *tx) readMeta(key []byte, record any) error {
	sum, value, ok := strings.Cut(string(t.meta.Get(key)), " ")
	if !ok || sum != fmt.Sprintf("%08x", crc32.Checksum([]byte(value), castagnoli)) {
		return damaged("record %s does not fit its checksum", key)
	}
	if err := json.Unmarshal([]byte(value), record); err != nil {
		return damaged("record %s does not read: %w", key, err)
	}
	return nil
}

// checkKey refuses what cannot be a part of a key.
func checkKey(what, s string) error {
	if s == "" || len(s) > 4096 || strings.IndexByte(s, 0) >= 0 {
		return fmt.Errorf("%s: %w", what, errKey)
	}
	return nil
}

// auditHash returns the hash of an audit entry in hex, "" when there is none.
func (s *Store) auditHash(seq uint64) (hash string, err error) {
	err = s.view(func(t *tx) error {
		e, err := t.auditEntry(seq)
		if errors.Is(err, issuer.ErrNotFound) {
			return nil
		}
		hash = hex.EncodeToString(e.Hash[:])
		return err
	})
	return hash, err
}

// withPath puts the whole path where only the file's name was known.
func withPath(err error, path string) error {
	var e *Error
	if errors.As(err, &e) && e.Path == FileName {
		e.Path = path
	}
	return err
}
