package wallet_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/employment-passport/passport/wallet"
)

// answers is a Fetcher that knows some URLs and counts what it is asked.
type answers struct {
	body  map[string]string
	asked []string
}

func (a *answers) Get(_ context.Context, url string) ([]byte, error) {
	a.asked = append(a.asked, url)
	if body, ok := a.body[url]; ok {
		return []byte(body), nil
	}
	return nil, errors.New("404")
}

func TestRefreshStaples(t *testing.T) {
	body := newWorld(t)
	f, w := made(t, nil)
	token := body.Issue(w.DID())
	add(t, f, body.verifier(now), token)
	w, err := f.Open(passphrase)
	must(t, err)
	h := w.Held()[0]
	url, err := wallet.AssertionURL(h)
	must(t, err)
	if url != listURL+"/assertions/"+h.Hash {
		t.Errorf("asks at %s", url)
	}
	later := now.Add(3 * day)
	fetch := &answers{body: map[string]string{url: body.Assert(token, later, 14*day) + "\n"}}
	pauses := 0
	r := wallet.Refresher{Fetch: fetch, Judge: body.verifier(later), Now: func() time.Time { return later }, Pause: func(context.Context) error { pauses++; return nil }}
	fresh, err := r.Ask(ctx, w.Held())
	if err != nil || fresh[0].Err != nil || pauses != 1 {
		t.Fatalf("%+v, %v, %d pauses", fresh, err, pauses)
	}
	must(t, f.Update(ctx, passphrase, func(w *wallet.Wallet) error {
		if n := w.Staple(fresh); n != 1 {
			t.Errorf("%d stapled", n)
		}
		return nil
	}))
	w, err = f.Open(passphrase)
	must(t, err)
	if a, ok := w.Held()[0].LiveAssertion(later); !ok || !a.IssuedAt.Equal(later) {
		t.Errorf("live assertion %+v %v", a, ok)
	}
	if c := w.Held()[0].Checked; c == nil || !c.StatusAsOf.Equal(later) || c.State != "valid" {
		t.Errorf("note %+v", c)
	}
}

// TestRefreshAsksNobodyUnvouched (P12): no address out of a credential is used
// before its issuer has been vouched for.
func TestRefreshAsksNobodyUnvouched(t *testing.T) {
	body, stranger := newWorld(t), newWorld(t)
	f, w := made(t, nil)
	add(t, f, nil, body.Issue(w.DID())) // never checked
	forged := stranger.Issue(w.DID())   // signed by nobody whom the bundle knows
	w, err := f.Open(passphrase)
	must(t, err)
	fetch := &answers{}
	r := wallet.Refresher{Fetch: fetch, Now: body.clock}
	fresh, err := r.Ask(ctx, w.Held())
	if err != nil || !errors.Is(fresh[0].Err, wallet.ErrNotVouched) {
		t.Errorf("unchecked: %+v %v", fresh, err)
	}
	p, err := wallet.Receive(ctx, []string{forged}, nil, now)
	must(t, err)
	other, err := wallet.New()
	must(t, err)
	_, err = other.Keep(p)
	must(t, err)
	r.Judge = body.verifier(now)
	fresh, err = r.Ask(ctx, other.Held())
	if err != nil || fresh[0].Err == nil {
		t.Errorf("forged: %+v %v", fresh, err)
	}
	if len(fetch.asked) != 0 {
		t.Errorf("asked %v", fetch.asked)
	}
}

func TestRefreshKeepsBadAnswersOut(t *testing.T) {
	body := newWorld(t)
	f, w := made(t, nil)
	token, second := body.Issue(w.DID()), body.Issue(w.DID())
	add(t, f, body.verifier(now), token)
	w, err := f.Open(passphrase)
	must(t, err)
	url, err := wallet.AssertionURL(w.Held()[0])
	must(t, err)
	for name, answer := range map[string]string{
		"HTML":                    "<html>",
		"another credential's":    body.Assert(second, now, day),
		"one that has run out":    body.Assert(token, now.Add(-2*day), day),
		"one from the future":     body.Assert(token, now.Add(time.Hour), day),
		"the credential itself":   token,
		"nothing":                 "",
		"sixty thousand brackets": strings.Repeat("[", 60_000),
	} {
		r := wallet.Refresher{Fetch: &answers{body: map[string]string{url: answer}}, Judge: body.verifier(now), Now: body.clock}
		fresh, err := r.Ask(ctx, w.Held())
		if err != nil || !errors.Is(fresh[0].Err, wallet.ErrBadAssertion) {
			t.Errorf("%s: %v %v", name, fresh[0].Err, err)
		}
		if w.Staple(fresh) != 0 {
			t.Errorf("%s was stapled", name)
		}
	}
	r := wallet.Refresher{Fetch: &answers{}, Judge: body.verifier(now), Now: body.clock}
	if fresh, err := r.Ask(ctx, w.Held()); err != nil || fresh[0].Err == nil {
		t.Errorf("no answer: %+v %v", fresh, err)
	}
	ended, cancel := context.WithCancel(ctx)
	cancel()
	if fresh, err := r.Ask(ended, w.Held()); !errors.Is(err, context.Canceled) || w.Staple(fresh) != 0 {
		t.Errorf("interrupted: %v", err)
	}
}
