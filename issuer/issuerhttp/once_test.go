package issuerhttp_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/schema"
)

// One key, one credential: at once, again, by another, and with another body.
func TestThreatT10OneKeyOneCredential(t *testing.T) {
	w := newWorld(t)
	body := w.issueJSON("Amina Haddad", "")
	answers := make([]answer, 10)
	var crowd sync.WaitGroup
	for n := range answers {
		crowd.Go(func() { answers[n] = w.keyed("officer ente", "/api/v1/credentials", "k-1", body) })
	}
	crowd.Wait()
	for _, a := range answers {
		a.is(http.StatusCreated)
		if string(a.body) != string(answers[0].body) {
			t.Errorf("two answers to one request:\n%s\n%s", a.body, answers[0].body)
		}
	}
	again := w.keyed("officer ente", "/api/v1/credentials", "k-1", body).is(http.StatusCreated)
	if again.header.Get("Idempotent-Replayed") != "true" || string(again.body) != string(answers[0].body) {
		t.Errorf("repeated: %s %s", again.header, again.body)
	}
	w.keyed("officer ente", "/api/v1/credentials", "k-1", w.issueJSON("Somebody Else", "")).is(http.StatusUnprocessableEntity, "idempotency_mismatch")
	if other := w.keyed("officer ente", "/api/v1/credentials", "k-2", body).is(http.StatusCreated); other.str("id") == again.str("id") {
		t.Error("another key brought the same credential")
	}
	// A number that was issued before uses its key up as well.
	numbered := w.issueJSON("Amina Haddad", "MC-9")
	w.post("officer ente", "/api/v1/credentials", numbered).is(http.StatusCreated)
	w.keyed("officer ente", "/api/v1/credentials", "k-9", numbered).is(http.StatusCreated)
	w.keyed("officer ente", "/api/v1/credentials", "k-9", body).is(http.StatusUnprocessableEntity, "idempotency_mismatch")
	// A key is its bearer's own.
	foreign := strings.Replace(body, `"ente"`, `"altro"`, 1)
	if other := w.keyed("officer altro", "/api/v1/credentials", "k-1", foreign).is(http.StatusCreated); other.str("id") == again.str("id") || other.header.Get("Idempotent-Replayed") != "" {
		t.Error("a key of another client brought its credential")
	}
	for _, bad := range []string{"", "two words", strings.Repeat("k", 256), "ключ"} {
		w.keyed("officer ente", "/api/v1/credentials", bad, body).is(http.StatusUnprocessableEntity, "idempotency_key")
	}
	if n := len(w.get("officer ente", "/api/v1/credentials").list("credentials")); n != 3 {
		t.Errorf("%d credentials, want 3", n)
	}
}

// Every act on a credential happens once under its key, and its repetition is
// answered as it was, whatever was asked meanwhile.
func TestThreatT10EveryActOnce(t *testing.T) {
	w := newWorld(t)
	body := strings.Replace(w.issueJSON("Amina Haddad", ""), w.plain, w.susp, 1)
	id := w.post("officer ente", "/api/v1/credentials", body).is(http.StatusCreated).str("id")
	for n, step := range []struct{ act, body string }{
		{"suspend", `{"reason":"disputed","until":"2026-12-31"}`},
		{"reinstate", ""},
		{"reissue", ""},
	} {
		key := fmt.Sprint("act-", n)
		first := w.keyed("officer ente", at(id)+"/"+step.act, key, step.body)
		again := w.keyed("officer ente", at(id)+"/"+step.act, key, step.body)
		if first.status/100 != 2 || again.status != first.status || string(again.body) != string(first.body) || again.header.Get("Idempotent-Replayed") != "true" {
			t.Errorf("%s: %d %s\nagain: %d %s", step.act, first.status, first.body, again.status, again.body)
		}
		w.keyed("officer ente", at(id)+"/"+step.act, key, `{"note":"x","reason":"disputed"}`).is(map[bool]int{true: 422, false: 400}[step.act == "suspend"])
		if step.act == "reissue" {
			id = first.str("id")
		}
	}
	first := w.keyed("officer ente", at(id)+"/revoke", "end", `{"reason":"holder-request"}`).is(http.StatusOK)
	again := w.keyed("officer ente", at(id)+"/revoke", "end", `{"reason":"holder-request"}`).is(http.StatusOK)
	if string(again.body) != string(first.body) || again.header.Get("Idempotent-Replayed") != "true" {
		t.Errorf("revoked %s\nagain %s", first.body, again.body)
	}
	w.keyed("officer ente", at(id)+"/revoke", "end", `{"reason":"issued-in-error"}`).is(http.StatusUnprocessableEntity, "idempotency_mismatch")
	w.keyed("officer ente", at(id)+"/revoke", "other", `{"reason":"holder-request"}`).is(http.StatusConflict, "already_revoked")

	key := w.keyed("admin", "/api/v1/keys/rotate", "rotate", `{"issuer":"ente"}`).is(http.StatusCreated)
	same := w.keyed("admin", "/api/v1/keys/rotate", "rotate", `{"issuer":"ente"}`).is(http.StatusCreated)
	if key.str("kid") != same.str("kid") || same.header.Get("Idempotent-Replayed") != "true" {
		t.Errorf("rotated to %s, then to %s", key.body, same.body)
	}
	keys, err := w.Keys(t.Context(), "ente")
	must(t, err)
	if len(keys) != 3 {
		t.Errorf("%d keys, want 3", len(keys))
	}
}

// A key is remembered over a restart, by what was issued, ended, made and
// proposed under it.
func TestKeysOutliveARestart(t *testing.T) {
	w := newWorld(t)
	id := w.issue("Amina Haddad").str("id")
	requests := []struct{ who, path, body string }{
		{"officer ente", "/api/v1/credentials", w.issueJSON("Ben Bright", "")},
		{"officer ente", at(id) + "/revoke", `{"reason":"holder-request"}`},
		{"admin", "/api/v1/keys/rotate", `{"issuer":"ente"}`},
		{"assessor ente", "/api/v1/credentials", w.issueJSON("Carla Conti", "")},
		{"officer ente", "/credentials/issue", `{"credential":` + document + `}`},
		{"", "/api/v1/feedback", `{"template":"` + w.plain + `","rating":3}`},
	}
	var first []answer
	for n, r := range requests {
		first = append(first, w.keyed(r.who, r.path, fmt.Sprint("restart-", n), r.body))
	}
	before := w.snapshot()
	w.restart()
	for n, r := range requests {
		again := w.keyed(r.who, r.path, fmt.Sprint("restart-", n), r.body)
		if first[n].status/100 != 2 || again.status != first[n].status || string(again.body) != string(first[n].body) {
			t.Errorf("%s: %d %s\nagain: %d %s", r.path, first[n].status, first[n].body, again.status, again.body)
		}
	}
	if after := w.snapshot(); after != before {
		t.Errorf("something was done twice:\n%s\n%s", before, after)
	}
	if a := w.get("operator ente", "/api/v1/feedback.csv"); !strings.Contains(string(a.body), ",1,3.00,") {
		t.Errorf("feedback: %s", a.body)
	}
}

// flaky is a store whose commits fail or stall as the test wants.
type flaky struct {
	issuer.Store
	mu   sync.Mutex
	fail func() error // asked before an Update; nil lets it through
	tx   func(issuer.Tx) issuer.Tx
}

func (f *flaky) set(fail func() error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.fail = fail
}

func (f *flaky) Update(ctx context.Context, g func(issuer.Tx) error) error {
	f.mu.Lock()
	fail, wrap := f.fail, f.tx
	f.mu.Unlock()
	if fail != nil {
		if err := fail(); err != nil {
			return err
		}
	}
	return f.Store.Update(ctx, func(tx issuer.Tx) error {
		if wrap != nil {
			tx = wrap(tx)
		}
		return g(tx)
	})
}

// A client gives up after 50 ms and asks again with the same key while the store
// stalls and fails at random: one credential a key, and one revocation.
func TestFaultR9RetryStorm(t *testing.T) {
	store := &flaky{}
	w := newWorldWith(t, func(s issuer.Store) issuer.Store { store.Store = s; return store }, nil)
	var mu sync.Mutex
	dice := rand.New(rand.NewPCG(9, 9))
	store.set(func() error {
		mu.Lock()
		n := dice.IntN(10)
		mu.Unlock()
		switch {
		case n < 2:
			return issuer.ErrStoreFull
		case n < 5:
			time.Sleep(time.Duration(n) * 20 * time.Millisecond)
		}
		return nil
	})
	const clients = 24
	ids := make([]string, clients)
	var storm sync.WaitGroup
	for n := range ids {
		storm.Go(func() {
			key := fmt.Sprint("storm-", n)
			id := w.insist(t, key, "/api/v1/credentials", w.issueJSON("Learner "+string(rune('A'+n)), ""), http.StatusCreated)
			w.insist(t, key+"-end", at(id)+"/revoke", `{"reason":"holder-request"}`, http.StatusOK)
			ids[n] = id
		})
	}
	storm.Wait()
	store.set(nil)
	must(t, w.Resume(t.Context()))
	issued, seen := 0, map[string]bool{}
	must(t, w.List(t.Context(), issuer.Filter{}, func(row issuer.Issuance) bool {
		if row.Token != "" {
			issued++
			seen[row.ID] = row.State == issuer.StateRevoked
		}
		return true
	}))
	for n, id := range ids {
		if !seen[id] {
			t.Errorf("the credential of key %d is not there revoked: %s", n, id)
		}
	}
	revocations := 0
	must(t, w.Audit(t.Context(), 1, func(e issuer.AuditEntry) bool {
		if e.Act == "revoke" {
			revocations++
		}
		return true
	}))
	if issued != clients || revocations != clients {
		t.Errorf("%d credentials and %d revocations for %d keys", issued, revocations, clients)
	}
}

// insist repeats a request until it is answered as it should be, and returns the
// id. It gives up after 50 ms, and only after many times has more patience: a
// machine may be too slow for any answer in that time.
func (w *world) insist(t *testing.T, key, path, body string, want int) string {
	for n := range 60 {
		patience := 50 * time.Millisecond
		if n >= 20 {
			patience = 5 * time.Second
		}
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		req, err := http.NewRequestWithContext(ctx, "POST", w.server.URL+path, strings.NewReader(body))
		if err != nil {
			t.Error(err)
		}
		req.Header.Set("Authorization", "Bearer "+w.keys["officer ente"])
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Idempotency-Key", key)
		if res, err := http.DefaultTransport.RoundTrip(req); err == nil {
			data, err := io.ReadAll(res.Body)
			res.Body.Close()
			if err == nil && res.StatusCode == want {
				cancel()
				return answer{t: t, body: data}.str("id")
			}
			if err == nil && res.StatusCode != http.StatusInsufficientStorage {
				t.Errorf("%s: %d %s", path, res.StatusCode, data)
				cancel()
				return ""
			}
		}
		cancel()
	}
	t.Errorf("%s never went through", key)
	return ""
}

// noLog is a transaction whose audit log cannot be written.
type noLog struct{ issuer.Tx }

func (noLog) AppendAudit(issuer.AuditEntry) error { return errors.New("no log") }

// When the audit log cannot be written nothing happens (P14), and a full disk is
// told as what it is.
func TestThreatP14NoLogNoAct(t *testing.T) {
	store := &flaky{}
	w := newWorldWith(t, func(s issuer.Store) issuer.Store { store.Store = s; return store }, nil)
	id := w.issue("Amina Haddad").str("id")
	store.mu.Lock()
	store.tx = func(tx issuer.Tx) issuer.Tx { return noLog{tx} }
	store.mu.Unlock()
	for path, body := range map[string]string{
		"/api/v1/credentials":     w.issueJSON("Ben", ""),
		at(id) + "/revoke":        `{"reason":"holder-request"}`,
		"/api/v1/feedback":        `{"template":"` + w.plain + `","rating":5}`,
		at(id) + "/reissue":       "",
		"/api/v1/keys/rotate":     `{"issuer":"ente"}`,
		"/api/v1/keys/compromise": `{"issuer":"ente","kid":"#key-1"}`,
	} {
		who := "officer ente"
		if strings.Contains(path, "/keys/") {
			who = "admin"
		}
		a := w.post(who, path, body).is(http.StatusInternalServerError, "internal")
		if strings.Contains(string(a.body), "no log") {
			t.Errorf("%s tells what broke: %s", path, a.body)
		}
	}
	if !strings.Contains(w.log.String(), "no log") {
		t.Error("our own log does not say what broke")
	}
	row, err := w.Find(t.Context(), id)
	must(t, err)
	keys, err := w.Keys(t.Context(), "ente")
	must(t, err)
	count := 0
	must(t, w.List(t.Context(), issuer.Filter{}, func(issuer.Issuance) bool { count++; return true }))
	if row.State != issuer.StateIssued || len(keys) != 2 || keys[0].State != schema.KeyActive || count != 1 {
		t.Errorf("something happened: %s, %d keys, %d rows", row.State, len(keys), count)
	}

	store.mu.Lock()
	store.tx = nil
	store.mu.Unlock()
	store.set(func() error { return fmt.Errorf("write: %w", issuer.ErrStoreFull) })
	w.post("officer ente", at(id)+"/revoke", `{"reason":"holder-request"}`).is(http.StatusInsufficientStorage, "store_full")
	w.get("officer ente", at(id)).is(http.StatusOK) // who reads is still served
	store.set(func() error { return issuer.ErrStoreStopped })
	if a := w.post("officer ente", at(id)+"/revoke", `{"reason":"holder-request"}`).is(http.StatusServiceUnavailable, "store_stopped"); a.header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	store.set(nil)
	w.ring.mu.Lock()
	w.ring.away = true
	w.ring.mu.Unlock()
	w.keyed("officer ente", "/api/v1/credentials", "later", w.issueJSON("Ben", "")).is(http.StatusServiceUnavailable, "keys_away")
	w.ring.mu.Lock()
	w.ring.away = false
	w.ring.mu.Unlock()
	w.keyed("officer ente", "/api/v1/credentials", "later", w.issueJSON("Ben", "")).is(http.StatusCreated)
}
