package verifier_test

import (
	"testing"
	"time"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/schema"
	"github.com/employment-passport/passport/verifier"
)

// What was kept of a credential is judged as the credential itself would be, in
// every state of the world that can come about after it was verified.
func TestStandingSaysWhatTheCredentialWould(t *testing.T) {
	for name, tt := range map[string]struct {
		change  func(w *world, token string)
		verdict verifier.Verdict
		reason  string
	}{
		"good":    {func(w *world, _ string) { w.addList(revocations, "revocation", now.Add(-hour)) }, verifier.Valid, ""},
		"revoked": {func(w *world, _ string) { w.addList(revocations, "revocation", now.Add(-hour), index) }, verifier.Invalid, "revoked"},
		"revoked by an old list": {func(w *world, _ string) {
			w.addList(revocations, "revocation", now.Add(-40*days), index)
		}, verifier.Invalid, "revoked"},
		"not asked for days": {func(w *world, _ string) {
			w.addList(revocations, "revocation", now.Add(-3*days))
		}, verifier.Valid, "status_old"},
		"no list": {func(*world, string) {}, verifier.Unknown, "status_offline"},
		"denied": {func(w *world, token string) {
			w.addList(revocations, "revocation", now.Add(-hour))
			w.denied = append(w.denied, digest(w.t, token))
		}, verifier.Invalid, "denied"},
		"key stolen": {func(w *world, _ string) {
			w.addList(revocations, "revocation", now.Add(-hour))
			w.compromise(0)
		}, verifier.Invalid, "key_compromised"},
		"key stolen, reaffirmed": {func(w *world, token string) {
			w.addList(revocations, "revocation", now.Add(-hour))
			w.compromise(0)
			w.reaffirm(token, nil)
		}, verifier.Valid, ""},
		"body withdrawn": {func(w *world, _ string) {
			w.addList(revocations, "revocation", now.Add(-hour))
			w.entities[0].State = schema.EntityWithdrawn
		}, verifier.Unknown, "recognition_withdrawn"},
	} {
		t.Run(name, func(t *testing.T) {
			w := emptyWorld(t)
			token := w.issue()
			tt.change(w, token)
			v := w.verifier()
			whole, err := v.VerifyCredential(t.Context(), token)
			must(t, err)
			got, err := v.Standing(t.Context(), keptOf(t, token))
			must(t, err)
			if got.Verdict != tt.verdict || got.Verdict != whole.Verdict || got.Amber != whole.Amber || got.Reason != whole.Reason {
				t.Errorf("standing %s %s, the credential %s %s, want %s", got.Verdict, got.Reason, whole.Verdict, whole.Reason, tt.verdict)
			}
			if because, _ := got.Because(0); because.Code != tt.reason {
				t.Errorf("because %q, want %q", because.Code, tt.reason)
			}
			if got.Status != whole.Status || len(got.Credentials()) != 0 {
				t.Errorf("status %+v, the credential's %+v", got.Status, whole.Status)
			}
		})
	}
}

// Nobody to trust: nothing is known.
func TestStandingWithoutABundle(t *testing.T) {
	w := newWorld(t)
	kept := keptOf(t, w.issue())
	v, err := verifier.New(verifier.Config{Now: func() time.Time { return now }})
	must(t, err)
	got, err := v.Standing(t.Context(), kept)
	must(t, err)
	if got.Verdict != verifier.Unknown || got.Reason != "no_anchor" {
		t.Errorf("%s %s", got.Verdict, got.Reason)
	}
}

func keptOf(t testing.TB, token string) verifier.Kept {
	t.Helper()
	header, payload, err := jose.ParseUnverified(token)
	must(t, err)
	c, err := schema.ParseCredential(payload)
	must(t, err)
	return verifier.Kept{ID: c.ID, Issuer: c.Issuer.ID, KeyID: header.Kid, Digest: digest(t, token), ValidFrom: c.ValidFrom, Status: c.Status}
}
