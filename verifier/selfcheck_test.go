package verifier_test

import (
	"context"
	"testing"
	"time"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/verifier"
)

// TestSelfCheck: an issuer judges signature, shape and rules of what it has
// just signed; never dates, status or recognition.
func TestSelfCheck(t *testing.T) {
	w := emptyWorld(t)
	check := func(token string) error {
		return verifier.SelfCheck(context.Background(), token, w.body.credentials.Public(), w.body.credKID, now)
	}
	for name, good := range map[string]string{
		"a credential":              w.issue(),
		"one that has run out":      w.issue(set("validUntil", "2026-11-21T00:00:00Z")),
		"one without any list":      w.issue(suspendable),
		"one for a person, no key":  w.issue(bearer),
		"one of a foreign document": sign(t, jose.TypeVC, w.body.credKID, w.body.credentials, []byte(`{"@context":["https://www.w3.org/ns/credentials/v2"],"type":["VerifiableCredential"],"issuer":"did:web:ente.example","credentialSubject":{"id":"did:example:1"}}`)),
	} {
		if err := check(good); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	other := newBody(t, w.body.did)
	for name, bad := range map[string]string{
		"another key":      sign(t, jose.TypeVC, w.body.credKID, other.credentials, w.document()),
		"another kid":      sign(t, jose.TypeVC, w.body.statusKID, w.body.credentials, w.document()),
		"a presentation":   w.show([]string{w.issue()}),
		"a broken shape":   w.issue(set("type", "MicroCredential")),
		"a broken rule":    w.issue(set("credentialSchema", nil)),
		"a false iss":      w.issue(set("iss", "did:web:altro.example")),
		"an unknown claim": w.issue(set("verdict", "valid")),
	} {
		if err := check(bad); err == nil {
			t.Errorf("%s passed", name)
		}
	}
	ahead := w.issue(set("validFrom", "2026-11-24T00:00:00Z"))
	if err := verifier.SelfCheck(context.Background(), ahead, w.body.credentials.Public(), w.body.credKID, time.Time{}); err != nil {
		t.Errorf("without a clock no date is judged: %v", err)
	}
}
