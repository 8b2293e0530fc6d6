package verifierhttp

import (
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/employment-passport/passport/internal/onetime"
	"github.com/go-chi/chi/v5"
)

// asked is what a verifier asks for with a challenge of its own.
func asked(nonce string) map[string]any {
	return map[string]any{"challenge": nonce, "domain": "https://employer.example"}
}

func (w *world) answering(nonce, audience string) string {
	return w.show([]string{w.issue()}, map[string]any{"nonce": nonce, "aud": audience})
}

// challenge takes one of the service's own.
func (w *world) challenge() string {
	w.t.Helper()
	a := w.post("/presentations/challenge", "")
	var out struct{ Challenge, Domain string }
	must(w.t, json.Unmarshal([]byte(a.raw), &out))
	if out.Domain != service {
		w.t.Fatalf("domain %q", out.Domain)
	}
	return out.Challenge
}

func TestThreatG01SamePresentationTwice(t *testing.T) {
	w := newWorld(t)
	for what, nonce := range map[string]string{"the caller's challenge": "n-0S6_WzA2Mj", "ours": w.challenge()} {
		vp := w.answering(nonce, "https://employer.example")
		if a := w.present(vp, asked(nonce)); a.status != http.StatusOK || a.Holder != "proven" {
			t.Fatalf("%s, once: %d %s", what, a.status, a.raw)
		}
		a := w.present(vp, asked(nonce))
		if a.status != http.StatusBadRequest || a.Report.Verdict != "invalid" || a.Report.Reason != "nonce" || a.Report.Holder != "mismatch" {
			t.Errorf("%s, twice: %d %s", what, a.status, a.raw)
		}
		if a := w.post("/api/v1/verify", map[string]any{"tokens": []string{vp}, "nonce": nonce, "audience": "https://employer.example"}); a.Verdict != "invalid" {
			t.Errorf("%s, at the other door: %s", what, a.raw)
		}
	}
}

func TestThreatG02TenAtOnce(t *testing.T) {
	w := newWorld(t)
	for what, nonce := range map[string]string{"the caller's challenge": "n-0S6_WzA2Mj", "ours": w.challenge()} {
		vp := w.answering(nonce, "https://employer.example")
		var accepted atomic.Int32
		var all sync.WaitGroup
		for range 10 {
			all.Go(func() {
				if a := w.present(vp, asked(nonce)); a.status == http.StatusOK {
					accepted.Add(1)
				}
			})
		}
		all.Wait()
		if accepted.Load() != 1 {
			t.Errorf("%s: %d of ten were accepted", what, accepted.Load())
		}
	}
}

// G03, G04: what was signed for another, or for us and another, proves nothing.
func TestThreatG03G04Audience(t *testing.T) {
	w := newWorld(t)
	for what, aud := range map[string]any{
		"another's": "https://other.example", "ours and another's": []string{"https://employer.example", "https://other.example"},
		"nobody's": nil, "in another case": "https://EMPLOYER.example", "no text": 7,
	} {
		vp := w.show([]string{w.issue()}, map[string]any{"nonce": "n-1", "aud": aud})
		if a := w.present(vp, asked("n-1")); a.status != http.StatusBadRequest || a.Report.Verdict != "invalid" {
			t.Errorf("%s: %d %s", what, a.status, a.raw)
		}
	}
	// Without a domain a challenge is answered to this service.
	nonce := w.challenge()
	if a := w.present(w.answering(nonce, "https://employer.example"), map[string]any{"challenge": nonce}); a.status != http.StatusBadRequest {
		t.Errorf("for an employer, at the service: %d", a.status)
	}
	if a := w.present(w.answering(nonce, service), map[string]any{"challenge": nonce}); a.status != http.StatusOK {
		t.Errorf("for the service: %d %s", a.status, a.raw)
	}
}

func TestThreatG05Nonce(t *testing.T) {
	w := newWorld(t)
	ours := w.challenge()
	for what, c := range map[string]struct{ signed, asked string }{
		"missing": {"", "n-1"}, "another session's": {w.challenge(), ours}, "in another case": {strings.ToUpper("n-1"), "n-1"},
		"with a space": {"n-1 ", "n-1"}, "made up like ours": {ownChallenge + strings.Repeat("A", 54), ownChallenge + strings.Repeat("A", 54)},
	} {
		members := map[string]any{"nonce": c.signed, "aud": "https://employer.example"}
		if c.signed == "" {
			members["nonce"] = nil
		}
		a := w.present(w.show([]string{w.issue()}, members), asked(c.asked))
		if a.status != http.StatusBadRequest || a.Report.Verdict != "invalid" || a.Report.Reason != "nonce" {
			t.Errorf("%s: %d %s", what, a.status, a.raw)
		}
	}
	w.pass(challengeLife)
	if a := w.present(w.answering(ours, "https://employer.example"), asked(ours)); a.status != http.StatusBadRequest {
		t.Errorf("an old one: %d", a.status)
	}
}

// G06: who shows another's credential has proven that he is somebody else. On
// paper, without a presentation, the person is to be compared.
func TestThreatG06HolderIsNotSubject(t *testing.T) {
	w := newWorld(t)
	token := w.issue()
	thief := newWorld(t)
	vp := thief.show([]string{token}, map[string]any{"nonce": "n-1", "aud": "https://employer.example"})
	if a := w.present(vp, asked("n-1")); a.status != http.StatusBadRequest || a.Report.Holder != "mismatch" {
		t.Errorf("%d %s", a.status, a.raw)
	}
	if a := w.ask(token); a.Holder != "compare" {
		t.Errorf("without a presentation the holder is %q", a.Holder)
	}
}

// G07: each token is taken in its own place only.
func TestThreatG07TokensInOtherPlaces(t *testing.T) {
	w := newWorld(t)
	token := w.issue()
	byIssuer := w.showAs(bodyDID, bodyDID+"#key-1", w.credential, []string{token}, map[string]any{"nonce": "n-1", "aud": "https://employer.example"})
	if a := w.present(byIssuer, asked("n-1")); a.status != http.StatusBadRequest {
		t.Errorf("signed by the issuer: %d %s", a.status, a.raw)
	}
	if a := w.present(token, nil); a.status != http.StatusBadRequest || a.Report.Verdict != "invalid" {
		t.Errorf("a credential as a presentation: %d %s", a.status, a.raw)
	}
	if a := w.ask(w.show([]string{token}, nil)); a.status != http.StatusBadRequest || a.Report.Verdict != "invalid" {
		t.Errorf("a presentation as a credential: %d %s", a.status, a.raw)
	}
	list, _, err := w.StatusList(t.Context(), listURL)
	must(t, err)
	if a := w.ask(list); a.status != http.StatusBadRequest {
		t.Errorf("a status list as a credential: %d", a.status)
	}
}

// Without a challenge nothing is proven, so that nothing is used up.
func TestPresentationWithoutChallenge(t *testing.T) {
	w := newWorld(t)
	vp := w.show([]string{w.issue()}, nil)
	for range 2 {
		if a := w.present(vp, nil); a.status != http.StatusOK || a.Holder != "live" {
			t.Fatalf("%d %s", a.status, a.raw)
		}
	}
	w.pass(10 * time.Minute)
	if a := w.present(vp, nil); a.Holder != "compare" {
		t.Errorf("ten minutes later the holder is %q", a.Holder)
	}
}

// A presentation that was refused has used nothing up.
func TestRefusedPresentationUsesNothing(t *testing.T) {
	w := newWorld(t)
	nonce := w.challenge()
	w.revoked = true
	vp := w.answering(nonce, "https://employer.example")
	if a := w.present(vp, asked(nonce)); a.status != http.StatusBadRequest {
		t.Fatalf("revoked: %d", a.status)
	}
	w.revoked = false
	if a := w.present(vp, asked(nonce)); a.status != http.StatusOK {
		t.Errorf("%d %s", a.status, a.raw)
	}
}

// Whoever fills the memory with presentations of credentials that nobody
// recognises, and that last two hundred years, keeps no other presentation out, and those
// are accepted once all the same.
func TestStrangersFillOnlyTheirOwnRoom(t *testing.T) {
	w := newWorld(t)
	a, err := New(Config{Verifier: w.verifier, Now: w.clock, Audience: service})
	must(t, err)
	a.unsure = onetime.NewMemory(1, w.clock)
	r := chi.NewRouter()
	a.Routes(r)
	w.served = r
	w.recognised = false
	show := func(nonce string) string {
		return w.show([]string{w.issue()}, map[string]any{"nonce": nonce, "aud": "https://employer.example", "exp": w.clock().AddDate(200, 0, 0).Unix()})
	}
	if a := w.present(show("n-1"), asked("n-1")); a.Report == nil || a.Report.Verdict != "unknown" {
		t.Fatalf("%d %s", a.status, a.raw)
	}
	if a := w.present(show("n-2"), asked("n-2")); a.status != http.StatusTooManyRequests {
		t.Errorf("the room is full: %d %s", a.status, a.raw)
	}
	w.recognised = true
	vp := show("n-3")
	if a := w.present(vp, asked("n-3")); a.status != http.StatusOK {
		t.Errorf("a good one: %d %s", a.status, a.raw)
	}
	if a := w.present(vp, asked("n-3")); a.status != http.StatusBadRequest || a.Report.Reason != "nonce" {
		t.Errorf("again: %d %s", a.status, a.raw)
	}
}
