package issuer_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/issuer"
)

// asDocument is what a token carries, as a client would bring it: with an id of
// its own and no place in a list.
func asDocument(t testing.TB, row issuer.Issuance) string {
	t.Helper()
	_, payload, err := jose.ParseUnverified(row.Token)
	must(t, err)
	doc := strings.Replace(string(payload), row.ID, "urn:uuid:00000000-0000-4000-8000-0000000000aa", 1)
	return doc[:strings.Index(doc, `,"credentialStatus":`)] + doc[strings.Index(doc, `,"credentialSchema"`):]
}

// A passport that nobody awarded is not signed: it would outlive its components.
func TestRawPassportIsRefused(t *testing.T) {
	w := newAwards(t, 2, 2)
	doc := asDocument(t, w.award(t, w.twenty(t, amina)...))
	_, err := w.IssueRaw(t.Context(), clerk, issuer.RawOffer{Issuer: "ente", Document: []byte(doc)})
	refused(t, err, "raw_passport")
	if n := w.sound(t); n != 3 {
		t.Errorf("%d rows", n)
	}
}

// forgetful is a store that forgets what composites are made of.
type forgetful struct{ issuer.Store }

func (f forgetful) Update(ctx context.Context, do func(issuer.Tx) error) error {
	return f.Store.Update(ctx, func(tx issuer.Tx) error { return do(forgetfulTx{tx}) })
}

type forgetfulTx struct{ issuer.Tx }

func (forgetfulTx) PutComposite(issuer.Composite) error { return nil }

// Fsck finds a passport in force without a record of its components; once it
// is revoked there is nothing more to find.
func TestFsckFindsAPassportWithoutARecord(t *testing.T) {
	w := newAwardsOver(t, newBareDesk(t, func(s issuer.Store) issuer.Store { return forgetful{s} }), 2, 2)
	passport := w.award(t, w.twenty(t, amina)...)
	checked, err := w.Fsck(t.Context())
	must(t, err)
	if len(checked.Findings) != 1 || checked.Findings[0].Code != "composite" || checked.Findings[0].Subject != passport.ID {
		t.Errorf("found %+v", checked.Findings)
	}
	_, err = w.Revoke(t.Context(), clerk, passport.ID, mistake)
	must(t, err)
	if checked, err = w.Fsck(t.Context()); err != nil || len(checked.Findings) != 0 {
		t.Errorf("found %+v, %v", checked.Findings, err)
	}
}

// What a client brings to be signed towards a person counts for the person.
func TestHoldingsHaveRawCredentials(t *testing.T) {
	w := newAwards(t, 1, 1)
	row := w.twenty(t, amina)[0]
	raw, err := w.IssueRaw(t.Context(), clerk, issuer.RawOffer{Issuer: "ente", Document: []byte(asDocument(t, row))})
	must(t, err)
	_, err = w.Revoke(t.Context(), clerk, row.ID, mistake)
	must(t, err)
	held, err := w.Holdings(t.Context(), amina)
	must(t, err)
	if len(held) != 1 || held[0].Credential.ID != raw.ID {
		t.Errorf("%d pieces", len(held))
	}
}

// A copy that has run out counts for nobody, though nobody has revoked it and the
// desk has judged it good.
func TestRunOutCopyCountsForNobody(t *testing.T) {
	w := newAwards(t, 1, 1)
	row := w.twenty(t, amina)[0]
	until := `,"validUntil":"` + today.AddDate(0, 0, 2).Format(time.RFC3339) + `","credentialSchema"`
	doc := strings.Replace(asDocument(t, row), `,"credentialSchema"`, until, 1)
	raw, err := w.IssueRaw(t.Context(), clerk, issuer.RawOffer{Issuer: "ente", Document: []byte(doc)})
	must(t, err)
	_, err = w.Revoke(t.Context(), clerk, row.ID, mistake)
	must(t, err)
	for _, days := range []int{1, 30} { // in this order: the award is tried on the last day
		w.clock.set(today.AddDate(0, 0, days))
		held, err := w.Holdings(t.Context(), amina)
		must(t, err)
		if good := days < 2; len(held) != 1 || held[0].Good != good {
			t.Fatalf("day %d: %+v", days, held)
		}
	}
	_, err = w.Award(t.Context(), clerk, w.offerOf(t, *raw))
	refused(t, err, "award_incomplete")
	w.clock.set(today)
	w.award(t, *raw)
}
