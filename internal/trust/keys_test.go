package trust_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/employment-passport/passport/internal/did"
	"github.com/employment-passport/passport/internal/trust"
	"github.com/employment-passport/passport/schema"
)

func keysOf(t *testing.T, b *trust.Bundle, did string) map[string]schema.Key {
	t.Helper()
	keys, err := b.Keys(context.Background(), did)
	if err != nil {
		t.Fatal(err)
	}
	byKID := map[string]schema.Key{}
	for _, k := range keys {
		byKID[k.KID] = k
	}
	return byKID
}

// Retired and compromised are two answers, and both travel.
func TestKeyHistoryTravels(t *testing.T) {
	w := newWorld(t)
	stolen := key(t, w.forli.DID+"#key-2", newKey(t), schema.KeyForCredentials)
	stolen.State, stolen.CompromisedAt = schema.KeyCompromised, now.Add(-time.Hour)
	w.forli.Keys[0].State, w.forli.Keys[0].Until = schema.KeyRetired, date("2026-08-31")
	w.forli.Keys = append(w.forli.Keys, stolen)

	keys := keysOf(t, w.open(), w.forli.DID)
	if k := keys[w.forli.DID+"#key-1"]; k.State != schema.KeyRetired || !k.Covers(date("2026-08-31")) || k.Covers(date("2026-09-01")) {
		t.Errorf("the retired key: %+v", k)
	}
	if k := keys[w.forli.DID+"#key-2"]; k.State != schema.KeyCompromised || !k.CompromisedAt.Equal(now.Add(-time.Hour)) {
		t.Errorf("the stolen key: %+v", k)
	}
}

// A stolen key stays stolen under a second name, in another body's list and
// when that entry is itself left out.
func TestStateFollowsTheKeyNotItsName(t *testing.T) {
	for name, second := range map[string]func(w *world, k schema.Key) *schema.Entity{
		"a second name": func(w *world, k schema.Key) *schema.Entity {
			k.KID = w.forli.DID + "#key-9"
			w.forli.Keys = append(w.forli.Keys, k)
			return nil
		},
		"another body": func(w *world, k schema.Key) *schema.Entity {
			k.KID = w.lodz.DID + "#key-9"
			w.lodz.Keys = append(w.lodz.Keys, k)
			return nil
		},
		"a name that is refused": func(w *world, k schema.Key) *schema.Entity {
			k.KID = "did:web:nobody.example#key-1"
			w.lodz.Keys = append(w.lodz.Keys, k)
			return nil
		},
		"a body that is left out": func(w *world, k schema.Key) *schema.Entity {
			k.KID = "did:web:third.example#key-1"
			return &schema.Entity{DID: "did:web:third.example", State: "paused", Keys: []schema.Key{k}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			same := w.forli.Keys[0]
			same.State = schema.KeyCompromised
			third := second(w, same)
			b := w.open(func(c *trust.Contents) {
				if third != nil {
					c.Recognition = []string{w.recognise(w.forli.Entity, w.lodz.Entity, *third)}
				}
			})
			if k := keysOf(t, b, w.forli.DID)[w.forli.DID+"#key-1"]; k.State != schema.KeyCompromised {
				t.Errorf("the first name says %q", k.State)
			}
		})
	}
}

func TestKeysThatAreLeftOut(t *testing.T) {
	for name, row := range map[string]struct {
		change func(w *world, k *schema.Key)
		code   string
	}{
		"another body's name":   {func(w *world, k *schema.Key) { k.KID = w.lodz.DID + "#key-1" }, trust.CodeKid},
		"a name that begins so": {func(w *world, k *schema.Key) { k.KID = w.forli.DID + ".evil.example#key-1" }, trust.CodeKid},
		"a state to come":       {func(_ *world, k *schema.Key) { k.State = "frozen" }, trust.CodeState},
		"a use to come":         {func(_ *world, k *schema.Key) { k.Use = "everything" }, trust.CodeUse},
		"a window turned":       {func(_ *world, k *schema.Key) { k.Until = date("2025-01-01") }, trust.CodeDates},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			row.change(w, &w.forli.Keys[0])
			b := w.open()
			wantProblems(t, b, "key "+row.code)
			if keys := keysOf(t, b, w.forli.DID); len(keys) != 1 || keys[w.forli.DID+"#status-1"].Use != schema.KeyForStatus {
				t.Errorf("the status key must stay: %+v", keys)
			}
			wantList(t, b, w.forli.url, true)
		})
	}
}

// B16: one name for two keys, and neither counts.
func TestOneNameForTwoKeys(t *testing.T) {
	w := newWorld(t)
	w.forli.Keys = append(w.forli.Keys, key(t, w.forli.DID+"#key-1", newKey(t), schema.KeyForCredentials))
	b := w.open()
	wantProblems(t, b, "key duplicate", "key duplicate")
	if keys := keysOf(t, b, w.forli.DID); len(keys) != 1 {
		t.Errorf("%+v", keys)
	}
}

// B16: a body with a great many keys is heard for none of them.
func TestTooManyKeys(t *testing.T) {
	w := newWorld(t)
	for range trust.MaxEntityKeys {
		w.forli.Keys = append(w.forli.Keys, w.forli.Keys[0])
	}
	b := w.open()
	wantProblems(t, b, "entity size", "list kid")
	if _, err := b.Keys(context.Background(), w.forli.DID); !errors.Is(err, schema.ErrKeysUnknown) {
		t.Error(err)
	}
}

// use is kept apart: one key for both is worth nothing, but for a did:key body,
// which has one key by its nature.
func TestOneKeyForBothUses(t *testing.T) {
	w := newWorld(t)
	w.forli.Keys[1] = key(t, w.forli.DID+"#status-1", w.forli.credential, schema.KeyForStatus)
	b := w.open(func(c *trust.Contents) { c.StatusLists = nil })
	wantProblems(t, b, "key use", "key use")
	if _, err := b.Keys(context.Background(), w.forli.DID); !errors.Is(err, schema.ErrKeysUnknown) {
		t.Error(err)
	}

	demo := demoBody(t)
	b = w.open(func(c *trust.Contents) {
		c.Recognition = []string{w.recognise(demo.Entity)}
		c.StatusLists = []trust.StatusList{w.listBy(demo.Keys[0].KID, demo.status, demo)}
	})
	wantProblems(t, b)
	if keys, err := b.Keys(context.Background(), demo.DID); err != nil || len(keys) != 2 {
		t.Errorf("%+v, %v", keys, err)
	}
	wantList(t, b, demo.url, true)
}

// demoBody is a did:key body: one key, both uses, a list wherever it likes.
func demoBody(t *testing.T) *body {
	t.Helper()
	k := newKey(t)
	id, err := did.NewKey(k.Public())
	if err != nil {
		t.Fatal(err)
	}
	document, err := did.Resolve(id)
	if err != nil {
		t.Fatal(err)
	}
	kid := document.Assertion[0]
	return &body{
		credential: k, status: k, url: "https://demo.example/status/1",
		Entity: schema.Entity{
			DID: id, Name: "Demo", Country: "IT", State: schema.EntityRecognised,
			RecognizedTo: []schema.Permission{{Schema: "MicroCredential"}},
			Keys:         []schema.Key{key(t, kid, k, schema.KeyForCredentials), key(t, kid, k, schema.KeyForStatus)},
		},
	}
}
