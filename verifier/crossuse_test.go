package verifier_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"testing"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/internal/trust"
	"github.com/employment-passport/passport/verifier"
)

// TestCrossUse offers each signed object in every place that is not its own
// (promise P9): all are refused, or say nothing.
func TestCrossUse(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	credential := w.issue()
	objects := map[string]string{
		"credential":   credential,
		"badge":        w.badge(),
		"presentation": w.show([]string{credential}, answers),
		"status list":  w.lists[0].Token,
		"assertion":    w.assertion(credential, trust.AssertedValid, now.Add(-hour), now.Add(days)),
		"bundle":       unpacked(t, w.packed()),
		"delegation":   w.delegation(),
		"recognition":  w.recognition(),
	}
	v := w.verifier()
	places := map[string]func(token string) bool{ // true: accepted
		"credential": func(token string) bool {
			r, err := v.VerifyCredential(ctx, token)
			must(t, err)
			return r.Verdict != verifier.Invalid || len(r.Credentials()) != 0
		},
		"presentation": func(token string) bool {
			r, err := v.VerifyPresentation(ctx, token, asked)
			must(t, err)
			return r.Verdict != verifier.Invalid || len(r.Credentials()) != 0
		},
		"credential in a presentation": func(token string) bool {
			r, err := v.VerifyPresentation(ctx, w.show([]string{token}, answers), asked)
			must(t, err)
			return r.Verdict != verifier.Invalid || len(r.Credentials()) != 0
		},
		"status list": func(token string) bool {
			elsewhere := w.verifier(func(c *verifier.Config) { c.StatusLists = listsByURL{revocations: token} })
			r, err := elsewhere.VerifyCredential(ctx, credential)
			must(t, err)
			return r.Verdict == verifier.Valid || !r.Has("status_invalid")
		},
		"assertion": func(token string) bool {
			without := w.verifier(func(c *verifier.Config) { c.StatusLists = listsByURL{} })
			r, err := without.VerifyCredential(ctx, credential, token)
			must(t, err)
			return r.Verdict == verifier.Valid || !r.Has("assertion_ignored")
		},
		"bundle": func(token string) bool {
			_, err := trust.Open([]byte(token), thumbprint(t, w.root.Public()), trust.Options{})
			return err == nil
		},
	}
	for place, accepts := range places {
		for object, token := range objects {
			own := object == place || object == "badge" && place == "credential" || object == "credential" && place == "credential in a presentation"
			if got := accepts(token); got != own {
				t.Errorf("%s as %s: accepted %v", object, place, got)
			}
		}
	}
}

func unpacked(t *testing.T, data []byte) string {
	t.Helper()
	r, err := gzip.NewReader(bytes.NewReader(data))
	must(t, err)
	token, err := io.ReadAll(r)
	must(t, err)
	return string(token)
}

func (w *world) delegation() string {
	w.t.Helper()
	token, err := trust.SignDelegation(context.Background(), w.root, trust.Delegation{
		Authority: "did:web:regione.example", Name: "Regione Esempio", Use: trust.UseSign, KID: "did:web:regione.example#sign-1",
		Key: w.daily.Public(), IssuedAt: now.Add(-days), Expires: now.Add(80 * days),
	})
	must(w.t, err)
	return token
}

// recognition is a list by which the body itself would recognise, with its own
// credential key: a good signature of a known issuer over the wrong document.
func (w *world) recognition() string {
	w.t.Helper()
	token, err := trust.Recognition{
		Issuer: w.body.did, Name: "Ente", ValidFrom: now, ValidUntil: now.Add(days), Entities: w.entities,
	}.Sign(context.Background(), w.body.credKID, w.body.credentials)
	must(w.t, err)
	return token
}

// TestStatusListByTheCredentialKey: as a credential it has a good signature by
// the right key, and is still no credential (D18).
func TestStatusListByTheCredentialKey(t *testing.T) {
	w := newWorld(t)
	b := w.body
	b.status, b.statusKID = b.credentials, b.credKID
	r, err := w.verifier().VerifyCredential(context.Background(), w.signList(b, revocations, "revocation", now))
	refused("type").check(t, r, err)
	if _, _, err := jose.ParseUnverified(w.lists[0].Token); err != nil {
		t.Fatal(err)
	}
}
