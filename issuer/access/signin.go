package access

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/employment-passport/passport/issuer"
)

// nobody is the actor of what a stranger caused.
const nobody issuer.Actor = "nobody"

// Account is a user as the sign-in page needs them.
type Account struct {
	Name     string
	Handle   []byte // of WebAuthn
	Passkeys []Passkey
}

func (u userRecord) account() Account { return Account{Name: u.Name, Handle: u.Handle} }

// Passkey is a WebAuthn credential of a user. What is in Credential only the
// console knows.
type Passkey struct {
	User       string          `json:"user"`
	Credential json.RawMessage `json:"credential"`
	CreatedAt  time.Time       `json:"createdAt"`
	LastUsed   time.Time       `json:"lastUsed,omitzero"`
}

// passkeyID is the key of a passkey's record: credential ids have up to 1023
// bytes.
func passkeyID(credentialID []byte) string {
	id := sha256.Sum256(credentialID)
	return base64.RawURLEncoding.EncodeToString(id[:])
}

// Identity is who somebody is at an OpenID provider.
type Identity struct {
	Issuer  string `json:"issuer"`  // of the ID token
	Subject string `json:"subject"` // "sub", never given to somebody else there

	Email string `json:"-"` // only where the provider says that it is verified
	Body  string `json:"-"` // name of the only issuer whose people the provider knows; empty is everybody
}

// Proof is what a person proved at a sign-in: a passkey that is new or was used,
// or an identity.
type Proof struct {
	CredentialID []byte          // of a passkey
	Credential   json.RawMessage // it, as it is to be stored
	Identity     *Identity

	Before string // cookie of a session that this browser has, which ends
}

func (p Proof) kind() string {
	if p.Identity != nil {
		return "openid"
	}
	return "passkey"
}

// PasskeyOf returns the account with a credential id, and that passkey alone. The
// error is ErrUnauthenticated when it is nobody's.
func (s *Service) PasskeyOf(ctx context.Context, credentialID []byte) (Account, error) {
	return view(ctx, s, func(tx issuer.Tx) (Account, error) {
		p, err := get[Passkey](tx, issuer.RecordPasskey, passkeyID(credentialID))
		if err != nil {
			return Account{}, unauthenticated(err)
		}
		u, err := get[userRecord](tx, issuer.RecordUser, p.User)
		if err != nil || !u.DisabledAt.IsZero() {
			return Account{}, unauthenticated(err)
		}
		a := u.account()
		a.Passkeys = []Passkey{p}
		return a, nil
	})
}

// unauthenticated hides that a thing is not there.
func unauthenticated(err error) error {
	if err == nil || errors.Is(err, issuer.ErrNotFound) {
		return ErrUnauthenticated
	}
	return err
}

// Redeem takes an invitation, once, binds what the person proved to them and
// signs them in. It returns the session's cookie. ErrUnauthenticated when the
// code opens nothing, also for all but one of many who take it at the same
// moment.
func (s *Service) Redeem(ctx context.Context, code string, p Proof) (cookie string, err error) {
	id, ok := idOf(prefixInvite, code)
	if !ok {
		return "", ErrUnauthenticated
	}
	account, err := s.Invited(ctx, code)
	if err != nil {
		return "", err
	}
	return s.signIn(ctx, User{Name: account.Name}.Actor(), p, func(a *issuer.Act) (userRecord, error) {
		_, u, err := invited(a.Tx(), id, code, a.At())
		if err != nil {
			return u, err
		}
		if err := a.Tx().DeleteRecord(issuer.RecordInvite, id); err != nil {
			return u, err
		}
		if err := bind(a, &u, p); err != nil {
			return u, err
		}
		return u, a.Log("user.redeem", u.Name, p.kind())
	})
}

// bind makes what was proved a way to sign in.
func bind(a *issuer.Act, u *userRecord, p Proof) error {
	if p.Identity != nil {
		if owner, err := identified(a.Tx(), *p.Identity); err != nil || owner != "" && owner != u.Name {
			return errors.Join(err, ErrUnauthenticated)
		} else if owner == "" {
			u.Identities = append(u.Identities, *p.Identity)
		}
		return nil
	}
	id := passkeyID(p.CredentialID)
	if _, err := a.Tx().Record(issuer.RecordPasskey, id); err == nil {
		return ErrUnauthenticated // somebody's already (WebAuthn 3, 7.1 step 27)
	} else if !errors.Is(err, issuer.ErrNotFound) {
		return err
	}
	return put(a.Tx(), issuer.RecordPasskey, id, Passkey{User: u.Name, Credential: p.Credential, CreatedAt: a.At()})
}

// SignIn signs in whoever has proved a passkey or an identity that is bound to
// them. An identity that nobody has is bound to the user with its verified
// address, if that user has none of that provider yet.
func (s *Service) SignIn(ctx context.Context, p Proof) (cookie string, err error) {
	name, err := s.provedBy(ctx, p)
	if err != nil {
		return "", err
	}
	return s.signIn(ctx, User{Name: name}.Actor(), p, func(a *issuer.Act) (u userRecord, err error) {
		if u, err = get[userRecord](a.Tx(), issuer.RecordUser, name); err != nil {
			return u, unauthenticated(err)
		}
		if p.Identity != nil {
			return u, bind(a, &u, p)
		}
		id := passkeyID(p.CredentialID)
		key, err := get[Passkey](a.Tx(), issuer.RecordPasskey, id)
		if err != nil || key.User != name {
			return u, unauthenticated(err) // taken away meanwhile
		}
		key.Credential, key.LastUsed = p.Credential, a.At()
		return u, put(a.Tx(), issuer.RecordPasskey, id, key)
	})
}

// provedBy is the name of the user whom a proof means.
func (s *Service) provedBy(ctx context.Context, p Proof) (string, error) {
	if p.Identity == nil {
		a, err := s.PasskeyOf(ctx, p.CredentialID)
		return a.Name, err
	}
	return view(ctx, s, func(tx issuer.Tx) (string, error) {
		name, err := identified(tx, *p.Identity)
		if err != nil || name != "" {
			return name, err
		}
		users, err := all[userRecord](tx, issuer.RecordUser)
		for _, u := range users {
			if p.Identity.Email != "" && strings.EqualFold(u.Email, p.Identity.Email) && !u.knownAt(p.Identity.Issuer) {
				return u.Name, nil
			}
		}
		return "", errors.Join(err, ErrUnauthenticated)
	})
}

// identified is the name of the user to whom an identity is bound, or empty.
func identified(tx issuer.Tx, i Identity) (string, error) {
	users, err := all[userRecord](tx, issuer.RecordUser)
	for _, u := range users {
		if slices.ContainsFunc(u.Identities, func(o Identity) bool { return o.Issuer == i.Issuer && o.Subject == i.Subject }) {
			return u.Name, nil
		}
	}
	return "", err
}

func (u userRecord) knownAt(provider string) bool {
	return slices.ContainsFunc(u.Identities, func(o Identity) bool { return o.Issuer == provider })
}

// within tells whether a provider may speak for the user: one that belongs to a
// body knows that body's people, and could otherwise make itself a registry
// admin.
func (u userRecord) within(body string) bool {
	return body == "" || !slices.ContainsFunc(u.Grants, func(g Grant) bool { return g.Issuer != body })
}

// signIn makes a session in the act in which find finds the user. The session
// that the browser had before ends: an id that somebody else planted is worth
// nothing.
func (s *Service) signIn(ctx context.Context, by issuer.Actor, p Proof, find func(*issuer.Act) (userRecord, error)) (cookie string, err error) {
	err = s.issuer.Act(ctx, by, func(a *issuer.Act) error {
		u, err := find(a)
		if err != nil {
			return err
		}
		if !u.DisabledAt.IsZero() || p.Identity != nil && !u.within(p.Identity.Body) {
			return ErrUnauthenticated
		}
		u.SignedInAt = a.At()
		if err := put(a.Tx(), issuer.RecordUser, u.Name, u); err != nil {
			return err
		}
		if cookie, err = startSession(a, u.Name, p); err != nil {
			return err
		}
		return a.Log("signin", u.Name, p.kind())
	})
	if err != nil {
		return "", err
	}
	return cookie, nil
}
