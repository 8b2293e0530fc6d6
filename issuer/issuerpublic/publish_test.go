package issuerpublic

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/schema"
)

// A revocation is in the list that the world gets within the minute, however
// many come at once (promise P5).
func TestRevocationIsPublishedWithinTheMinute(t *testing.T) {
	h := newHome(t)
	row := h.issue("ente", false)
	other := h.issue("scuola", false)
	p := h.opened()
	served := handler(p)
	before := h.list(served, row.StatusList)
	if bit(t, before, row.StatusIndex) {
		t.Fatal("revoked before it was")
	}
	h.pass(time.Minute)
	h.revoke(row)
	if err := p.Fresh(h.clock()); err != nil {
		t.Fatalf("a change just made is no fault: %v", err)
	}
	must(t, p.Publish(t.Context()))
	after := h.list(served, row.StatusList)
	if !bit(t, after, row.StatusIndex) || !after.ValidFrom.After(before.ValidFrom) {
		t.Errorf("the list of %s does not say what happened", after.ValidFrom)
	}
	if bit(t, h.list(served, other.StatusList), other.StatusIndex) {
		t.Error("another body's credential is revoked")
	}
	// What follows at once waits for the next list, and not for long.
	next := h.issue("ente", false)
	h.revoke(next)
	must(t, p.Publish(t.Context()))
	if !h.list(served, row.StatusList).ValidFrom.Equal(after.ValidFrom) {
		t.Error("two lists within two seconds")
	}
	h.pass(settle)
	must(t, p.Publish(t.Context()))
	if !bit(t, h.list(served, next.StatusList), next.StatusIndex) {
		t.Error("the second revocation is not published")
	}
}

// Run does by itself what Publish does when asked.
func TestRunPublishesByItself(t *testing.T) {
	h := newHome(t)
	row := h.issue("ente", false)
	p, err := New(Config{Issuer: h.issuer, Store: h.store, Now: h.clock, Every: time.Millisecond})
	must(t, err)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- p.Run(ctx) }()
	wait := func(what string, done func() bool) {
		t.Helper()
		for range 2000 {
			if done() {
				return
			}
			time.Sleep(time.Millisecond)
		}
		t.Fatal(what)
	}
	wait("the first list did not come", func() bool { return p.shown.Load().lists[row.StatusList] != nil })
	h.revoke(row)
	h.pass(settle)
	wait("the revocation did not come", func() bool { return bit(t, h.list(handler(p), row.StatusList), row.StatusIndex) })
	stop()
	must(t, <-ended)
}

// Lists are signed anew before they are old, suspension lists with each day, and
// all of them when the key changes or when somebody else has signed one.
func TestListsAreRenewed(t *testing.T) {
	h := newHome(t)
	plain, suspendable := h.issue("ente", false), h.issue("ente", true)
	p := h.opened()
	served := handler(p)
	dates := func() (revocation, suspension time.Time) {
		return h.list(served, plain.StatusList).ValidFrom, h.list(served, suspendable.SuspensionList).ValidFrom
	}
	r1, s1 := dates()
	h.pass(time.Hour)
	must(t, p.Publish(t.Context()))
	if r2, s2 := dates(); !r2.Equal(r1) || !s2.Equal(s1) {
		t.Error("signed for nothing")
	}
	h.pass(renew)
	must(t, p.Publish(t.Context()))
	r3, s3 := dates()
	if !r3.After(r1) || !s3.After(s1) {
		t.Error("not renewed")
	}
	h.pass(time.Date(2026, 11, 23, 0, 0, 1, 0, time.UTC).Sub(h.clock()) % (24 * time.Hour))
	for h.clock().Day() == 22 {
		h.pass(time.Hour)
	}
	_, _, _ = r3, s3, p.Publish(t.Context())
	if _, s4 := dates(); s4.Day() != 23 {
		t.Error("a suspension that ended with the day is still in the list")
	}
	r5, _ := dates()
	_, err := h.issuer.StatusList(t.Context(), plain.StatusList) // as the command line does
	must(t, err)
	must(t, p.Publish(t.Context()))
	r6, _ := dates()
	if !r6.After(r5) {
		t.Error("the world has a newer list than is served")
	}
	_, err = h.issuer.RotateKey(t.Context(), clerk, "ente", schema.KeyForStatus)
	must(t, err)
	must(t, p.Publish(t.Context()))
	if r7, _ := dates(); !r7.After(r6) {
		t.Error("the new key has signed nothing")
	}
	if doc := bodyOf(t, get(served, http.MethodGet, "https://ente.example/.well-known/did.json")); !strings.Contains(doc, "#status-2") {
		t.Errorf("the new key is not in the did document: %s", doc)
	}
}

// A body whose key is away keeps nobody back; its own files stay as they were,
// and readiness says so.
func TestKeyThatIsAwayBlindsNobody(t *testing.T) {
	h := newHome(t)
	mine, other := h.issue("ente", false), h.issue("scuola", false)
	p := h.opened()
	served := handler(p)
	before := h.list(served, mine.StatusList).ValidFrom
	h.pass(time.Minute)
	h.keys.setAway("ente", true)
	h.revoke(mine)
	h.revoke(other)
	if err := p.Publish(t.Context()); !errors.Is(err, errAway) {
		t.Fatalf("got %v", err)
	}
	if !bit(t, h.list(served, other.StatusList), other.StatusIndex) {
		t.Error("the other body waits")
	}
	if l := h.list(served, mine.StatusList); !l.ValidFrom.Equal(before) || bit(t, l, mine.StatusIndex) {
		t.Error("what could not be signed is not served as it was")
	}
	if err := p.Fresh(h.clock()); err == nil || !strings.Contains(err.Error(), mine.StatusList) {
		t.Errorf("readiness: %v", err)
	}
	if s := p.Stats(h.clock()); s.Failing != 1 || s.Failed != 1 || s.Lists != 4 && s.Lists != 2 {
		t.Errorf("figures: %+v", s)
	}
	h.keys.setAway("ente", false)
	must(t, p.Publish(t.Context()))
	if bit(t, h.list(served, mine.StatusList), mine.StatusIndex) {
		t.Error("tried again at once")
	}
	h.pass(lastRetry)
	must(t, p.Publish(t.Context()))
	if !bit(t, h.list(served, mine.StatusList), mine.StatusIndex) {
		t.Error("not tried again")
	}
	must(t, p.Fresh(h.clock()))
}

// What was signed before a restart is served after it without a key; what the
// store knows to be older is not.
func TestRestart(t *testing.T) {
	h := newHome(t)
	row := h.issue("ente", false)
	first := h.list(handler(h.opened()), row.StatusList)
	h.keys.setAway("ente", true)
	again := handler(h.open())
	if l := h.list(again, row.StatusList); !l.ValidFrom.Equal(first.ValidFrom) {
		t.Error("another list after the restart")
	}
	h.keys.setAway("ente", false)
	_, err := h.issuer.StatusList(t.Context(), row.StatusList) // somebody has a newer one
	must(t, err)
	p := h.open()
	if r := get(handler(p), http.MethodGet, row.StatusList); r.StatusCode != http.StatusNotFound {
		t.Errorf("an older list than the world's is served: %d", r.StatusCode)
	}
	must(t, p.Publish(t.Context()))
	if l := h.list(handler(p), row.StatusList); !l.ValidFrom.After(first.ValidFrom) {
		t.Error("the version fell")
	}
}

// A compromised key is out of the did document and signs no list any more, at
// once.
func TestCompromisedKey(t *testing.T) {
	h := newHome(t)
	row := h.issue("ente", false)
	p := h.opened()
	keys, err := h.issuer.Keys(t.Context(), "ente")
	must(t, err)
	var status issuer.KeyRecord
	for _, k := range keys {
		if k.Signs(schema.KeyForStatus) {
			status = k
		}
	}
	_, err = h.issuer.CompromiseKey(t.Context(), clerk, "ente", status.KID)
	must(t, err)
	if err := p.Publish(t.Context()); err != nil {
		t.Fatal(err)
	}
	doc := bodyOf(t, get(handler(p), http.MethodGet, "https://ente.example/.well-known/did.json"))
	if strings.Contains(doc, status.KID) {
		t.Error("the stolen key is still in the did document")
	}
	history := bodyOf(t, get(handler(p), http.MethodGet, "https://ente.example/.well-known/did-history.json"))
	if !strings.Contains(history, `"compromised"`) {
		t.Error("the history does not tell")
	}
	if r := get(handler(h.open()), http.MethodGet, row.StatusList); r.StatusCode != http.StatusNotFound {
		t.Error("a list of the stolen key was taken up again")
	}
}

// TestARevocationWaitsForNoRenewal: in a large home every list grows old at the
// same moment.
func TestARevocationWaitsForNoRenewal(t *testing.T) {
	h := newHome(t, "ente")
	var rows []issuer.Issuance
	for n := range renewed + 4 {
		name := fmt.Sprintf("ente%d", n)
		_, err := h.issuer.AddIssuer(t.Context(), clerk, issuer.NewIssuer{Name: name, Title: name, Country: "IT", Method: "web", Domain: name + ".example"})
		must(t, err)
		rows = append(rows, h.issue(name, false))
	}
	p := h.opened()
	before := p.Stats(h.clock()).Signed
	h.pass(renew)
	last := rows[len(rows)-1]
	h.revoke(last)
	must(t, p.Publish(t.Context()))
	if n := p.Stats(h.clock()).Signed - before; n != renewed+1 {
		t.Errorf("%d lists were signed at once", n)
	}
	_, l, err := readList(p.shown.Load().lists[last.StatusList].token)
	must(t, err)
	if !bit(t, l, last.StatusIndex) {
		t.Error("the revocation waits")
	}
	must(t, p.Publish(t.Context()))
	if s := p.Stats(h.clock()); s.Oldest >= renew {
		t.Errorf("a list is %s old", s.Oldest)
	}
}

// deaf is a store that cannot be read for a while.
type deaf struct {
	issuer.Store
	now bool
}

func (d *deaf) View(ctx context.Context, f func(issuer.Tx) error) error {
	if d.now {
		return errAway
	}
	return d.Store.View(ctx, f)
}

// TestKeysAreShownAgainAfterAFault: no entry of the log has to come first.
func TestKeysAreShownAgainAfterAFault(t *testing.T) {
	h := newHome(t)
	row := h.issue("ente", false)
	store := &deaf{Store: h.store}
	i, err := issuer.New(issuer.Config{Store: store, Keys: h.keys, Now: h.clock})
	must(t, err)
	p, err := New(Config{Issuer: i, Store: h.store, Now: h.clock})
	must(t, err)
	must(t, p.Publish(t.Context()))
	_, err = h.issuer.CompromiseKey(t.Context(), clerk, "ente", row.KeyID)
	must(t, err)
	store.now = true
	if p.Publish(t.Context()) == nil || p.Fresh(h.clock()) == nil {
		t.Fatal("nobody is told")
	}
	store.now = false
	h.pass(lastRetry)
	must(t, p.Publish(t.Context()))
	if doc := bodyOf(t, get(handler(p), http.MethodGet, "https://ente.example/.well-known/did.json")); strings.Contains(doc, row.KeyID) {
		t.Error("the stolen key is still in the did document")
	}
}
