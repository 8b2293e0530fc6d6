package wallet_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/internal/statuslist"
	"github.com/employment-passport/passport/internal/trust"
	"github.com/employment-passport/passport/schema"
	"github.com/employment-passport/passport/verifier"
	"github.com/employment-passport/passport/wallet"
)

// now is the moment of every story in these tests.
var now = time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)

var ctx = context.Background()

const (
	passphrase = "quattro parole a caso"
	// cheap is a work factor that lets a test open a vault thousands of times.
	cheap     = 4
	issuerDID = "did:web:ente.example"
	listURL   = "https://ente.example/status/1"
	day       = 24 * time.Hour
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// world is a training body that an authority recognises.
type world struct {
	t                testing.TB
	root, daily      *ecdsa.PrivateKey
	credKey, statKey *ecdsa.PrivateKey
	template         *schema.Template
	revoked          []int
	issued           int
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{t: t}
	for _, key := range []**ecdsa.PrivateKey{&w.root, &w.daily, &w.credKey, &w.statKey} {
		var err error
		*key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		must(t, err)
	}
	data, err := os.ReadFile("../examples/templates/01-food-hygiene-it.json")
	must(t, err)
	w.template, err = schema.ParseTemplate(data)
	must(t, err)
	return w
}

// issue signs a credential for a holder's DID, or for a bearer without one.
func (w *world) issue(holder string, change ...func(*schema.Particulars)) string {
	w.t.Helper()
	w.issued++
	p := schema.Particulars{
		ID:     fmt.Sprintf("urn:uuid:9a3f6b2e-1c44-4b8a-9e21-%012d", w.issued),
		Issuer: schema.IssuerProfile{ID: issuerDID, Name: "Ente Formazione Esempio", Country: "IT", Region: "ITF5"},
		Learner: schema.Learner{
			Name: "Amina Diallo", BirthDate: "1994-03-12", Holder: holder, Result: "Superato",
			DocumentNumber: fmt.Sprintf("MC-PZ-2026-%04d", w.issued), CompletedOn: "2026-11-18",
		},
		ValidFrom: now.Add(-2 * day).Truncate(day), StatusListURL: listURL, StatusIndex: 100 + w.issued,
	}
	for _, c := range change {
		c(&p)
	}
	payload, err := w.template.Compose(p)
	must(w.t, err)
	token, err := jose.Sign(ctx, jose.TypeVC, issuerDID+"#key-1", w.credKey, payload)
	must(w.t, err)
	return token
}

// assert signs a status assertion of a credential.
func (w *world) assert(token string, at time.Time, life time.Duration) string {
	w.t.Helper()
	hash, err := jose.CredentialHash(token)
	must(w.t, err)
	a, err := trust.SignAssertion(ctx, issuerDID+"#status-1", w.statKey, trust.Assertion{
		Issuer: issuerDID, IssuedAt: at, Expires: at.Add(life), CredentialHash: hash, Status: trust.AssertedValid,
	})
	must(w.t, err)
	return a
}

// verifier has a bundle with the body's recognition, keys and status list, as
// of an hour before at.
func (w *world) verifier(at time.Time) *verifier.Verifier {
	w.t.Helper()
	b := w.bundle(at.Add(-time.Hour))
	v, err := verifier.New(verifier.Config{Keys: b, StatusLists: b, Recognition: b, Now: func() time.Time { return at }})
	must(w.t, err)
	return v
}

func (w *world) bundle(at time.Time) *trust.Bundle {
	w.t.Helper()
	authority, ends := "did:web:regione.example", at.Add(30*day)
	kid := authority + "#sign-1"
	delegation, err := trust.SignDelegation(ctx, w.root, trust.Delegation{
		Authority: authority, Name: "Regione Esempio", Use: trust.UseSign, KID: kid, Key: w.daily.Public(), IssuedAt: at.Add(-day), Expires: at.Add(80 * day),
	})
	must(w.t, err)
	recognition, err := trust.Recognition{Issuer: authority, Name: "Regione Esempio", ValidFrom: at, ValidUntil: ends, Entities: []schema.Entity{w.entity()}}.Sign(ctx, kid, w.daily)
	must(w.t, err)
	packed, err := trust.Build(ctx, kid, w.daily, trust.Contents{
		Authority: authority, Seq: at.Unix(), IssuedAt: at, NextUpdate: at.Add(day), Expires: ends,
		Chain: []string{delegation}, Recognition: []string{recognition}, StatusLists: []trust.StatusList{{URL: listURL, Token: w.list(at)}},
	})
	must(w.t, err)
	b, err := trust.Open(packed.Data, w.thumbprint(w.root), trust.Options{})
	must(w.t, err)
	return b
}

func (w *world) list(at time.Time) string {
	bits := statuslist.New(statuslist.MinEntries)
	for _, i := range w.revoked {
		must(w.t, bits.Set(i, true))
	}
	list := statuslist.List{
		ID: listURL, Issuer: issuerDID, Purposes: []string{statuslist.PurposeRevocation}, TTL: time.Hour, ValidFrom: at, ValidUntil: at.Add(45 * day), Bits: bits,
	}
	payload, err := list.Payload()
	must(w.t, err)
	token, err := jose.Sign(ctx, jose.TypeVC, issuerDID+"#status-1", w.statKey, payload)
	must(w.t, err)
	return token
}

func (w *world) entity() schema.Entity {
	since := now.Add(-300 * day).Truncate(day)
	key := func(kid string, k *ecdsa.PrivateKey, use schema.KeyUse) schema.Key {
		return schema.Key{KID: issuerDID + kid, Public: k.Public(), Thumbprint: w.thumbprint(k), Use: use, From: since, State: schema.KeyActive}
	}
	return schema.Entity{
		DID: issuerDID, Name: "Ente Formazione Esempio", Country: "IT", State: schema.EntityRecognised,
		RecognizedTo: []schema.Permission{{Schema: "MicroCredential", From: since}},
		Keys:         []schema.Key{key("#key-1", w.credKey, schema.KeyForCredentials), key("#status-1", w.statKey, schema.KeyForStatus)},
	}
}

func (w *world) thumbprint(k *ecdsa.PrivateKey) string {
	w.t.Helper()
	jwk, err := jose.NewJWK(k.Public())
	must(w.t, err)
	return jwk.Thumbprint()
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
	token := w.issue(holder, func(p *schema.Particulars) { p.Issuer.ID = issuer })
	_, payload, err := jose.ParseUnverified(token)
	must(w.t, err)
	kid := issuer + "#" + strings.TrimPrefix(issuer, "did:key:")
	token, err = jose.Sign(ctx, jose.TypeVC, kid, w.credKey, payload)
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
