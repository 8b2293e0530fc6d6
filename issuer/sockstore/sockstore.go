// Package sockstore is an issuer.Store over a Unix socket: the one process that
// holds the store lends it to the commands of the same home.
//
// It promises both sides what issuer.Store asks for, with the store of the
// server at the other end: a transaction here is a transaction there, what was
// acknowledged is durable there, and errors keep what a caller can act on. It
// promises the server that no client holds it up: one that dies is rolled back
// at once, one that says nothing for Options.Stall, or is at work for longer
// than Options.Whole, is rolled back then. It promises the client that it is
// never left to guess: when the connection breaks after it asked for the commit,
// the error is ErrOutcomeUnknown and nothing else is.
//
// The adversary is another user of the machine. The socket lies in a folder
// that only its owner enters, has mode 0600, and on Linux the server asks the
// kernel who is at the other end. Whoever is the owner, or root, may do with the
// store what its file would let him do anyway.
package sockstore

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/employment-passport/passport/issuer"
)

// protocol is the version of what goes over the socket. Both sides say theirs
// first, and another one is refused: a command of one release must not guess
// what the server of another one means.
const protocol = 1

// FileName is the socket's name in a home folder.
const FileName = "admin.sock"

// What a caller can act on.
var (
	// ErrNoServer says that nobody answers at the socket.
	ErrNoServer = errors.New("no server answers at the socket")
	// ErrOutcomeUnknown says that the connection broke after the commit had been
	// asked for: the transaction is in the store whole or not at all. Who has an
	// idempotency key or an id repeats, or looks.
	ErrOutcomeUnknown = errors.New("the server went away during the commit: it may have been stored")
	// ErrServerStopped says that the server ended before the commit was asked
	// for: nothing was stored.
	ErrServerStopped = errors.New("the server has stopped: nothing was stored")
	// ErrStalled says that the server rolled back a transaction that took too
	// long: nothing was stored.
	ErrStalled = errors.New("the server waited too long for this transaction: nothing was stored")
	// ErrOtherRelease says that the server speaks another version of the protocol.
	ErrOtherRelease = errors.New("the server is of another release")
	// ErrNotAllowed says that the socket belongs to another user.
	ErrNotAllowed = errors.New("the socket belongs to another user")
)

// Waits of a client: for a free writer, and for the answer to one call.
const (
	turnWait   = 2 * time.Minute
	answerWait = time.Minute
	helloWait  = 5 * time.Second
)

// Store is a store that another process holds. It is safe for concurrent use:
// every transaction has a connection of its own.
type Store struct {
	path  string
	about hello
	fault func(Fault) error

	mu     sync.Mutex
	closed bool
	busy   sync.WaitGroup
}

var _ issuer.Store = (*Store)(nil)

// DialOptions say how a client understands the server.
type DialOptions struct {
	// Fault makes the error of the server's store out of its wire form, so that
	// callers see the type that they would see without a server. May be nil.
	Fault func(Fault) error
}

// Dial asks the server at the socket for its store. ErrNoServer means that there
// is none.
func Dial(ctx context.Context, path string, o DialOptions) (*Store, error) {
	s := &Store{path: path, fault: o.Fault}
	w, err := s.connect(ctx)
	if err != nil {
		return nil, err
	}
	return s, w.close()
}

// Identity is the store's own name, made at init.
func (s *Store) Identity() string { return s.about.Identity }

// Path is where the server says that the store's file lies.
func (s *Store) Path() string { return s.about.Path }

// Base is where the server answers; empty when it does not say.
func (s *Store) Base() Base { return s.about.Base }

// Base is the address under which people and programs reach a server.
type Base struct {
	URL string // without a slash at its end
	// Assumed tells that nobody has configured it: it is this machine's own, and
	// reaches nobody elsewhere.
	Assumed bool
}

// connect opens a connection and hears who is there.
func (s *Store) connect(ctx context.Context) (*wire, error) {
	conn, err := dialSocket(ctx, s.path)
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, fmt.Errorf("%w: %w", ErrNoServer, err)
	}
	w := newWire(conn)
	var about hello
	if err := w.receive(helloWait, &about); err != nil {
		_ = w.close()
		return nil, fmt.Errorf("%w: %w", ErrNoServer, err)
	}
	switch {
	case about.Refused != "":
		err = ErrNotAllowed
	case about.Protocol != protocol:
		err = fmt.Errorf("%w (%s)", ErrOtherRelease, about.Release)
	case s.about.Identity != "" && about.Identity != s.about.Identity:
		err = errors.New("the server at the socket has changed to another store")
	}
	if err != nil {
		_ = w.close()
		return nil, err
	}
	if s.about.Identity == "" {
		s.about = about // by Dial, before anybody else has the Store
	}
	return w, nil
}

// Update runs f over one writing transaction of the server's store. f may run
// again after a rollback. Nothing is stored unless Update returns nil, or
// ErrOutcomeUnknown, which leaves it open.
func (s *Store) Update(ctx context.Context, f func(issuer.Tx) error) error {
	return s.transact(ctx, doUpdate, f)
}

// View runs f over one reading transaction of the server's store.
func (s *Store) View(ctx context.Context, f func(issuer.Tx) error) error {
	return s.transact(ctx, doView, f)
}

// Close waits for the transactions under way. The server goes on.
func (s *Store) Close() error {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.busy.Wait()
	return nil
}

// enter counts a transaction or another act under way.
func (s *Store) enter() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return net.ErrClosed
	}
	s.busy.Add(1)
	return nil
}

func (s *Store) transact(ctx context.Context, what string, f func(issuer.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := s.enter(); err != nil {
		return err
	}
	defer s.busy.Done()
	w, err := s.connect(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = w.close() }() // whatever ended f, the server rolls back
	if err := w.send(ask{Do: what, Protocol: protocol}); err != nil {
		return errors.Join(ErrServerStopped, err)
	}
	for {
		again, err := s.once(ctx, w, what == doUpdate, f)
		if !again {
			return err
		}
	}
}

// once waits for the transaction to begin, runs f, and asks for the commit.
// again is set when the server had to roll back for somebody else's sake.
func (s *Store) once(ctx context.Context, w *wire, writing bool, f func(issuer.Tx) error) (again bool, err error) {
	release := context.AfterFunc(ctx, w.cut)
	defer release()
	if err := s.begun(ctx, w); err != nil {
		return false, err
	}
	t := &tx{store: s, wire: w, ctx: ctx}
	defer t.end() // a Tx that outlives f, or f's panic, is dead
	if err := f(t); err != nil {
		return false, err
	}
	if t.broken != nil {
		return false, t.broken
	}
	if !writing {
		return false, nil
	}
	if !release() {
		return false, ctx.Err() // cut before the commit was asked for
	}
	if err := w.send(ask{Do: doCommit}); err != nil {
		return false, errors.Join(ErrOutcomeUnknown, err)
	}
	var a answer
	if err := w.receive(turnWait, &a); err != nil {
		return false, errors.Join(ErrOutcomeUnknown, err)
	}
	switch a.Say {
	case sayBegun:
		w.unread = &a
		return true, nil
	case sayDone:
		return false, nil
	default:
		return false, s.errorOf(a.Err)
	}
}

// begun waits for the server to begin.
func (s *Store) begun(ctx context.Context, w *wire) error {
	var a answer
	if w.unread != nil {
		w.unread = nil
		return nil
	}
	err := w.receive(turnWait, &a)
	switch {
	case err != nil && ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		return errors.Join(ErrServerStopped, err)
	case a.Say != sayBegun:
		return s.errorOf(a.Err)
	}
	return nil
}
