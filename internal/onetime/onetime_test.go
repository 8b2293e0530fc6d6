package onetime

import (
	"encoding/base64"
	"errors"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

var start = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

// clock is a clock that tests set.
type clock struct{ at atomic.Int64 }

func newClock() *clock                { c := &clock{}; c.at.Store(start.UnixNano()); return c }
func (c *clock) now() time.Time       { return time.Unix(0, c.at.Load()) }
func (c *clock) pass(d time.Duration) { c.at.Add(int64(d)) }
func in(c *clock, s int) time.Time    { return c.now().Add(time.Duration(s) * time.Second) }
func gone(t *testing.T, err error)    { t.Helper(); is(t, err, ErrGone) }
func is(t *testing.T, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Fatalf("%v, want %v", err, want)
	}
}

// race runs f fifty times at once and counts how often it gave nil.
func race(f func() error) (good int32) {
	var count atomic.Int32
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			if f() == nil {
				count.Add(1)
			}
		})
	}
	wg.Wait()
	return count.Load()
}

func TestOneOfFiftyGetsTheValue(t *testing.T) {
	c := newClock()
	m := NewMemory(10, c.now)
	is(t, m.Put("a", []byte("x"), in(c, 60)), nil)
	if n := race(func() error { _, err := m.Take("a", c.now()); return err }); n != 1 {
		t.Fatalf("%d of 50 got the value", n)
	}
	n := NewNonces(time.Minute, 100, c.now)
	nonce := n.New()
	if good := race(func() error { return n.Use(nonce) }); good != 1 {
		t.Fatalf("%d of 50 used the nonce", good)
	}
}

func TestValuesEnd(t *testing.T) {
	c := newClock()
	m := NewMemory(2, c.now)
	is(t, m.Put("a", []byte("x"), in(c, 60)), nil)
	is(t, m.Put("b", []byte("y"), in(c, 30)), nil)
	is(t, m.Put("c", []byte("z"), in(c, 60)), ErrFull)
	is(t, m.Put("a", []byte("x2"), in(c, 60)), nil) // the same key takes no more room
	c.pass(30 * time.Second)
	is(t, m.Put("c", []byte("z"), in(c, 60)), nil) // b has expired and gives way
	_, err := m.Take("b", c.now())
	gone(t, err)
	got, err := m.Take("a", c.now())
	if err != nil || string(got) != "x2" {
		t.Fatalf("%q, %v", got, err)
	}
	c.pass(time.Minute)
	_, err = m.Take("c", c.now())
	gone(t, err)
}

func TestNoncesAreOursFreshAndUnused(t *testing.T) {
	c := newClock()
	n := NewNonces(time.Minute, 2, c.now)
	a, b := n.New(), n.New()
	if a == b || len(a) < 43 {
		t.Fatalf("%q, %q", a, b)
	}
	is(t, n.Use(a), nil)
	gone(t, n.Use(a))
	gone(t, NewNonces(time.Minute, 2, c.now).Use(b)) // another process
	raw, _ := base64.RawURLEncoding.DecodeString(b)
	for at := range raw {
		changed := append([]byte(nil), raw...)
		changed[at] ^= 1
		gone(t, n.Use(base64.RawURLEncoding.EncodeToString(changed)))
	}
	for _, odd := range []string{"", "x", b + "=", b + "\n", b[1:], b + "AAAA"} {
		gone(t, n.Use(odd))
	}
	c.pass(time.Minute)
	gone(t, n.Use(b))
}

// TestAskingForNoncesCostsNothing: a stranger who asks without end keeps nobody
// from using one; only uses take room, and give it back.
func TestAskingForNoncesCostsNothing(t *testing.T) {
	c := newClock()
	n := NewNonces(time.Minute, 3, c.now)
	for range 1000 {
		n.New()
	}
	for i := range 3 {
		if err := n.Use(n.New()); err != nil {
			t.Fatal(strconv.Itoa(i), err)
		}
	}
	is(t, n.Use(n.New()), ErrFull)
	c.pass(time.Minute)
	is(t, n.Use(n.New()), nil)
}
