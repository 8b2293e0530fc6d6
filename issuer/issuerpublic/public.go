// Package issuerpublic serves what everybody may read of a home: did documents
// with the history of their keys, status lists and status assertions,
// recognition lists and bundles, schemas, contexts and the catalogue of what
// can be learned. It asks nobody who they are, sets no cookie and logs neither
// what was asked for nor by whom.
//
// It promises that what was revoked is in the published list within a minute,
// as long as the issuer's key can be had; that a reader gets a whole, signed
// list and never an older one than anybody got before, across crashes and
// restarts; and that one body whose key is missing keeps nobody else back.
package issuerpublic

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/employment-passport/passport/issuer"
)

// Store is the part of issuer.Store that is looked at for changes.
type Store interface {
	View(ctx context.Context, f func(issuer.Tx) error) error
}

// Config holds the parts of a Public. Issuer, Store and Now are compulsory.
type Config struct {
	Issuer *issuer.Issuer
	Store  Store
	Now    func() time.Time
	Name   string        // of the service, as reports name it that trust nobody but its own bodies
	Dir    string        // where the last signed files are kept; empty keeps none
	Log    *slog.Logger  // nil is silent
	Every  time.Duration // how often the store is looked at; zero is a second
}

// Public serves the public files of one home. It is safe for many goroutines;
// Run is called once.
type Public struct {
	c    Config
	kept *folder // nil without a Dir

	shown   atomic.Pointer[snapshot] // what is served; never nil
	asserts assertions

	publishing sync.Mutex       // one Publish at a time
	made       map[string]*made // by authority; Publish's own

	mu    sync.Mutex
	world *world
	retry map[string]retry // of what could not be signed, by URL or name

	counts counts

	fault func(step string) error // in tests: where a crash comes
}

// New looks at the store and takes up the files that an earlier run has kept.
// What they say and a restored store does not know is brought back into it. It
// signs nothing: Run does.
func New(c Config) (*Public, error) {
	if c.Issuer == nil || c.Store == nil || c.Now == nil {
		return nil, errors.New("issuerpublic: a Config needs an Issuer, its Store and a clock")
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Every <= 0 {
		c.Every = time.Second
	}
	if c.Name == "" {
		c.Name = "passport"
	}
	p := &Public{c: c, retry: map[string]retry{}, made: map[string]*made{}, fault: func(string) error { return nil }}
	if c.Dir != "" {
		var err error
		if p.kept, err = openFolder(c.Dir, &p.fault); err != nil {
			return nil, fmt.Errorf("open the folder of public files: %w", err)
		}
	}
	ctx := context.Background()
	w, err := p.look(ctx)
	if err == nil {
		err = p.catchUp(ctx, w)
	}
	if err == nil {
		w, err = p.look(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("look at the store: %w", err)
	}
	p.world = w
	p.shown.Store(p.takeUp(ctx, w))
	return p, nil
}

// Close gives the folder of kept files free. Run must have ended.
func (p *Public) Close() error {
	if p.kept == nil {
		return nil
	}
	return p.kept.root.Close()
}

// Run signs what has changed, and what grows old, until ctx ends. What cannot
// be signed goes on being served as it was; Fresh and the log tell of it.
func (p *Public) Run(ctx context.Context) error {
	t := time.NewTicker(p.c.Every)
	defer t.Stop()
	for {
		if err := p.Publish(ctx); err != nil && ctx.Err() == nil {
			p.c.Log.Error("public files", "error", err.Error())
		}
		select {
		case <-ctx.Done():
			return nil
		case <-t.C:
		}
	}
}

// KnownHost tells whether a host, with its port if it has one, is that of a
// public file of this home.
func (p *Public) KnownHost(host string) bool { return p.shown.Load().hosts[lower(host)] }
