package trust

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/employment-passport/passport/internal/did"
	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/schema"
)

// keyStates holds the worst state that the lists of each delegation give to a
// key, by thumbprint: a stolen key does not get better under a second name, nor
// in another body's hands. Whom a delegation is not for, it cannot condemn.
type keyStates map[*grant]map[string]keyFate

type keyFate struct {
	state schema.KeyState
	at    time.Time // of the compromise, the earliest told
}

var badness = map[schema.KeyState]int{schema.KeyActive: 0, schema.KeyRetired: 1, schema.KeyCompromised: 2}

func (s keyStates) note(by *grant, k schema.Key) {
	fates := s[by]
	if fates == nil {
		fates = map[string]keyFate{}
		s[by] = fates
	}
	fates[k.Thumbprint] = fates[k.Thumbprint].or(keyFate{k.State, k.CompromisedAt})
}

// or is the worse of two fates; the zero value is none.
func (f keyFate) or(g keyFate) keyFate {
	if f.state == "" || badness[g.state] > badness[f.state] {
		f.state = g.state
	}
	if !g.at.IsZero() && (f.at.IsZero() || g.at.Before(f.at)) {
		f.at = g.at
	}
	return f
}

// apply gives every key of a body the state of its thumbprint, as the
// delegations that are for this body tell it.
func (s keyStates) apply(e *schema.Entity) {
	for i := range e.Keys {
		k := &e.Keys[i]
		fate := keyFate{k.State, k.CompromisedAt}
		for by, fates := range s {
			if told, ok := fates[k.Thumbprint]; ok && by.isFor(e.Country) {
				fate = fate.or(told)
			}
		}
		k.State, k.CompromisedAt = fate.state, fate.at
	}
}

// readKeys reads the keys of one entity. A key that cannot be used is left out
// and told; its state still counts, if it can be read at all.
func readKeys(w entityJSON, by *grant, states keyStates, told *problems) []schema.Key {
	if len(w.Keys) > MaxEntityKeys {
		told.add("entity", w.ID, refuse(CodeSize, "%d keys", len(w.Keys)))
		return nil
	}
	var keys []schema.Key
	for _, kw := range w.Keys {
		k, err := readKey(w.ID, kw)
		if k.Thumbprint != "" {
			states.note(by, k)
		}
		if err != nil {
			told.add("key", kw.Kid, err)
			continue
		}
		keys = append(keys, k)
	}
	return dropAmbiguous(w.ID, keys, told)
}

func readKey(owner string, w keyJSON) (schema.Key, error) {
	jwk, err := jose.ParseJWK(w.JWK)
	if err != nil {
		return schema.Key{}, refuse(CodeKey, "jwk").because(err)
	}
	k := schema.Key{
		KID: w.Kid, Public: jwk.Public(), Thumbprint: jwk.Thumbprint(),
		Use: schema.KeyUse(w.Use), State: schema.KeyState(w.State),
	}
	if _, known := badness[k.State]; !known {
		// A state of a later version is worth nothing green in this one.
		k.State = schema.KeyCompromised
		return k, refuse(CodeState, "key state %q", w.State)
	}
	if w.CompromisedAt != "" {
		if k.CompromisedAt, err = time.Parse(time.RFC3339, w.CompromisedAt); err != nil {
			return k, refuse(CodeDates, "compromisedAt").because(err)
		}
	}
	if k.From, err = parseDay(w.From); err != nil {
		return k, err
	}
	if k.Until, err = parseDay(w.Until); err != nil {
		return k, err
	}
	switch {
	case k.Use != schema.KeyForCredentials && k.Use != schema.KeyForStatus:
		return k, refuse(CodeUse, "use %q", w.Use)
	case !strings.HasPrefix(k.KID, owner+"#"):
		return k, refuse(CodeKid, "not a key of %s", owner)
	case !k.From.IsZero() && !k.Until.IsZero() && k.Until.Before(k.From):
		return k, refuse(CodeDates, "from %s until %s", w.From, w.Until)
	}
	return k, nil
}

// dropAmbiguous takes out every key whose name stands for two keys, and every
// key that stands for both uses. A did:key body has one key by its nature; it
// alone may use it for both.
func dropAmbiguous(owner string, keys []schema.Key, told *problems) []schema.Key {
	names := map[string]string{}
	uses := map[string]schema.KeyUse{}
	bad := map[string]error{}
	method, _ := did.Method(owner)
	for _, k := range keys {
		if first, seen := names[k.KID]; seen && first != k.Thumbprint {
			bad[k.KID] = refuse(CodeDuplicate, "the name of two keys")
		}
		if first, seen := uses[k.Thumbprint]; seen && first != k.Use && method == "web" {
			bad[k.Thumbprint] = refuse(CodeUse, "one key for both uses")
		}
		names[k.KID] = k.Thumbprint
		uses[k.Thumbprint] = k.Use
	}
	return slices.DeleteFunc(keys, func(k schema.Key) bool {
		err := cmp.Or(bad[k.KID], bad[k.Thumbprint])
		if err != nil {
			told.add("key", k.KID, err)
		}
		return err != nil
	})
}
