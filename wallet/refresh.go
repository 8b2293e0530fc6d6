package wallet

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"
	"time"
)

// Fetcher gets what stands at an https URL, or an error; it follows no
// redirect and bounds what it reads. It is called from one goroutine.
type Fetcher interface {
	Get(ctx context.Context, url string) ([]byte, error)
}

var (
	// ErrNotVouched: nobody whom this wallet trusts has vouched for the issuer,
	// and an address out of an unverified credential is never asked.
	ErrNotVouched = errors.New("issuer not checked: import the credential with a bundle first")
	// ErrNoStatus: the credential names no status list that assertions hang on.
	ErrNoStatus = errors.New("no status list")
	// ErrBadAssertion: the answer is no status assertion of this credential, or
	// one that does not count now.
	ErrBadAssertion = errors.New("not a live status assertion of this credential")
)

// Refresher fetches fresh status assertions. Call it on a schedule and never at
// the moment of showing: that would tell the issuer when somebody applies for
// work. It asks in random order, and Pause before each request spreads the
// requests further.
type Refresher struct {
	Fetch Fetcher
	Judge Judge // may be nil: then an earlier check counts
	Now   func() time.Time
	Pause func(ctx context.Context) error // may be nil
}

// Refreshed is the outcome for one credential. Err nil: Assertion is new.
type Refreshed struct {
	ID, Hash  string
	Assertion Assertion
	Checked   *Check
	Err       error
}

// Outcome says in one word what became of it: fresh, unchecked, none, bad or
// unavailable.
func (r Refreshed) Outcome() string {
	switch {
	case r.Err == nil:
		return "fresh"
	case errors.Is(r.Err, ErrNotVouched):
		return "unchecked"
	case errors.Is(r.Err, ErrNoStatus):
		return "none"
	case errors.Is(r.Err, ErrBadAssertion):
		return "bad"
	}
	return "unavailable"
}

// Ask fetches an assertion for each credential. It changes no wallet, so that
// nothing is locked while the network is slow; give the outcome to Staple.
// It returns early, with what it has, only when ctx ends.
func (r Refresher) Ask(ctx context.Context, held []Held) ([]Refreshed, error) {
	out := make([]Refreshed, len(held))
	for i, h := range held {
		out[i] = Refreshed{ID: h.ID, Hash: h.Hash, Err: context.Canceled}
	}
	for _, i := range rand.Perm(len(held)) { //nolint:gosec // unlike the last time; nobody gains by guessing it
		if err := ctx.Err(); err != nil {
			return out, err
		}
		out[i] = r.ask(ctx, held[i].clone())
	}
	return out, nil
}

func (r Refresher) ask(ctx context.Context, h Held) Refreshed {
	out := Refreshed{ID: h.ID, Hash: h.Hash}
	if out.Err = r.vouch(ctx, &h); out.Err != nil {
		return out
	}
	where, err := AssertionURL(h)
	if err != nil {
		out.Err = err
		return out
	}
	if r.Pause != nil {
		if out.Err = r.Pause(ctx); out.Err != nil {
			return out
		}
	}
	body, err := r.Fetch.Get(ctx, where)
	if err != nil {
		out.Err = fmt.Errorf("fetch status: %w", err)
		return out
	}
	a, err := parseAssertion(strings.TrimSpace(string(body)))
	if err != nil || a.Hash != h.Hash || !a.live(r.Now()) {
		out.Err = ErrBadAssertion
		return out
	}
	h.staple(a)
	out.Assertion = a
	out.Err = r.vouch(ctx, &h) // with the assertion: the note carries its date
	out.Checked = h.Checked
	return out
}

// vouch asks the Judge again, if there is one, and wants a recognised issuer.
func (r Refresher) vouch(ctx context.Context, h *Held) error {
	if r.Judge != nil {
		if err := h.judge(ctx, r.Judge, r.Now()); err != nil {
			return err
		}
	}
	if !h.recognised() {
		return ErrNotVouched
	}
	return nil
}

// AssertionURL is where the issuer answers for one credential:
// {statusListCredential}/assertions/{credential_hash}, https only.
func AssertionURL(h Held) (string, error) {
	for _, s := range h.doc.Status {
		if s.Type != "BitstringStatusListEntry" || s.Purpose != "revocation" {
			continue
		}
		u, err := url.Parse(s.ListURL)
		if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
			return "", ErrNoStatus
		}
		return strings.TrimSuffix(u.String(), "/") + "/assertions/" + h.Hash, nil
	}
	return "", ErrNoStatus
}

// Staple keeps what Ask brought for the credentials still held, and returns how
// many assertions are new.
func (w *Wallet) Staple(fresh []Refreshed) int {
	n := 0
	for _, f := range fresh {
		i := w.byHash(f.Hash)
		if f.Err != nil || i < 0 {
			continue
		}
		h := w.held[i].clone()
		if h.staple(f.Assertion) {
			n++
		}
		if f.Checked != nil {
			h.Checked = f.Checked
		}
		w.held[i] = h
	}
	return n
}
