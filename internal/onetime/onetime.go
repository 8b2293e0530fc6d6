// Package onetime keeps short-lived values that may be used once: sign-in
// codes, nonces, sessions of a presentation.
//
// The attacker has seen the value and sends it again, or fifty times at the
// same moment, or asks for so many that nobody else gets one. The promise is
// that one of all who take a value gets it, none after its end, and that the
// memory behind it is bounded.
package onetime

import (
	"errors"
	"sync"
	"time"
)

var (
	// ErrGone: no such value, not any more, or too late. Nobody learns which.
	ErrGone = errors.New("taken, expired or never there")
	// ErrFull: as many values are kept as there is room for.
	ErrFull = errors.New("too many short-lived values are waiting")
)

// Values keeps values under keys of the caller's choosing until they expire.
type Values interface {
	// Put keeps value until expires, in the place of what the key had before.
	Put(key string, value []byte, expires time.Time) error

	// Take gives the value to exactly one caller and forgets it; ErrGone to all
	// others, and to everybody from expires on.
	Take(key string, now time.Time) (value []byte, err error)
}

// Memory keeps values in this process: a restart forgets them all, which for
// values that live minutes is one more try. It is safe for many goroutines.
type Memory struct {
	max int
	now func() time.Time

	mu     sync.Mutex
	values map[string]kept
}

type kept struct {
	value   []byte
	expires time.Time
}

// NewMemory makes room for max values. now tells which of them have expired
// when the room is full.
func NewMemory(max int, now func() time.Time) *Memory {
	return &Memory{max: max, now: now, values: map[string]kept{}}
}

// Put keeps a value. It returns ErrFull when all the room is taken by values
// that have not expired: those are other people's, and stay.
func (m *Memory) Put(key string, value []byte, expires time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, again := m.values[key]; !again && !m.room() {
		return ErrFull
	}
	m.values[key] = kept{append([]byte(nil), value...), expires}
	return nil
}

// Take gives a value away.
func (m *Memory) Take(key string, now time.Time) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	k, ok := m.values[key]
	delete(m.values, key)
	if !ok || !now.Before(k.expires) {
		return nil, ErrGone
	}
	return k.value, nil
}

// Once lets one of all who bring a key pass until expires: ErrGone to the
// others, and ErrFull when no more keys can be remembered.
func (m *Memory) Once(key string, expires time.Time) error { return m.add(key, m.now(), expires) }

// add keeps a mark unless it is there already: ErrGone then.
func (m *Memory) add(key string, now, expires time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if k, ok := m.values[key]; ok && now.Before(k.expires) {
		return ErrGone
	}
	if !m.room() {
		return ErrFull
	}
	m.values[key] = kept{expires: expires}
	return nil
}

// room sweeps out what has expired when there is no room for one more.
func (m *Memory) room() bool {
	if len(m.values) < m.max {
		return true
	}
	now := m.now()
	for key, k := range m.values {
		if !now.Before(k.expires) {
			delete(m.values, key)
		}
	}
	return len(m.values) < m.max
}
