package oid4vci

import (
	"context"
	"crypto"
	"encoding/json"
	"errors"
	"time"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/internal/strictjson"
)

// ProofAge is how far the time in a proof may be from ours, before or after. The
// nonce proves that a proof is fresh; the time only has to be an honest clock's,
// and those of old phones are minutes off.
const ProofAge = 10 * time.Minute

// ProofAlgorithms are those that a proof may be signed with.
var ProofAlgorithms = []string{"ES256", "ES384", "ES512", "EdDSA"}

// Expected is what a proof must be made for.
type Expected struct {
	Issuer string // identifier of the credential issuer
	Client string // client_id at the token endpoint; empty is anonymous
	Now    time.Time
	// Key finds the key that a kid, a DID URL, names for authentication.
	Key func(kid string) (crypto.PublicKey, error)
}

// Proof is a key whose possession has been proved. The nonce is still to be
// used up by the caller: once for all proofs of a request.
type Proof struct {
	Kid   string // empty where the key stood in the proof itself
	Key   crypto.PublicKey
	Nonce string
}

// CheckProof verifies a proof of type jwt (appendix F.1, F.4): its type, its
// signature by the one key that kid or jwk names, its audience, time and form.
// x5c is refused: no issuer of ours knows whom a certificate would stand for.
// Its error is an *Error with invalid_proof.
func CheckProof(ctx context.Context, token string, want Expected) (Proof, error) {
	var p Proof
	_, payload, err := jose.VerifyWithin(ctx, MaxProof, jose.TypeProof, token,
		func(_ context.Context, h jose.Header, _ []byte) (_ crypto.PublicKey, err error) {
			p.Kid = h.Kid
			p.Key, err = proofKey(h, want.Key)
			return p.Key, err
		})
	var bad *jose.Error
	switch {
	case errors.As(err, &bad) && bad.Code == jose.CodeHeader:
		return Proof{}, refuse(CodeInvalidProof, "the key must be named by kid or stand in jwk; x5c and addresses of keys are not taken")
	case errors.As(err, &bad):
		return Proof{}, refuse(CodeInvalidProof, "the proof is refused: %s", bad.Code)
	case err != nil:
		return Proof{}, refuse(CodeInvalidProof, "the proof's key cannot be used")
	}
	p.Nonce, err = judgeClaims(payload, want)
	return p, err
}

var errOneKey = errors.New("needs kid or jwk, and not both")

func proofKey(h jose.Header, find func(string) (crypto.PublicKey, error)) (crypto.PublicKey, error) {
	switch {
	case (h.Kid == "") == (h.JWK == ""):
		return nil, errOneKey
	case h.Kid != "":
		return find(h.Kid)
	}
	key, err := jose.ParseJWK([]byte(h.JWK)) // refuses private members (appendix F.4)
	if err != nil {
		return nil, err
	}
	return key.Public(), nil
}

// judgeClaims holds what a proof says against what is expected and returns its
// nonce.
func judgeClaims(payload []byte, want Expected) (string, error) {
	var c struct {
		Iss   *string         `json:"iss"`
		Aud   json.RawMessage `json:"aud"`
		Iat   json.RawMessage `json:"iat"`
		Nonce string          `json:"nonce"`
	}
	if err := strictjson.UnmarshalChecked(payload, &c); err != nil {
		return "", refuse(CodeInvalidProof, "a claim of the wrong form")
	}
	switch {
	case !audience(c.Aud, want.Issuer):
		return "", refuse(CodeInvalidProof, "aud is not this credential issuer alone")
	case !timely(c.Iat, want.Now):
		return "", refuse(CodeInvalidProof, "iat is missing or not now")
	case c.Iss != nil && (want.Client == "" || *c.Iss != want.Client):
		// Appendix F.1: to be left out by a client that was anonymous.
		return "", refuse(CodeInvalidProof, "iss is not the client of the token")
	case !short(c.Nonce):
		return "", refuse(CodeInvalidProof, "nonce is missing")
	}
	return c.Nonce, nil
}

// audience: a text, or a list that names nobody else (G04).
func audience(raw json.RawMessage, want string) bool {
	var one string
	if json.Unmarshal(raw, &one) == nil {
		return one == want
	}
	var many []string
	return json.Unmarshal(raw, &many) == nil && len(many) == 1 && many[0] == want
}

// timely takes whole seconds around now.
func timely(raw json.RawMessage, now time.Time) bool {
	var iat int64
	if len(raw) == 0 || json.Unmarshal(raw, &iat) != nil {
		return false
	}
	return now.Sub(time.Unix(iat, 0)).Abs() <= ProofAge
}
