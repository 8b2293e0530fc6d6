package wallet_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/internal/qr"
	"github.com/employment-passport/passport/verifier"
	"github.com/employment-passport/passport/wallet"
)

// shown is the part of the fixed wire form that this test holds.
const wireForm = `{"@context":["https://www.w3.org/ns/credentials/v2"],"type":["VerifiablePresentation"],"holder":"HOLDER",` +
	`"verifiableCredential":[{"@context":"https://www.w3.org/ns/credentials/v2","type":"EnvelopedVerifiableCredential","id":"data:application/vc+jwt,TOKEN"}],` +
	`"aud":"https://employer.example","nonce":"n-1","iat":1795341600,"exp":1795341900}`

func TestWireForm(t *testing.T) {
	body := newWorld(t)
	var token string
	_, w := made(t, func(did string) []string { token = body.Issue(did); return []string{token} })
	p, err := w.Present(ctx, []string{w.Held()[0].ID}, wallet.Showing{Audience: "https://employer.example", Nonce: "n-1", Now: now})
	must(t, err)
	head, payload, err := jose.ParseUnverified(p.Token)
	must(t, err)
	want := strings.NewReplacer("HOLDER", w.DID(), "TOKEN", token).Replace(wireForm)
	if string(payload) != want {
		t.Errorf("payload\n%s\nwant\n%s", payload, want)
	}
	if head.Typ != "vp+jwt" || head.Alg != "ES256" || head.Kid != w.DID()+"#"+strings.TrimPrefix(w.DID(), "did:key:") {
		t.Errorf("header %+v", head)
	}
	if !p.ExpiresAt.Equal(now.Add(5 * time.Minute)) {
		t.Errorf("expires %s", p.ExpiresAt)
	}
}

// TestVerifiersAnswerAboutTheHolder plays what an employer sees of a
// presentation: proven, live, compare, mismatch.
func TestVerifiersAnswerAboutTheHolder(t *testing.T) {
	body := newWorld(t)
	var own, bearer, others string
	_, w := made(t, func(did string) []string {
		_, stranger := made(t, nil)
		own, bearer, others = body.Issue(did), body.Issue(""), body.Issue(stranger.DID())
		return []string{own, bearer, others}
	})
	ids := map[wallet.Owner]string{}
	for _, h := range w.Held() {
		ids[w.Owner(h)] = h.ID
	}
	if len(ids) != 3 {
		t.Fatalf("owners %v", ids)
	}
	asked := verifier.HolderBinding{Audience: "https://employer.example", Nonce: "n-1"}
	signed := wallet.Showing{Audience: asked.Audience, Nonce: asked.Nonce, Now: now}
	for _, row := range []struct {
		name    string
		owner   wallet.Owner
		show    wallet.Showing
		want    verifier.HolderBinding
		at      time.Time
		holder  verifier.Holder
		verdict verifier.Verdict
	}{
		{"nonce and audience", wallet.OwnerSelf, signed, asked, now, verifier.HolderProven, verifier.Valid},
		{"no nonce asked", wallet.OwnerSelf, wallet.Showing{Now: now}, verifier.HolderBinding{}, now, verifier.HolderLive, verifier.Valid},
		{"shown ten minutes later", wallet.OwnerSelf, wallet.Showing{Now: now}, verifier.HolderBinding{}, now.Add(10 * time.Minute), verifier.HolderCompare, verifier.Valid},
		{"bearer", wallet.OwnerBearer, wallet.Showing{Now: now}, verifier.HolderBinding{}, now, verifier.HolderCompare, verifier.Valid},
		{"another's", wallet.OwnerOther, wallet.Showing{Now: now}, verifier.HolderBinding{}, now, verifier.HolderMismatch, verifier.Invalid},
	} {
		p, err := w.Present(ctx, []string{ids[row.owner]}, row.show)
		must(t, err)
		report, err := body.verifier(row.at).Verify(ctx, p.Tokens(), row.want)
		must(t, err)
		if report.Holder != row.holder || report.Verdict != row.verdict {
			t.Errorf("%s: holder %q, verdict %s; want %q, %s: %+v", row.name, report.Holder, report.Verdict, row.holder, row.verdict, report.Checks)
		}
	}
	for name, want := range map[string]verifier.HolderBinding{
		"another audience": {Audience: "https://other.example", Nonce: "n-1"},
		"another nonce":    {Audience: asked.Audience, Nonce: "n-2"},
	} {
		p, err := w.Present(ctx, []string{ids[wallet.OwnerSelf]}, signed)
		must(t, err)
		report, err := body.verifier(now).Verify(ctx, p.Tokens(), want)
		must(t, err)
		if report.Verdict == verifier.Valid || report.Holder == verifier.HolderProven {
			t.Errorf("%s: verdict %s, holder %q", name, report.Verdict, report.Holder)
		}
	}
}

func TestWhatMayBeShown(t *testing.T) {
	body := newWorld(t)
	_, w := made(t, func(did string) []string {
		var tokens []string
		for range 11 {
			tokens = append(tokens, body.Issue(did))
		}
		return tokens
	})
	var all []string
	for _, h := range w.Held() {
		all = append(all, h.ID)
	}
	for name, row := range map[string]struct {
		refs []string
		show wallet.Showing
		want error
	}{
		"nothing":                    {nil, wallet.Showing{}, wallet.ErrNothingToShow},
		"eleven":                     {all, wallet.Showing{}, wallet.ErrTooManyShown},
		"unknown":                    {[]string{"MC-none"}, wallet.Showing{}, wallet.ErrNotFound},
		"a prefix of all":            {[]string{"9a3f"}, wallet.Showing{}, wallet.ErrAmbiguous},
		"six minutes for anybody":    {all[:1], wallet.Showing{For: 6 * time.Minute}, wallet.ErrNeedsAudience},
		"a nonce for anybody":        {all[:1], wallet.Showing{Nonce: "n"}, wallet.ErrNeedsAudience},
		"two years":                  {all[:1], wallet.Showing{Audience: "a", For: 2 * 366 * day}, wallet.ErrLifetime},
		"no time":                    {all[:1], wallet.Showing{For: -time.Minute}, wallet.ErrLifetime},
		"a month for one":            {all[:1], wallet.Showing{Audience: "https://e.example", For: 30 * day}, nil},
		"five minutes":               {all[:10], wallet.Showing{}, nil},
		"one, named twice, by parts": {[]string{all[0], "MC-PZ-2026-0001", strings.TrimPrefix(all[0], "urn:uuid:")}, wallet.Showing{}, nil},
	} {
		row.show.Now = now
		p, err := w.Present(ctx, row.refs, row.show)
		if !errors.Is(err, row.want) || (err == nil) != (p != nil && p.Token != "") {
			t.Errorf("%s: %v, want %v", name, err, row.want)
		}
		if row.want == nil && len(row.refs) == 3 && len(p.Shown) != 1 {
			t.Errorf("%s: shown %d times", name, len(p.Shown))
		}
	}
}

// TestStapledStatusTravels: the newest live assertion goes after the
// presentation, through a QR code too, and dates the verdict.
func TestStapledStatusTravels(t *testing.T) {
	body := newWorld(t)
	f, w := made(t, nil)
	token := body.Issue(w.DID())
	fresh := body.Assert(token, now.Add(-10*time.Minute), 14*day)
	add(t, f, nil, token, body.Assert(token, now.Add(-30*day), 14*day), body.Assert(token, now.Add(-2*day), 14*day), fresh)
	add(t, f, nil, body.Assert(token, now.Add(time.Hour), 14*day)) // from a clock that runs ahead
	w, err := f.Open(passphrase)
	must(t, err)
	p, err := w.Present(ctx, []string{"MC-PZ-2026-0001"}, wallet.Showing{Now: now})
	must(t, err)
	if len(p.Assertions) != 1 || p.Assertions[0] != fresh {
		t.Fatalf("stapled %d assertions, or an older one", len(p.Assertions))
	}
	text, info, err := qr.Encode("https://passport.example/v", p.Tokens(), qr.Options{})
	must(t, err)
	t.Logf("presentation with stapled status: frame of %d bytes", info.Frame)
	message, err := qr.DecodeText(text)
	must(t, err)
	report, err := body.verifier(now).Verify(ctx, message.Tokens, verifier.HolderBinding{})
	must(t, err)
	if report.Verdict != verifier.Valid || !report.AsOf.Equal(now.Add(-10*time.Minute)) {
		t.Errorf("verdict %s as of %s: %+v", report.Verdict, report.AsOf, report.Checks)
	}
}

func TestShownJSONHasNoEscapes(t *testing.T) {
	body := newWorld(t)
	_, w := made(t, func(did string) []string { return []string{body.Issue(did)} })
	p, err := w.Present(ctx, []string{w.Held()[0].ID}, wallet.Showing{Audience: "https://e.example/?a=1&b=<2>", Now: now})
	must(t, err)
	_, payload, err := jose.ParseUnverified(p.Token)
	must(t, err)
	var vp struct{ Aud string }
	must(t, json.Unmarshal(payload, &vp))
	if vp.Aud != "https://e.example/?a=1&b=<2>" || strings.Contains(string(payload), `\u003c`) {
		t.Errorf("audience became %q", payload)
	}
}
