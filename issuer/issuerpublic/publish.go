package issuerpublic

import (
	"context"
	"errors"
	"fmt"
	"path"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/employment-passport/passport/internal/did"
	"github.com/employment-passport/passport/internal/statuslist"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/schema"
)

const (
	// settle is how old a signed list is before changes bring the next one: a
	// hundred revocations in a row make one list, not a hundred.
	settle = 2 * time.Second

	// renew is how old a list grows without any change: its date tells verifiers
	// that somebody still stands by it.
	renew = 4 * time.Hour

	// firstRetry and lastRetry bound how long what could not be signed waits.
	firstRetry = 5 * time.Second
	lastRetry  = 40 * time.Second

	// renewed is how many lists are renewed for their age at a time: a revocation
	// waits for these few, and not for every list of a large home on a slow disk.
	renewed = 4 * hands

	// hands is how many lists are signed at once: a key in a slow device holds up
	// few of the others.
	hands = 4

	// patience is how long one signature may take.
	patience = 20 * time.Second
)

// retry is when to try again.
type retry struct {
	at   time.Time
	wait time.Duration
	err  error
}

// counts are for the metrics.
type counts struct{ signed, failed atomic.Uint64 }

// Publish signs what is due now and serves it. Its error joins what could not
// be done; the rest was.
func (p *Public) Publish(ctx context.Context) error {
	p.publishing.Lock()
	defer p.publishing.Unlock()
	w, err := p.look(ctx)
	if err != nil {
		return fmt.Errorf("look at the store: %w", err)
	}
	now := p.c.Now()
	next := p.shown.Load().clone()
	next.governed = len(w.authorities) > 0
	failed := p.signLists(ctx, w, next, now)
	failed = append(failed, p.showKeys(ctx, w, next, now)...)
	failed = append(failed, p.showAuthorities(ctx, w, next, now)...)
	p.mu.Lock()
	p.world = w
	p.mu.Unlock()
	p.shown.Store(next)
	return errors.Join(failed...)
}

// signLists signs the lists that are due, several at once.
func (p *Public) signLists(ctx context.Context, w *world, next *snapshot, now time.Time) (failed []error) {
	var mu sync.Mutex
	var all sync.WaitGroup
	places := make(chan struct{}, hands)
	for _, url := range p.dueLists(w, next, now) {
		places <- struct{}{}
		all.Go(func() {
			defer func() { <-places }()
			signed, err := p.signList(ctx, url)
			mu.Lock()
			defer mu.Unlock()
			if signed != nil {
				err = errors.Join(err, next.putList(url, signed))
			}
			if err = p.outcome(url, now, err); err != nil {
				failed = append(failed, err)
			}
		})
	}
	all.Wait()
	return failed
}

// dueLists are the lists to be signed: all that say something new, before some of
// those that have grown old.
func (p *Public) dueLists(w *world, shown *snapshot, now time.Time) []string {
	var urls, old []string
	for _, b := range w.bodies {
		for _, l := range b.lists {
			at := shown.lists[l.URL]
			switch {
			case b.over() || !p.mayTry(l.URL, now):
			case changed(b, l, at, now):
				urls = append(urls, l.URL)
			case aged(l, at, now):
				old = append(old, l.URL)
			}
		}
	}
	return append(urls, old[:min(len(old), renewed)]...)
}

// changed tells whether a list has something new to say. The world's copy must be
// of the version that the store knows: a later one may be out already, in a
// folder that the command line has written or in a bundle.
func changed(b body, l issuer.StatusList, shown *list, now time.Time) bool {
	if shown == nil || !shown.signedAt.Equal(l.SignedAt) {
		return true
	}
	age := now.Sub(shown.signedAt)
	if l.ChangedAt.After(l.SignedAt) && (age < 0 || age >= settle) {
		return true
	}
	kid := b.statusKey()
	return kid != "" && kid != shown.kid
}

// aged tells whether a list that says nothing new is due all the same.
func aged(l issuer.StatusList, shown *list, now time.Time) bool {
	return now.Sub(shown.signedAt) >= renew ||
		l.Purpose == statuslist.PurposeSuspension && day(now).After(day(shown.signedAt)) // suspensions end with a day
}

func day(t time.Time) time.Time { return t.UTC().Truncate(24 * time.Hour) }

// signList signs a list and keeps it. A list that was signed is good even where
// it could not be kept: after a crash it is signed again, with a later date.
func (p *Public) signList(ctx context.Context, url string) (*list, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	token, err := p.c.Issuer.StatusList(ctx, url)
	if err != nil {
		return nil, err
	}
	p.counts.signed.Add(1)
	if err := p.fault("signed"); err != nil {
		return nil, err
	}
	l, _, err := readList(token)
	if err != nil || p.kept == nil {
		return l, err
	}
	if err := p.kept.write(url, []byte(token)); err != nil {
		if crash := new(crashError); errors.As(err, crash) {
			return nil, err
		}
		return l, fmt.Errorf("keep %s: %w", url, err)
	}
	return l, p.fault("synced")
}

// crashError ends a test's publisher in the middle.
type crashError struct{ error }

// mayTry and outcome space out the tries of what fails: each takes a version.
func (p *Public) mayTry(name string, now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	r, failing := p.retry[name]
	return !failing || !now.Before(r.at) || r.at.Sub(now) > lastRetry
}

func (p *Public) outcome(name string, now time.Time, err error) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err == nil {
		delete(p.retry, name)
		return nil
	}
	p.counts.failed.Add(1)
	wait := min(max(2*p.retry[name].wait, firstRetry), lastRetry)
	p.retry[name] = retry{at: now.Add(wait), wait: wait, err: err}
	return fmt.Errorf("%s: %w", name, err)
}

// showKeys serves the did documents and the histories beside them, as often as
// it takes after a change: an old one may still name a stolen key.
func (p *Public) showKeys(ctx context.Context, w *world, next *snapshot, now time.Time) (failed []error) {
	if p.world != nil && p.world.entry == w.entry && (next.keysOut || !p.mayTry(keysRetry, now)) {
		return nil
	}
	defer func() {
		next.keysOut = len(failed) == 0
		if err := p.outcome(keysRetry, now, errors.Join(failed...)); err != nil {
			failed = []error{err}
		}
	}()
	next.entities = make(map[string]schema.Entity, len(w.bodies))
	for _, b := range w.bodies {
		e, err := entityOf(b)
		if err != nil {
			failed = append(failed, fmt.Errorf("keys of %s: %w", b.Name, err))
			continue
		}
		next.entities[b.DID] = e
		if !strings.HasPrefix(b.DID, "did:web:") {
			continue // a did:key says it all itself
		}
		if err := p.showKeysOf(ctx, b, next, now); err != nil {
			failed = append(failed, fmt.Errorf("keys of %s: %w", b.Name, err))
		}
	}
	return failed
}

// keysRetry is what outcome knows the keys of all bodies by.
const keysRetry = "keys"

func (p *Public) showKeysOf(ctx context.Context, b body, next *snapshot, now time.Time) error {
	at, err := did.WebURL(b.DID)
	if err != nil {
		return err
	}
	document, err := p.c.Issuer.DIDDocument(ctx, b.Name)
	if err != nil {
		return err
	}
	history, err := p.c.Issuer.KeyHistory(ctx, b.Name)
	if err != nil {
		return err
	}
	beside := strings.TrimSuffix(at, path.Base(at)) + "did-history.json"
	return errors.Join(
		next.renew(beside, fileOf(history, "application/json", now, keysAge)),
		next.renew(at, fileOf(document, "application/did+json", now, keysAge)),
	)
}
