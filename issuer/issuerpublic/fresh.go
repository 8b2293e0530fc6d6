package issuerpublic

import (
	"errors"
	"fmt"
	"time"
)

const (
	// late is how long a change may wait for its list: what the service promises.
	late = time.Minute

	// tooOld is how old a list may grow without any change.
	tooOld = 6 * time.Hour
)

// Fresh tells what is not as fresh at now as the service promises, by the URLs
// of the lists; nil is all well. What it names is served all the same, as it was
// last signed.
func (p *Public) Fresh(now time.Time) error {
	p.mu.Lock()
	w := p.world
	var failed []error
	for name, r := range p.retry {
		failed = append(failed, fmt.Errorf("%s: %w", name, r.err))
	}
	p.mu.Unlock()
	if now.Sub(w.at) > late {
		failed = append(failed, fmt.Errorf("the store was last looked at %s ago", now.Sub(w.at).Truncate(time.Second)))
	}
	shown := p.shown.Load()
	for _, b := range w.bodies {
		for _, row := range b.lists {
			l := shown.lists[row.URL]
			switch {
			case b.over():
			case l == nil:
				failed = append(failed, fmt.Errorf("%s is not published", row.URL))
			case row.ChangedAt.After(l.signedAt) && now.Sub(row.ChangedAt) > late:
				failed = append(failed, fmt.Errorf("%s lacks what changed at %s", row.URL, row.ChangedAt.UTC().Format(time.RFC3339)))
			case now.Sub(l.signedAt) > tooOld || !now.Before(l.until):
				failed = append(failed, fmt.Errorf("%s is of %s", row.URL, l.signedAt.UTC().Format(time.RFC3339)))
			}
		}
	}
	return errors.Join(failed...)
}

// Stats are figures for the metrics.
type Stats struct {
	Lists   int           // published
	Oldest  time.Duration // age of the oldest of them
	Failing int           // lists and bundles whose last signing failed
	Signed  uint64        // lists signed since the start
	Failed  uint64        // signings that failed since the start
}

// Stats counts at now.
func (p *Public) Stats(now time.Time) Stats {
	p.mu.Lock()
	s := Stats{Failing: len(p.retry), Signed: p.counts.signed.Load(), Failed: p.counts.failed.Load()}
	p.mu.Unlock()
	for _, l := range p.shown.Load().lists {
		s.Lists++
		s.Oldest = max(s.Oldest, now.Sub(l.signedAt))
	}
	return s
}
