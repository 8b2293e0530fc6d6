package verifier_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/employment-passport/passport/internal/trust"
	"github.com/employment-passport/passport/schema"
	"github.com/employment-passport/passport/verifier"
)

// memory is what a home keeps.
type memory struct {
	seq    map[string]int64
	newest map[string]time.Time
	broken error
	writes int
}

func newMemory() *memory {
	return &memory{seq: map[string]int64{}, newest: map[string]time.Time{}}
}

func (m *memory) Seen(anchor string) (int64, time.Time) { return m.seq[anchor], m.newest[anchor] }

func (m *memory) Remember(anchor string, seq int64, newest time.Time) error {
	m.writes++
	if m.broken != nil {
		return m.broken
	}
	m.seq[anchor], m.newest[anchor] = seq, newest
	return nil
}

func (m *memory) config(c *verifier.Config) { c.Memory = m }

// TestOlderBundleIsRefused: what has been seen once is not unseen, and nothing
// of the older bundle counts, neither its keys nor its lists.
func TestOlderBundleIsRefused(t *testing.T) {
	w := newWorld(t)
	token := w.issue()
	m := newMemory()
	older := w.verifier(m.config)
	report, err := older.VerifyCredential(context.Background(), token)
	green.check(t, report, err)

	w.seq++
	report, err = w.verifier(m.config).VerifyCredential(context.Background(), token)
	green.check(t, report, err)

	w.seq--
	report, err = w.verifier(m.config).VerifyCredential(context.Background(), token)
	unknown("bundle_rollback").but(func(x *want) {
		x.genuine, x.recognised, x.holder, x.codes = verifier.NotKnown, verifier.NotKnown, "", []string{"key_unknown"}
	}).check(t, report, err)
}

// TestBundleDatedBackBlindsNobody: who holds a daily key whose time is over
// signs a bundle of that time with a number beyond every other. It is not
// remembered, so the honest one after it still counts.
func TestBundleDatedBackBlindsNobody(t *testing.T) {
	w := newWorld(t)
	m := newMemory()
	token := w.issue()
	honest, number := w.issuedAt, w.seq
	w.issuedAt, w.seq = now.Add(-60*days), now.Unix()+1000
	report, err := w.verifier(m.config).VerifyCredential(context.Background(), token)
	unknown("bundle_expired").check(t, report, err)
	if m.writes != 0 {
		t.Errorf("%d writes for a bundle past its end", m.writes)
	}
	w.issuedAt, w.seq = honest, number
	report, err = w.verifier(m.config).VerifyCredential(context.Background(), token)
	green.check(t, report, err)
}

// numbered is a bundle that claims another number.
type numbered struct {
	*trust.Bundle
	seq int64
}

func (n numbered) Origin() schema.Origin {
	o := n.Bundle.Origin()
	o.Seq = n.seq
	return o
}

// TestNumberFarAheadOfItsDate is not remembered, and forgotten where an earlier
// version wrote it down.
func TestNumberFarAheadOfItsDate(t *testing.T) {
	w := newWorld(t)
	m := newMemory()
	token := w.issue()
	report, err := w.verifier(m.config, func(c *verifier.Config) {
		c.Recognition = numbered{w.bundle(), 1 << 52}
	}).VerifyCredential(context.Background(), token)
	green.check(t, report, err)
	if m.writes != 0 {
		t.Errorf("%d writes for a number that no honest bundle has", m.writes)
	}
	anchor := thumbprint(t, w.root.Public())
	must(t, m.Remember(anchor, 1<<52, w.issuedAt))
	report, err = w.verifier(m.config).VerifyCredential(context.Background(), token)
	green.check(t, report, err)
	if m.seq[anchor] != w.seq {
		t.Errorf("number %d remembered, want %d", m.seq[anchor], w.seq)
	}
}

// TestClockSetBack: the device remembers the newest time signed under the
// chain, in whatever bundle it stood (P20, K02).
func TestClockSetBack(t *testing.T) {
	w := newWorld(t)
	token := w.issue()
	m := newMemory()
	report, err := w.verifier(m.config).VerifyCredential(context.Background(), token)
	green.check(t, report, err)

	for anchor := range m.newest {
		m.newest[anchor] = now.Add(30 * hour) // another bundle, seen since
	}
	report, err = w.verifier(m.config).VerifyCredential(context.Background(), token)
	unknown("clock").but(func(x *want) { x.status = verifier.StatusValid }).check(t, report, err)

	// Revocations are final whatever the clock says.
	w.lists = nil
	w.addList(revocations, "revocation", now.Add(-hour), index)
	report, err = w.verifier(m.config).VerifyCredential(context.Background(), token)
	invalid("revoked").check(t, report, err)
}

// TestOnlyTheChainMovesTheClock: an issuer that dates its list ahead stops
// nobody else's clock.
func TestOnlyTheChainMovesTheClock(t *testing.T) {
	w := emptyWorld(t)
	m := newMemory()
	w.addList(revocations, "revocation", now.Add(300*days))
	report, err := w.verifier(m.config).VerifyCredential(context.Background(), w.issue())
	unknown("status_stale").check(t, report, err)
	for _, newest := range m.newest {
		if !newest.Equal(w.issuedAt) {
			t.Errorf("remembered %s, want the bundle's %s", newest, w.issuedAt)
		}
	}
}

// TestMemoryThatCannotBeWritten warns and goes on.
func TestMemoryThatCannotBeWritten(t *testing.T) {
	w := newWorld(t)
	m := newMemory()
	m.broken = errors.New("read-only")
	v := w.verifier(m.config)
	for range 3 {
		report, err := v.VerifyCredential(context.Background(), w.issue())
		green.but(func(x *want) { x.codes = []string{"memory"} }).check(t, report, err)
	}
	if m.writes != 1 {
		t.Errorf("%d attempts to write for one bundle", m.writes)
	}
}

func TestClockDoubtedByOthers(t *testing.T) {
	w := newWorld(t)
	report, err := w.verifier(func(c *verifier.Config) { c.ClockDoubted = true }).VerifyCredential(context.Background(), w.issue())
	unknown("clock").check(t, report, err)
}

func TestNewRefusesNonsense(t *testing.T) {
	if _, err := verifier.New(verifier.Config{}); err == nil {
		t.Error("a verifier without a clock")
	}
	if _, err := verifier.New(verifier.Config{Now: time.Now, Policy: verifier.Policy{Skew: -1}}); err == nil {
		t.Error("a negative skew")
	}
}

// TestEndedContext is the only error of a verification.
func TestEndedContext(t *testing.T) {
	w := newWorld(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if r, err := w.verifier().VerifyCredential(ctx, w.issue()); !errors.Is(err, context.Canceled) || r != nil {
		t.Errorf("report %v, error %v", r, err)
	}
}
