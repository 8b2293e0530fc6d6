package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"time"

	"github.com/employment-passport/passport/internal/sealed"
)

// seenMemory keeps, for each root, the newest bundle and the newest signed time
// in seen.json of the home, so that an older bundle and a clock set back are
// noticed by the next command. A home that cannot be written costs a warning.
type seenMemory struct {
	app  *app
	path string
	seen map[string]seenRecord
}

type seenRecord struct {
	Seq    int64     `json:"seq"`
	Newest time.Time `json:"newest"`
}

func (a *app) seenMemory() *seenMemory {
	m := &seenMemory{app: a, seen: map[string]seenRecord{}}
	dir, err := a.homeDir()
	if err != nil {
		return m
	}
	m.path = filepath.Join(dir, "seen.json")
	m.seen = readSeen(m.path)
	return m
}

// readSeen reads what is there. A file that cannot be read remembers nothing;
// it is written anew.
func readSeen(path string) map[string]seenRecord {
	seen := map[string]seenRecord{}
	data, err := os.ReadFile(path)
	if err == nil && json.Unmarshal(data, &seen) != nil {
		seen = map[string]seenRecord{}
	}
	return seen
}

// Seen gives zeros for a root that was never seen.
func (m *seenMemory) Seen(anchor string) (int64, time.Time) {
	r := m.seen[anchor]
	return r.Seq, r.Newest
}

// Remember writes the file anew, whole or not at all. What another command has
// written since this one began is kept: its other roots, and a newer number.
func (m *seenMemory) Remember(anchor string, seq int64, newest time.Time) error {
	record, began := seenRecord{Seq: seq, Newest: newest.UTC()}, m.seen[anchor]
	m.seen = readSeen(m.path)
	if other := m.seen[anchor]; other.Seq != began.Seq && other.Seq > seq {
		record = other
	}
	m.seen[anchor] = record
	if err := m.write(); err != nil {
		m.app.remark("verify.seen_unwritable", map[string]string{"path": m.path})
		return err
	}
	return nil
}

func (m *seenMemory) write() error {
	data, err := json.MarshalIndent(m.seen, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(m.path), 0o700); err != nil {
		return err
	}
	return sealed.WriteFileAtomic(m.path, append(data, '\n'), 0o600)
}
