package trust

import (
	"context"
	"crypto"
	"encoding/json"
	"strings"
	"time"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/internal/strictjson"
)

// MaxDelegation is the longest life of a signing key's delegation: a root that
// sleeps in a safe must be woken at least every quarter.
const MaxDelegation = 90 * 24 * time.Hour

// The uses of a delegation.
const (
	// UseSign lets a key sign bundles and recognition lists.
	UseSign = "sign"
	// UseRoot hands over to a new root. It has no end: whoever pinned the first
	// root must still find the way years later.
	UseRoot = "root"
)

// Delegation is a root's word for another key (passport-delegation+jwt).
type Delegation struct {
	Authority string // DID of the authority
	Name      string // its name, as reports show it
	Use       string // UseSign or UseRoot
	KID       string // DID URL that the key signs under
	Key       crypto.PublicKey
	IssuedAt  time.Time
	Expires   time.Time // at most MaxDelegation later; zero for UseRoot

	// Countries (ISO 3166-1 alpha-2) and Schemas (names or ids) bound whom the
	// key may recognise, and for what; empty is no bound.
	Countries, Schemas []string
}

// delegationClaims is the payload; the order is the order on the wire.
type delegationClaims struct {
	Iss       string          `json:"iss"`
	Iat       int64           `json:"iat"`
	Exp       int64           `json:"exp,omitempty"`
	Use       string          `json:"use"`
	Kid       string          `json:"kid"`
	Key       json.RawMessage `json:"key"`
	Root      json.RawMessage `json:"root"`
	Name      string          `json:"name,omitempty"`
	Countries []string        `json:"countries,omitempty"`
	Schemas   []string        `json:"schemas,omitempty"`
}

// SignDelegation signs d with a root. It refuses what a verifier would refuse.
func SignDelegation(ctx context.Context, root crypto.Signer, d Delegation) (string, error) {
	key, err := publicJWK(d.Key)
	if err != nil {
		return "", err
	}
	rootKey, err := publicJWK(root.Public())
	if err != nil {
		return "", err
	}
	if err := d.check(rootKey.Thumbprint(), key.Thumbprint()); err != nil {
		return "", err
	}
	c := delegationClaims{
		Iss: d.Authority, Iat: d.IssuedAt.Unix(), Use: d.Use, Kid: d.KID, Name: d.Name,
		Key: mustMarshal(key), Root: mustMarshal(rootKey), Countries: d.Countries, Schemas: d.Schemas,
	}
	if !d.Expires.IsZero() {
		c.Exp = d.Expires.Unix()
	}
	payload, err := marshal(c)
	if err != nil {
		return "", err
	}
	return jose.Sign(ctx, jose.TypeDelegation, d.Authority+"#root", root, payload)
}

// check holds what makes a delegation one, whoever signed it.
func (d Delegation) check(root, key string) error {
	life := d.Expires.Sub(d.IssuedAt)
	switch {
	case d.Use != UseSign && d.Use != UseRoot:
		return refuse(CodeDelegation, "use %q is not known", d.Use)
	case key == root:
		return refuse(CodeDelegation, "a root delegates to another key, never to itself")
	case !strings.HasPrefix(d.KID, d.Authority+"#"):
		return refuse(CodeKid, "%q is not a key of %s", d.KID, d.Authority)
	case d.IssuedAt.Unix() <= 0:
		return refuse(CodeDates, "a delegation says when it was given")
	case d.Use == UseRoot && d.Expires.IsZero():
		return nil
	case life <= 0:
		return refuse(CodeDates, "a delegation ends after it begins")
	case life > MaxDelegation:
		return refuse(CodeDelegation, "a delegation lives at most 90 days, this one %d", life/(24*time.Hour))
	}
	return nil
}

// grant is a delegation that hangs on the pinned root.
type grant struct {
	Delegation
	thumbprint string
}

// covers tells whether the delegation was alive at that moment.
func (g *grant) covers(at time.Time) bool {
	return !at.Before(g.IssuedAt) && (g.Expires.IsZero() || !at.After(g.Expires))
}

// readDelegation verifies one token of the chain by a root that is trusted.
func readDelegation(token string, roots map[string]*rootKey) (*grant, *rootKey, error) {
	var by *rootKey
	_, payload, err := jose.Verify(context.Background(), jose.TypeDelegation, token,
		func(_ context.Context, _ jose.Header, unverified []byte) (crypto.PublicKey, error) {
			var c struct {
				Root json.RawMessage `json:"root"`
			}
			if err := strictjson.UnmarshalChecked(unverified, &c); err != nil {
				return nil, refuse(CodeFormat, "root").because(err)
			}
			jwk, err := jose.ParseJWK(c.Root)
			if err != nil {
				return nil, refuse(CodeKey, "root").because(err)
			}
			if by = roots[jwk.Thumbprint()]; by == nil {
				return nil, errForeignRoot
			}
			return jwk.Public(), nil
		})
	if err != nil {
		return nil, nil, signatureError(err)
	}
	g, err := parseDelegation(payload, by)
	return g, by, err
}

// DelegationLife reads from when until when a delegation of one's own counts,
// with no check of its signature.
func DelegationLife(token string) (from, until time.Time, err error) {
	var c delegationClaims
	_, payload, err := jose.ParseUnverified(token)
	if err == nil {
		err = strictjson.UnmarshalChecked(payload, &c)
	}
	if err != nil {
		return time.Time{}, time.Time{}, signatureError(err)
	}
	return unix(c.Iat), unix(c.Exp), nil
}

func parseDelegation(payload []byte, by *rootKey) (*grant, error) {
	var c delegationClaims
	if err := strictjson.UnmarshalChecked(payload, &c); err != nil {
		return nil, refuse(CodeFormat, "delegation").because(err)
	}
	jwk, err := jose.ParseJWK(c.Key)
	if err != nil {
		return nil, refuse(CodeKey, "key").because(err)
	}
	g := &grant{thumbprint: jwk.Thumbprint(), Delegation: Delegation{
		Authority: c.Iss, Name: c.Name, Use: c.Use, KID: c.Kid, Key: jwk.Public(),
		IssuedAt: unix(c.Iat), Expires: unix(c.Exp), Countries: c.Countries, Schemas: c.Schemas,
	}}
	return g, g.check(by.thumbprint, g.thumbprint)
}
