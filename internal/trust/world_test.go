package trust_test

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/internal/statuslist"
	"github.com/employment-passport/passport/internal/trust"
	"github.com/employment-passport/passport/schema"
)

var now = time.Date(2026, 11, 22, 9, 30, 0, 0, time.UTC)

const authorityDID = "did:web:authority.example"

// world is an authority with two training bodies, all with real keys.
type world struct {
	t           testing.TB
	root, daily *ecdsa.PrivateKey
	anchor      string
	forli, lodz *body
}

// body is a recognised body: it may be changed before a bundle is made.
type body struct {
	schema.Entity
	credential, status *ecdsa.PrivateKey
	url                string // of its status list
}

func newWorld(t testing.TB) *world {
	t.Helper()
	fixed = 0
	w := &world{t: t, root: newKey(t), daily: newKey(t)}
	w.anchor = thumbprint(t, w.root.Public())
	w.forli = newBody(t, "did:web:forli.example", "Centro Forlì", "IT")
	w.lodz = newBody(t, "did:web:lodz.example:szkola", "Szkoła Łódź", "PL")
	w.lodz.url = "https://lodz.example/szkola/status/1"
	return w
}

func newBody(t testing.TB, did, name, country string) *body {
	t.Helper()
	b := &body{credential: newKey(t), status: newKey(t), url: "https://forli.example/status/1"}
	b.Entity = schema.Entity{
		DID: did, Name: name, Country: country, State: schema.EntityRecognised,
		RecognizedTo: []schema.Permission{{Schema: "MicroCredential", From: date("2026-01-01")}},
		Keys: []schema.Key{
			key(t, did+"#key-1", b.credential, schema.KeyForCredentials),
			key(t, did+"#status-1", b.status, schema.KeyForStatus),
		},
	}
	return b
}

func key(t testing.TB, kid string, k *ecdsa.PrivateKey, use schema.KeyUse) schema.Key {
	t.Helper()
	return schema.Key{
		KID: kid, Public: k.Public(), Thumbprint: thumbprint(t, k.Public()),
		Use: use, State: schema.KeyActive, From: date("2026-01-01"),
	}
}

// delegate signs the ordinary delegation after change has had its way with it.
func (w *world) delegate(change ...func(*trust.Delegation)) string {
	w.t.Helper()
	token, err := trust.SignDelegation(context.Background(), w.root, w.delegation(change...))
	if err != nil {
		w.t.Fatal(err)
	}
	return token
}

func (w *world) delegation(change ...func(*trust.Delegation)) trust.Delegation {
	d := trust.Delegation{
		Authority: authorityDID, Name: "Regione Esempio", Use: trust.UseSign,
		KID: authorityDID + "#sign-1", Key: w.daily.Public(),
		IssuedAt: now.Add(-24 * time.Hour), Expires: now.Add(60 * 24 * time.Hour),
	}
	for _, f := range change {
		f(&d)
	}
	return d
}

// recognise signs a recognition list of these bodies.
func (w *world) recognise(entities ...schema.Entity) string {
	w.t.Helper()
	token, err := trust.Recognition{
		Issuer: authorityDID, Name: "Regione Esempio", ValidFrom: now, ValidUntil: now.Add(30 * 24 * time.Hour), Entities: entities,
	}.Sign(context.Background(), authorityDID+"#sign-1", w.daily)
	if err != nil {
		w.t.Fatal(err)
	}
	return token
}

func (w *world) contents() trust.Contents {
	return trust.Contents{
		Authority: authorityDID, Seq: now.Unix(), IssuedAt: now,
		NextUpdate: now.Add(trust.UpdateEvery), Expires: now.Add(trust.DefaultLife),
		Chain:       []string{w.delegate()},
		Recognition: []string{w.recognise(w.forli.Entity, w.lodz.Entity)},
		StatusLists: []trust.StatusList{w.list(w.forli), w.list(w.lodz)},
		VerifyBases: []string{"https://verify.example/"},
	}
}

// list signs a body's status list after change has had its way with it.
func (w *world) list(b *body, change ...func(*statuslist.List)) trust.StatusList {
	w.t.Helper()
	return w.listBy(b.DID+"#status-1", b.status, b, change...)
}

func (w *world) listBy(kid string, k crypto.Signer, b *body, change ...func(*statuslist.List)) trust.StatusList {
	w.t.Helper()
	l := statuslist.List{
		ID: b.url, Issuer: b.DID, Purposes: []string{"revocation"},
		ValidFrom: now.Add(-time.Hour), ValidUntil: now.Add(45 * 24 * time.Hour), Bits: statuslist.New(statuslist.MinEntries),
	}
	for _, f := range change {
		f(&l)
	}
	payload, err := l.Payload()
	if err != nil {
		w.t.Fatal(err)
	}
	return trust.StatusList{URL: l.ID, Token: sign(w.t, jose.TypeVC, kid, k, payload)}
}

// bundle packs the ordinary contents after change has had its way with them.
func (w *world) bundle(change ...func(*trust.Contents)) *trust.Packed {
	w.t.Helper()
	c := w.contents()
	for _, f := range change {
		f(&c)
	}
	packed, err := trust.Build(context.Background(), authorityDID+"#sign-1", w.daily, c)
	if err != nil {
		w.t.Fatal(err)
	}
	return packed
}

func (w *world) open(change ...func(*trust.Contents)) *trust.Bundle {
	w.t.Helper()
	p := w.bundle(change...)
	b, err := trust.Open(p.Data, w.anchor, trust.Options{ListFile: fileOf(p)})
	if err != nil {
		w.t.Fatal(err)
	}
	return b
}

func fileOf(p *trust.Packed) func(string) ([]byte, error) {
	return func(name string) ([]byte, error) {
		token, ok := p.Files[name]
		if !ok {
			return nil, errors.New("no such file")
		}
		return []byte(token), nil
	}
}

// resign signs the payload of a bundle anew after change: for what Build would
// never write.
func (w *world) resign(change func(p map[string]any)) []byte {
	w.t.Helper()
	_, payload, err := jose.ParseUnverified(string(gunzip(w.t, w.bundle().Data)))
	if err != nil {
		w.t.Fatal(err)
	}
	var p map[string]any
	if err := json.Unmarshal(payload, &p); err != nil {
		w.t.Fatal(err)
	}
	change(p)
	return []byte(sign(w.t, jose.TypeBundle, authorityDID+"#sign-1", w.daily, marshal(w.t, p)))
}

func sign(t testing.TB, typ jose.Type, kid string, k crypto.Signer, payload []byte) string {
	t.Helper()
	token, err := jose.Sign(context.Background(), typ, kid, k, payload)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func marshal(t testing.TB, v any) []byte {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func newKey(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	if _, fuzzing := t.(*testing.F); fuzzing {
		return fixedKey(t)
	}
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// fixedKey makes the same keys in every process, so that what a fuzzing worker
// finds means the same to the next one.
func fixedKey(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	fixed++
	d := sha256.Sum256([]byte{byte(fixed)})
	k, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), d[:])
	if err != nil {
		t.Fatal(err)
	}
	return k
}

var fixed int

func thumbprint(t testing.TB, pub crypto.PublicKey) string {
	t.Helper()
	jwk, err := jose.NewJWK(pub)
	if err != nil {
		t.Fatal(err)
	}
	return jwk.Thumbprint()
}

func date(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return t
}

// code is the code of a refusal, "" for none.
func code(err error) string {
	var refused *trust.Error
	if errors.As(err, &refused) {
		return refused.Code
	}
	return ""
}

// wantProblems compares what was left out, as "part code".
func wantProblems(t *testing.T, b *trust.Bundle, want ...string) {
	t.Helper()
	var got []string
	for _, p := range b.Problems() {
		got = append(got, p.Part+" "+p.Code)
		if p.Error() == "" || p.Subject == "" && p.Part != "list" {
			t.Errorf("a problem must say what it is about: %+v", p)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("left out: %q, want %q\n%v", got, want, b.Problems())
	}
}

// wantList asks for a list and says whether it should be there.
func wantList(t *testing.T, b *trust.Bundle, url string, there bool) {
	t.Helper()
	token, fetched, err := b.StatusList(context.Background(), url)
	switch {
	case there && (err != nil || token == "" || !fetched.Equal(now)):
		t.Errorf("list %s: %v", url, err)
	case !there && (!errors.Is(err, schema.ErrStatusUnknown) || token != ""):
		t.Errorf("list %s: token of %d bytes, error %v, want ErrStatusUnknown", url, len(token), err)
	}
}
