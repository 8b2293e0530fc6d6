package wallet_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"fmt"
	"os"
	"slices"
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

// body is one of several training bodies that the same authority recognises.
type body struct {
	did         string
	cred, state *ecdsa.PrivateKey
	revoked     []int
}

func newBody(t testing.TB, name string) *body {
	t.Helper()
	b := &body{did: "did:web:" + name + ".example"}
	for _, key := range []**ecdsa.PrivateKey{&b.cred, &b.state} {
		var err error
		*key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		must(t, err)
	}
	return b
}

func (b *body) list() string { return "https://" + strings.TrimPrefix(b.did, "did:web:") + "/status/1" }

const lifeComp = `{"name":"corso","type":"MicroCredential","credential":{"credentialSubject":{"achievement":{
"id":"urn:uuid:3e0d7e2c-52f3-4ad1-8a64-7f3b5b7a1d2@","type":["Achievement"],"achievementType":"MicroCredential","name":"Corso P@",
"description":"Un corso.","inLanguage":"it","criteria":{"narrative":"Prova pratica."},"learningOutcomes":["Sa fare"],
"alignment":[{"type":["Alignment"],"targetName":"P@","targetFramework":"LifeComp","targetCode":"P@","targetUrl":"https://consorzio.example/P@"},
{"type":["Alignment"],"targetName":"EQF 4","targetFramework":"EQF","targetType":"ext:EQFLevel","targetUrl":"http://data.europa.eu/snb/eqf/4"}],
"notionalWorkload":{"value":16,"unit":"hours"},"typeOfAssessment":["http://data.europa.eu/snb/assessment/6a4db9f11d"],
"formOfParticipation":"http://data.europa.eu/snb/learning-assessment/9191af2ed9",
"qualityAssurance":{"qaType":"http://data.europa.eu/snb/accreditation/bb4618238e","reference":"n. 1"},"legalValue":"atto-privato"}}}}`

// issue signs the n-th credential, for LifeComp P and that number, on a day.
func (b *body) issue(t testing.TB, n, p int, on, holder string) string {
	t.Helper()
	tmpl, err := schema.ParseTemplate([]byte(strings.ReplaceAll(lifeComp, "@", fmt.Sprint(p))))
	must(t, err)
	from, err := schema.ParseDate(on)
	must(t, err)
	payload, err := tmpl.Compose(schema.Particulars{
		ID:            fmt.Sprintf("urn:uuid:9a3f6b2e-1c44-4b8a-9e21-%012d", n),
		Issuer:        schema.IssuerProfile{ID: b.did, Name: b.did, Country: "IT"},
		Learner:       schema.Learner{Name: "Amina Diallo", BirthDate: "1994-03-12", Holder: holder, DocumentNumber: fmt.Sprintf("MC-%d", n)},
		ValidFrom:     from.Time(),
		StatusListURL: b.list(), StatusIndex: n,
	})
	must(t, err)
	token, err := jose.Sign(ctx, jose.TypeVC, b.did+"#key-1", b.cred, payload)
	must(t, err)
	return token
}

func (b *body) entity(w *world) schema.Entity {
	since := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	key := func(kid string, k *ecdsa.PrivateKey, use schema.KeyUse) schema.Key {
		return schema.Key{KID: b.did + kid, Public: k.Public(), Thumbprint: w.Thumbprint(k), Use: use, From: since, State: schema.KeyActive}
	}
	return schema.Entity{
		DID: b.did, Name: b.did, Country: "IT", State: schema.EntityRecognised,
		RecognizedTo: []schema.Permission{{Schema: "MicroCredential", From: since}},
		Keys:         []schema.Key{key("#key-1", b.cred, schema.KeyForCredentials), key("#status-1", b.state, schema.KeyForStatus)},
	}
}

func (b *body) signList(t testing.TB, at time.Time) trust.StatusList {
	t.Helper()
	bits := statuslist.New(statuslist.MinEntries)
	for _, i := range b.revoked {
		must(t, bits.Set(i, true))
	}
	list := statuslist.List{
		ID: b.list(), Issuer: b.did, Purposes: []string{statuslist.PurposeRevocation}, TTL: time.Hour, ValidFrom: at, ValidUntil: at.Add(45 * day), Bits: bits,
	}
	payload, err := list.Payload()
	must(t, err)
	token, err := jose.Sign(ctx, jose.TypeVC, b.did+"#status-1", b.state, payload)
	must(t, err)
	return trust.StatusList{URL: b.list(), Token: token}
}

// verifierOf is one with a bundle that recognises all these bodies.
func verifierOf(w *world, bodies ...*body) *verifier.Verifier {
	w.t.Helper()
	authority, at := "did:web:regione.example", now.Add(-time.Hour)
	kid, ends := authority+"#sign-1", at.Add(30*day)
	delegation, err := trust.SignDelegation(ctx, w.Root, trust.Delegation{
		Authority: authority, Name: "Regione Esempio", Use: trust.UseSign, KID: kid, Key: w.Daily.Public(), IssuedAt: at.Add(-day), Expires: at.Add(80 * day),
	})
	must(w.t, err)
	recognition := trust.Recognition{Issuer: authority, Name: "Regione Esempio", ValidFrom: at, ValidUntil: ends}
	c := trust.Contents{Authority: authority, Seq: at.Unix(), IssuedAt: at, NextUpdate: at.Add(day), Expires: ends, Chain: []string{delegation}}
	for _, b := range bodies {
		recognition.Entities = append(recognition.Entities, b.entity(w))
		c.StatusLists = append(c.StatusLists, b.signList(w.t, at))
	}
	signed, err := recognition.Sign(ctx, kid, w.Daily)
	must(w.t, err)
	c.Recognition = []string{signed}
	packed, err := trust.Build(ctx, kid, w.Daily, c)
	must(w.t, err)
	b, err := trust.Open(packed.Data, w.Thumbprint(w.Root), trust.Options{})
	must(w.t, err)
	v, err := verifier.New(verifier.Config{Keys: b, StatusLists: b, Recognition: b, Now: w.clock})
	must(w.t, err)
	return v
}

// M4: credentials of three bodies and two years sit in one wallet, ordered by
// date, and the passport counts only the newest valid of duplicates.
func TestRowM4ThreeIssuersTwoYears(t *testing.T) {
	w := newWorld(t)
	ente, scuola, centro := newBody(t, "ente"), newBody(t, "scuola"), newBody(t, "centro")
	file, empty := made(t, nil)
	me := empty.DID()
	add(t, file, verifierOf(w, ente, scuola, centro),
		ente.issue(t, 1, 1, "2025-03-01", me),   // P1, the oldest
		centro.issue(t, 2, 1, "2026-11-20", me), // P1, the newest
		ente.issue(t, 3, 2, "2025-11-10", me),
		scuola.issue(t, 4, 1, "2026-06-01", me), // P1, between
		centro.issue(t, 5, 3, "2026-02-15", me),
	)
	mine, err := file.Open(passphrase)
	must(t, err)

	var order []string
	for _, h := range mine.ByDate() {
		order = append(order, h.Credential().View().IssuedOn)
	}
	if want := []string{"2026-11-20", "2026-06-01", "2026-02-15", "2025-11-10", "2025-03-01"}; !slices.Equal(order, want) {
		t.Errorf("in the order %v, want %v", order, want)
	}

	d := threeOfLifeComp(t)
	count := func() (schema.Progress, []wallet.Piece) {
		pieces, err := mine.Pieces(ctx, d, verifierOf(w, ente, scuola, centro), now)
		must(t, err)
		return wallet.Progress(d, pieces), pieces
	}
	p, _ := count()
	if p.Have != 3 || !p.Complete || p.Met[0] != part(2, "LC-P1") || p.Met[1] != part(3, "LC-P2") || p.Met[2] != part(5, "LC-P3") {
		t.Errorf("all good: %v", p.Met)
	}
	centro.revoked = []int{2}
	p, pieces := count()
	if p.Have != 3 || p.Met[0] != part(4, "LC-P1") {
		t.Errorf("the newest is revoked: %v", p.Met)
	}
	if first := pieces[0]; first.Good || first.Why == nil || first.Why.Code != verifier.CodeRevoked {
		t.Errorf("the revoked one is not named: good %v, %v", first.Good, first.Why)
	}
	scuola.revoked, ente.revoked = []int{4}, []int{1}
	if p, _ := count(); p.Have != 2 || p.Complete || len(p.Missing) != 1 || p.Missing[0].Ref != "LC-P1" {
		t.Errorf("all duplicates are revoked: %v, missing %v", p.Met, p.Missing)
	}
}

// Without a bundle the last check counts, and what nobody checked does not.
func TestProgressByTheLastCheck(t *testing.T) {
	w := newWorld(t)
	ente := newBody(t, "ente")
	file, empty := made(t, nil)
	add(t, file, verifierOf(w, ente), ente.issue(t, 1, 1, "2026-03-01", empty.DID()))
	add(t, file, nil, ente.issue(t, 2, 2, "2026-03-01", empty.DID()))
	mine, err := file.Open(passphrase)
	must(t, err)
	d := threeOfLifeComp(t)
	pieces, err := mine.Pieces(ctx, d, nil, now)
	must(t, err)
	if p := wallet.Progress(d, pieces); p.Have != 1 || p.Met[0] != part(1, "LC-P1") || len(pieces) != 2 {
		t.Errorf("%v of %d", p.Met, len(pieces))
	}
	for _, p := range pieces { // it counts, and says of which day it is
		if p.Amber != p.Good || p.Good && p.AsOf.IsZero() {
			t.Errorf("%s: good %v, amber %v, as of %s", p.ID, p.Good, p.Amber, p.AsOf)
		}
	}
}

func part(n int, ref string) schema.Component {
	return schema.Component{ID: fmt.Sprintf("urn:uuid:9a3f6b2e-1c44-4b8a-9e21-%012d", n), Requirement: ref}
}

func threeOfLifeComp(t testing.TB) *schema.PassportDefinition {
	t.Helper()
	data, err := os.ReadFile("../examples/definitions/passaporto-esempio.json")
	must(t, err)
	d, err := schema.ParseDefinition(data)
	must(t, err)
	d.Requirements, d.Minimum = d.Requirements[:3], 3
	return d
}
