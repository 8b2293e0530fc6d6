package sockstore_test

import (
	"context"
	"errors"
	"io"
	"net"
	"path/filepath"
	"testing"
	"time"

	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/boltstore"
	"github.com/employment-passport/passport/issuer/sockstore"
	"github.com/employment-passport/passport/issuer/storetest"
)

// server is a boltstore that a process of its own could lend.
type server struct {
	dir   string
	bolt  *boltstore.Store
	stop  context.CancelFunc
	ended chan error
}

func (s *server) socket() string { return filepath.Join(s.dir, sockstore.FileName) }

// fault is what cmd/passport gives to the server, restored to the client.
func fault(err error) (f sockstore.Fault, is bool) {
	var e *boltstore.Error
	if !errors.As(err, &e) {
		return f, false
	}
	f = sockstore.Fault{Code: string(e.Code), Path: e.Path, PID: e.PID}
	if e.Err != nil {
		f.Detail = e.Err.Error()
	}
	return f, true
}

func restored(f sockstore.Fault) error {
	return &boltstore.Error{Code: boltstore.Code(f.Code), Path: f.Path, PID: f.PID, Err: errors.New(f.Detail)}
}

func serve(t *testing.T, dir string, o sockstore.Options) *server {
	t.Helper()
	bolt, err := boltstore.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	s := &server{dir: dir, bolt: bolt, ended: make(chan error, 1)}
	l, err := sockstore.Listen(s.socket())
	if err != nil {
		t.Fatal(err)
	}
	s.lend(l, sockstore.Served{
		Store: bolt, Identity: bolt.Identity(), Path: bolt.Path(), Check: bolt.Check, Fault: fault,
		Backup: func(ctx context.Context, w io.Writer) ([]byte, error) {
			m, err := bolt.Backup(ctx, w, time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC))
			return []byte(m.Marks.Store), err
		},
	}, o)
	t.Cleanup(func() { s.close(t) })
	return s
}

func (s *server) lend(l net.Listener, served sockstore.Served, o sockstore.Options) {
	ctx, stop := context.WithCancel(context.Background())
	s.stop = stop
	go func() { s.ended <- sockstore.Serve(ctx, l, served, o) }()
}

// close stops lending, then closes the store.
func (s *server) close(t *testing.T) {
	t.Helper()
	if s.stop == nil {
		return
	}
	s.stop()
	s.stop = nil
	select {
	case err := <-s.ended:
		if err != nil {
			t.Errorf("serve: %v", err)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("the server did not end")
	}
	if err := s.bolt.Close(); err != nil {
		t.Error(err)
	}
}

func dial(t *testing.T, s *server) *sockstore.Store {
	t.Helper()
	c, err := sockstore.Dial(t.Context(), s.socket(), sockstore.DialOptions{Fault: restored})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func newServer(t *testing.T, o sockstore.Options) *server {
	t.Helper()
	dir := t.TempDir()
	if err := boltstore.Create(dir); err != nil {
		t.Fatal(err)
	}
	return serve(t, dir, o)
}

// homes is the harness of the suite: every store is a client of a server of its
// own over a real socket.
type homes map[issuer.Store]*server

func (h homes) New(t *testing.T) issuer.Store {
	s := newServer(t, sockstore.Options{})
	c := dial(t, s)
	h[c] = s
	return c
}

func (h homes) Reopen(t *testing.T, c issuer.Store) issuer.Store {
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	h[c].close(t)
	s := serve(t, h[c].dir, sockstore.Options{})
	again := dial(t, s)
	h[again] = s
	return again
}

func TestConformance(t *testing.T) { storetest.Run(t, homes{}) }
