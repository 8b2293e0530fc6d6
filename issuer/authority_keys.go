package issuer

import (
	"slices"
	"strings"
	"time"

	"github.com/employment-passport/passport/internal/did"
	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/internal/strictjson"
	"github.com/employment-passport/passport/schema"
)

// pin takes the keys of a did document over. Those seen first have no
// beginning, because they may have signed before anybody looked; a later one
// counts from today. One that has gone is retired today. One that was called
// compromised stays so: a did document knows no states, and whoever holds a
// body's web site for an hour must not heal a key (T19).
func (r *RecognitionRecord) pin(d *did.Document, statusKeys []string, today time.Time) error {
	var from time.Time
	if len(r.Keys) > 0 {
		from = today
	}
	there := map[string]bool{}
	for _, kid := range d.Assertion {
		jwk, err := d.AssertionKey(kid)
		if err != nil {
			return refuse("recognise_document_bad").because(err)
		}
		there[jwk.Thumbprint()] = true
		for _, use := range usesOf(d.ID, kid, statusKeys) {
			if r.hasKey(kid, jwk.Thumbprint(), use) {
				continue
			}
			public, err := jwk.MarshalJSON()
			if err != nil {
				return err
			}
			r.Keys = append(r.Keys, RecognisedKey{KID: kid, JWK: public, Use: use, State: schema.KeyActive, From: from})
		}
	}
	if len(there) == 0 {
		return refuse("recognise_no_keys", "did", d.ID)
	}
	for n, k := range r.Keys {
		if k.State == schema.KeyActive && !there[k.thumbprint()] {
			r.Keys[n].State, r.Keys[n].Until = schema.KeyRetired, today
		}
	}
	return nil
}

// history reads the did-history.json that a body publishes beside its did
// document; nil when Document is something else.
func (r Recognise) history() ([]keyLine, error) {
	var h struct {
		ID   string    `json:"id"`
		Keys []keyLine `json:"keys"`
	}
	if len(r.Document) == 0 {
		return nil, nil
	}
	if err := strictjson.Unmarshal(r.Document, &h); err != nil {
		return nil, refuse("recognise_document_bad").because(err)
	}
	if _, err := did.Method(h.ID); len(h.Keys) > 0 && (err != nil || h.ID != r.DID) {
		return nil, refuse("recognise_document_bad").because(err)
	}
	return h.Keys, nil
}

// pinHistory takes a key history over, windows and states with it. It can make
// a key worse, never better.
func (r *RecognitionRecord) pinHistory(lines []keyLine) error {
	for _, line := range lines {
		k := RecognisedKey{KID: line.KID, JWK: line.JWK, Use: line.Use, State: line.State}
		var err error
		if k.From, err = lineDay(line.From); err != nil {
			return err
		}
		if k.Until, err = lineDay(line.Until); err != nil {
			return err
		}
		sound := (k.Use == schema.KeyForCredentials || k.Use == schema.KeyForStatus) &&
			(k.State == schema.KeyActive || k.State == schema.KeyRetired || k.State == schema.KeyCompromised) &&
			strings.HasPrefix(k.KID, r.DID+"#") && k.thumbprint() != ""
		if !sound {
			return refuse("recognise_document_bad")
		}
		known := slices.IndexFunc(r.Keys, func(o RecognisedKey) bool {
			return o.KID == k.KID && o.Use == k.Use && o.thumbprint() == k.thumbprint()
		})
		if known < 0 {
			r.Keys = append(r.Keys, k)
			continue
		}
		old := &r.Keys[known]
		old.State = worse(old.State, k.State)
		old.From, old.Until = narrower(old.From, old.Until, k.From, k.Until)
	}
	return nil
}

// worse is the worse of two states: nothing heals a key.
func worse(a, b schema.KeyState) schema.KeyState {
	for _, s := range []schema.KeyState{schema.KeyCompromised, schema.KeyRetired} {
		if a == s || b == s {
			return s
		}
	}
	return a
}

// narrower is what two windows have in common. Where that is nothing the window
// ends before it begins and covers no day.
func narrower(from, until, otherFrom, otherUntil time.Time) (time.Time, time.Time) {
	if otherFrom.After(from) {
		from = otherFrom
	}
	if until.IsZero() || !otherUntil.IsZero() && otherUntil.Before(until) {
		until = otherUntil
	}
	return from, until
}

// joinKey adds a key as its owner has it now to those that were pinned before.
// Of one key that both know the worse counts.
func joinKey(pinned []schema.Key, k schema.Key) []schema.Key {
	for n, p := range pinned {
		if p.KID == k.KID && p.Use == k.Use && p.Thumbprint == k.Thumbprint {
			pinned[n].State = worse(p.State, k.State)
			pinned[n].From, pinned[n].Until = narrower(p.From, p.Until, k.From, k.Until)
			if p.CompromisedAt.IsZero() {
				pinned[n].CompromisedAt = k.CompromisedAt
			}
			return pinned
		}
	}
	return append(pinned, k)
}

func lineDay(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	d, err := schema.ParseDate(s)
	if err != nil {
		return time.Time{}, refuse("recognise_document_bad").because(err)
	}
	return d.Time(), nil
}

// usesOf tells what a key of a did document is for. A did:key has one key for
// everything; our own documents name status keys #status-1, #status-2 ….
func usesOf(id, kid string, statusKeys []string) []schema.KeyUse {
	method, err := did.Method(id)
	_, fragment, _ := strings.Cut(kid, "#")
	status := slices.Contains(statusKeys, kid) || len(statusKeys) == 0 && strings.HasPrefix(fragment, "status")
	switch {
	case err == nil && method != "web":
		return []schema.KeyUse{schema.KeyForCredentials, schema.KeyForStatus}
	case status:
		return []schema.KeyUse{schema.KeyForStatus}
	}
	return []schema.KeyUse{schema.KeyForCredentials}
}

func (r *RecognitionRecord) hasKey(kid, thumbprint string, use schema.KeyUse) bool {
	return slices.ContainsFunc(r.Keys, func(k RecognisedKey) bool {
		return k.KID == kid && k.Use == use && k.thumbprint() == thumbprint
	})
}

// thumbprint is empty for a key that cannot be read.
func (k RecognisedKey) thumbprint() string {
	jwk, err := jose.ParseJWK(k.JWK)
	if err != nil {
		return ""
	}
	return jwk.Thumbprint()
}

// trusted gives the key as the recognition list says it.
func (k RecognisedKey) trusted() (schema.Key, error) {
	jwk, err := jose.ParseJWK(k.JWK)
	if err != nil {
		return schema.Key{}, err
	}
	return schema.Key{
		KID: k.KID, Public: jwk.Public(), Thumbprint: jwk.Thumbprint(), Use: k.Use,
		State: k.State, From: k.From, Until: k.Until, CompromisedAt: k.CompromisedAt,
	}, nil
}

// trusted gives the key of a body of this home as the recognition list says
// it: once, or once for each of its two uses.
func (k KeyRecord) trusted() ([]schema.Key, error) {
	one, err := RecognisedKey{
		KID: k.KID, JWK: k.JWK, Use: k.Use, State: k.State,
		From: k.From, Until: k.Until, CompromisedAt: k.CompromisedAt,
	}.trusted()
	if err != nil || k.Also == "" || k.Also == k.Use {
		return []schema.Key{one}, err
	}
	other := one
	other.Use = k.Also
	return []schema.Key{one, other}, nil
}
