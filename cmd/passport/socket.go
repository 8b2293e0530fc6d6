package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"time"

	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/boltstore"
	"github.com/employment-passport/passport/issuer/sockstore"
)

// homeStore is the store of a home as the commands use it: its file, or the one
// that a running server lends.
type homeStore interface {
	issuer.Store
	Identity() string
	Path() string
	Backup(ctx context.Context, w io.Writer, now time.Time) (boltstore.Manifest, error)
	Check(ctx context.Context) ([]string, error)
}

var (
	_ homeStore = (*boltstore.Store)(nil)
	_ homeStore = lentStore{}

	_ issuer.Compacter = lentStore{} // an erasure through a server rewrites its file
)

// lentStore is the store of a running server.
type lentStore struct{ *sockstore.Store }

// Backup has the server write the backup, whose clock dates it.
func (s lentStore) Backup(ctx context.Context, w io.Writer, _ time.Time) (m boltstore.Manifest, err error) {
	text, err := s.Store.Backup(ctx, w)
	if err != nil {
		return m, err
	}
	if err := json.Unmarshal(text, &m); err != nil {
		return m, fmt.Errorf("read what the server says of the backup: %w", err)
	}
	return m, nil
}

// aloneStore gives every writing transaction a commit of its own: that of a
// command is as slow as the command, and nobody's commit waits for it.
type aloneStore struct{ *boltstore.Store }

func (s aloneStore) Update(ctx context.Context, f func(issuer.Tx) error) error {
	return s.UpdateAlone(ctx, f)
}

// isLent tells whether a running server lends the store. What that server has
// begun is its own to finish.
func isLent(s issuer.Store) bool {
	_, is := s.(lentStore)
	return is
}

// Waits for another program to give the home free: many short commands in a
// row, or a server that is starting and will soon answer.
const (
	storeWait   = 10 * time.Second
	storeGlance = time.Second
)

// openStore opens the store of the home, through the server where one runs.
func (a *app) openStore(ctx context.Context) (homeStore, error) {
	dir, err := a.homeDir()
	if err != nil {
		return nil, err
	}
	return a.openStoreOf(ctx, dir)
}

// openStoreOf opens the store of a folder. It asks for a server first, and again
// while another program has the file.
func (a *app) openStoreOf(ctx context.Context, dir string) (homeStore, error) {
	waiting := func(pid string) { a.talk("store.waiting", "pid", pid) }
	for end := time.Now().Add(storeWait); ; {
		lent, err := borrow(ctx, dir)
		if err == nil {
			return lent, nil
		}
		if !errors.Is(err, sockstore.ErrNoServer) {
			return nil, lentFailure(err)
		}
		store, err := boltstore.OpenWith(dir, boltstore.Options{Wait: storeGlance, Waiting: waiting})
		if err == nil {
			return store, nil
		}
		if !errors.Is(err, &boltstore.Error{Code: boltstore.Locked}) || time.Now().After(end) || ctx.Err() != nil {
			return nil, storeFailure(errors.Join(err, ctx.Err()))
		}
		waiting = func(string) {} // once
	}
}

// borrow asks the server of a home for its store.
func borrow(ctx context.Context, dir string) (lentStore, error) {
	s, err := sockstore.Dial(ctx, filepath.Join(dir, sockstore.FileName), sockstore.DialOptions{Fault: faultOf})
	return lentStore{s}, err
}

// lendStore serves the store of a home to the commands of that home until ctx
// ends; wait returns when the last of them has left. They write through lent,
// which is the store or stands before it.
func lendStore(ctx context.Context, dir string, base sockstore.Base, store *boltstore.Store, lent issuer.Store, now func() time.Time, log *slog.Logger) (wait func() error, err error) {
	l, err := sockstore.Listen(filepath.Join(dir, sockstore.FileName))
	if err != nil {
		return nil, err
	}
	ended := make(chan error, 1)
	go func() {
		ended <- sockstore.Serve(ctx, l, sockstore.Served{
			Store: lent, Identity: store.Identity(), Path: store.Path(), Base: base, Check: store.Check, Compact: store.Compact, Fault: wireFault,
			Backup: func(ctx context.Context, w io.Writer) ([]byte, error) {
				m, err := store.Backup(ctx, w, now())
				if err != nil {
					return nil, err
				}
				return json.Marshal(m)
			},
		}, sockstore.Options{Release: programVersion().Version, Log: log})
	}()
	return func() error { return <-ended }, nil
}

// wireFault takes a refusal of the store apart for a command, faultOf puts it
// together there.
func wireFault(err error) (f sockstore.Fault, is bool) {
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

func faultOf(f sockstore.Fault) error {
	e := &boltstore.Error{Code: boltstore.Code(f.Code), Path: f.Path, PID: f.PID}
	if f.Detail != "" {
		e.Err = errors.New(f.Detail)
	}
	return e
}

// lentFailure gives what can go wrong between a command and the server its
// words. Everything else passes through.
func lentFailure(err error) error {
	for _, known := range []struct {
		err  error
		exit int
		code string
	}{
		{sockstore.ErrOutcomeUnknown, exitUnknown, "server_outcome_unknown"},
		{sockstore.ErrStalled, exitInternal, "server_stalled"},
		{sockstore.ErrOtherRelease, exitUsage, "server_other_release"},
		{sockstore.ErrNotAllowed, exitUsage, "server_not_allowed"},
		{sockstore.ErrServerStopped, exitInternal, "server_stopped"},
		{sockstore.ErrNoServer, exitInternal, "server_stopped"},
	} {
		if errors.Is(err, known.err) {
			return fail(known.exit, known.code).wrap(err)
		}
	}
	return err
}
