package main

import (
	"context"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/employment-passport/passport/internal/trust"
	"github.com/employment-passport/passport/verifier"
	"github.com/employment-passport/passport/verifier/verifierhttp"
)

// bundleEvery is how often the file of the bundle is looked at.
const bundleEvery = 30 * time.Second

// pinned is the bundle that the operator has named, as it stands now. A newer
// file takes its place; one that is refused, or older, does not.
type pinned struct {
	service *service
	now     atomic.Pointer[openedBundle]
	seen    time.Time // of the file
}

// openedBundle is a bundle with the bytes that it was read from.
type openedBundle struct {
	*trust.Bundle
	data []byte
}

func (p *pinned) bundle() *trust.Bundle { return p.now.Load().Bundle }

// open reads the file, and must find a bundle.
func (p *pinned) open() error {
	c := p.service.config
	info, err := os.Stat(c.Bundle)
	if err != nil {
		return bundleUnread(c.Bundle, err)
	}
	data, err := os.ReadFile(c.Bundle)
	if err != nil {
		return bundleUnread(c.Bundle, err)
	}
	b, err := trust.Open(data, c.Anchor, trust.Options{ListFile: listsBeside(c.Bundle)})
	if err != nil {
		return bundleUnread(c.Bundle, err)
	}
	p.seen = info.ModTime()
	if old := p.now.Load(); old == nil || old.Origin().Seq <= b.Origin().Seq {
		p.now.Store(&openedBundle{b, data})
	}
	return nil
}

// follow looks for a newer file until ctx ends.
func (p *pinned) follow(ctx context.Context) error {
	tick := time.NewTicker(bundleEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		info, err := os.Stat(p.service.config.Bundle)
		if err != nil || info.ModTime().Equal(p.seen) {
			continue
		}
		if err := p.open(); err != nil {
			p.service.house.log.Warn("the new bundle is not believed", "error", err.Error())
			continue
		}
		p.service.house.log.Info("bundle", "seq", p.now.Load().Origin().Seq)
	}
}

// wireVerifier makes what judges credentials that are sent here: by the pinned
// bundle, else by what this home itself publishes.
func (s *service) wireVerifier() error {
	h := s.house
	bundle := func() *trust.Bundle { return nil }
	if s.config.Bundle != "" {
		p := &pinned{service: s}
		if err := p.open(); err != nil {
			return err
		}
		s.pin, bundle = p, p.bundle
		s.loops = append(s.loops, p.follow)
	}
	s.trusted = s.public.Trust(bundle)
	sources := s.trusted
	v, err := verifier.New(verifier.Config{
		Keys: sources, StatusLists: sources, Recognition: sources, Now: h.app.now, Memory: &sharedMemory{memory: h.app.seenMemory()},
		Policy: verifier.Policy{FreshStatus: time.Duration(s.config.FreshStatus), MaxStatusAge: time.Duration(s.config.MaxStatusAge)},
	})
	if err != nil {
		return err
	}
	api, err := verifierhttp.New(verifierhttp.Config{
		Verifier: func() *verifier.Verifier { return v }, Now: h.app.now, Audience: s.base.String(),
		Judged: func(verdict verifier.Verdict) { h.meters.verdicts.WithLabelValues(verdict.String()).Inc() },
	})
	if err != nil {
		return err
	}
	s.add(api, verifierhttp.OpenAPI())
	return nil
}

// sharedMemory is the home's memory of what was seen of each root, for many
// goroutines. The file is written when a newer bundle comes, and else at most
// once in rememberEvery: a verification writes nothing.
type sharedMemory struct {
	mu     sync.Mutex
	memory *seenMemory
}

const rememberEvery = time.Hour

// Seen is verifier.Memory's.
func (m *sharedMemory) Seen(anchor string) (int64, time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.memory.Seen(anchor)
}

// Remember is verifier.Memory's. A home that cannot be written for now costs no
// verdict: this process remembers.
func (m *sharedMemory) Remember(anchor string, seq int64, newest time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if last, at := m.memory.Seen(anchor); seq != last || newest.Sub(at) >= rememberEvery {
		_ = m.memory.Remember(anchor, seq, newest) // it has said so on stderr
	}
	return nil
}
