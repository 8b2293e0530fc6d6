package access

import (
	"context"
	"errors"
	"slices"

	"github.com/employment-passport/passport/issuer"
)

// What a door answers by: 401, 403 and 404.
var (
	// ErrUnauthenticated says that nobody is behind the request: no secret, a
	// wrong one, or one that has ended. It never says which.
	ErrUnauthenticated = errors.New("not authenticated")

	// ErrForbidden says that the principal is known at that issuer and may not do
	// this.
	ErrForbidden = errors.New("forbidden")

	// ErrNotHere says that the principal has no business with that issuer at all.
	// It is shown like a thing that does not exist (J08).
	ErrNotHere = errors.New("not here")
)

// Grant is a role at one issuer.
type Grant struct {
	Issuer string `json:"issuer,omitempty"` // name of the IssuerRecord; empty is every issuer
	Role   Role   `json:"role"`
}

// Principal is whoever is behind a request, as Service has found them. Its zero
// value may do nothing.
type Principal struct {
	ID     string // of the user or the API key
	Name   string // for people
	Actor  issuer.Actor
	Grants []Grant
	ViaKey bool // a program with an API key, not a person with a session
}

// may tells whether a grant allows the act. Approving is looking, which takes a
// person: a program's key is nobody's second pair of eyes, and whoever works with
// two keys would be two.
func (p Principal) may(g Grant, act Act) bool {
	return g.Role.may(act) && !(act == ActApprove && p.ViaKey)
}

// May returns nil when the principal may do act to what belongs to the issuer;
// an empty issuer is the home itself, for which only a grant over every issuer
// counts. The error is ErrForbidden or ErrNotHere.
func (p Principal) May(act Act, issuer string) error {
	err := ErrNotHere
	if issuer == "" {
		err = ErrForbidden // that the home is there is no secret
	}
	for _, g := range p.Grants {
		if g.Issuer != "" && g.Issuer != issuer {
			continue
		}
		if p.may(g, act) {
			return nil
		}
		err = ErrForbidden
	}
	return err
}

// Issuers returns the names of the issuers for which the principal may do act,
// in order, or all when it may for every issuer.
func (p Principal) Issuers(act Act) (names []string, all bool) {
	for _, g := range p.Grants {
		switch {
		case !p.may(g, act):
		case g.Issuer == "":
			return nil, true
		case !slices.Contains(names, g.Issuer):
			names = append(names, g.Issuer)
		}
	}
	slices.Sort(names)
	return names, false
}

type contextKey struct{}

// With returns a context that carries the principal of a request.
func With(ctx context.Context, p Principal) context.Context {
	return context.WithValue(ctx, contextKey{}, p)
}

// From returns the principal of a request, if it has one.
func From(ctx context.Context) (Principal, bool) {
	p, ok := ctx.Value(contextKey{}).(Principal)
	return p, ok
}
