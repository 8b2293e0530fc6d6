package access

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/employment-passport/passport/issuer"
)

// How long an API key lives.
const (
	KeyLife    = 365 * 24 * time.Hour
	MaxKeyLife = 3 * KeyLife
)

// APIKey is a program's key, without its secret.
type APIKey struct {
	ID        string    `json:"id"`
	Name      string    `json:"name"` // for people
	Grant     Grant     `json:"grant"`
	CreatedAt time.Time `json:"createdAt"`
	ExpiresAt time.Time `json:"expiresAt"`
	RevokedAt time.Time `json:"revokedAt,omitzero"`
	LastUsed  time.Time `json:"lastUsed,omitzero"` // a UTC day
}

// Good tells whether the key opens anything at a time.
func (k APIKey) Good(at time.Time) bool { return k.RevokedAt.IsZero() && at.Before(k.ExpiresAt) }

// NewAPIKey is a key to be made.
type NewAPIKey struct {
	Name    string
	Grant   Grant
	Expires time.Duration // from now; zero is KeyLife, more than MaxKeyLife is refused
}

// keyRecord is how a key is stored.
type keyRecord struct {
	APIKey
	Hash sum `json:"hash"`
}

// AddAPIKey makes a key. Its secret is returned once and kept nowhere.
func (s *Service) AddAPIKey(ctx context.Context, by issuer.Actor, n NewAPIKey) (key APIKey, secret string, err error) {
	life := cmp.Or(n.Expires, KeyLife)
	switch {
	case !label(n.Name):
		return key, "", refuse("apikey_name", "name", n.Name)
	case life < 0 || life > MaxKeyLife:
		return key, "", refuse("apikey_life", "days", "1095")
	}
	err = s.issuer.Act(ctx, by, func(a *issuer.Act) error {
		if err := checkGrant(a.Tx(), n.Grant); err != nil {
			return err
		}
		var r keyRecord
		r.APIKey = APIKey{Name: n.Name, Grant: n.Grant, CreatedAt: a.At(), ExpiresAt: a.At().Add(life)}
		r.ID, secret, r.Hash = newSecret(prefixKey)
		key = r.APIKey
		if err := put(a.Tx(), issuer.RecordAPIKey, r.ID, r); err != nil {
			return err
		}
		return a.Log("apikey.add", r.ID, n.Grant.String()+" until "+r.ExpiresAt.Format(time.DateOnly))
	})
	if err != nil {
		return APIKey{}, "", err
	}
	return key, secret, nil
}

// RevokeAPIKey ends a key for good. One that is revoked already stays as it is.
func (s *Service) RevokeAPIKey(ctx context.Context, by issuer.Actor, id string) (key APIKey, err error) {
	err = s.issuer.Act(ctx, by, func(a *issuer.Act) error {
		r, err := get[keyRecord](a.Tx(), issuer.RecordAPIKey, id)
		if err != nil {
			return unknown(err, "apikey_unknown", "id", id)
		}
		key = r.APIKey
		if !r.RevokedAt.IsZero() {
			return nil
		}
		r.RevokedAt = a.At()
		key = r.APIKey
		if err := put(a.Tx(), issuer.RecordAPIKey, id, r); err != nil {
			return err
		}
		return a.Log("apikey.revoke", id, r.Grant.String())
	})
	return key, err
}

// APIKeys returns all keys, the newest first.
func (s *Service) APIKeys(ctx context.Context) ([]APIKey, error) {
	records, err := view(ctx, s, func(tx issuer.Tx) ([]keyRecord, error) { return all[keyRecord](tx, issuer.RecordAPIKey) })
	if err != nil {
		return nil, err
	}
	keys := make([]APIKey, len(records))
	for n, r := range records {
		keys[n] = r.APIKey
	}
	slices.SortStableFunc(keys, func(a, b APIKey) int { return b.CreatedAt.Compare(a.CreatedAt) })
	return keys, nil
}

// FromAPIKey returns the principal of a key's secret, or ErrUnauthenticated. A
// key that is not there, one with another secret and one that has ended cost the
// same work: one look into the store, one hash, one comparison.
func (s *Service) FromAPIKey(ctx context.Context, secret string) (Principal, error) {
	id, ok := idOf(prefixKey, secret)
	if !ok {
		return Principal{}, ErrUnauthenticated
	}
	r, err := view(ctx, s, func(tx issuer.Tx) (keyRecord, error) { return s.key(tx, id) })
	if err != nil && !errors.Is(err, issuer.ErrNotFound) {
		return Principal{}, err
	}
	now := s.now()
	if matches := r.Hash.matches(secret); !matches || err != nil || !r.Good(now) {
		return Principal{}, ErrUnauthenticated
	}
	s.noteUse(ctx, r, now.UTC().Truncate(24*time.Hour))
	return Principal{ID: id, Name: r.Name, Actor: issuer.Actor("key:" + id), Grants: []Grant{r.Grant}, ViaKey: true}, nil
}

// key reads the record of a key. What the record says depends on its bytes alone,
// which are read for every request and compared with those of the last one: a key
// that was revoked meanwhile, by whomever, has others.
func (s *Service) key(tx issuer.Tx, id string) (r keyRecord, err error) {
	data, err := tx.Record(issuer.RecordAPIKey, id)
	if err != nil {
		return r, err
	}
	if last, ok := s.read.Load(id); ok {
		if before, ok := last.(readKey); ok && bytes.Equal(before.data, data) {
			return before.record, nil
		}
	}
	if r, err = parse[keyRecord](issuer.RecordAPIKey, data); err == nil {
		s.read.Store(id, readKey{data, r})
	}
	return r, err
}

// readKey is a record as it was read and what it says.
type readKey struct {
	data   []byte
	record keyRecord
}

// noteUse writes the day of a key's last use, once a day. A store that cannot be
// written refuses nobody who only reads, so the error is nobody's.
func (s *Service) noteUse(ctx context.Context, r keyRecord, today time.Time) {
	if before, known := s.used.Swap(r.ID, today); !r.LastUsed.Before(today) || known && before == today {
		return
	}
	_ = s.store.Update(ctx, func(tx issuer.Tx) error {
		now, err := get[keyRecord](tx, issuer.RecordAPIKey, r.ID) // it may have been revoked meanwhile
		if err != nil || !now.LastUsed.Before(today) {
			return err
		}
		now.LastUsed = today
		return put(tx, issuer.RecordAPIKey, r.ID, now)
	})
}
