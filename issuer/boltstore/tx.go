package boltstore

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"maps"
	"slices"
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
	"records", "row_templates", "hashes", "people", "person_keys", "handles", "row_people", "erased", // since schema 3
}

// tablesOf are the tables of a schema.
func tablesOf(schema int) []string {
	switch schema {
	case 1:
		return tableNames[:slices.Index(tableNames, "composites")]
	case 2:
		return tableNames[:slices.Index(tableNames, "records")]
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
	schema  int
	totals  map[string]total  // as stored; shared, nobody changes them
	tables  map[string]*table // those that were asked for
	reached Marks             // what this transaction will have reached; writing only
	writes  *int              // how often it has written
	touched func(uses int64)  // tells of reading much; nil while writing
	ended   bool

	lastSealer *sealer // of the person asked for last

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
	t := &tx{meta: meta, schema: schemaVersion, tables: map[string]*table{}, writes: new(int)}
	for _, name := range tableNames {
		b, err := btx.CreateBucket([]byte(name))
		if err != nil {
			return nil, err
		}
		t.tables[name] = t.newTable(name, b)
	}
	return t, t.makeSecret()
}

func (t *tx) newTable(name string, b *bbolt.Bucket) *table {
	return &table{name: name, bucket: b, writes: t.writes, seed: crc32.Checksum([]byte(name), castagnoli)}
}

// openTables finds the tables of a store, or refuses it as foreign, older,
// newer or damaged.
func openTables(btx *bbolt.Tx) (*tx, error) {
	t, err := beginTables(btx)
	if err != nil {
		return nil, err
	}
	return t, t.findAll()
}

// beginTables is openTables for a store that was opened whole before: it finds a
// table when it is asked for. Most transactions ask for few, and to find all of
// them would be half of what a short one costs.
func beginTables(btx *bbolt.Tx) (*tx, error) {
	meta := btx.Bucket(metaBucket)
	if meta == nil || string(meta.Get(formatKey)) != storeFormat {
		return nil, refuse(Foreign, FileName, errors.New("a bbolt file of another program"))
	}
	t := &tx{meta: meta, tables: map[string]*table{}, writes: new(int)}
	marks, err := lastMarks.read(t, marksKey)
	switch {
	case err != nil:
		return nil, err
	case marks.Schema < oldestSchema:
		return nil, refuse(Older, FileName, fmt.Errorf("schema %d, this release reads %d", marks.Schema, schemaVersion))
	case marks.Schema > schemaVersion:
		return nil, refuse(Newer, FileName, fmt.Errorf("schema %d, this release reads %d", marks.Schema, schemaVersion))
	}
	t.schema = marks.Schema
	t.totals, err = lastTotals.read(t, totalsKey)
	return t, err
}

// findAll finds every table of the schema, or says which one is gone.
func (t *tx) findAll() error {
	for _, name := range tablesOf(t.schema) {
		if t.find(name) == nil {
			return damaged("table %s is gone", name)
		}
	}
	return nil
}

// find returns a table, nil where the store has none of that name.
func (t *tx) find(name string) *table {
	if found := t.tables[name]; found != nil {
		return found
	}
	b := t.meta.Tx().Bucket([]byte(name))
	if b == nil {
		return nil
	}
	found := t.newTable(name, b)
	found.total = t.totals[name]
	t.tables[name] = found
	return found
}

// tableGone is what in panics with, see Store.damage.
type tableGone string

// in returns a table of the schema. It was there when the store was opened.
func (t *tx) in(name string) *table {
	found := t.find(name)
	if found == nil {
		panic(tableGone(name))
	}
	return found
}

// table returns a table, or the reason why this transaction reads no more.
func (t *tx) table(name string) (*table, error) {
	if t.ended {
		return nil, errEnded
	}
	return t.in(name), nil
}

func (t *tx) end() { t.ended = true }

// finish writes the marks and the totals of the tables that changed.
func (t *tx) finish(m Marks) error {
	totals := maps.Clone(t.totals)
	if totals == nil {
		totals = map[string]total{}
	}
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
	if m, err = lastMarks.read(t, marksKey); err != nil {
		return m, err
	}
	m.Lists = map[string]uint32{}
	lists := t.in("lists")
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
