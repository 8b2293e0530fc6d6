package issuer_test

import (
	"fmt"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/employment-passport/passport/issuer"
)

// actsOf is how many acts the test of many hands does: 2,000 in every run,
// PASSPORT_ACTS of them where that says so (make torture-long).
func actsOf(t *testing.T) int {
	if n, err := strconv.Atoi(os.Getenv("PASSPORT_ACTS")); err == nil && n > 0 {
		return n
	}
	if testing.Short() {
		return 600
	}
	return 2000
}

// R16: 64 clients issue, one by one and in batches, while 64 revoke what comes
// from them, over a real store in which all share commits. Afterwards every index
// is its own, every act that was acknowledged is there and in the log, and the
// published bits are exactly those of a model.
func TestFaultR16ManyIssuersAndRevokers(t *testing.T) {
	const clients = 64
	d := newDesk(t)
	plain, _ := d.templateNames(t)
	acts := actsOf(t)
	each := max(acts*2/3/clients, 2) // two of three acts issue, the third revokes
	begun := time.Now()
	issued := make(chan issuer.Issuance, clients*each)
	model := &model{revoked: map[place]bool{}}
	template := d.offer(t, plain, "")
	var issuers, revokers sync.WaitGroup
	for c := range clients {
		issuers.Go(func() {
			for n := 0; n < each; {
				n += d.issueSome(t, template, c, n, each, issued)
			}
		})
		revokers.Go(func() {
			for row := range issued {
				if model.take(row); row.StatusIndex%2 == 0 {
					continue
				}
				if _, err := d.Revoke(t.Context(), clerk, row.ID, mistake); err != nil {
					t.Error(err)
					return
				}
				model.revoke(row)
			}
		})
	}
	issuers.Wait()
	close(issued)
	revokers.Wait()
	t.Logf("%d issued and %d revoked in %v", model.rows, len(model.revoked), time.Since(begun).Round(time.Millisecond))
	model.hold(t, d, clients*each)
}

// issueSome issues one credential, or a batch of up to seven, and returns how
// many.
func (d *desk) issueSome(t *testing.T, like issuer.Offer, client, n, each int, issued chan<- issuer.Issuance) int {
	offers := []issuer.Offer{}
	for k := n; k < each && len(offers) < 1+(client+n)%2*6; k++ {
		o := like
		o.Learner.DocumentNumber = fmt.Sprintf("C%d-%d", client, k)
		offers = append(offers, o)
	}
	if len(offers) == 1 {
		row, err := d.Issue(t.Context(), clerk, offers[0])
		if err != nil {
			t.Error(err)
			return each
		}
		issued <- *row
		return 1
	}
	rows, err := d.IssueBatch(t.Context(), clerk, offers, nil)
	if err != nil {
		t.Error(err)
		return each
	}
	for _, row := range rows {
		issued <- row
	}
	return len(rows)
}

// place is where a bit stands.
type place struct {
	list  string
	index uint32
}

// model is what the clients were told.
type model struct {
	mu      sync.Mutex
	taken   map[place]string
	twice   []string
	rows    int
	revoked map[place]bool
}

func (m *model) take(row issuer.Issuance) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.taken == nil {
		m.taken = map[place]string{}
	}
	at := place{row.StatusList, row.StatusIndex}
	if other := m.taken[at]; other != "" {
		m.twice = append(m.twice, fmt.Sprintf("%v of %s and %s", at, other, row.ID))
	}
	m.taken[at] = row.ID
	m.rows++
}

func (m *model) revoke(row issuer.Issuance) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.revoked[place{row.StatusList, row.StatusIndex}] = true
}

// hold compares the store, its log and its published lists with the model.
func (m *model) hold(t *testing.T, d *desk, rows int) {
	t.Helper()
	if len(m.twice) > 0 {
		t.Errorf("indexes given twice: %v", m.twice)
	}
	if n := d.sound(t); n != rows || m.rows != rows {
		t.Errorf("%d in the register, %d acknowledged, want %d", n, m.rows, rows)
	}
	if n := d.audited(t, "revoke"); n != len(m.revoked) {
		t.Errorf("%d revocations in the log, %d acknowledged", n, len(m.revoked))
	}
	if n := d.audited(t, "issue.done"); n != rows {
		t.Errorf("%d issued in the log, %d acknowledged", n, rows)
	}
	lists, err := d.StatusLists(t.Context(), "ente")
	must(t, err)
	set := 0
	for _, l := range lists {
		bits := d.list(t, l.URL).Bits
		for i := range bits.Len() {
			on, _ := bits.Get(i)
			if on {
				set++
			}
			if on != m.revoked[place{l.URL, uint32(i)}] {
				t.Fatalf("%s: index %d is %v", l.URL, i, on)
			}
		}
	}
	if set != len(m.revoked) {
		t.Errorf("%d bits are set, %d were revoked", set, len(m.revoked))
	}
	if checked, err := d.Fsck(t.Context()); err != nil || len(checked.Findings) > 0 {
		t.Errorf("fsck: %v %v", checked.Findings, err)
	}
}
