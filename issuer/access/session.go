package access

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"time"

	"github.com/employment-passport/passport/issuer"
)

// How long a session lives (ASVS 7.3: an absolute and an idle end).
const (
	SessionLife = 8 * time.Hour
	SessionIdle = 30 * time.Minute

	// seenEvery is how often the last request is written down, so that not every
	// one is a write. A session may end that much before SessionIdle.
	seenEvery = 5 * time.Minute
)

// Session is a sign-in that lasts.
type Session struct {
	StartedAt time.Time
	SeenAt    time.Time
	EndsAt    time.Time
	By        string // passkey or openid
	This      bool   // the one that asks
}

type sessionRecord struct {
	User      string    `json:"user"`
	By        string    `json:"by"`
	StartedAt time.Time `json:"startedAt"`
	SeenAt    time.Time `json:"seenAt"`
}

func (r sessionRecord) good(at time.Time) bool {
	return r.User != "" && at.Before(r.StartedAt.Add(SessionLife)) && at.Before(r.SeenAt.Add(SessionIdle))
}

// sessionKey is the key of a session's record: the hash of the cookie, so that
// a copy of the store opens no session.
func sessionKey(cookie string) string {
	h := sha256.Sum256([]byte(cookie))
	return hex.EncodeToString(h[:])
}

// cookieLength is that of 256 random bits in base64url.
const cookieLength = 43

// startSession makes a session, and sweeps out those that have ended.
func startSession(a *issuer.Act, user string, p Proof) (cookie string, err error) {
	before := sessionKey(p.Before)
	if err := a.Tx().DeleteRecord(issuer.RecordSession, before); err != nil {
		return "", err
	}
	if err := drop(a.Tx(), issuer.RecordSession, func(r sessionRecord) bool { return !r.good(a.At()) }); err != nil {
		return "", err
	}
	b := make([]byte, 32)
	rand.Read(b) // never fails, see crypto/rand
	cookie = base64.RawURLEncoding.EncodeToString(b)
	r := sessionRecord{User: user, By: p.kind(), StartedAt: a.At(), SeenAt: a.At()}
	return cookie, put(a.Tx(), issuer.RecordSession, sessionKey(cookie), r)
}

// FromSession returns the principal of a session's cookie, or ErrUnauthenticated.
func (s *Service) FromSession(ctx context.Context, cookie string) (Principal, error) {
	if len(cookie) != cookieLength {
		return Principal{}, ErrUnauthenticated
	}
	key, now := sessionKey(cookie), s.now()
	var seen time.Time
	p, err := view(ctx, s, func(tx issuer.Tx) (Principal, error) {
		r, u, err := session(tx, key, now)
		seen = r.SeenAt
		return u.principal(), err
	})
	if err != nil {
		return Principal{}, err
	}
	if now.Sub(seen) >= seenEvery {
		s.noteSeen(ctx, key, now)
	}
	return p, nil
}

// session reads a session and its user; ErrUnauthenticated when it is over.
func session(tx issuer.Tx, key string, now time.Time) (r sessionRecord, u userRecord, err error) {
	if r, err = get[sessionRecord](tx, issuer.RecordSession, key); err != nil || !r.good(now) {
		return r, u, unauthenticated(err)
	}
	if u, err = get[userRecord](tx, issuer.RecordUser, r.User); err != nil || !u.DisabledAt.IsZero() {
		return r, u, unauthenticated(err)
	}
	return r, u, nil
}

// noteSeen writes that a session is in use. A store that cannot be written ends
// nobody's session before its time, so the error is nobody's.
func (s *Service) noteSeen(ctx context.Context, key string, now time.Time) {
	_ = s.store.Update(ctx, func(tx issuer.Tx) error {
		r, err := get[sessionRecord](tx, issuer.RecordSession, key) // it may have ended meanwhile
		if err != nil || !r.SeenAt.Before(now) {
			return err
		}
		r.SeenAt = now
		return put(tx, issuer.RecordSession, key, r)
	})
}

// SignOut ends a session. One that has ended is no error.
func (s *Service) SignOut(ctx context.Context, cookie string) error {
	p, err := s.FromSession(ctx, cookie)
	if errors.Is(err, ErrUnauthenticated) {
		return nil
	} else if err != nil {
		return err
	}
	return s.issuer.Act(ctx, p.Actor, func(a *issuer.Act) error {
		if err := a.Tx().DeleteRecord(issuer.RecordSession, sessionKey(cookie)); err != nil {
			return err
		}
		return a.Log("signout", p.ID, "")
	})
}

// SignOutEverywhere ends all sessions of a user, the one that asks among them.
func (s *Service) SignOutEverywhere(ctx context.Context, p Principal) error {
	return s.issuer.Act(ctx, p.Actor, func(a *issuer.Act) error {
		if err := drop(a.Tx(), issuer.RecordSession, func(r sessionRecord) bool { return r.User == p.ID }); err != nil {
			return err
		}
		return a.Log("signout", p.ID, "everywhere")
	})
}

// Sessions returns the sessions of the user whose cookie it is.
func (s *Service) Sessions(ctx context.Context, cookie string) ([]Session, error) {
	this, now := sessionKey(cookie), s.now()
	return view(ctx, s, func(tx issuer.Tx) (mine []Session, err error) {
		own, _, err := session(tx, this, now)
		if err != nil {
			return nil, err
		}
		keys, err := keysOf(tx, issuer.RecordSession, func(r sessionRecord) bool { return r.User == own.User && r.good(now) })
		for _, key := range keys {
			r, err := get[sessionRecord](tx, issuer.RecordSession, key)
			if err != nil {
				return nil, err
			}
			mine = append(mine, Session{StartedAt: r.StartedAt, SeenAt: r.SeenAt, EndsAt: r.StartedAt.Add(SessionLife), By: r.By, This: key == this})
		}
		return mine, err
	})
}

// CookieName is the name of the session's cookie. With the prefix a browser takes
// it from this host alone, for its whole path and over https (RFC 6265bis 4.1.3);
// a service on loopback without https has to do without.
func CookieName(secure bool) string {
	if secure {
		return "__Host-passport"
	}
	return "passport"
}
