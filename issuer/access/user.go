package access

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"net/mail"
	"slices"
	"strings"
	"time"

	"github.com/employment-passport/passport/issuer"
)

// User is a person who works with the home.
type User struct {
	Name       string    `json:"name"` // also the id; stands in the audit log and is never given to somebody else
	Email      string    `json:"email,omitempty"`
	Grants     []Grant   `json:"grants"`
	CreatedAt  time.Time `json:"createdAt"`
	DisabledAt time.Time `json:"disabledAt,omitzero"`
	SignedInAt time.Time `json:"signedInAt,omitzero"` // last sign-in
}

// Actor is how the audit log names the person.
func (u User) Actor() issuer.Actor { return issuer.Actor("user:" + u.Name) }

// NewUser is a person to be added.
type NewUser struct {
	Name   string // a-z, 0-9 and . _ -, 40 at most
	Email  string // may be empty; what OpenID Connect may know the person by
	Grants []Grant
}

// userRecord is how a user is stored.
type userRecord struct {
	User
	Handle     []byte     `json:"handle"` // of WebAuthn: 32 random bytes, that say nothing of the person
	Identities []Identity `json:"identities,omitempty"`
}

func (u userRecord) principal() Principal {
	return Principal{ID: u.Name, Name: u.Name, Actor: u.Actor(), Grants: u.Grants}
}

// AddUser adds a person, who cannot sign in before they are invited.
func (s *Service) AddUser(ctx context.Context, by issuer.Actor, n NewUser) (u User, err error) {
	if !userName.MatchString(n.Name) {
		return u, refuse("user_name", "name", n.Name)
	}
	if n.Email != "" {
		if a, err := mail.ParseAddress(n.Email); err != nil || a.Address != n.Email || len(n.Email) > 254 {
			return u, refuse("user_email", "name", n.Name)
		}
	}
	if len(n.Grants) == 0 {
		return u, refuse("role_unknown", "role", "", "known", string(Officer))
	}
	err = s.issuer.Act(ctx, by, func(a *issuer.Act) error {
		if err := free(a.Tx(), n); err != nil {
			return err
		}
		words := make([]string, len(n.Grants))
		for k, g := range n.Grants {
			if err := checkGrant(a.Tx(), g); err != nil {
				return err
			}
			words[k] = g.String()
		}
		r := userRecord{User: User{Name: n.Name, Email: n.Email, Grants: n.Grants, CreatedAt: a.At()}, Handle: make([]byte, 32)}
		rand.Read(r.Handle) // never fails, see crypto/rand
		u = r.User
		if err := put(a.Tx(), issuer.RecordUser, n.Name, r); err != nil {
			return err
		}
		return a.Log("user.add", n.Name, strings.Join(words, ", "))
	})
	return u, err
}

// free refuses a name or an address that is somebody's.
func free(tx issuer.Tx, n NewUser) error {
	if _, err := tx.Record(issuer.RecordUser, n.Name); err == nil {
		return refuse("user_exists", "name", n.Name)
	} else if !errors.Is(err, issuer.ErrNotFound) {
		return err
	}
	others, err := all[userRecord](tx, issuer.RecordUser)
	for _, o := range others {
		if n.Email != "" && strings.EqualFold(o.Email, n.Email) {
			return refuse("user_email_taken", "name", o.Name)
		}
	}
	return err
}

// Users returns everybody, by name.
func (s *Service) Users(ctx context.Context) ([]User, error) {
	records, err := view(ctx, s, func(tx issuer.Tx) ([]userRecord, error) { return all[userRecord](tx, issuer.RecordUser) })
	users := make([]User, len(records))
	for n, r := range records {
		users[n] = r.User
	}
	slices.SortFunc(users, func(a, b User) int { return cmp.Compare(a.Name, b.Name) })
	return users, err
}

// DisableUser shuts a person out: their sessions and invitations end in the same
// act. What they did stays theirs.
func (s *Service) DisableUser(ctx context.Context, by issuer.Actor, name string) (User, error) {
	return s.changeUser(ctx, by, "user.disable", name, func(a *issuer.Act, u *userRecord) (bool, error) {
		if !u.DisabledAt.IsZero() {
			return false, nil
		}
		u.DisabledAt = a.At()
		return true, shutOut(a.Tx(), name)
	})
}

// EnableUser lets a person in again, by what they signed in with before.
func (s *Service) EnableUser(ctx context.Context, by issuer.Actor, name string) (User, error) {
	return s.changeUser(ctx, by, "user.enable", name, func(_ *issuer.Act, u *userRecord) (bool, error) {
		was := u.DisabledAt.IsZero()
		u.DisabledAt = time.Time{}
		return !was, nil
	})
}

// changeUser is one logged change of a user; f tells whether there was one.
func (s *Service) changeUser(ctx context.Context, by issuer.Actor, what, name string, f func(*issuer.Act, *userRecord) (bool, error)) (u User, err error) {
	err = s.issuer.Act(ctx, by, func(a *issuer.Act) error {
		r, err := get[userRecord](a.Tx(), issuer.RecordUser, name)
		if err != nil {
			return unknown(err, "user_unknown", "name", name)
		}
		changed, err := f(a, &r)
		u = r.User
		if err != nil || !changed {
			return err
		}
		if err := put(a.Tx(), issuer.RecordUser, name, r); err != nil {
			return err
		}
		return a.Log(what, name, "")
	})
	return u, err
}

// shutOut ends a person's sessions and invitations.
func shutOut(tx issuer.Tx, name string) error {
	if err := drop(tx, issuer.RecordSession, func(r sessionRecord) bool { return r.User == name }); err != nil {
		return err
	}
	return drop(tx, issuer.RecordInvite, func(r inviteRecord) bool { return r.User == name })
}

// drop deletes the records of a kind that f tells of. It reads all of them:
// there are as many as people at work.
func drop[T any](tx issuer.Tx, kind issuer.RecordKind, f func(T) bool) error {
	keys, err := keysOf(tx, kind, f)
	for _, key := range keys {
		err = errors.Join(err, tx.DeleteRecord(kind, key))
	}
	return err
}
