package sockstore_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/boltstore"
	"github.com/employment-passport/passport/issuer/sockstore"
)

// TestMain is also the client that is killed in the middle.
func TestMain(m *testing.M) {
	socket := os.Getenv("SOCKSTORE_CHILD")
	if socket == "" {
		os.Exit(m.Run())
	}
	c, err := sockstore.Dial(context.Background(), socket, sockstore.DialOptions{})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	err = c.Update(context.Background(), func(tx issuer.Tx) error {
		if err := tx.PutIssuer(issuer.IssuerRecord{Name: "half"}); err != nil {
			return err
		}
		fmt.Println("written")
		select {}
	})
	fmt.Println(err)
}

func putIssuer(s issuer.Store, name string) error {
	return s.Update(context.Background(), func(tx issuer.Tx) error { return tx.PutIssuer(issuer.IssuerRecord{Name: name}) })
}

func has(t *testing.T, s issuer.Store, name string) bool {
	t.Helper()
	err := s.View(t.Context(), func(tx issuer.Tx) error {
		_, err := tx.Issuer(name)
		return err
	})
	if err != nil && !errors.Is(err, issuer.ErrNotFound) {
		t.Fatal(err)
	}
	return err == nil
}

// within fails the test when f takes longer.
func within(t *testing.T, limit time.Duration, what string, f func() error) {
	t.Helper()
	done := make(chan error, 1)
	go func() { done <- f() }()
	select {
	case err := <-done:
		if err != nil {
			t.Errorf("%s: %v", what, err)
		}
	case <-time.After(limit):
		t.Fatalf("%s took longer than %s", what, limit)
	}
}

// TestFaultClientKilled kills a client that holds the writer: the next one
// writes at once, and nothing of the dead one is there.
func TestFaultClientKilled(t *testing.T) {
	s := newServer(t, sockstore.Options{})
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), "SOCKSTORE_CHILD="+s.socket())
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	said := make([]byte, len("written\n"))
	if _, err := io.ReadFull(out, said); err != nil || string(said) != "written\n" {
		t.Fatalf("%q, %v", said, err)
	}
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	within(t, 2*time.Second, "the next update", func() error { return putIssuer(dial(t, s), "next") })
	_ = child.Wait()
	if has(t, s.bolt, "half") || !has(t, s.bolt, "next") {
		t.Error("half of a transaction, or not the next one")
	}
}

// TestFaultClientStalls lets a client say nothing, and another be at work for
// too long: both are rolled back, told, and hold nobody up for longer.
func TestFaultClientStalls(t *testing.T) {
	for _, c := range []struct {
		name string
		o    sockstore.Options
		wait time.Duration // between two calls
	}{
		{"says nothing", sockstore.Options{Stall: 200 * time.Millisecond}, 600 * time.Millisecond},
		{"works for too long", sockstore.Options{Stall: time.Second, Whole: 300 * time.Millisecond}, 100 * time.Millisecond},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newServer(t, c.o)
			held, over := make(chan bool), make(chan error, 1)
			client := dial(t, s)
			go func() {
				over <- client.Update(context.Background(), func(tx issuer.Tx) error {
					for n := 0; ; n++ {
						if err := tx.PutIssuer(issuer.IssuerRecord{Name: "slow"}); err != nil {
							return fmt.Errorf("put: %w", err)
						}
						if n == 0 {
							close(held)
						}
						time.Sleep(c.wait)
					}
				})
			}()
			<-held
			within(t, 2*time.Second, "the next update", func() error { return putIssuer(s.bolt, "next") })
			if err := <-over; !errors.Is(err, sockstore.ErrStalled) {
				t.Errorf("the slow one got %v", err)
			}
			if has(t, s.bolt, "slow") {
				t.Error("what was rolled back is there")
			}
		})
	}
}

// TestFaultServerStops ends the server with a reader, a writer and one who waits:
// all are told, and nothing is stored.
func TestFaultServerStops(t *testing.T) {
	s := newServer(t, sockstore.Options{})
	client := dial(t, s)
	begun := make(chan bool, 2)
	errs := make(chan error, 3)
	work := func(tx issuer.Tx) error {
		begun <- true
		for {
			if _, err := tx.AllIssuers(); err != nil {
				return err
			}
			time.Sleep(5 * time.Millisecond)
		}
	}
	go func() { errs <- client.Update(context.Background(), work) }()
	go func() { errs <- client.View(context.Background(), work) }()
	<-begun
	<-begun
	go func() { errs <- putIssuer(client, "late") }()
	time.Sleep(50 * time.Millisecond)
	s.close(t)
	for range 3 {
		if err := <-errs; !errors.Is(err, sockstore.ErrServerStopped) && !errors.Is(err, sockstore.ErrNoServer) {
			t.Errorf("got %v", err)
		}
	}
	if _, err := sockstore.Dial(t.Context(), s.socket(), sockstore.DialOptions{}); !errors.Is(err, sockstore.ErrNoServer) {
		t.Errorf("dial: %v", err)
	}
	if _, err := os.Lstat(s.socket()); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the socket is still there: %v", err)
	}
	again := serve(t, s.dir, sockstore.Options{})
	if has(t, dial(t, again), "late") {
		t.Error("what waited was stored")
	}
}

// dying is a store whose process dies after the commit, or before it.
type dying struct {
	issuer.Store
	die    func()
	before bool
}

func (d dying) Update(ctx context.Context, f func(issuer.Tx) error) error {
	err := d.Store.Update(ctx, func(tx issuer.Tx) error {
		err := f(tx)
		if d.before {
			d.die()
			return errors.New("died")
		}
		return err
	})
	d.die()
	return err
}

// TestFaultOutcomeUnknown breaks the connection after the commit was asked for:
// whether it was stored or not, the client is told that nobody knows.
func TestFaultOutcomeUnknown(t *testing.T) {
	for _, before := range []bool{true, false} {
		s := newServer(t, sockstore.Options{})
		path := s.socket() + "2"
		l, err := sockstore.Listen(path)
		if err != nil {
			t.Fatal(err)
		}
		kept := &keeping{Listener: l}
		ctx, cancel := context.WithCancel(context.Background())
		ended := make(chan error, 1)
		go func() {
			ended <- sockstore.Serve(ctx, kept, sockstore.Served{Store: dying{s.bolt, kept.cut, before}, Identity: "x"}, sockstore.Options{})
		}()
		client, err := sockstore.Dial(t.Context(), path, sockstore.DialOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if err := putIssuer(client, "perhaps"); !errors.Is(err, sockstore.ErrOutcomeUnknown) || errors.Is(err, sockstore.ErrServerStopped) {
			t.Errorf("got %v", err)
		}
		if has(t, s.bolt, "perhaps") == before {
			t.Errorf("before %v: wrongly stored or not", before)
		}
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
}

// keeping is a listener that can cut the last connection.
type keeping struct {
	net.Listener
	last net.Conn
}

func (k *keeping) Accept() (net.Conn, error) {
	c, err := k.Listener.Accept()
	if err == nil {
		k.last = c
	}
	return c, err
}

func (k *keeping) cut() { _ = k.last.Close() }

// TestErrorsKeepWhatTheyAre sends every kind of error over.
func TestErrorsKeepWhatTheyAre(t *testing.T) {
	s := newServer(t, sockstore.Options{})
	for _, want := range []error{
		fmt.Errorf("look: %w", issuer.ErrNotFound),
		&issuer.Error{Code: "state", Args: map[string]string{"id": "urn:x"}, Err: errors.New("why")},
		&boltstore.Error{Code: boltstore.Full, Path: "/home/passport.db", Err: errors.New("no space")},
		context.Canceled,
		errors.New("anything else"),
	} {
		path := s.socket() + "3"
		l, err := sockstore.Listen(path)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(context.Background())
		ended := make(chan error, 1)
		go func() {
			ended <- sockstore.Serve(ctx, l, sockstore.Served{Store: failing{s.bolt, want}, Fault: fault}, sockstore.Options{})
		}()
		client, err := sockstore.Dial(t.Context(), path, sockstore.DialOptions{Fault: restored})
		if err != nil {
			t.Fatal(err)
		}
		var call error
		commit := client.Update(t.Context(), func(tx issuer.Tx) error {
			_, call = tx.Issuer("x")
			return nil
		})
		for _, got := range []error{call, commit} {
			if got == nil || got.Error() != want.Error() {
				t.Errorf("got %q, want %q", got, want)
			}
		}
		var refused *issuer.Error
		var fault *boltstore.Error
		for _, e := range []error{issuer.ErrNotFound, context.Canceled} {
			if errors.Is(want, e) != errors.Is(call, e) {
				t.Errorf("%v is no longer %v", call, e)
			}
		}
		if errors.As(want, &refused) != errors.As(call, &refused) || errors.As(want, &fault) != errors.As(commit, &fault) {
			t.Errorf("%v lost its type", call)
		}
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
}

// failing is a store of which everything fails.
type failing struct {
	issuer.Store
	err error
}

func (s failing) Update(ctx context.Context, f func(issuer.Tx) error) error {
	return errors.Join(s.Store.Update(ctx, func(tx issuer.Tx) error { return f(failingTx{tx, s.err}) }), s.err)
}

type failingTx struct {
	issuer.Tx
	err error
}

func (t failingTx) Issuer(string) (issuer.IssuerRecord, error) { return issuer.IssuerRecord{}, t.err }

// panicking is a store with a bug.
type panicking struct{ issuer.Store }

func (panicking) View(context.Context, func(issuer.Tx) error) error { panic("a bug") }

// tired is a listener whose first Accept fails, as when no file can be opened.
type tired struct {
	net.Listener
	failed bool
}

func (l *tired) Accept() (net.Conn, error) {
	if !l.failed {
		l.failed = true
		return nil, errors.New("too many open files")
	}
	return l.Listener.Accept()
}

// TestFaultServerGoesOn lets an Accept fail and a transaction panic: the next
// client is served.
func TestFaultServerGoesOn(t *testing.T) {
	s := newServer(t, sockstore.Options{})
	path := s.socket() + "4"
	l, err := sockstore.Listen(path)
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		ended <- sockstore.Serve(ctx, &tired{Listener: l}, sockstore.Served{Store: panicking{s.bolt}}, sockstore.Options{Log: slog.New(slog.NewTextHandler(&log, nil))})
	}()
	client, err := sockstore.Dial(t.Context(), path, sockstore.DialOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if err := client.View(t.Context(), func(issuer.Tx) error { return nil }); !errors.Is(err, sockstore.ErrServerStopped) {
		t.Errorf("got %v", err)
	}
	if err := putIssuer(client, "next"); err != nil {
		t.Error(err)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	for _, want := range []string{"too many open files", "a bug"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log does not tell of %q: %s", want, &log)
		}
	}
}
