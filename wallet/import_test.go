package wallet_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/schema"
	"github.com/employment-passport/passport/verifier"
	"github.com/employment-passport/passport/wallet"
)

// spoil changes the last bits of a signature in a way that stays base64url.
func spoil(token string) string {
	last := strings.LastIndexByte(token, '.') + 10
	other := byte('A')
	if token[last] == 'A' {
		other = 'B'
	}
	return token[:last] + string(other) + token[last+1:]
}

func TestImportIsJudgedFirst(t *testing.T) {
	body := newWorld(t)
	f, w := made(t, nil)
	good, revoked := body.Issue(w.DID()), body.Issue(w.DID())
	body.Revoked = []int{102}
	judge := body.verifier(now)

	var refused *wallet.RefusedError
	_, err := wallet.Receive(ctx, []string{good, spoil(revoked)}, judge, now)
	if !errors.As(err, &refused) || len(refused.Checks) == 0 {
		t.Fatalf("a bad signature: %v", err)
	}
	add(t, f, judge, good, revoked)
	w, err = f.Open(passphrase)
	must(t, err)
	for i, want := range []string{"valid", "invalid"} {
		h := w.Held()[i]
		if h.Checked == nil || h.Checked.Verdict != want || h.Checked.Genuine == nil || !*h.Checked.Genuine || !h.Checked.At.Equal(now) {
			t.Errorf("credential %d: %+v, want %s", i+1, h.Checked, want)
		}
	}
	if w.Held()[1].Checked.State != "revoked" {
		t.Errorf("state %q", w.Held()[1].Checked.State)
	}
}

// TestWithoutABundleUnchecked: kept and marked; a bad signature of an issuer
// whose key stands in its name is found all the same.
func TestWithoutABundleUnchecked(t *testing.T) {
	body := newWorld(t)
	f, w := made(t, nil)
	alone, err := verifier.New(verifier.Config{Now: body.clock})
	must(t, err)
	add(t, f, alone, body.Issue(w.DID()))
	add(t, f, nil, body.Issue(w.DID()))
	w, err = f.Open(passphrase)
	must(t, err)
	for _, h := range w.Held() {
		if h.Checked != nil {
			t.Errorf("%s is marked %+v", h.ID, h.Checked)
		}
	}
	_, stranger := made(t, nil)
	self := body.issueAs(stranger.DID(), w.DID())
	if _, err := wallet.Receive(ctx, []string{self}, alone, now); err == nil {
		t.Error("a did:key issuer's name over another key's signature was taken")
	}
}

func TestAParcelIsKeptWholeOrNot(t *testing.T) {
	body := newWorld(t)
	f, w := made(t, nil)
	for name, tokens := range map[string][]string{
		"nothing":             {},
		"one that is no JWT":  {body.Issue(w.DID()), "eyJ.e.A"},
		"a bundle":            {body.Issue(w.DID()), strings.Replace(body.Issue(w.DID()), "eyJ", "eyK", 1)},
		"a stray status list": {body.List(now)},
	} {
		if p, err := wallet.Receive(ctx, tokens, body.verifier(now), now); err == nil {
			t.Errorf("%s: received %+v", name, p)
		}
	}
	// A parcel with a loose assertion of a credential that is not held.
	p, err := wallet.Receive(ctx, []string{body.Issue(w.DID()), body.Assert(body.Issue(w.DID()), now, day)}, nil, now)
	must(t, err)
	if _, err := w.Keep(p); !errors.Is(err, wallet.ErrNotFound) || len(w.Held()) != 0 {
		t.Errorf("%d kept, %v", len(w.Held()), err)
	}
	w, err = f.Open(passphrase)
	must(t, err)
	if len(w.Held()) != 0 {
		t.Error("something was written")
	}
}

func TestAgainIsNoSecondCopy(t *testing.T) {
	body := newWorld(t)
	f, w := made(t, nil)
	token := body.Issue(w.DID())
	add(t, f, nil, token)
	add(t, f, body.verifier(now), token, body.Assert(token, now, day))
	w, err := f.Open(passphrase)
	must(t, err)
	if len(w.Held()) != 1 || w.Held()[0].Checked == nil || len(w.Held()[0].Assertions) != 1 {
		t.Fatalf("%d held: %+v", len(w.Held()), w.Held())
	}
	// The second small code, alone, later.
	add(t, f, nil, body.Assert(token, now.Add(-1), 2*day))
	// A presentation of it from elsewhere.
	p, err := w.Present(ctx, []string{w.Held()[0].ID}, wallet.Showing{Now: now})
	must(t, err)
	add(t, f, nil, p.Tokens()...)
	w, err = f.Open(passphrase)
	must(t, err)
	if len(w.Held()) != 1 {
		t.Errorf("%d held", len(w.Held()))
	}
}

// TestTwoTokensOneID: who knows an id cannot put his own token in its place.
func TestTwoTokensOneID(t *testing.T) {
	body, thief := newWorld(t), newWorld(t)
	f, w := made(t, nil)
	genuine, forged := body.Issue(w.DID()), thief.Issue(w.DID())
	add(t, f, nil, forged)
	p, err := wallet.Receive(ctx, []string{genuine}, nil, now)
	must(t, err)
	w, err = f.Open(passphrase)
	must(t, err)
	if _, err := w.Keep(p); !errors.Is(err, wallet.ErrSameID) {
		t.Errorf("two unchecked ones: %v", err)
	}
	add(t, f, body.verifier(now), genuine) // checked: takes the place of what nobody has checked
	w, err = f.Open(passphrase)
	must(t, err)
	if len(w.Held()) != 1 || w.Held()[0].Token != genuine {
		t.Error("the genuine one is not held")
	}
	p, err = wallet.Receive(ctx, []string{forged}, nil, now)
	must(t, err)
	if _, err := w.Keep(p); !errors.Is(err, wallet.ErrSameID) {
		t.Errorf("a forgery after it: %v", err)
	}
}

func TestFindRemoveSuperseded(t *testing.T) {
	body := newWorld(t)
	f, w := made(t, nil)
	old := body.Issue(w.DID())
	add(t, f, nil, old, body.Issue(w.DID(), func(p *schema.Particulars) { p.Supersedes = "urn:uuid:9a3f6b2e-1c44-4b8a-9e21-000000000001" }))
	must(t, f.Update(ctx, passphrase, func(w *wallet.Wallet) error {
		first, err := w.Find("MC-PZ-2026-0001")
		must(t, err)
		if got := w.SupersededBy(first); got != "urn:uuid:9a3f6b2e-1c44-4b8a-9e21-000000000002" {
			t.Errorf("superseded by %q", got)
		}
		if _, err := w.Find(""); !errors.Is(err, wallet.ErrNotFound) {
			t.Errorf("the empty name finds %v", err)
		}
		gone, err := w.Remove("9a3f6b2e-1c44-4b8a-9e21-000000000001")
		if err != nil || gone.Token != old {
			t.Errorf("removed %s, %v", gone.ID, err)
		}
		return nil
	}))
	w, err := f.Open(passphrase)
	must(t, err)
	if len(w.Held()) != 1 || w.Held()[0].ID != "urn:uuid:9a3f6b2e-1c44-4b8a-9e21-000000000002" {
		t.Errorf("left: %+v", w.Held())
	}
}

func TestNoSecondCopyUnderAnotherSpelling(t *testing.T) {
	body := newWorld(t)
	f, w := made(t, nil)
	token := body.Issue(w.DID())
	high := highS(t, token)
	if canonical, err := jose.Canonical(high); err != nil || canonical != token || high == token {
		t.Fatalf("no second spelling: %v", err)
	}
	add(t, f, nil, token)
	add(t, f, nil, high)
	w, err := f.Open(passphrase)
	must(t, err)
	if len(w.Held()) != 1 {
		t.Errorf("%d held", len(w.Held()))
	}
}
