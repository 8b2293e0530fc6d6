package issuerweb

import (
	"context"
	"crypto/subtle"

	"github.com/coreos/go-oidc/v3/oidc"

	"github.com/employment-passport/passport/issuer/access"
)

// algorithms that an ID token may be signed with: no symmetric one, whose key
// would be the client's secret, and none at all neither.
var algorithms = []string{oidc.ES256, oidc.ES384, oidc.RS256, oidc.PS256, oidc.EdDSA}

// judged is who an ID token speaks of.
func (o *openID) judged(ctx context.Context, p *oidc.Provider, raw, nonce string) (*access.Identity, error) {
	verifier := p.VerifierContext(o.with(ctx), &oidc.Config{ClientID: o.ClientID, SupportedSigningAlgs: algorithms, Now: o.now})
	token, err := verifier.Verify(o.with(ctx), raw)
	if err != nil || subtle.ConstantTimeCompare([]byte(token.Nonce), []byte(nonce)) != 1 {
		return nil, access.ErrUnauthenticated
	}
	var claims struct {
		Party    string `json:"azp"`
		Email    string `json:"email"`
		Verified any    `json:"email_verified"` // some say "true"
	}
	if err := token.Claims(&claims); err != nil || token.Subject == "" || len(token.Subject) > 255 {
		return nil, access.ErrUnauthenticated
	}
	if len(token.Audience) > 1 && claims.Party != o.ClientID || claims.Party != "" && claims.Party != o.ClientID {
		return nil, access.ErrUnauthenticated // 3.1.3.7 points 4 and 5
	}
	who := &access.Identity{Issuer: token.Issuer, Subject: token.Subject, Body: o.Body}
	if claims.Verified == true || claims.Verified == "true" {
		who.Email = claims.Email
	}
	return who, nil
}
