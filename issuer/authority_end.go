package issuer

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/employment-passport/passport/schema"
)

// Lapse ends a recognition in order, on a UTC day (zero is today): what the
// body issued until then stays valid.
func (i *Issuer) Lapse(ctx context.Context, by Actor, authority, did string, on time.Time, reason string) (RecognitionRecord, error) {
	return i.end(ctx, by, authority, did, "authority.lapse", func(_ Tx, r *RecognitionRecord) error {
		r.finish(schema.EntityLapsed, i.dayOr(on), reason)
		return nil
	})
}

// CloseBody ends a recognition because the body is no more. Its last status
// lists are signed by delegate, another recognised body, from then on.
func (i *Issuer) CloseBody(ctx context.Context, by Actor, authority, did, delegate string, on time.Time, reason string) (RecognitionRecord, error) {
	return i.end(ctx, by, authority, did, "authority.close", func(tx Tx, r *RecognitionRecord) error {
		if delegate != "" {
			a, err := chooseAuthority(tx, authority)
			if err != nil {
				return err
			}
			if _, err := findRecognition(tx, a.Name, delegate); err != nil || delegate == did {
				return refuse("close_delegate", "did", delegate).because(err)
			}
		}
		r.finish(schema.EntityClosed, i.dayOr(on), reason)
		r.StatusDelegate = delegate
		return nil
	})
}

// Withdraw ends a recognition for cause: only what is reaffirmed stays valid.
func (i *Issuer) Withdraw(ctx context.Context, by Actor, authority, did, reason string) (RecognitionRecord, error) {
	return i.end(ctx, by, authority, did, "authority.withdraw", func(_ Tx, r *RecognitionRecord) error {
		r.finish(schema.EntityWithdrawn, i.today(), reason)
		return nil
	})
}

// EndKey retires a pinned key of a body that issues elsewhere (state
// schema.KeyRetired) or declares it stolen (schema.KeyCompromised); also one
// that was pinned before the body came to issue from this home.
func (i *Issuer) EndKey(ctx context.Context, by Actor, authority, did, kid string, state schema.KeyState, reason string) (RecognitionRecord, error) {
	what := "authority.key-" + string(state)
	return i.end(ctx, by, authority, did, what, func(_ Tx, r *RecognitionRecord) error {
		pinned := slices.ContainsFunc(r.Keys, func(k RecognisedKey) bool { return k.KID == kid })
		if r.Issuer != "" && !pinned {
			return refuse("key_of_this_home", "issuer", r.Issuer)
		}
		found := false
		for n, k := range r.Keys {
			if k.KID != kid {
				continue
			}
			found = true
			if k.State == schema.KeyCompromised {
				continue // nothing heals a stolen key
			}
			r.Keys[n].State = state
			if state == schema.KeyCompromised {
				r.Keys[n].CompromisedAt = i.second()
			} else if k.Until.IsZero() {
				r.Keys[n].Until = i.today()
			}
		}
		if !found {
			return refuse("recognition_key", "did", did, "kid", kid).because(ErrNotFound)
		}
		r.Reason = reason
		return nil
	})
}

func (i *Issuer) end(ctx context.Context, by Actor, authority, did, what string, change func(Tx, *RecognitionRecord) error) (RecognitionRecord, error) {
	var rec RecognitionRecord
	err := i.changeRecognition(ctx, by, authority, what, func(tx Tx, a AuthorityRecord) (RecognitionRecord, string, error) {
		var err error
		rec, err = findRecognition(tx, a.Name, did)
		if errors.Is(err, ErrNotFound) {
			return rec, "", refuse("recognition_unknown", "did", did).because(err)
		}
		if err == nil {
			err = change(tx, &rec)
		}
		return rec, rec.Reason, err
	})
	return rec, err
}

// changeRecognition writes one recognition and its audit entry together.
func (i *Issuer) changeRecognition(ctx context.Context, by Actor, authority, what string, change func(Tx, AuthorityRecord) (r RecognitionRecord, details string, err error)) error {
	in := i.update
	if what == "authority.withdraw" || what == "authority.key-"+string(schema.KeyCompromised) {
		in = i.urgent
	}
	return in(ctx, by, func(tx *act) error {
		a, err := chooseAuthority(tx, authority)
		if err != nil {
			return err
		}
		rec, details, err := change(tx, a)
		if err != nil {
			return err
		}
		rec.ChangedAt = i.now().UTC()
		if err := tx.PutRecognition(a.Name, rec); err != nil {
			return err
		}
		return tx.log(what, rec.DID, details)
	})
}

// finish ends every permission that is still running. A body that was
// withdrawn stays withdrawn: a thief of its account cannot make it lapse in
// order.
func (r *RecognitionRecord) finish(state schema.EntityState, on time.Time, reason string) {
	if r.State != schema.EntityWithdrawn {
		r.State = state
	}
	r.Reason = reason
	for n, p := range r.Permissions {
		if p.Until.IsZero() || p.Until.After(on) {
			r.Permissions[n].Until = on
		}
	}
}

func (i *Issuer) dayOr(on time.Time) time.Time {
	if on.IsZero() {
		return i.today()
	}
	return schema.DateOf(on).Time()
}

func findRecognition(tx Tx, authority, did string) (RecognitionRecord, error) {
	all, err := tx.Recognitions(authority)
	if err != nil {
		return RecognitionRecord{}, err
	}
	n := slices.IndexFunc(all, func(r RecognitionRecord) bool { return r.DID == did })
	if n < 0 {
		return RecognitionRecord{}, ErrNotFound
	}
	return all[n], nil
}

func issuerByDID(tx Tx, did string) (IssuerRecord, error) {
	all, err := tx.AllIssuers()
	if err != nil {
		return IssuerRecord{}, err
	}
	n := slices.IndexFunc(all, func(r IssuerRecord) bool { return r.DID == did })
	if n < 0 {
		return IssuerRecord{}, ErrNotFound
	}
	return all[n], nil
}

func union(a, b []string) []string {
	for _, s := range b {
		if !slices.Contains(a, s) {
			a = append(a, s)
		}
	}
	return a
}

func firstText(all ...string) string {
	for _, s := range all {
		if s != "" {
			return s
		}
	}
	return ""
}
