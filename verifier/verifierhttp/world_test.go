package verifierhttp

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/employment-passport/passport/internal/did"
	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/internal/statuslist"
	"github.com/employment-passport/passport/schema"
	"github.com/employment-passport/passport/verifier"
	"github.com/go-chi/chi/v5"
)

const (
	bodyDID = "did:web:ente.example"
	listURL = "https://ente.example/status/1"
	index   = 94567
	service = "https://passport.example"
)

// world is one body with its two keys and its list, an authority that knows it,
// a holder, and the service: all in memory.
type world struct {
	t                   testing.TB
	credential, status  *ecdsa.PrivateKey
	holder              *ecdsa.PrivateKey
	holderDID           string
	recognised, revoked bool
	served              http.Handler

	mu  sync.Mutex
	now time.Time
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{t: t, credential: newKey(t), status: newKey(t), holder: newKey(t), recognised: true, now: time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)}
	var err error
	w.holderDID, err = did.NewKey(w.holder.Public())
	must(t, err)
	a, err := New(Config{Verifier: w.verifier, Now: w.clock, Audience: service})
	must(t, err)
	r := chi.NewRouter()
	a.Routes(r)
	w.served = r
	return w
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

func (w *world) verifier() *verifier.Verifier {
	v, err := verifier.New(verifier.Config{Keys: w, StatusLists: w, Recognition: w, Now: w.clock})
	must(w.t, err)
	return v
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

// Keys, StatusList, Entity and the rest make the world what a verifier asks.
func (w *world) Keys(_ context.Context, id string) ([]schema.Key, error) {
	if id != bodyDID {
		return nil, schema.ErrKeysUnknown
	}
	e, err := w.Entity(context.Background(), id)
	if err != nil {
		w.recognised = true
		e, err = w.Entity(context.Background(), id)
		w.recognised = false
	}
	return e.Keys, err
}

func (w *world) Entity(_ context.Context, id string) (schema.Entity, error) {
	if id != bodyDID || !w.recognised {
		return schema.Entity{}, schema.ErrNotRecognised
	}
	key := func(kid string, k *ecdsa.PrivateKey, use schema.KeyUse) schema.Key {
		jwk, err := jose.NewJWK(k.Public())
		must(w.t, err)
		return schema.Key{KID: bodyDID + kid, Public: k.Public(), Thumbprint: jwk.Thumbprint(), Use: use, State: schema.KeyActive}
	}
	return schema.Entity{
		DID: bodyDID, Name: "Ente Formazione Esempio", Country: "IT", State: schema.EntityRecognised,
		RecognizedTo: []schema.Permission{{Schema: "MicroCredential"}},
		Keys:         []schema.Key{key("#key-1", w.credential, schema.KeyForCredentials), key("#status-1", w.status, schema.KeyForStatus)},
	}, nil
}

func (w *world) Denied([16]byte) bool     { return false }
func (w *world) Reaffirmed([16]byte) bool { return false }
func (w *world) Origin() schema.Origin {
	return schema.Origin{Authority: schema.Authority{Name: "Regione Esempio", DID: "did:web:regione.example", Anchor: "x"}, Seq: 1, IssuedAt: w.clock()}
}

func (w *world) StatusList(_ context.Context, url string) (string, time.Time, error) {
	if url != listURL {
		return "", time.Time{}, schema.ErrStatusUnknown
	}
	at := w.clock().Truncate(time.Hour)
	l := statuslist.List{
		ID: url, Issuer: bodyDID, Purposes: []string{statuslist.PurposeRevocation}, ValidFrom: at,
		ValidUntil: at.Add(45 * 24 * time.Hour), TTL: time.Hour, Bits: statuslist.New(statuslist.MinEntries),
	}
	must(w.t, l.Bits.Set(index, w.revoked))
	payload, err := l.Payload()
	must(w.t, err)
	return w.sign(jose.TypeVC, bodyDID+"#status-1", w.status, payload), at, nil
}

func (w *world) sign(typ jose.Type, kid string, key crypto.Signer, payload []byte) string {
	w.t.Helper()
	token, err := jose.Sign(context.Background(), typ, kid, key, payload)
	must(w.t, err)
	return token
}

// issue makes a good credential of the holder's.
func (w *world) issue() string {
	w.t.Helper()
	file, err := os.ReadFile("../../examples/templates/01-food-hygiene-it.json")
	must(w.t, err)
	tpl, err := schema.ParseTemplate(file)
	must(w.t, err)
	p := schema.Specimen(tpl)
	p.Issuer.ID, p.StatusListURL, p.StatusIndex, p.Learner.Holder = bodyDID, listURL, index, w.holderDID
	p.Suspension = nil
	payload, err := tpl.Compose(p)
	must(w.t, err)
	return w.sign(jose.TypeVC, bodyDID+"#key-1", w.credential, payload)
}

// show presents credentials as the holder; members that are nil are left out.
func (w *world) show(tokens []string, members map[string]any) string {
	w.t.Helper()
	return w.showAs(w.holderDID, w.holderDID+"#"+strings.TrimPrefix(w.holderDID, "did:key:"), w.holder, tokens, members)
}

func (w *world) showAs(holder, kid string, key crypto.Signer, tokens []string, members map[string]any) string {
	w.t.Helper()
	var envelopes []any
	for _, token := range tokens {
		envelopes = append(envelopes, enveloped(envelopedCredential, "application/vc+jwt", token))
	}
	vp := map[string]any{
		"@context": []string{contextV2}, "type": []string{"VerifiablePresentation"}, "holder": holder,
		"verifiableCredential": envelopes, "iat": w.clock().Unix(), "exp": w.clock().Add(5 * time.Minute).Unix(),
	}
	maps.Copy(vp, members)
	maps.DeleteFunc(vp, func(_ string, v any) bool { return v == nil })
	payload, err := json.Marshal(vp)
	must(w.t, err)
	return w.sign(jose.TypeVP, kid, key, payload)
}

func enveloped(kind, media, token string) map[string]any {
	return map[string]any{"@context": contextV2, "type": kind, "id": "data:" + media + "," + token}
}

// answer is what the endpoints say.
type answer struct {
	status   int
	Verified *bool `json:"verified"`
	Code     string
	Verdict  string
	Reason   string
	Holder   string
	Checks   []struct{ Code, Message string }
	Report   *answer
	Errors   []struct{ Code, Pointer string }
	raw      string
}

func (w *world) post(path string, body any, headers ...string) answer {
	w.t.Helper()
	data, ready := body.(string)
	if !ready {
		marshalled, err := json.Marshal(body)
		must(w.t, err)
		data = string(marshalled)
	}
	r := httptest.NewRequest(http.MethodPost, path, bytes.NewReader([]byte(data)))
	r.Header.Set("Content-Type", "application/json")
	for n := 0; n < len(headers); n += 2 {
		r.Header.Set(headers[n], headers[n+1])
	}
	rec := httptest.NewRecorder()
	w.served.ServeHTTP(rec, r)
	raw, err := io.ReadAll(rec.Result().Body)
	must(w.t, err)
	a := answer{status: rec.Code, raw: string(raw)}
	if err := json.Unmarshal(raw, &a); err != nil {
		w.t.Fatalf("%s answers %q", path, raw)
	}
	return a
}

// credential asks /credentials/verify.
func (w *world) ask(token string) answer {
	w.t.Helper()
	return w.post("/credentials/verify", map[string]any{"verifiableCredential": enveloped(envelopedCredential, "application/vc+jwt", token)})
}

// present asks /presentations/verify.
func (w *world) present(token string, options map[string]any) answer {
	w.t.Helper()
	return w.post("/presentations/verify", map[string]any{
		"verifiablePresentation": enveloped(envelopedPresentation, "application/vp+jwt", token), "options": options,
	})
}
