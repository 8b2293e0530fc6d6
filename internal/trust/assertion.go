package trust

import (
	"context"
	"crypto"
	"encoding/base64"
	"strings"
	"time"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/internal/strictjson"
)

// AssertedStatus is what a status assertion says: 0x00 valid, 0x01 invalid
// (revoked), 0x02 suspended, the status types of Token Status List (section 7)
// and of the implementations of the assertions draft.
type AssertedStatus string

// The statuses.
const (
	AssertedValid     AssertedStatus = "0x00"
	AssertedRevoked   AssertedStatus = "0x01"
	AssertedSuspended AssertedStatus = "0x02"
)

// MaxAssertionLife is the longest life of an assertion: that of a status list.
const MaxAssertionLife = 45 * 24 * time.Hour

// Assertion is the issuer's dated word on one credential, to be shown together
// with it (a profile of draft-demarco-oauth-status-assertions).
type Assertion struct {
	Issuer         string // DID
	IssuedAt       time.Time
	Expires        time.Time
	CredentialHash string // jose.CredentialHash of the token
	Status         AssertedStatus
}

// assertionClaims is the payload. The dictionary of printed codes knows this
// order and these names: they never change.
type assertionClaims struct {
	Iss     string `json:"iss"`
	Iat     int64  `json:"iat"`
	Exp     int64  `json:"exp"`
	Hash    string `json:"credential_hash"`
	HashAlg string `json:"credential_hash_alg"`
	Status  string `json:"credential_status_type"`
}

const assertionHashAlg = "sha-256"

// SignAssertion signs a with the issuer's status key, under its DID URL kid.
func SignAssertion(ctx context.Context, kid string, key crypto.Signer, a Assertion) (string, error) {
	if err := a.check(kid); err != nil {
		return "", err
	}
	payload, err := marshal(assertionClaims{
		Iss: a.Issuer, Iat: a.IssuedAt.Unix(), Exp: a.Expires.Unix(),
		Hash: a.CredentialHash, HashAlg: assertionHashAlg, Status: string(a.Status),
	})
	if err != nil {
		return "", err
	}
	return jose.Sign(ctx, jose.TypeStatusAssertion, kid, key, payload)
}

// ParseAssertion verifies an assertion with the key that key finds: it must be
// a status key of that issuer (schema.KeyForStatus), and where its window or
// state matters it is key's to judge. Whether the dates fit is the caller's.
func ParseAssertion(ctx context.Context, token string, key func(ctx context.Context, issuer, kid string) (crypto.PublicKey, error)) (Assertion, error) {
	var c assertionClaims
	h, _, err := jose.Verify(ctx, jose.TypeStatusAssertion, token,
		func(ctx context.Context, h jose.Header, unverified []byte) (crypto.PublicKey, error) {
			if err := strictjson.UnmarshalChecked(unverified, &c); err != nil {
				return nil, refuse(CodeFormat, "status assertion").because(err)
			}
			return key(ctx, c.Iss, h.Kid)
		})
	if err != nil {
		return Assertion{}, err
	}
	if c.HashAlg != assertionHashAlg {
		return Assertion{}, refuse(CodeFormat, "credential_hash_alg %q", c.HashAlg)
	}
	a := Assertion{
		Issuer: c.Iss, IssuedAt: unix(c.Iat), Expires: unix(c.Exp),
		CredentialHash: c.Hash, Status: AssertedStatus(c.Status),
	}
	if err := a.check(h.Kid); err != nil {
		return Assertion{}, err
	}
	return a, nil
}

// check holds what makes an assertion one, whoever made it.
func (a Assertion) check(kid string) error {
	sum, err := base64.RawURLEncoding.Strict().DecodeString(a.CredentialHash)
	life := a.Expires.Sub(a.IssuedAt)
	switch {
	case err != nil || len(sum) != 32:
		return refuse(CodeFormat, "credential_hash")
	case a.IssuedAt.Unix() <= 0 || life <= 0 || life > MaxAssertionLife:
		return refuse(CodeDates, "an assertion lives from its iat for at most 45 days")
	case !strings.HasPrefix(kid, a.Issuer+"#"):
		return refuse(CodeKid, "%q is not a key of %s", kid, a.Issuer)
	case a.Status != AssertedValid && a.Status != AssertedRevoked && a.Status != AssertedSuspended:
		return refuse(CodeState, "status %q", a.Status)
	}
	return nil
}
