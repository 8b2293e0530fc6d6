package trust_test

import (
	"context"
	"crypto"
	"errors"
	"testing"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/internal/trust"
	"github.com/employment-passport/passport/schema"
)

// FuzzOpen throws whole files at Open: whatever they hold, it ends with a
// bundle under the pinned root or with a refusal, and never with a panic.
func FuzzOpen(f *testing.F) {
	w := newWorld(f)
	packed := w.bundle().Data
	f.Add(packed)
	f.Add(gunzip(f, packed))
	f.Add([]byte("\x1f\x8b\x08"))
	f.Add([]byte("e30.e30.AA"))
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := trust.Open(data, w.anchor, trust.Options{})
		if err != nil {
			if b != nil || !errors.Is(err, trust.ErrBundle) {
				t.Errorf("bundle %v, error %v", b, err)
			}
			return
		}
		if b.Origin().Authority.Anchor != w.anchor || b.Origin().Authority.DID != authorityDID {
			t.Errorf("a bundle of %+v", b.Origin().Authority)
		}
	})
}

// FuzzBundleParts throws signed payloads at Open, as an authority gone mad would
// sign them: it must not panic, and what it lets in must be usable.
func FuzzBundleParts(f *testing.F) {
	w := newWorld(f)
	_, payload, err := jose.ParseUnverified(string(gunzip(f, w.bundle().Data)))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(payload)
	f.Add([]byte(`{"iss":"did:web:authority.example","seq":1,"iat":1795339800,"nextUpdate":1795339801,"exp":1795339802,"chain":["` +
		w.delegate() + `"],"recognition":[""],"statusLists":[null,{},"",{"url":"x","sha256":"y"}],"denied":"AA","definitions":[null,{},"","e30.e30.AA","` + w.define(w.forli, "1") + `"],"dictionaries":[{}]}`))
	f.Fuzz(func(t *testing.T, payload []byte) {
		token, err := jose.Sign(context.Background(), jose.TypeBundle, authorityDID+"#sign-1", w.daily, payload)
		if err != nil {
			return
		}
		b, err := trust.Open([]byte(token), w.anchor, trust.Options{})
		if err != nil {
			return
		}
		for _, did := range b.Entities() {
			keys, err := b.Keys(context.Background(), did)
			if err != nil && !errors.Is(err, schema.ErrKeysUnknown) {
				t.Error(err)
			}
			for _, k := range keys {
				if k.Public == nil || k.Thumbprint == "" || k.Use == "" {
					t.Errorf("half a key: %+v", k)
				}
			}
		}
		for _, d := range b.Definitions() {
			if d.Token == "" || d.Passport == nil || d.Passport.Minimum == 0 {
				t.Errorf("half a definition: %+v", d)
			}
		}
		b.Problems()
	})
}

// FuzzRecognition throws signed recognition lists at Open.
func FuzzRecognition(f *testing.F) {
	w := newWorld(f)
	_, payload, err := jose.ParseUnverified(w.recognise(w.forli.Entity, w.lodz.Entity))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(payload)
	f.Add([]byte(`{"type":["RecognizedEntityCredential","PassportRecognition"],"passportRecognition":1,"credentialSubject":[{}]}`))
	f.Fuzz(func(t *testing.T, payload []byte) {
		token, err := jose.Sign(context.Background(), jose.TypeVC, authorityDID+"#sign-1", w.daily, payload)
		if err != nil {
			return
		}
		w := &world{t: t, root: w.root, daily: w.daily, anchor: w.anchor, forli: w.forli, lodz: w.lodz}
		b := w.open(func(c *trust.Contents) { c.Recognition = []string{token}; c.StatusLists = nil })
		for _, did := range b.Entities() {
			e, err := b.Entity(context.Background(), did)
			if err != nil || e.DID != did || e.State == "" {
				t.Errorf("half an entity: %+v, %v", e, err)
			}
		}
	})
}

// FuzzParseAssertion throws tokens and signed payloads at ParseAssertion.
func FuzzParseAssertion(f *testing.F) {
	w := newWorld(f)
	kid := w.forli.DID + "#status-1"
	good, err := trust.SignAssertion(context.Background(), kid, w.forli.status, anAssertion(w))
	if err != nil {
		f.Fatal(err)
	}
	_, payload, err := jose.ParseUnverified(good)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good, payload)
	f.Add("a.b.c", []byte(`{"iat":1e3}`))
	mine := func(context.Context, string, string) (crypto.PublicKey, error) { return w.forli.status.Public(), nil }
	f.Fuzz(func(t *testing.T, token string, payload []byte) {
		signed, err := jose.Sign(context.Background(), jose.TypeStatusAssertion, kid, w.forli.status, payload)
		if err != nil {
			signed = token
		}
		for _, one := range []string{token, signed} {
			a, err := trust.ParseAssertion(context.Background(), one, mine)
			if err != nil && a != (trust.Assertion{}) || err == nil && (a.Issuer != w.forli.DID || !a.Expires.After(a.IssuedAt)) {
				t.Errorf("%+v, %v", a, err)
			}
		}
	})
}
