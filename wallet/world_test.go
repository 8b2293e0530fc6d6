package wallet_test

import (
	"context"
	"crypto/elliptic"
	"encoding/base64"
	"math/big"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/internal/trust"
	"github.com/employment-passport/passport/passporttest/recognised"
	"github.com/employment-passport/passport/schema"
	"github.com/employment-passport/passport/verifier"
	"github.com/employment-passport/passport/wallet"
)

// now is the moment of every story in these tests.
var now = recognised.Noon

var ctx = context.Background()

const (
	passphrase = "quattro parole a caso"
	// cheap is a work factor that lets a test open a vault thousands of times.
	cheap     = 4
	issuerDID = recognised.DID
	listURL   = recognised.ListURL
	day       = recognised.Day
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// world is a training body that an authority recognises, with verifiers.
type world struct {
	*recognised.Body
	t testing.TB
}

func newWorld(t testing.TB) *world {
	t.Helper()
	return &world{recognised.New(t), t}
}

// verifier has a bundle with the body's recognition, keys and status list, as
// of an hour before at.
func (w *world) verifier(at time.Time) *verifier.Verifier {
	w.t.Helper()
	b, err := trust.Open(w.Bundle(at.Add(-time.Hour)), w.Thumbprint(w.Root), trust.Options{})
	must(w.t, err)
	v, err := verifier.New(verifier.Config{Keys: b, StatusLists: b, Recognition: b, Now: func() time.Time { return at }})
	must(w.t, err)
	return v
}

// made creates a wallet file with some credentials and returns it.
func made(t testing.TB, tokens func(holder string) []string) (wallet.File, *wallet.Wallet) {
	t.Helper()
	f := wallet.File{Path: filepath.Join(t.TempDir(), "wallet.age"), WorkFactor: cheap}
	w, err := f.Create(ctx, passphrase)
	must(t, err)
	if tokens != nil {
		add(t, f, nil, tokens(w.DID())...)
	}
	w, err = f.Open(passphrase)
	must(t, err)
	return f, w
}

// add imports tokens into the wallet file.
func add(t testing.TB, f wallet.File, judge wallet.Judge, tokens ...string) {
	t.Helper()
	p, err := wallet.Receive(ctx, tokens, judge, now)
	must(t, err)
	must(t, f.Update(ctx, passphrase, func(w *wallet.Wallet) error {
		_, err := w.Keep(p)
		return err
	}))
}

func (w *world) clock() time.Time { return now }

// issueAs signs with the body's key under another issuer's name.
func (w *world) issueAs(issuer, holder string) string {
	w.t.Helper()
	token := w.Issue(holder, func(p *schema.Particulars) { p.Issuer.ID = issuer })
	_, payload, err := jose.ParseUnverified(token)
	must(w.t, err)
	kid := issuer + "#" + strings.TrimPrefix(issuer, "did:key:")
	token, err = jose.Sign(ctx, jose.TypeVC, kid, w.Key, payload)
	must(w.t, err)
	return token
}

// highS spells an ES256 signature the other way (threats A26).
func highS(t testing.TB, token string) string {
	t.Helper()
	i := strings.LastIndexByte(token, '.') + 1
	sig, err := base64.RawURLEncoding.DecodeString(token[i:])
	must(t, err)
	s := new(big.Int).SetBytes(sig[32:])
	s.Sub(elliptic.P256().Params().N, s).FillBytes(sig[32:])
	return token[:i] + base64.RawURLEncoding.EncodeToString(sig)
}
