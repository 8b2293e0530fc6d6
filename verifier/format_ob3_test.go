package verifier_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/internal/trust"
	"github.com/employment-passport/passport/schema"
	"github.com/employment-passport/passport/verifier"
)

// badge is the world's credential as a strict Open Badges token; change may
// alter any member, claims among them, before it is signed.
func (w *world) badge(change ...func(doc map[string]any)) string {
	w.t.Helper()
	payload, err := schema.WithOpenBadgeClaims(w.document())
	must(w.t, err)
	if len(change) > 0 {
		var doc map[string]any
		must(w.t, json.Unmarshal(payload, &doc))
		for _, c := range change {
			c(doc)
		}
		payload, err = json.Marshal(doc)
		must(w.t, err)
	}
	return sign(w.t, jose.TypeOpenBadge, w.body.credKID, w.body.credentials, payload)
}

// TestOpenBadgeFormat: a token without typ is judged by the profile of Open
// Badges, and otherwise like any credential; the report names the format.
func TestOpenBadgeFormat(t *testing.T) {
	w := newWorld(t)
	v := w.verifier()
	for token, format := range map[string]string{w.badge(): verifier.FormatOpenBadge, w.issue(): verifier.FormatVC} {
		r, err := v.VerifyCredential(context.Background(), token)
		must(t, err)
		if r.Verdict != verifier.Valid || r.Credentials()[0].Format != format || r.Has(verifier.CodeOpenBadge) != (format == verifier.FormatOpenBadge) {
			t.Errorf("%s: %v, %+v", format, r.Verdict, r.Checks)
		}
	}
	w.addList(revocations, "revocation", now, index)
	r, err := w.verifier().Verify(context.Background(), []string{w.badge()}, verifier.HolderBinding{})
	must(t, err)
	if r.Verdict != verifier.Invalid || r.Status.State != verifier.StatusRevoked {
		t.Errorf("revoked: %v %v", r.Verdict, r.Status)
	}
}

// TestOpenBadgeRefused: what the claims owe the document (Open Badges 3.0
// section 8.2), and what is no badge at all.
func TestOpenBadgeRefused(t *testing.T) {
	w := newWorld(t)
	v := w.verifier()
	typeless := func(payload []byte) string {
		return sign(t, jose.TypeOpenBadge, w.body.credKID, w.body.credentials, payload)
	}
	for name, row := range map[string]struct{ token, reason string }{
		"no claims":          {typeless(w.document()), "claim"},
		"no iss":             {w.badge(set("iss", nil)), "claim"},
		"no sub":             {w.badge(set("sub", nil)), "claim"},
		"no jti":             {w.badge(set("jti", nil)), "claim"},
		"no nbf":             {w.badge(set("nbf", nil)), "claim"},
		"another iss":        {w.badge(set("iss", "did:web:altro.example")), "issuer"},
		"another nbf":        {w.badge(set("nbf", 1)), "claim"},
		"exp, no validUntil": {w.badge(set("exp", 1893456000)), "claim"},
		"no badge": {typeless([]byte(`{"@context":["https://www.w3.org/ns/credentials/v2"],"id":"urn:x:1","type":["VerifiableCredential"],` +
			`"issuer":"did:web:ente.example","validFrom":"2026-11-20T00:00:00Z","credentialSubject":{"id":"did:example:1"}}`)), "type"},
		"another key": {sign(t, jose.TypeOpenBadge, w.body.credKID, w.holder, w.document()), "signature_invalid"},
		"status key":  {sign(t, jose.TypeOpenBadge, w.body.statusKID, w.body.status, w.document()), "purpose"},
	} {
		r, err := v.VerifyCredential(context.Background(), row.token)
		must(t, err)
		if r.Verdict != verifier.Invalid || r.Reason != row.reason || len(r.Credentials()) != 0 {
			t.Errorf("%s: %v by %s", name, r.Verdict, r.Reason)
		}
	}
	if err := verifier.SelfCheck(context.Background(), typeless(w.document()), w.body.credentials.Public(), w.body.credKID, now); err == nil {
		t.Error("self check passed without claims")
	}
	if err := verifier.SelfCheck(context.Background(), w.badge(), w.body.credentials.Public(), w.body.credKID, now); err != nil {
		t.Errorf("self check: %v", err)
	}
}

// TestOpenBadgeShown: in a presentation a token is what its envelope says, or
// it is refused; inside the right one it is proven like any other.
func TestOpenBadgeShown(t *testing.T) {
	w := newWorld(t)
	envelope := func(media, token string) string {
		return w.show(nil, answers, set("verifiableCredential", []any{map[string]any{
			"@context": "https://www.w3.org/ns/credentials/v2", "type": "EnvelopedVerifiableCredential", "id": "data:" + media + "," + token,
		}}))
	}
	for name, row := range map[string]struct {
		token string
		want  verifier.Verdict
	}{
		"a badge as jwt":              {envelope("application/jwt", w.badge()), verifier.Valid},
		"a badge as vc+jwt":           {envelope("application/vc+jwt", w.badge()), verifier.Invalid},
		"a vc+jwt as jwt":             {envelope("application/jwt", w.issue()), verifier.Invalid},
		"a presentation as jwt":       {envelope("application/jwt", w.show([]string{w.issue()})), verifier.Invalid},
		"a status assertion as jwt":   {envelope("application/jwt", w.assertion(w.issue(), trust.AssertedValid, now.Add(-hour), now.Add(days))), verifier.Invalid},
		"a badge in another spelling": {envelope("application/JWT", w.badge()), verifier.Invalid},
	} {
		r, err := w.verifier().VerifyPresentation(context.Background(), row.token, asked)
		must(t, err)
		if r.Verdict != row.want || (len(r.Credentials()) == 1) != (row.want == verifier.Valid) {
			t.Errorf("%s: %v, %+v", name, r.Verdict, r.Checks)
		}
	}
}
