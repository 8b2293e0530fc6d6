package issuer_test

import (
	"testing"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/schema"
	"github.com/employment-passport/passport/verifier"
)

// Every kind of document that a template makes can be signed as the strict Open
// Badges token: the token has no typ, the claims repeat the document, and the
// world's verifier reads it.
func TestProfileOfEveryKind(t *testing.T) {
	d := newDesk(t)
	all, err := d.Templates(t.Context())
	must(t, err)
	kinds := map[string]bool{}
	for _, r := range all {
		tpl, err := schema.ParseTemplate(r.Body)
		must(t, err)
		if tpl.Suspendable {
			continue // two status entries are no Open Badge
		}
		o := d.offer(t, r.Name, "")
		o.Learner.DocumentNumber = ""
		o.Learner.Holder = "did:key:zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169"
		o.Profile = issuer.ProfileOpenBadge
		row, err := d.Issue(t.Context(), clerk, o)
		if err != nil {
			t.Errorf("%s (%s): %v", r.Name, tpl.Type, err)
			continue
		}
		header, payload, err := jose.ParseUnverified(row.Token)
		must(t, err)
		c, err := schema.ParseCredential(payload)
		must(t, err)
		if header.Typ != "" || c.Kind() != tpl.Type || c.Claims.ID != c.ID || c.Claims.Subject != o.Learner.Holder {
			t.Errorf("%s: typ %q, kind %q, claims %+v", r.Name, header.Typ, c.Kind(), c.Claims)
		}
		v, err := verifier.New(verifier.Config{Now: d.clock.Now})
		must(t, err)
		if report, err := v.VerifyCredential(t.Context(), row.Token); err != nil || report.Verdict == verifier.Invalid {
			t.Errorf("%s: %v %v", r.Name, report.Reason, err)
		}
		kinds[tpl.Type] = true
	}
	t.Logf("kinds: %v", kinds)
	if len(kinds) < 2 {
		t.Error("the examples have too few kinds for this to mean anything")
	}
}
