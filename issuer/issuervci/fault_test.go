package issuervci

import (
	"sync"
	"testing"

	"github.com/employment-passport/passport/issuer"
)

// TestFaultR9CrashBetweenSigningAndAnswering: the credential was signed, the
// process ended, nobody was told. Whoever asks again gets that one.
func TestFaultR9CrashBetweenSigningAndAnswering(t *testing.T) {
	w := newWorld(t)
	made, h := w.offered(), newHolder(t)
	token := w.token(made)
	r, err := w.offers.look(t.Context(), made.ID)
	must(t, err)
	must(t, r.unseal(token))
	learner := *r.item(hygiene).learner
	learner.Holder = h.did
	row, err := w.issuer.Issue(t.Context(), clerk, issuer.Offer{
		Issuer: "ente", Template: hygiene, Learner: learner, IdempotencyKey: "oid4vci:" + made.ID + ":" + hygiene + ":" + h.did,
	})
	must(t, err)
	w.restart()
	if got := credentials(t, w.claim(token, hygiene, h)); got[0] != row.Token {
		t.Error("another credential")
	}
	if v, err := w.offers.Show(t.Context(), made.ID); err != nil || len(v.Credentials) != 1 || v.Credentials[0] != row.ID {
		t.Errorf("%+v, %v", v, err)
	}
	if done := w.acts("issue.done"); len(done) != 1 {
		t.Errorf("%d were issued", len(done))
	}
}

// TestFaultR9ARetryStorm: 50 requests at once with the same key, each with a
// nonce of its own, are one credential.
func TestFaultR9ARetryStorm(t *testing.T) {
	w := newWorld(t)
	token, h := w.token(w.offered()), newHolder(t)
	var mu sync.Mutex
	var wg sync.WaitGroup
	seen := map[string]int{}
	for range 50 {
		wg.Go(func() {
			got := credentials(t, w.claim(token, hygiene, h))
			mu.Lock()
			defer mu.Unlock()
			seen[got[0]]++
		})
	}
	wg.Wait()
	if len(seen) != 1 || len(w.acts("issue.done")) != 1 {
		t.Errorf("%d credentials, %d signed", len(seen), len(w.acts("issue.done")))
	}
}

// TestRevokedWhileItIsIssued: what was signed in that moment is still listed.
func TestRevokedWhileItIsIssued(t *testing.T) {
	w := newWorld(t)
	made, h := w.offered(), newHolder(t)
	token := w.token(made)
	r, err := w.offers.look(t.Context(), made.ID)
	must(t, err)
	must(t, r.unseal(token))
	must(t, r.item(hygiene).bind([]string{h.did}))
	must(t, w.offers.Revoke(t.Context(), clerk, made.ID))
	answer, err := w.offers.issue(t.Context(), r, claim{token: token, item: hygiene, holders: []string{h.did}})
	must(t, err)
	v, err := w.offers.Show(t.Context(), made.ID)
	must(t, err)
	if len(answer.Credentials) != 1 || len(v.Credentials) != 1 || v.State != Revoked || w.holds("did:key:") {
		t.Errorf("%+v", v)
	}
}
