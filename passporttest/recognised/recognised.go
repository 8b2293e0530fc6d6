// Package recognised is a training body that an authority recognises, for tests of
// those who judge and keep what it signs. It signs with real keys and is not
// package issuer: a test can have it sign what an issuer would refuse.
package recognised

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/internal/statuslist"
	"github.com/employment-passport/passport/internal/trust"
	"github.com/employment-passport/passport/schema"
)

// Noon is the moment of every story.
var Noon = time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)

// The body and the address of its status list.
const (
	DID     = "did:web:ente.example"
	ListURL = "https://ente.example/status/1"
	Day     = 24 * time.Hour
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Body is a training body that an authority recognises.
type Body struct {
	Root, Daily *ecdsa.PrivateKey // of the authority
	Key         *ecdsa.PrivateKey // that signs credentials
	Revoked     []int             // indexes in its list

	t        testing.TB
	status   *ecdsa.PrivateKey
	template *schema.Template
	issued   int
}

// New has a body with fresh keys.
func New(t testing.TB) *Body {
	t.Helper()
	b := &Body{t: t}
	for _, key := range []**ecdsa.PrivateKey{&b.Root, &b.Daily, &b.Key, &b.status} {
		var err error
		*key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		must(t, err)
	}
	_, here, _, _ := runtime.Caller(0) // tests of several folders ask
	data, err := os.ReadFile(filepath.Join(filepath.Dir(here), "../../examples/templates/01-food-hygiene-it.json"))
	must(t, err)
	b.template, err = schema.ParseTemplate(data)
	must(t, err)
	return b
}

// Issue signs a credential for a holder's DID, or for a bearer without one.
func (b *Body) Issue(holder string, change ...func(*schema.Particulars)) string {
	b.t.Helper()
	b.issued++
	p := schema.Particulars{
		ID:     fmt.Sprintf("urn:uuid:9a3f6b2e-1c44-4b8a-9e21-%012d", b.issued),
		Issuer: schema.IssuerProfile{ID: DID, Name: "Ente Formazione Esempio", Country: "IT", Region: "ITF5"},
		Learner: schema.Learner{
			Name: "Amina Diallo", BirthDate: "1994-03-12", Holder: holder, Result: "Superato",
			DocumentNumber: fmt.Sprintf("MC-PZ-2026-%04d", b.issued), CompletedOn: "2026-11-18",
		},
		ValidFrom: Noon.Add(-2 * Day).Truncate(Day), StatusListURL: ListURL, StatusIndex: 100 + b.issued,
	}
	for _, c := range change {
		c(&p)
	}
	payload, err := b.template.Compose(p)
	must(b.t, err)
	token, err := jose.Sign(context.Background(), jose.TypeVC, DID+"#key-1", b.Key, payload)
	must(b.t, err)
	return token
}

// Assert signs a status assertion of a credential.
func (b *Body) Assert(token string, at time.Time, life time.Duration) string {
	b.t.Helper()
	hash, err := jose.CredentialHash(token)
	must(b.t, err)
	a, err := trust.SignAssertion(context.Background(), DID+"#status-1", b.status, trust.Assertion{
		Issuer: DID, IssuedAt: at, Expires: at.Add(life), CredentialHash: hash, Status: trust.AssertedValid,
	})
	must(b.t, err)
	return a
}

// Bundle is the file of a bundle with the body's recognition, keys and status
// list, as of at.
func (b *Body) Bundle(at time.Time) []byte {
	b.t.Helper()
	authority, ends := "did:web:regione.example", at.Add(30*Day)
	kid := authority + "#sign-1"
	delegation, err := trust.SignDelegation(context.Background(), b.Root, trust.Delegation{
		Authority: authority, Name: "Regione Esempio", Use: trust.UseSign, KID: kid, Key: b.Daily.Public(), IssuedAt: at.Add(-Day), Expires: at.Add(80 * Day),
	})
	must(b.t, err)
	recognition, err := trust.Recognition{Issuer: authority, Name: "Regione Esempio", ValidFrom: at, ValidUntil: ends, Entities: []schema.Entity{b.entity()}}.Sign(context.Background(), kid, b.Daily)
	must(b.t, err)
	packed, err := trust.Build(context.Background(), kid, b.Daily, trust.Contents{
		Authority: authority, Seq: at.Unix(), IssuedAt: at, NextUpdate: at.Add(Day), Expires: ends,
		Chain: []string{delegation}, Recognition: []string{recognition}, StatusLists: []trust.StatusList{{URL: ListURL, Token: b.List(at)}},
	})
	must(b.t, err)
	return packed.Data
}

// List is the body's status list, signed.
func (b *Body) List(at time.Time) string {
	bits := statuslist.New(statuslist.MinEntries)
	for _, i := range b.Revoked {
		must(b.t, bits.Set(i, true))
	}
	list := statuslist.List{
		ID: ListURL, Issuer: DID, Purposes: []string{statuslist.PurposeRevocation}, TTL: time.Hour, ValidFrom: at, ValidUntil: at.Add(45 * Day), Bits: bits,
	}
	payload, err := list.Payload()
	must(b.t, err)
	token, err := jose.Sign(context.Background(), jose.TypeVC, DID+"#status-1", b.status, payload)
	must(b.t, err)
	return token
}

func (b *Body) entity() schema.Entity {
	since := Noon.Add(-300 * Day).Truncate(Day)
	key := func(kid string, k *ecdsa.PrivateKey, use schema.KeyUse) schema.Key {
		return schema.Key{KID: DID + kid, Public: k.Public(), Thumbprint: b.Thumbprint(k), Use: use, From: since, State: schema.KeyActive}
	}
	return schema.Entity{
		DID: DID, Name: "Ente Formazione Esempio", Country: "IT", State: schema.EntityRecognised,
		RecognizedTo: []schema.Permission{{Schema: "MicroCredential", From: since}},
		Keys:         []schema.Key{key("#key-1", b.Key, schema.KeyForCredentials), key("#status-1", b.status, schema.KeyForStatus)},
	}
}

// Thumbprint names a key, as anchors and entities do.
func (b *Body) Thumbprint(k *ecdsa.PrivateKey) string {
	b.t.Helper()
	jwk, err := jose.NewJWK(k.Public())
	must(b.t, err)
	return jwk.Thumbprint()
}
