package verifier

import (
	"context"
	"sync"
	"time"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/internal/statuslist"
	"github.com/employment-passport/passport/schema"
)

// maxList bounds the token of a status list, in bytes: 16 M entries of noise.
const maxList = 8 << 20

// verifiedList is a status list whose signature and form are good. Whether its
// issuer may speak for a credential is asked for each credential.
type verifiedList struct {
	token string
	list  *statuslist.List
	by    signer
}

// listCache keeps what was verified, by URL. A token that is byte for byte the
// same needs no second signature check; one that is older than what has been
// seen is a rollback (D10).
type listCache struct {
	mu    sync.Mutex
	lists map[string]verifiedList
}

const maxCachedLists = 4096

func (c *listCache) get(url string) (verifiedList, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	l, ok := c.lists[url]
	return l, ok
}

func (c *listCache) put(url string, l verifiedList) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.lists == nil || len(c.lists) >= maxCachedLists {
		c.lists = make(map[string]verifiedList)
	}
	c.lists[url] = l
}

// list finds, verifies and reads the status list of a URL.
func (s *session) list(ctx context.Context, url string) (verifiedList, *problem) {
	if s.v.cfg.StatusLists == nil || s.v.cfg.Recognition != nil && !s.known {
		return verifiedList{}, undecided(CodeStatusOffline)
	}
	token, _, err := s.v.cfg.StatusLists.StatusList(ctx, url)
	if err != nil {
		return verifiedList{}, undecided(CodeStatusOffline)
	}
	seen, ok := s.v.lists.get(url)
	if ok && seen.token == token {
		return seen, nil
	}
	fresh, p := s.openList(ctx, url, token)
	if p != nil {
		return verifiedList{}, p
	}
	if ok && fresh.list.ValidFrom.Before(seen.list.ValidFrom) {
		return verifiedList{}, undecided(CodeStatusRollback)
	}
	s.v.lists.put(url, fresh)
	return fresh, nil
}

// openList takes a list for good only when a status key of its own issuer,
// never compromised, signed it within the key's window, under the URL that the
// credential names (D02, D04), and when it has no status of its own (D18).
func (s *session) openList(ctx context.Context, url, token string) (verifiedList, *problem) {
	l := verifiedList{token: token}
	_, payload, err := jose.VerifyWithin(ctx, maxList, jose.TypeVC, token, s.keyFunc(forStatus, &l.by))
	if err != nil {
		return l, undecided(CodeStatusInvalid)
	}
	claims, err := readClaims(payload)
	if err != nil || claims.status {
		return l, undecided(CodeStatusInvalid)
	}
	if l.list, err = statuslist.ParseCredential(payload); err != nil {
		return l, listProblem(err)
	}
	switch {
	case l.list.ID != url,
		claims.disagreement(l.list.Issuer, l.list.ID, "") != "",
		l.by.key.State == schema.KeyCompromised,
		l.by.listed && !l.by.key.Covers(l.list.ValidFrom):
		return l, undecided(CodeStatusInvalid)
	}
	l.list.ValidUntil = earliest(l.list.ValidUntil, claims.exp)
	return l, nil
}

// speaksFor tells whether a list may judge a credential of issuer: its own, or
// that of the delegate whom the authority named when the issuer closed. A
// delegate signs in its own name or in that of the closed body.
func (l verifiedList) speaksFor(issuer, delegate string) bool {
	own := l.by.id == issuer && l.list.Issuer == issuer
	delegated := delegate != "" && l.by.id == delegate && (l.list.Issuer == issuer || l.list.Issuer == delegate)
	return own || delegated
}

// ended tells whether the list is past its own end.
func (l verifiedList) ended(at time.Time, skew time.Duration) bool {
	return !l.list.ValidUntil.IsZero() && !at.Before(l.list.ValidUntil.Add(skew))
}
