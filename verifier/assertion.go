package verifier

import (
	"context"
	"crypto"
	"time"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/internal/strictjson"
	"github.com/employment-passport/passport/internal/trust"
)

// assertion is a stapled status whose signature is good.
type assertion struct {
	state  StatusState
	issued time.Time
	ends   time.Time
	live   bool // not past its end
	listed bool // by a key that the authority's list names
	ahead  bool // signed after the moment of judging
}

// stapled is an assertion as it came, taken apart once; it binds by its hash
// of the credential, never by its place.
type stapled struct {
	token string
	hash  string
}

// staple keeps the assertions that came along. What cannot even be read is
// told and left out.
func (s *session) staple(tokens []string) {
	for _, token := range tokens {
		hash, ok := hashIn(token)
		if !ok || len(s.stapled) >= maxAssertions {
			s.whole(CodeAssertionIgnored, Noted)
			continue
		}
		s.stapled = append(s.stapled, stapled{token: token, hash: hash})
	}
}

// hashIn reads which credential an assertion speaks of, before its signature is
// checked: it only chooses where to look.
func hashIn(token string) (string, bool) {
	h, payload, err := jose.ParseUnverified(token)
	if err != nil || h.Typ != string(jose.TypeStatusAssertion) {
		return "", false
	}
	var c struct {
		Hash string `json:"credential_hash"`
	}
	err = strictjson.UnmarshalChecked(payload, &c)
	return c.Hash, err == nil && c.Hash != ""
}

// assertion verifies what was stapled for this credential and returns the best
// word of it: a revocation, else the newest live one. One with a date ahead,
// or of a key that is not its issuer's status key, is ignored and noted; later
// is the date of one that ends the credential after an explicit moment.
func (p *part) assertion(ctx context.Context, v voice) (best *assertion, later time.Time) {
	for i := range p.stapled {
		st := p.stapled[i]
		if st.hash != p.out.Hash {
			continue
		}
		a := p.openAssertion(ctx, st.token, v)
		if a != nil && a.ahead && p.past(a.issued) && a.state != StatusValid {
			later = a.issued
		}
		if a == nil || a.ahead {
			p.note(CodeAssertionIgnored)
			continue
		}
		best = better(best, a)
	}
	p.tellAssertion(best)
	return best, later
}

func better(a, b *assertion) *assertion {
	switch {
	case a == nil:
		return b
	case a.state == StatusRevoked:
		return a
	case b.state == StatusRevoked, b.live && !a.live, b.live == a.live && b.issued.After(a.issued):
		return b
	}
	return a
}

func (p *part) tellAssertion(a *assertion) {
	switch {
	case a == nil:
	case a.live:
		p.pass(CodeAssertion, "date", day(a.issued), "until", day(a.ends))
	default:
		p.note(CodeAssertionExpired, "date", day(a.issued), "until", day(a.ends))
	}
}

func (p *part) openAssertion(ctx context.Context, token string, v voice) *assertion {
	var by signer
	said, err := trust.ParseAssertion(ctx, token, func(ctx context.Context, _, kid string) (crypto.PublicKey, error) {
		found, q := p.find(ctx, jose.Header{Kid: kid}, nil, forStatus)
		if q != nil {
			return nil, q
		}
		by = found
		return by.key.Public, nil
	})
	if err != nil || said.CredentialHash != p.out.Hash || said.Issuer != by.id {
		return nil
	}
	if by.id != v.issuer && (v.delegate == "" || by.id != v.delegate) || !p.stands(ctx, &by, said.IssuedAt) {
		return nil
	}
	skew := p.v.policy.Skew
	return &assertion{
		state: asserted[said.Status], issued: said.IssuedAt, ends: said.Expires,
		listed: by.listed, live: p.at.Before(said.Expires.Add(skew)), ahead: said.IssuedAt.After(p.at.Add(skew)),
	}
}

var asserted = map[trust.AssertedStatus]StatusState{
	trust.AssertedValid:     StatusValid,
	trust.AssertedRevoked:   StatusRevoked,
	trust.AssertedSuspended: StatusSuspended,
}
