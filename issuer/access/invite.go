package access

import (
	"context"
	"errors"
	"time"

	"github.com/employment-passport/passport/issuer"
)

const (
	// InviteLife is how long an invitation waits.
	InviteLife = 72 * time.Hour

	// inviteTries is how many wrong secrets an invitation bears. Its secret cannot
	// be guessed; this tells that somebody tries.
	inviteTries = 5
)

type inviteRecord struct {
	User      string    `json:"user"`
	Hash      sum       `json:"hash"`
	ExpiresAt time.Time `json:"expiresAt"`
	Wrong     int       `json:"wrong,omitempty"` // secrets that did not match
}

func (r inviteRecord) good(code string, at time.Time) bool {
	return r.Hash.matches(code) && r.Wrong < inviteTries && at.Before(r.ExpiresAt)
}

// Invite makes the one-time code by which a person signs in for the first time,
// or again after a loss. It takes the place of an earlier one. With reset all
// that the person signed in with until now ends at once: a laptop was stolen.
func (s *Service) Invite(ctx context.Context, by issuer.Actor, name string, reset bool) (code string, expires time.Time, err error) {
	err = s.issuer.Act(ctx, by, func(a *issuer.Act) error {
		tx := a.Tx()
		u, err := get[userRecord](tx, issuer.RecordUser, name)
		switch {
		case err != nil:
			return unknown(err, "user_unknown", "name", name)
		case !u.DisabledAt.IsZero():
			return refuse("user_disabled", "name", name)
		}
		if err := drop(tx, issuer.RecordInvite, func(r inviteRecord) bool { return r.User == name || !a.At().Before(r.ExpiresAt) }); err != nil {
			return err
		}
		details := ""
		if reset {
			details = "reset"
			if err := forget(tx, &u); err != nil {
				return err
			}
		}
		r := inviteRecord{User: name, ExpiresAt: a.At().Add(InviteLife)}
		var id string
		id, code, r.Hash = newSecret(prefixInvite)
		expires = r.ExpiresAt
		if err := put(tx, issuer.RecordInvite, id, r); err != nil {
			return err
		}
		return a.Log("user.invite", name, details)
	})
	if err != nil {
		return "", time.Time{}, err
	}
	return code, expires, nil
}

// forget takes away all that a user signs in with.
func forget(tx issuer.Tx, u *userRecord) error {
	u.Identities = nil
	if err := put(tx, issuer.RecordUser, u.Name, u); err != nil {
		return err
	}
	if err := drop(tx, issuer.RecordSession, func(r sessionRecord) bool { return r.User == u.Name }); err != nil {
		return err
	}
	return drop(tx, issuer.RecordPasskey, func(p Passkey) bool { return p.User == u.Name })
}

// Invited returns whom a code invites, without taking it: link previews and
// impatient fingers open it more than once. The error is ErrUnauthenticated.
func (s *Service) Invited(ctx context.Context, code string) (Account, error) {
	id, ok := idOf(prefixInvite, code)
	if !ok {
		return Account{}, ErrUnauthenticated
	}
	known, tries := false, 0
	account, err := view(ctx, s, func(tx issuer.Tx) (a Account, err error) {
		known = false
		r, u, err := invited(tx, id, code, s.now())
		if r.User != "" {
			known, tries = !r.Hash.matches(code), r.Wrong
		}
		return u.account(), err
	})
	if known && tries < inviteTries {
		return Account{}, errors.Join(ErrUnauthenticated, s.countWrong(ctx, id))
	}
	if err != nil {
		return Account{}, err
	}
	return account, nil
}

// invited reads an invitation and its user; ErrUnauthenticated when it opens
// nothing.
func invited(tx issuer.Tx, id, code string, at time.Time) (r inviteRecord, u userRecord, err error) {
	r, err = get[inviteRecord](tx, issuer.RecordInvite, id)
	if err != nil && !errors.Is(err, issuer.ErrNotFound) {
		return r, u, err
	}
	if good := r.good(code, at); !good || err != nil {
		return r, u, ErrUnauthenticated
	}
	u, err = get[userRecord](tx, issuer.RecordUser, r.User)
	if err == nil && !u.DisabledAt.IsZero() {
		err = ErrUnauthenticated
	}
	return r, u, err
}

// countWrong notes a wrong secret; the last one is an act.
func (s *Service) countWrong(ctx context.Context, id string) error {
	return s.issuer.Act(ctx, nobody, func(a *issuer.Act) error {
		r, err := get[inviteRecord](a.Tx(), issuer.RecordInvite, id)
		if errors.Is(err, issuer.ErrNotFound) || err == nil && r.Wrong >= inviteTries {
			return nil
		} else if err != nil {
			return err
		}
		r.Wrong++
		if err := put(a.Tx(), issuer.RecordInvite, id, r); err != nil || r.Wrong < inviteTries {
			return err
		}
		return a.Log("user.invite.locked", r.User, "")
	})
}
