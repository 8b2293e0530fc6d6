package wallet

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/internal/strictjson"
)

// Assertion is a status assertion: the issuer's dated word on one credential,
// kept beside it so that a verifier who never synchronised has a date too.
// The wallet reads it and does not judge it; verifiers do.
type Assertion struct {
	Token    string
	Hash     string // of the credential that it speaks of
	IssuedAt time.Time
	Expires  time.Time
}

// skew is how far ahead an issuer's clock may be.
const skew = 60 * time.Second

// errNotAssertion: a token of another kind, or one without the claims.
var errNotAssertion = errors.New("not a status assertion")

// parseAssertion reads the claims that bind and date a status assertion
// (draft-demarco-oauth-status-assertions, our profile in trust.go).
func parseAssertion(token string) (Assertion, error) {
	head, payload, err := jose.ParseUnverified(token)
	if err != nil {
		return Assertion{}, err
	}
	if jose.Type(head.Typ) != jose.TypeStatusAssertion {
		return Assertion{}, fmt.Errorf("%w: typ %q", errNotAssertion, head.Typ)
	}
	var claims struct {
		Hash string `json:"credential_hash"`
		Iat  int64  `json:"iat"`
		Exp  int64  `json:"exp"`
	}
	if err := strictjson.Unmarshal(payload, &claims); err != nil {
		return Assertion{}, fmt.Errorf("%w: %w", errNotAssertion, err)
	}
	if claims.Hash == "" || claims.Iat <= 0 || claims.Exp <= claims.Iat {
		return Assertion{}, errNotAssertion
	}
	return Assertion{
		Token: token, Hash: claims.Hash,
		IssuedAt: time.Unix(claims.Iat, 0).UTC(), Expires: time.Unix(claims.Exp, 0).UTC(),
	}, nil
}

func (a Assertion) live(now time.Time) bool {
	return now.Before(a.Expires) && !a.IssuedAt.After(now.Add(skew))
}

// LiveAssertion is the newest status assertion of h that still counts.
func (h Held) LiveAssertion(now time.Time) (Assertion, bool) {
	for _, a := range h.Assertions {
		if a.live(now) {
			return a, true
		}
	}
	return Assertion{}, false
}

// keptAssertions bounds what is kept for one credential: the newest, and the
// one before it in case the newest turns out to be unreadable to a verifier.
const keptAssertions = 2

// staple adds a to h; an assertion of another credential is not its.
func (h *Held) staple(a Assertion) bool {
	known := slices.ContainsFunc(h.Assertions, func(b Assertion) bool { return b.Token == a.Token })
	if a.Hash != h.Hash || known {
		return false
	}
	newer := 0
	for newer < len(h.Assertions) && !h.Assertions[newer].IssuedAt.Before(a.IssuedAt) {
		newer++
	}
	all := append(append(h.Assertions[:newer:newer], a), h.Assertions[newer:]...)
	h.Assertions = all[:min(len(all), keptAssertions)]
	return true
}
