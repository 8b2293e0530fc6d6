package issuer_test

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/employment-passport/passport/issuer"
)

// R16: 64 clients issue, one by one and in batches, while 64 revoke. Afterwards every index is its own and
// the published bits are exactly those of what was revoked.
func TestManyHands(t *testing.T) {
	d := newDesk(t)
	plain, _ := d.templateNames(t)
	clients, each := 64, 16
	if testing.Short() {
		clients = 8
	}
	var mu sync.Mutex
	revoked := map[uint32]bool{}
	issued := make(chan issuer.Issuance, clients*each)
	var issuers, revokers sync.WaitGroup
	template := d.offer(t, plain, "")
	for c := range clients {
		issuers.Go(func() {
			offers := make([]issuer.Offer, each)
			for n := range offers {
				offers[n] = template
				offers[n].Learner.DocumentNumber = fmt.Sprintf("C%d-%d", c, n)
			}
			row, err := d.Issue(t.Context(), clerk, offers[0])
			if err != nil {
				t.Error(err)
				return
			}
			issued <- *row
			rows, err := d.IssueBatch(t.Context(), clerk, offers[1:], nil)
			if err != nil {
				t.Error(err)
			}
			for _, row := range rows {
				issued <- row
			}
		})
		revokers.Go(func() {
			for row := range issued {
				if rand.IntN(4) != 0 {
					continue
				}
				if _, err := d.Revoke(t.Context(), clerk, row.ID, mistake); err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				revoked[row.StatusIndex] = true
				mu.Unlock()
			}
		})
	}
	issuers.Wait()
	close(issued)
	revokers.Wait()

	if n := d.sound(t); n != clients*each {
		t.Errorf("%d issued, want %d", n, clients*each)
	}
	bits := d.list(t, "https://ente.example/status/1").Bits
	for i := range bits.Len() {
		if set, _ := bits.Get(i); set != revoked[uint32(i)] {
			t.Fatalf("index %d is %v, the model says %v", i, set, revoked[uint32(i)])
		}
	}
}
