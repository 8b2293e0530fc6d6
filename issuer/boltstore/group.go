package boltstore

import (
	"cmp"
	"context"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/employment-passport/passport/issuer"
)

// groupLimit is how many functions share one commit at most: what costs is the
// sync, and a longer row would only make the first wait for the last.
const groupLimit = 64

var (
	errGone   = errors.New("the function of an update ended its goroutine")
	errUndone = errors.New("rolled back")
)

// call is one Update that waits for its turn.
type call struct {
	ctx   context.Context
	f     func(issuer.Tx) error
	alone bool        // in a commit of its own
	taken atomic.Bool // by a group, or by its caller who leaves

	// Set before done is closed.
	err   error
	panic any // what f panicked with
	done  chan struct{}
}

// queue holds the calls that wait, in their order.
type queue struct {
	mu    sync.Mutex
	calls []*call
}

func (q *queue) add(c *call) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.calls = append(q.calls, c)
}

// gather lets everybody else who has something to do go first, as long as that
// brings more calls: what a commit costs is the same for few as for many. Nobody
// waits for time to pass, and who is alone goes on at once.
func (q *queue) gather() {
	for before := 0; ; {
		now := q.len()
		if now <= before || now >= groupLimit {
			return
		}
		before = now
		runtime.Gosched()
	}
}

func (q *queue) len() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.calls)
}

// take returns the next calls whose callers are still there.
func (q *queue) take() (group []*call) {
	q.mu.Lock()
	defer q.mu.Unlock()
	n := 0
	for ; n < len(q.calls) && len(group) < groupLimit && (len(group) == 0 || !group[0].alone); n++ {
		if q.calls[n].alone && len(group) > 0 {
			break
		}
		if q.calls[n].taken.CompareAndSwap(false, true) {
			group = append(group, q.calls[n])
		}
	}
	clear(q.calls[:n])
	q.calls = q.calls[n:]
	return group
}

// Update runs f alone and makes what it wrote durable, see issuer.Store. Who
// waits does so beside others: whoever gets the writer's token runs the functions
// of all who wait, and one commit makes them durable.
func (s *Store) Update(ctx context.Context, f func(issuer.Tx) error) error {
	return s.update(&call{ctx: ctx, f: f, done: make(chan struct{})})
}

// UpdateAlone is Update in a commit of its own, for a function that may be slow:
// those who asked before it do not wait for it, nor run again when it fails.
func (s *Store) UpdateAlone(ctx context.Context, f func(issuer.Tx) error) error {
	return s.update(&call{ctx: ctx, f: f, alone: true, done: make(chan struct{})})
}

func (s *Store) update(c *call) error {
	ctx := c.ctx
	if err := ctx.Err(); err != nil {
		return err
	}
	s.waiting.add(c)
	for {
		select {
		case <-c.done:
			return c.answer()
		case <-s.writer:
			s.waiting.gather()
			if group := s.waiting.take(); len(group) == 1 && group[0] == c {
				s.lead(group)
			} else {
				go s.lead(group) // a function that ends its goroutine ends nobody else's
			}
		case <-ctx.Done():
			if c.taken.CompareAndSwap(false, true) {
				return ctx.Err()
			}
			<-c.done // its function is running, or has run
			return c.answer()
		}
	}
}

func (c *call) answer() error {
	if c.panic != nil {
		panic(c.panic)
	}
	return c.err
}

// lead runs a group to its end and gives the token back. Nobody is left without
// an answer.
func (s *Store) lead(group []*call) {
	defer func() {
		for _, c := range group { // none, unless a function ended this goroutine
			c.err = errGone
			close(c.done)
		}
		s.writer <- struct{}{}
	}()
	for len(group) > 0 {
		answered := s.attempt(group)
		s.touchedByWriter(answered)
		for _, c := range group[:answered] {
			close(c.done)
		}
		group = group[answered:]
	}
}

// attempt runs functions of a group in one transaction. It returns how many of
// them have come to an end: all, or those before the first that failed after it
// had written. That one then goes alone, so that its failure is its own.
func (s *Store) attempt(group []*call) (ended int) {
	for ended = len(group); ; {
		failed, err := s.together(group[:ended])
		if failed < 0 || ended == 1 {
			for _, c := range group[:ended] {
				c.err = cmp.Or(err, c.err)
			}
			return ended
		}
		ended = max(failed, 1)
	}
}

// together runs functions one after another in one transaction and commits it.
// One that failed before it wrote stands in nobody's way. Of one that failed
// after it wrote the number is returned, and nothing is written. The error is
// everybody's: it says that nothing could be written.
func (s *Store) together(group []*call) (failed int, err error) {
	if e := s.stopped.Load(); e != nil {
		return -1, e
	}
	failed = -1
	err = s.commit(func(t *tx) error {
		worked := false
		for n, c := range group {
			before := *t.writes
			if c.err = s.run(t, c); c.err == nil {
				worked = true
			} else if e := s.stopped.Load(); e != nil {
				return c.err
			} else if *t.writes != before {
				failed = n
				return errUndone
			}
		}
		if !worked {
			return errUndone
		}
		return nil
	})
	if errors.Is(err, errUndone) {
		err = nil
	}
	return failed, err
}

// run runs the function of one call, for which the transaction dies with it.
func (s *Store) run(t *tx, c *call) (err error) {
	c.panic = nil
	if err := c.ctx.Err(); err != nil {
		return err
	}
	mine := *t
	defer func() {
		mine.end()
		t.reached = mine.reached
		v := recover()
		if v == nil {
			return
		}
		if err = s.damage(v, true); err == nil {
			c.panic, err = v, errUndone
		}
	}()
	return c.f(&mine)
}
