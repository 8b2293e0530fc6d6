package verifier

import (
	"sync"
	"time"

	"github.com/employment-passport/passport/schema"
)

// past is what was known of an anchor before this bundle was counted in.
type past struct {
	seq    int64     // of the newest bundle seen
	newest time.Time // the newest time signed under the anchor, this bundle's too
	err    error     // of writing it down
}

// memo spares Memory the question while the bundle is the same.
type memo struct {
	mu     sync.Mutex
	anchor string
	seq    int64
	issued time.Time
	past   past
	filled bool
}

// remember compares the bundle with what was seen under its anchor and writes
// down what is newer. Only times that were signed under the chain count: an
// issuer could date its list ahead and stop every clock.
func (v *Verifier) remember(o schema.Origin) past {
	m := &v.memo
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.filled && m.anchor == o.Authority.Anchor && m.seq == o.Seq && m.issued.Equal(o.IssuedAt) {
		return m.past
	}
	p := past{seq: o.Seq, newest: o.IssuedAt}
	if mem := v.cfg.Memory; mem != nil {
		seq, newest := mem.Seen(o.Authority.Anchor)
		p.seq = max(p.seq, seq)
		if newest.After(p.newest) {
			p.newest = newest
		}
		if p.seq > seq || p.newest.After(newest) {
			p.err = mem.Remember(o.Authority.Anchor, p.seq, p.newest)
		}
	}
	m.anchor, m.seq, m.issued, m.past, m.filled = o.Authority.Anchor, o.Seq, o.IssuedAt, p, true
	return p
}
