package verifier

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/employment-passport/passport/internal/did"
	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/internal/statuslist"
)

// maxList bounds the token of a status list, in bytes: 16 M entries of noise.
const maxList = 8 << 20

// StatusListCopies is what a StatusLists may offer as well: every copy of a
// list that it has by that issuer or its delegate (empty: there is none), or,
// without any, by others, in no order. Two copies never weaken each other: a
// revocation in any of them is final, otherwise the newest answers, and one
// that does not stand up is as if it were not there. It returns
// ErrStatusUnknown when it has none.
type StatusListCopies interface {
	StatusListCopies(ctx context.Context, url, issuer, delegate string) (tokens []string, err error)
}

// voice is who may speak of a credential's status: its issuer, and the
// delegate whom the authority named when the issuer closed (empty: nobody).
type voice struct{ issuer, delegate string }

// own: the issuer in its own name.
func (v voice) own(l *verifiedList) bool { return l.by.id == v.issuer && l.list.Issuer == v.issuer }

// delegated: a delegate signs in its own name or in that of the closed body.
func (v voice) delegated(l *verifiedList) bool {
	return v.delegate != "" && l.by.id == v.delegate && (l.list.Issuer == v.issuer || l.list.Issuer == v.delegate)
}

// copies are the lists of one URL that stand today.
type copies struct {
	given []*verifiedList // what the source has now: these answer
	seen  []*verifiedList // what it had before: these only revoke
}

// lists finds, verifies and reads the status lists of a URL. The problem says
// why none was given.
func (s *session) lists(ctx context.Context, url string, v voice) (c copies, why *problem) {
	if s.v.cfg.StatusLists == nil || s.v.cfg.Recognition != nil && !s.known {
		return c, undecided(CodeStatusOffline)
	}
	before := s.v.lists.at(url, v)
	for _, token := range s.copiesOf(ctx, url, v) {
		l, p := s.listOf(ctx, url, token, before)
		if p != nil {
			why = p
			continue
		}
		c.given = append(c.given, l)
	}
	for _, l := range before {
		if !slices.Contains(c.given, l) && s.listStands(ctx, l) {
			c.seen = append(c.seen, l)
		}
	}
	if len(c.given) == 0 && why == nil {
		why = undecided(CodeStatusOffline)
	}
	return c, why
}

func (s *session) copiesOf(ctx context.Context, url string, v voice) []string {
	source := s.v.cfg.StatusLists
	if many, ok := source.(StatusListCopies); ok {
		tokens, err := many.StatusListCopies(ctx, url, v.issuer, v.delegate)
		if err != nil {
			return nil
		}
		return tokens[:min(len(tokens), maxCopies)]
	}
	token, _, err := source.StatusList(ctx, url)
	if err != nil {
		return nil
	}
	return []string{token}
}

// listOf opens one copy, or finds it among those opened before.
func (s *session) listOf(ctx context.Context, url, token string, before []*verifiedList) (*verifiedList, *problem) {
	for _, l := range before {
		if l.token != token {
			continue
		}
		if !s.listStands(ctx, l) {
			return nil, undecided(CodeStatusInvalid)
		}
		return l, nil
	}
	l, p := s.openList(ctx, url, token)
	if p == nil {
		s.v.lists.add(url, l)
	}
	return l, p
}

// openList takes a list for good only when a status key of its own issuer,
// never compromised, signed it within the key's window, under the URL that the
// credential names (D02, D04), and when it has no status of its own (D18).
func (s *session) openList(ctx context.Context, url, token string) (*verifiedList, *problem) {
	l := &verifiedList{token: token}
	h, payload, err := jose.VerifyWithin(ctx, maxList, jose.TypeVC, token, s.keyFunc(forStatus, &l.by))
	if err != nil {
		return nil, undecided(CodeStatusInvalid)
	}
	l.kid = h.Kid
	claims, err := readClaims(payload)
	if err != nil || claims.status {
		return nil, undecided(CodeStatusInvalid)
	}
	if l.list, err = statuslist.ParseCredential(payload); err != nil {
		return nil, listProblem(err)
	}
	switch {
	case l.list.ID != url,
		claims.disagreement(l.list.Issuer, l.list.ID, "") != "",
		!s.stands(ctx, &l.by, l.date()):
		return nil, undecided(CodeStatusInvalid)
	}
	l.list.ValidUntil = earliest(l.list.ValidUntil, claims.exp)
	return l, nil
}

// listStands asks again for the key of a list that was opened before: what the
// authority says of it may have changed since.
func (s *session) listStands(ctx context.Context, l *verifiedList) bool {
	by, p := s.keyOf(ctx, l.by.id, l.kid, forStatus)
	return p == nil && by.key.Thumbprint == l.by.key.Thumbprint && s.stands(ctx, &by, l.date())
}

// heard keeps the lists that may judge a credential of that voice. Once a
// delegate has signed, what a closed body's own key signs later is nobody's
// word.
func (c copies) heard(v voice) copies {
	var first time.Time
	for _, lists := range [][]*verifiedList{c.given, c.seen} {
		for _, l := range lists {
			if v.delegated(l) && (first.IsZero() || l.date().Before(first)) {
				first = l.date()
			}
		}
	}
	deaf := func(l *verifiedList) bool {
		return !v.delegated(l) && (!v.own(l) || !first.IsZero() && l.date().After(first))
	}
	c.given = slices.DeleteFunc(slices.Clone(c.given), deaf)
	c.seen = slices.DeleteFunc(slices.Clone(c.seen), deaf)
	return c
}

// newest of lists, those that are dated ahead of limit last. Nil without any.
func newest(lists []*verifiedList, limit time.Time) *verifiedList {
	var best *verifiedList
	for _, l := range lists {
		if best == nil {
			best = l
			continue
		}
		ahead, was := l.date().After(limit), best.date().After(limit)
		if was && !ahead || was == ahead && l.date().After(best.date()) {
			best = l
		}
	}
	return best
}

// foreign judges a list of somebody else at the credential's address. In a
// space of its issuer, or of the recognised body that signed the list, the
// credential names a list that is not its issuer's (D03). Where nobody lives
// anybody can put one, which says nothing of the credential.
func foreign(url string, v voice, lists []*verifiedList) *problem {
	for _, l := range lists {
		if l.by.listed && (owns(v.issuer, url) || owns(l.by.id, url)) {
			return failed(CodeStatusIssuer)
		}
	}
	return undecided(CodeStatusIssuer)
}

// owns tells whether url lies in the space of a did:web.
func owns(id, url string) bool {
	document, err := did.WebURL(id)
	if err != nil {
		return false
	}
	base := strings.TrimSuffix(strings.TrimSuffix(document, "/did.json"), "/.well-known")
	return strings.HasPrefix(url, base+"/")
}

// ended tells whether the list is past its own end.
func (l *verifiedList) ended(at time.Time, skew time.Duration) bool {
	return !l.list.ValidUntil.IsZero() && !at.Before(l.list.ValidUntil.Add(skew))
}
