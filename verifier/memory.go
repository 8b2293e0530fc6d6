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

// seqAhead is how far a bundle's number may run ahead of its date, in seconds:
// an honest number is Unix time, or one more than the last. A number far ahead,
// signed with a stolen daily key, would blind whoever remembers it for ever.
const seqAhead = 100 * 24 * 60 * 60

// plausible tells whether seq may be the number of a bundle of that date.
func plausible(seq int64, date time.Time) bool { return seq <= date.Unix()+seqAhead }

// memorable tells whether a bundle may be written down: not past its own end,
// because the key of one dated back may have been stolen after its time.
func (v *Verifier) memorable(o schema.Origin) bool {
	ended := !o.Expires.IsZero() && v.cfg.Now().After(o.Expires.Add(v.policy.Skew))
	return !ended && plausible(o.Seq, o.IssuedAt)
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
		if !plausible(seq, latest(newest, o.IssuedAt)) {
			seq = 0 // written down by somebody who believed it
		}
		p.seq = max(p.seq, seq)
		if newest.After(p.newest) {
			p.newest = newest
		}
		if v.memorable(o) && (p.seq > seq || p.newest.After(newest)) {
			p.err = mem.Remember(o.Authority.Anchor, p.seq, p.newest)
		}
	}
	m.anchor, m.seq, m.issued, m.past, m.filled = o.Authority.Anchor, o.Seq, o.IssuedAt, p, true
	return p
}
