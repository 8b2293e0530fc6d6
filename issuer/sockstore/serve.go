package sockstore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"github.com/employment-passport/passport/issuer"
)

// Served is what a server lends.
type Served struct {
	Store    issuer.Store
	Identity string // of the store
	Path     string // of its file
	Base     Base   // where it answers

	// Backup writes the home to w and returns what it says of it, as the client's
	// Backup returns it.
	Backup func(ctx context.Context, w io.Writer) (manifest []byte, err error)
	// Check returns what is wrong with the store's file.
	Check func(ctx context.Context) ([]string, error)
	// Compact gives back the room of what was taken out.
	Compact func(ctx context.Context) error

	// Fault takes the error of the store apart for the other side; may be nil.
	Fault func(error) (Fault, bool)
}

// Options bound what clients can do to a server; zeros are useful.
type Options struct {
	Release string // of the program, for the client of another one

	// Stall is how long a writing transaction may say nothing: 5 s. ViewStall is
	// that of a reading one, in which a person may be looking at a page: 10 min.
	Stall, ViewStall time.Duration
	// Whole is how long a writing transaction may take in all: 20 s.
	Whole time.Duration
	// Clients is how many are served at once: 64. The others wait.
	Clients int

	Log *slog.Logger // nil is silent
}

func (o Options) orDefaults() Options {
	if o.Stall <= 0 {
		o.Stall = 5 * time.Second
	}
	if o.ViewStall <= 0 {
		o.ViewStall = 10 * time.Minute
	}
	if o.Whole <= 0 {
		o.Whole = 20 * time.Second
	}
	if o.Clients <= 0 {
		o.Clients = 64
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

// Serve lends the store to whoever connects to l, until ctx ends: then it closes
// l, tells the clients, rolls back what they have under way, and returns nil
// once the last one has left. A commit that was asked for is still answered.
func Serve(ctx context.Context, l net.Listener, served Served, o Options) error {
	o = o.orDefaults()
	var sessions sync.WaitGroup
	defer sessions.Wait()
	defer context.AfterFunc(ctx, func() { _ = l.Close() })()
	places := make(chan struct{}, o.Clients)
	for {
		select {
		case places <- struct{}{}:
		case <-ctx.Done():
			return nil
		}
		conn, err := l.Accept()
		if ctx.Err() != nil {
			if err == nil {
				_ = conn.Close()
			}
			return nil
		}
		if errors.Is(err, net.ErrClosed) {
			return fmt.Errorf("lend the store: %w", err)
		}
		if err != nil { // no file left to open, a client that was gone already: later it goes on
			o.Log.Warn("command socket", "error", err.Error())
			<-places
			pause(ctx, retryAccept)
			continue
		}
		sessions.Go(func() {
			defer func() { <-places }()
			s := &session{wire: newWire(conn), methods: methods, served: served, o: o, ctx: ctx}
			s.run()
		})
	}
}

// retryAccept is how long an Accept that failed is not tried again.
const retryAccept = 100 * time.Millisecond

func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}

// session is one client: one transaction, or one other act.
type session struct {
	wire    *wire
	methods map[string]method
	served  Served
	o       Options
	ctx     context.Context //nolint:containedctx // the server's
	stall   time.Duration   // how long the client may say nothing
}

// errGone ends the transaction of a client that left, or asked to.
var errGone = errors.New("the client has left")

func (s *session) run() {
	defer func() {
		_ = s.wire.close()
		if v := recover(); v != nil { // a bug, which ends this client and nobody else
			s.o.Log.Error("command socket", "panic", fmt.Sprint(v), "stack", string(debug.Stack()))
		}
	}()
	about := hello{Protocol: protocol, Release: s.o.Release, Identity: s.served.Identity, Path: s.served.Path, Base: s.served.Base}
	if !peerAllowed(s.wire.conn) {
		about = hello{Protocol: protocol, Refused: "user"}
	}
	if err := s.wire.send(about); err != nil || about.Refused != "" {
		return
	}
	s.stall = s.o.Stall
	first, err := s.next()
	switch {
	case err != nil:
		return
	case first.Protocol != protocol:
		s.over(ErrOtherRelease)
		return
	}
	switch first.Do {
	case doUpdate:
		s.update()
	case doView:
		s.stall = s.o.ViewStall
		s.over(s.served.Store.View(s.ctx, func(t issuer.Tx) error {
			if err := s.wire.send(answer{Say: sayBegun}); err != nil {
				return errGone
			}
			_, err := s.calls(t)
			return err
		}))
	case doBackup, doCheck, doCompact:
		s.act(first.Do)
	}
}

// update runs the client's transaction. The store may run it again: the client
// is told so, and does.
func (s *session) update() {
	err := s.served.Store.Update(s.ctx, func(t issuer.Tx) error {
		if err := s.wire.send(answer{Say: sayBegun}); err != nil {
			return errGone
		}
		whole := time.AfterFunc(s.o.Whole, func() {
			s.wire.lasted.Store(true)
			_ = s.wire.conn.SetReadDeadline(longAgo)
		})
		defer whole.Stop()
		_, err := s.calls(t, doCommit)
		return err
	})
	if err != nil {
		s.over(err)
		return
	}
	_ = s.wire.send(answer{Say: sayDone})
}

// over tells the client that it is over, unless it knows.
func (s *session) over(err error) {
	switch {
	case err == nil, errors.Is(err, errGone):
		return
	case s.ctx.Err() != nil && errors.Is(err, context.Canceled):
		err = ErrServerStopped
	}
	_ = s.wire.send(answer{Say: sayOver, Err: s.served.wireOf(err)})
}

// calls serves the client's calls until it asks for one of the ends, which it
// returns.
func (s *session) calls(t issuer.Tx, ends ...string) (end string, err error) {
	for {
		a, err := s.next()
		if err != nil {
			return "", err
		}
		if slices.Contains(ends, a.Do) {
			return a.Do, nil
		}
		serve := s.methods[a.Do]
		if serve == nil {
			return "", fmt.Errorf("%q is nothing that can be asked for here", a.Do)
		}
		if err := serve(s, t); err != nil {
			return "", err
		}
	}
}

// next reads what the client asks for. Its error says why nothing more comes:
// the client left, said nothing for too long, or the server stops.
func (s *session) next() (ask, error) {
	var a ask
	release := context.AfterFunc(s.ctx, func() { _ = s.wire.conn.SetReadDeadline(longAgo) })
	defer release()
	err := s.wire.receive(s.stall, &a)
	switch {
	case err == nil:
		return a, nil
	case s.ctx.Err() != nil:
		return a, ErrServerStopped
	case errors.Is(err, errLasted):
		return a, ErrStalled
	}
	return a, errGone
}
