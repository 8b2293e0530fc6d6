package wallet_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/employment-passport/passport/verifier"
	"github.com/employment-passport/passport/wallet"
)

// token is a key that signs whole messages and shows nothing of itself, as
// WebCrypto does.
type token struct{ key *ecdsa.PrivateKey }

func (k token) Public() crypto.PublicKey { return k.key.Public() }

func (token) Sign(io.Reader, []byte, crypto.SignerOpts) ([]byte, error) {
	return nil, errors.New("signs no digest")
}

func (k token) SignMessage(_ io.Reader, message []byte, opts crypto.SignerOpts) ([]byte, error) {
	if opts.HashFunc() != crypto.SHA256 {
		return nil, errors.New("another hash")
	}
	sum := sha256.Sum256(message)
	return ecdsa.SignASN1(rand.Reader, k.key, sum[:])
}

func newToken(t testing.TB) token {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	return token{key}
}

// TestKeyOutside: a wallet whose key lies elsewhere shows what it holds, is kept
// without the key, and becomes a vault only with a copy of the right one.
func TestKeyOutside(t *testing.T) {
	body, key := newWorld(t), newToken(t)
	w, err := wallet.NewWith(key)
	must(t, err)
	p, err := wallet.Receive(ctx, []string{body.Issue(w.DID())}, body.verifier(now), now)
	must(t, err)
	_, err = w.Keep(p)
	must(t, err)

	data, err := w.State()
	must(t, err)
	again, err := wallet.OpenState(data)
	must(t, err)
	must(t, again.Unlock(key))
	if again.ID() != w.ID() || again.Counter() != 1 || len(again.Held()) != 1 || again.Held()[0].Checked.Verdict != "valid" {
		t.Fatalf("%s, change %d, %d held", again.ID(), again.Counter(), len(again.Held()))
	}
	shown, err := again.Present(ctx, []string{again.Held()[0].ID}, wallet.Showing{Now: now})
	must(t, err)
	report, err := body.verifier(now).VerifyPresentation(ctx, shown.Token, verifier.HolderBinding{}, shown.Assertions...)
	must(t, err)
	if report.Verdict != verifier.Valid {
		t.Errorf("%s: %+v", report.Verdict, report.Checks)
	}

	if _, err := again.Seal(passphrase, cheap); !errors.Is(err, wallet.ErrKeyOutside) {
		t.Errorf("sealed without a key: %v", err)
	}
	if _, err := again.SealCopy(newToken(t).key, passphrase, cheap); !errors.Is(err, wallet.ErrKey) {
		t.Errorf("sealed with another key: %v", err)
	}
	vault, err := again.SealCopy(key.key, passphrase, cheap)
	must(t, err)
	native, err := wallet.Unseal(vault, passphrase)
	must(t, err)
	if native.DID() != w.DID() || native.Counter() != 1 || len(native.Held()) != 1 {
		t.Errorf("%s, change %d", native.DID(), native.Counter())
	}
}

// TestWithoutItsKey: what a browser forgot cannot sign, and the rest is there.
func TestWithoutItsKey(t *testing.T) {
	body, key := newWorld(t), newToken(t)
	w, err := wallet.NewWith(key)
	must(t, err)
	p, err := wallet.Receive(ctx, []string{body.Issue(w.DID())}, nil, now)
	must(t, err)
	_, err = w.Keep(p)
	must(t, err)
	data, err := w.State()
	must(t, err)

	blind, err := wallet.OpenState(data)
	must(t, err)
	if err := blind.Unlock(newToken(t)); !errors.Is(err, wallet.ErrKey) {
		t.Errorf("opened with another key: %v", err)
	}
	if _, err := blind.Present(ctx, []string{blind.Held()[0].ID}, wallet.Showing{Now: now}); !errors.Is(err, wallet.ErrKeyOutside) {
		t.Errorf("showed without a key: %v", err)
	}
}

// TestThreatK08StateDamaged: of a state that was cut or changed nothing is used.
func TestThreatK08StateDamaged(t *testing.T) {
	key := newToken(t)
	w, err := wallet.NewWith(key)
	must(t, err)
	data, err := w.State()
	must(t, err)
	good := string(data)
	for name, c := range map[string]struct {
		text string
		want error
	}{
		"empty":         {"", wallet.ErrEmpty},
		"cut":           {good[:len(good)-3], wallet.ErrNotWallet},
		"another thing": {`{"format":"passport-wallet","version":1}`, wallet.ErrNotWallet},
		"newer":         {strings.Replace(good, `"version":1`, `"version":9`, 1), wallet.ErrNewer},
		"no holder":     {strings.Replace(good, w.DID(), "did:web:x.example", 1), wallet.ErrNotWallet},
		"more members":  {strings.Replace(good, `"version":1`, `"version":1,"key":"x"`, 1), wallet.ErrNotWallet},
		"twice":         {strings.Replace(good, `"version":1`, `"version":1,"version":1`, 1), wallet.ErrNotWallet},
	} {
		if _, err := wallet.OpenState([]byte(c.text)); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	p384, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	must(t, err)
	if _, err := wallet.NewWith(p384); !errors.Is(err, wallet.ErrKey) {
		t.Errorf("another curve: %v", err)
	}
}

func FuzzOpenState(f *testing.F) {
	key := newToken(f)
	w, err := wallet.NewWith(key)
	must(f, err)
	data, err := w.State()
	must(f, err)
	f.Add(data)
	f.Fuzz(func(t *testing.T, data []byte) {
		if w, err := wallet.OpenState(data); err == nil {
			if _, err := w.State(); err != nil {
				t.Error(err)
			}
		}
	})
}
