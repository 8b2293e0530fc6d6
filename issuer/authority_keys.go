package issuer

import (
	"slices"
	"strings"
	"time"

	"github.com/employment-passport/passport/internal/did"
	"github.com/employment-passport/passport/internal/jose"
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
