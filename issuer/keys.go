package issuer

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/employment-passport/passport/internal/did"
	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/schema"
)

// Signs tells whether the key may be used for use.
func (k KeyRecord) Signs(use schema.KeyUse) bool {
	return k.Use == use || k.Also != "" && k.Also == use
}

// covers tells whether the UTC day of t lies inside the key's window.
func (k KeyRecord) covers(t time.Time) bool {
	return schema.Key{From: k.From, Until: k.Until}.Covers(t)
}

// activeKey returns the newest active key of an owner for a use.
func activeKey(tx Tx, owner string, use schema.KeyUse) (KeyRecord, error) {
	keys, err := tx.KeysOf(owner)
	if err != nil {
		return KeyRecord{}, err
	}
	for _, k := range slices.Backward(keys) {
		if k.Signs(use) && k.State == schema.KeyActive {
			return k, nil
		}
	}
	return KeyRecord{}, refuse("no_active_key", "issuer", owner, "use", string(use)).because(ErrNoKey)
}

// Keys returns the keys of an issuer, oldest first, whatever their state.
func (i *Issuer) Keys(ctx context.Context, issuer string) (keys []KeyRecord, err error) {
	err = i.store.View(ctx, func(tx Tx) error {
		if _, err := tx.Issuer(issuer); err != nil {
			return unknown(err, "issuer_unknown", "issuer", issuer)
		}
		keys, err = tx.KeysOf(issuer)
		return err
	})
	return keys, err
}

// RotateKey makes a new key for a use and retires the one used so far: what
// that one signed stays valid. The new key counts from today, the old one to
// the end of today. A did:key issuer is its key and refuses.
func (i *Issuer) RotateKey(ctx context.Context, by Actor, issuer string, use schema.KeyUse) (KeyRecord, error) {
	if use != schema.KeyForCredentials && use != schema.KeyForStatus {
		return KeyRecord{}, refuse("key_use_unknown", "use", string(use))
	}
	r, err := i.rotatable(ctx, issuer)
	if err != nil {
		return KeyRecord{}, err
	}
	fresh, err := i.newKey(ctx, issuer, use)
	if err != nil {
		return KeyRecord{}, err
	}
	made, request := fresh, requestOf(ctx)
	err = i.update(ctx, by, func(a *act) error {
		fresh = made
		switch kid, err := done(a, request); {
		case err != nil:
			return err
		case kid != "":
			fresh, err = findKey(a, issuer, kid)
			return err
		}
		keys, err := a.KeysOf(issuer)
		if err != nil {
			return err
		}
		for _, k := range keys {
			if k.Signs(use) && k.State == schema.KeyActive {
				k.State, k.Until = schema.KeyRetired, a.day()
				if err := a.PutKey(k); err != nil {
					return err
				}
				if err := a.log("key.retire", k.KID, k.Thumbprint); err != nil {
					return err
				}
			}
		}
		if fresh.KID, err = nextKID(a, r.DID, use, keys); err != nil {
			return err
		}
		if err := a.addKey(&fresh); err != nil {
			return err
		}
		return a.note(request, fresh.KID)
	})
	return fresh, err
}

// RetireKey ends a key in order. What it signed in its window stays valid.
func (i *Issuer) RetireKey(ctx context.Context, by Actor, issuer, kid string) (KeyRecord, error) {
	return i.changeKey(ctx, by, i.update, "key.retire", issuer, kid, func(a *act, k *KeyRecord) error {
		if k.State != schema.KeyActive {
			return refuse("key_not_active", "key", k.KID, "state", string(k.State))
		}
		k.State, k.Until = schema.KeyRetired, a.day()
		return nil
	})
}

// CompromiseKey says that somebody else may hold a key. There is no way back:
// what it signed is only worth anything when the trust authority reaffirms it.
func (i *Issuer) CompromiseKey(ctx context.Context, by Actor, issuer, kid string) (KeyRecord, error) {
	return i.changeKey(ctx, by, i.urgent, "key.compromise", issuer, kid, func(a *act, k *KeyRecord) error {
		if k.State == schema.KeyCompromised {
			return refuse("key_not_active", "key", k.KID, "state", string(k.State))
		}
		k.State, k.CompromisedAt = schema.KeyCompromised, a.at
		if k.Until.IsZero() {
			k.Until = a.day()
		}
		return nil
	})
}

func (i *Issuer) changeKey(ctx context.Context, by Actor, in transaction, what, issuer, kid string, change func(*act, *KeyRecord) error) (k KeyRecord, err error) {
	err = in(ctx, by, func(a *act) error {
		if k, err = findKey(a, issuer, kid); err != nil {
			return err
		}
		if err := change(a, &k); err != nil {
			return err
		}
		if err := a.PutKey(k); err != nil {
			return err
		}
		return a.log(what, k.KID, k.Thumbprint)
	})
	return k, err
}

// findKey finds a key by its whole kid or by the part after '#'.
func findKey(tx Tx, issuer, kid string) (KeyRecord, error) {
	if _, err := tx.Issuer(issuer); err != nil {
		return KeyRecord{}, unknown(err, "issuer_unknown", "issuer", issuer)
	}
	keys, err := tx.KeysOf(issuer)
	if err != nil {
		return KeyRecord{}, err
	}
	for _, k := range keys {
		if _, fragment, _ := strings.Cut(k.KID, "#"); k.KID == kid || fragment == strings.TrimPrefix(kid, "#") {
			return k, nil
		}
	}
	return KeyRecord{}, refuse("key_unknown", "key", kid, "issuer", issuer).because(ErrNotFound)
}

func (i *Issuer) rotatable(ctx context.Context, issuer string) (r IssuerRecord, err error) {
	err = i.store.View(ctx, func(tx Tx) error {
		if r, err = tx.Issuer(issuer); err != nil {
			return unknown(err, "issuer_unknown", "issuer", issuer)
		}
		return nil
	})
	if err == nil && isDIDKey(r.DID) {
		err = refuse("key_is_identity", "issuer", issuer)
	}
	return r, err
}

// newKey makes a key in the keyring. Its kid comes later; a crash before it is
// stored leaves a key that nobody uses.
func (i *Issuer) newKey(ctx context.Context, owner string, use schema.KeyUse) (KeyRecord, error) {
	uri, pub, err := i.keys.Create(ctx, owner+" "+string(use))
	if err != nil {
		return KeyRecord{}, fmt.Errorf("make a key: %w", err)
	}
	jwk, err := jose.NewJWK(pub)
	if err != nil {
		return KeyRecord{}, err
	}
	public, err := jwk.MarshalJSON()
	if err != nil {
		return KeyRecord{}, err
	}
	return KeyRecord{Owner: owner, Thumbprint: jwk.Thumbprint(), JWK: public, URI: uri, Use: use, State: schema.KeyActive}, nil
}

func (a *act) addKey(k *KeyRecord) error {
	k.From = a.day()
	if err := a.PutKey(*k); err != nil {
		return err
	}
	return a.log("key.add", k.KID, k.Thumbprint)
}

// keyWords name keys by what they are for: #key-1, #key-2 …
var keyWords = map[schema.KeyUse]string{
	schema.KeyForCredentials: "#key-", schema.KeyForStatus: "#status-", keyForRoot: "#root-", keyForSigning: "#sign-",
}

func firstKID(id string, use schema.KeyUse) string { return id + keyWords[use] + "1" }

// nextKID names the next key: one number higher than any before. In a store
// that was restored from a backup, a key made after it may be lost and still
// pinned by others under its name; there the number is random, of nine digits.
func nextKID(tx Tx, id string, use schema.KeyUse, keys []KeyRecord) (string, error) {
	start, next := id+keyWords[use], 1
	for _, k := range keys {
		if n, err := strconv.Atoi(strings.TrimPrefix(k.KID, start)); err == nil {
			next = max(next, n+1)
		}
	}
	lost, err := wasRestored(tx)
	if lost {
		next = randomStep()
	}
	return start + strconv.Itoa(next), err
}

// wasRestored tells whether the store ever came out of a backup.
func wasRestored(tx Tx) (lost bool, err error) {
	err = tx.AuditFrom(1, func(e AuditEntry) bool {
		lost = e.Act == actRestore
		return !lost
	})
	return lost, err
}

// keyDID returns the did:key of a key and the kid of its only method.
func keyDID(k KeyRecord) (id, kid string, err error) {
	jwk, err := jose.ParseJWK(k.JWK)
	if err != nil {
		return "", "", err
	}
	id, err = did.NewKey(jwk.Public())
	return id, id + "#" + strings.TrimPrefix(id, "did:key:"), err
}
