package wallet_test

import (
	"crypto/ecdsa"
	"errors"
	"testing"

	"github.com/employment-passport/passport/internal/qr"
	"github.com/employment-passport/passport/internal/sealed"
	"github.com/employment-passport/passport/verifier"
	"github.com/employment-passport/passport/wallet"
)

// holding is a wallet with its key outside and n credentials.
func holding(t testing.TB, body *world, key token, n int) *wallet.Wallet {
	t.Helper()
	w, err := wallet.NewWith(key)
	must(t, err)
	tokens := make([]string, n)
	for i := range tokens {
		tokens[i] = body.Issue(w.DID())
	}
	p, err := wallet.Receive(ctx, tokens, nil, now)
	must(t, err)
	_, err = w.Keep(p)
	must(t, err)
	return w
}

// TestSheetComesBack: ten credentials on a sheet of a few codes, and the key, so
// that what comes back can be shown.
func TestSheetComesBack(t *testing.T) {
	body, key := newWorld(t), newToken(t)
	w := holding(t, body, key, 10)
	data, left, err := w.SealSheet(key.key, passphrase, cheap)
	must(t, err)
	if len(left) > 0 {
		t.Fatalf("left out %d", len(left))
	}
	texts, err := qr.EncodeBackup("https://ente.example/wallet", data, 700)
	must(t, err)
	if len(texts) > 8 {
		t.Errorf("%d bytes in %d codes", len(data), len(texts))
	}
	data, err = qr.CollectBackup(texts)
	must(t, err)
	back, err := wallet.UnsealSheet(data, passphrase, now)
	must(t, err)
	if back.ID() != w.ID() || back.Counter() != 0 || back.DID() != w.DID() || len(back.Held()) != 10 {
		t.Fatalf("%s, change %d, %d held", back.DID(), back.Counter(), len(back.Held()))
	}
	shown, err := back.Present(ctx, []string{back.Held()[9].ID}, wallet.Showing{Now: now})
	must(t, err)
	report, err := body.verifier(now).VerifyPresentation(ctx, shown.Token, verifier.HolderBinding{})
	must(t, err)
	if report.Verdict != verifier.Valid {
		t.Errorf("%s: %+v", report.Verdict, report.Checks)
	}
	if _, ok := back.Key().(*ecdsa.PrivateKey); !ok {
		t.Error("the key did not come back")
	}
}

// TestThreatK08SheetDamaged: a changed byte, other words and another sealed thing
// each have their own error, and nothing of it is used.
func TestThreatK08SheetDamaged(t *testing.T) {
	key := newToken(t)
	w := holding(t, newWorld(t), key, 1)
	data, _, err := w.SealSheet(key.key, passphrase, cheap)
	must(t, err)
	flipped := append([]byte(nil), data...)
	flipped[len(flipped)-20] ^= 1
	vault, err := w.SealCopy(key.key, passphrase, cheap)
	must(t, err)
	costly, err := sealed.SealPassphrase([]byte("x"), passphrase, cheap)
	must(t, err)
	for name, c := range map[string]struct {
		data  []byte
		words string
		want  error
	}{
		"other words": {data, "altre parole", sealed.ErrWrongPassphrase},
		"bit flip":    {flipped, passphrase, sealed.ErrDamaged},
		"cut":         {data[:len(data)-5], passphrase, sealed.ErrDamaged},
		"empty":       {nil, passphrase, sealed.ErrNotSealed},
		"a vault":     {vault, passphrase, wallet.ErrNotSheet},
		"of nothing":  {costly, passphrase, wallet.ErrNotSheet},
	} {
		if _, err := wallet.UnsealSheet(c.data, c.words, now); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	if _, _, err := w.SealSheet(newToken(t).key, passphrase, cheap); !errors.Is(err, wallet.ErrKey) {
		t.Errorf("with another key: %v", err)
	}
}

// TestDraw: on a screen one code or parts in turn, on paper a code a credential,
// and each carries what the person chose.
func TestDraw(t *testing.T) {
	body, key := newWorld(t), newToken(t)
	w := holding(t, body, key, 5)
	var refs []string
	for _, h := range w.Held() {
		refs = append(refs, h.ID)
	}
	how := wallet.Drawing{Showing: wallet.Showing{Now: now}, Base: "https://ente.example/verify", Parts: true}
	one, err := w.Draw(ctx, refs[:1], how)
	must(t, err)
	if len(one.Codes) != 1 || one.Codes[0].Part {
		t.Fatalf("%+v", one.Codes)
	}
	m, err := qr.DecodeText(one.Codes[0].Text)
	must(t, err)
	if m.Tokens[0] != one.Signed[0].Token {
		t.Error("the code holds something else")
	}

	all, err := w.Draw(ctx, refs, how)
	must(t, err)
	var texts []string
	for _, c := range all.Codes {
		if _, modules, err := qr.Version(c.Text, c.Level); !c.Part || err != nil || modules > 97 {
			t.Errorf("%+v, %d modules", c.Part, modules)
		}
		texts = append(texts, c.Text)
	}
	if m, err = qr.Collect(texts); err != nil || len(all.Signed) != 1 || m.Tokens[0] != all.Signed[0].Token {
		t.Fatalf("%d presentations, %v", len(all.Signed), err)
	}

	how.Paper = true
	printed, err := w.Draw(ctx, refs, how)
	must(t, err)
	if len(printed.Signed) != 5 || len(printed.Codes) != 5 {
		t.Errorf("%d presentations, %d codes", len(printed.Signed), len(printed.Codes))
	}
	for i, c := range printed.Codes {
		if c.Part || c.Level != qr.LevelM || c.Of != i {
			t.Errorf("code %d: %+v", i, c)
		}
	}
	how.Base = "http://x"
	if _, err := w.Draw(ctx, refs, how); !errors.Is(err, qr.ErrBase) {
		t.Errorf("another base: %v", err)
	}
}
