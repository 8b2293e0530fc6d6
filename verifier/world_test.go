package verifier_test

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/employment-passport/passport/internal/did"
	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/internal/statuslist"
	"github.com/employment-passport/passport/internal/trust"
	"github.com/employment-passport/passport/schema"
	"github.com/employment-passport/passport/verifier"
)

// now is the moment of every story in these tests.
var now = time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)

const (
	revocations = "https://ente.example/status/1"
	suspensions = "https://ente.example/status/2"
	index       = 94567
	hour        = time.Hour
	days        = 24 * time.Hour
)

// body is an issuer with its two keys.
type body struct {
	did                string
	credentials        *ecdsa.PrivateKey
	status             *ecdsa.PrivateKey
	credKID, statusKID string
}

func newBody(t testing.TB, did string) body {
	t.Helper()
	return body{did: did, credentials: newKey(t), status: newKey(t), credKID: did + "#key-1", statusKID: did + "#status-1"}
}

func newKey(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	return key
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func thumbprint(t testing.TB, key crypto.PublicKey) string {
	t.Helper()
	jwk, err := jose.NewJWK(key)
	must(t, err)
	return jwk.Thumbprint()
}

// entity is the body as the authority recognises it: for micro-credentials,
// since the beginning of the year.
func (b body) entity(t testing.TB) schema.Entity {
	since := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	key := func(kid string, k *ecdsa.PrivateKey, use schema.KeyUse) schema.Key {
		return schema.Key{KID: kid, Public: k.Public(), Thumbprint: thumbprint(t, k.Public()), Use: use, From: since, State: schema.KeyActive}
	}
	return schema.Entity{
		DID: b.did, Name: "Ente Formazione Esempio", Country: "IT", State: schema.EntityRecognised,
		RecognizedTo: []schema.Permission{{Schema: "MicroCredential", From: since}},
		Keys:         []schema.Key{key(b.credKID, b.credentials, schema.KeyForCredentials), key(b.statusKID, b.status, schema.KeyForStatus)},
	}
}

// world is an authority, one training body that it recognises, and the lists
// that the body has signed. Tests change it, then ask for a verifier.
type world struct {
	t           testing.TB
	root, daily *ecdsa.PrivateKey
	body        body
	entities    []schema.Entity
	lists       []trust.StatusList
	denied      [][16]byte
	reaffirmed  [][16]byte
	holder      *ecdsa.PrivateKey
	holderDID   string
	seq         int64
	issuedAt    time.Time
	template    *schema.Template
}

// newWorld has a fresh, clean revocation list in its bundle.
func newWorld(t testing.TB) *world {
	t.Helper()
	w := emptyWorld(t)
	w.addList(revocations, "revocation", now.Add(-hour))
	return w
}

func emptyWorld(t testing.TB) *world {
	t.Helper()
	w := &world{t: t, root: newKey(t), daily: newKey(t), body: newBody(t, "did:web:ente.example"), holder: newKey(t), issuedAt: now.Add(-hour)}
	w.seq = w.issuedAt.Unix()
	w.entities = []schema.Entity{w.body.entity(t)}
	var err error
	w.holderDID, err = did.NewKey(w.holder.Public())
	must(t, err)
	return w
}

// addList signs a list of the body; set are the indexes whose bit is set.
func (w *world) addList(url, purpose string, at time.Time, set ...int) {
	w.t.Helper()
	w.lists = append(w.lists, trust.StatusList{URL: url, Token: w.signList(w.body, url, purpose, at, set...)})
}

func (w *world) signList(by body, url, purpose string, at time.Time, set ...int) string {
	w.t.Helper()
	return w.signListAs(by, statuslist.List{ID: url, Issuer: by.did, Purposes: []string{purpose}, ValidFrom: at, ValidUntil: at.Add(45 * days), TTL: hour}, set...)
}

func (w *world) signListAs(by body, l statuslist.List, set ...int) string {
	w.t.Helper()
	l.Bits = statuslist.New(statuslist.MinEntries)
	for _, i := range set {
		must(w.t, l.Bits.Set(i, true))
	}
	payload, err := l.Payload()
	must(w.t, err)
	return sign(w.t, jose.TypeVC, by.statusKID, by.status, payload)
}

func sign(t testing.TB, typ jose.Type, kid string, key crypto.Signer, payload []byte) string {
	t.Helper()
	token, err := jose.Sign(context.Background(), typ, kid, key, payload)
	must(t, err)
	recordToken(t, token)
	return token
}

// bundle signs what the world holds and opens it as a verifier does.
func (w *world) bundle() *trust.Bundle {
	b, _ := w.opened()
	return b
}

func (w *world) opened() (b *trust.Bundle, data []byte) {
	w.t.Helper()
	data = w.packed()
	b, err := trust.Open(data, w.anchor(), trust.Options{})
	must(w.t, err)
	return b, data
}

func (w *world) anchor() string { return thumbprint(w.t, w.root.Public()) }

func (w *world) packed() []byte {
	w.t.Helper()
	ctx, authority := context.Background(), "did:web:regione.example"
	kid := authority + "#sign-1"
	ends := w.issuedAt.Add(30 * days)
	delegation, err := trust.SignDelegation(ctx, w.root, trust.Delegation{
		Authority: authority, Name: "Regione Esempio", Use: trust.UseSign, KID: kid, Key: w.daily.Public(),
		IssuedAt: w.issuedAt.Add(-days), Expires: w.issuedAt.Add(80 * days),
	})
	must(w.t, err)
	recognition, err := trust.Recognition{
		Issuer: authority, Name: "Regione Esempio", ValidFrom: w.issuedAt, ValidUntil: ends, Entities: w.entities,
	}.Sign(ctx, kid, w.daily)
	must(w.t, err)
	packed, err := trust.Build(ctx, kid, w.daily, trust.Contents{
		Authority: authority, Seq: w.seq, IssuedAt: w.issuedAt, NextUpdate: w.issuedAt.Add(days), Expires: ends,
		Chain: []string{delegation}, Recognition: []string{recognition}, StatusLists: w.lists,
		Denied: w.denied, Reaffirmed: w.reaffirmed,
	})
	must(w.t, err)
	return packed.Data
}

// verifier opens the world's bundle; changes come last.
func (w *world) verifier(changes ...func(*verifier.Config)) *verifier.Verifier {
	w.t.Helper()
	b, data := w.opened()
	cfg := verifier.Config{Keys: b, StatusLists: b, Recognition: b, Now: func() time.Time { return now }}
	for _, change := range changes {
		change(&cfg)
	}
	recordBundle(w.t, w.anchor(), data, cfg.Now())
	v, err := verifier.New(cfg)
	must(w.t, err)
	return v
}

// at moves the clock of the device.
func at(t time.Time) func(*verifier.Config) {
	return func(c *verifier.Config) { c.Now = func() time.Time { return t } }
}

const microTemplate = `{"name":"igiene","type":"MicroCredential","credential":{"credentialSubject":{"achievement":{
"id":"urn:uuid:3e0d7e2c-52f3-4ad1-8a64-7f3b5b7a1d20","type":["Achievement"],"achievementType":"MicroCredential","name":"Igiene degli alimenti in cucina",
"description":"Le regole per preparare i pasti in sicurezza.","inLanguage":"it","criteria":{"narrative":"Prova pratica in cucina davanti a un valutatore."},
"learningOutcomes":["Applica le norme di igiene quando prepara i pasti","Conserva gli alimenti alla temperatura indicata"],
"alignment":[{"type":["Alignment"],"targetName":"apply hygiene standards","targetFramework":"ESCO","targetUrl":"http://data.europa.eu/esco/skill/d9449998-c1f5-478c-a103-2255398cf0b6"},
{"type":["Alignment"],"targetName":"EQF 3","targetFramework":"EQF","targetType":"ext:EQFLevel","targetUrl":"http://data.europa.eu/snb/eqf/3"}],
"fieldOfStudy":"1013","notionalWorkload":{"value":16,"unit":"hours"},"typeOfAssessment":["http://data.europa.eu/snb/assessment/6a4db9f11d"],
"formOfParticipation":"http://data.europa.eu/snb/learning-assessment/9191af2ed9","supervision":"http://data.europa.eu/snb/supervision-verification/70be69aaf9",
"qualityAssurance":{"qaType":"http://data.europa.eu/snb/accreditation/bb4618238e","reference":"Accreditamento regionale n. 123/2025"},"legalValue":"atto-privato"}}}}`

// document composes a credential of today for the holder with the example's
// places in the lists; change may alter any member before it is signed.
func (w *world) document(change ...func(doc map[string]any)) []byte {
	w.t.Helper()
	if w.template == nil {
		var err error
		w.template, err = schema.ParseTemplate([]byte(microTemplate))
		must(w.t, err)
	}
	data, err := w.template.Compose(schema.Particulars{
		ID:            "urn:uuid:9a3f6b2e-1c44-4b8a-9e21-6f0a2d7c5b31",
		Issuer:        schema.IssuerProfile{ID: w.body.did, Name: "Ente Formazione Esempio", Country: "IT", Region: "ITF5"},
		Learner:       schema.Learner{Name: "Amina Diallo", BirthDate: "1994-03-12", Holder: w.holderDID, DocumentNumber: "MC-PZ-2026-0042", CompletedOn: "2026-11-18"},
		ValidFrom:     time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC),
		StatusListURL: revocations, StatusIndex: index,
	})
	must(w.t, err)
	if len(change) == 0 {
		return data
	}
	var doc map[string]any
	must(w.t, json.Unmarshal(data, &doc))
	for _, c := range change {
		c(doc)
	}
	data, err = json.Marshal(doc)
	must(w.t, err)
	return data
}

// issue signs document with the body's credential key.
func (w *world) issue(change ...func(doc map[string]any)) string {
	w.t.Helper()
	return sign(w.t, jose.TypeVC, w.body.credKID, w.body.credentials, w.document(change...))
}

// set changes one outermost member; a nil value takes it out.
func set(name string, value any) func(map[string]any) {
	return func(doc map[string]any) {
		if value == nil {
			delete(doc, name)
			return
		}
		doc[name] = value
	}
}

// bearer takes the subject's id out: a person without a key.
func bearer(doc map[string]any) { delete(doc["credentialSubject"].(map[string]any), "id") }

// entry is a status entry of the example's index.
func entry(purpose, url string) map[string]any {
	return map[string]any{
		"id": fmt.Sprintf("%s#%d", url, index), "type": "BitstringStatusListEntry", "statusPurpose": purpose,
		"statusListIndex": fmt.Sprint(index), "statusListCredential": url,
	}
}

// status changes members of the one status entry.
func status(change map[string]any) func(map[string]any) {
	return func(doc map[string]any) {
		e := entry("revocation", revocations)
		maps.Copy(e, change)
		doc["credentialStatus"] = e
	}
}

// suspendable gives the document both entries, and takes out the schema of
// 1EdTech, which knows one only.
func suspendable(doc map[string]any) {
	doc["credentialSchema"] = doc["credentialSchema"].([]any)[:1]
	doc["credentialStatus"] = []any{entry("revocation", revocations), entry("suspension", suspensions)}
}

// show signs a presentation of tokens by the holder; change may alter any member.
func (w *world) show(tokens []string, change ...func(vp map[string]any)) string {
	w.t.Helper()
	return w.showAs(w.holderDID, w.holder, tokens, change...)
}

func (w *world) showAs(holder string, key crypto.Signer, tokens []string, change ...func(vp map[string]any)) string {
	w.t.Helper()
	envelopes := make([]any, 0, len(tokens))
	for _, token := range tokens {
		envelopes = append(envelopes, map[string]any{
			"@context": "https://www.w3.org/ns/credentials/v2", "type": "EnvelopedVerifiableCredential", "id": "data:application/vc+jwt," + token,
		})
	}
	vp := map[string]any{
		"@context": []any{"https://www.w3.org/ns/credentials/v2"}, "type": []any{"VerifiablePresentation"},
		"holder": holder, "verifiableCredential": envelopes, "iat": now.Unix(), "exp": now.Add(5 * time.Minute).Unix(),
	}
	for _, c := range change {
		c(vp)
	}
	payload, err := json.Marshal(vp)
	must(w.t, err)
	kid := holder + "#" + strings.TrimPrefix(holder, "did:key:")
	if strings.HasPrefix(holder, "did:web:") {
		kid = holder + "#key-1"
	}
	return sign(w.t, jose.TypeVP, kid, key, payload)
}

// assertion staples a status to a token.
func (w *world) assertion(token string, status trust.AssertedStatus, at, until time.Time, change ...func(*trust.Assertion)) string {
	w.t.Helper()
	hash, err := jose.CredentialHash(token)
	must(w.t, err)
	a := trust.Assertion{Issuer: w.body.did, IssuedAt: at, Expires: until, CredentialHash: hash, Status: status}
	for _, c := range change {
		c(&a)
	}
	signed, err := trust.SignAssertion(context.Background(), w.body.statusKID, w.body.status, a)
	must(w.t, err)
	recordToken(w.t, signed)
	return signed
}

// digest is what an authority denies or reaffirms.
func digest(t testing.TB, token string) [16]byte {
	t.Helper()
	d, err := jose.Digest(token)
	must(t, err)
	return d
}

// want is what a report must say; empty fields are not looked at.
type want struct {
	verdict    verifier.Verdict
	amber      bool
	reason     string
	genuine    verifier.Answer
	recognised verifier.Answer
	status     verifier.StatusState
	asOf       time.Time
	holder     verifier.Holder
	codes      []string
}

func (x want) check(t *testing.T, r *verifier.Report, err error) {
	t.Helper()
	must(t, err)
	if r.Verdict != x.verdict || r.Amber != x.amber || r.Reason != x.reason {
		t.Errorf("verdict %s (amber %v) for %q, want %s (amber %v) for %q", r.Verdict, r.Amber, r.Reason, x.verdict, x.amber, x.reason)
	}
	if r.Genuine != x.genuine || r.Recognised != x.recognised {
		t.Errorf("genuine %s, recognised %s; want %s, %s", r.Genuine, r.Recognised, x.genuine, x.recognised)
	}
	if x.status != "" && r.Status.State != x.status {
		t.Errorf("status %q, want %q", r.Status.State, x.status)
	}
	if !x.asOf.IsZero() && !r.Status.AsOf.Equal(x.asOf) {
		t.Errorf("status as of %s, want %s", r.Status.AsOf, x.asOf)
	}
	if x.holder != "" && r.Holder != x.holder {
		t.Errorf("holder %q, want %q", r.Holder, x.holder)
	}
	for _, code := range x.codes {
		if !r.Has(code) {
			t.Errorf("no check %s", code)
		}
	}
	if t.Failed() {
		for _, c := range r.Checks {
			t.Logf("  %d %s %s %v", c.Credential, c.Code, c.Outcome, c.Args)
		}
	}
}
