package trust

import (
	"context"
	"crypto"
	"encoding/json"
	"slices"
	"time"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/internal/strictjson"
	"github.com/employment-passport/passport/schema"
)

// Types and contexts of a recognition list. RecognizedEntityCredential is the
// W3C working draft "Recognized Entities v1.0" (2026); it has no published
// context yet, so the terms get theirs from the data model's own context for
// undefined terms (VCDM 2.0, B.2).
const (
	typeRecognition       = "RecognizedEntityCredential"
	typePassport          = "PassportRecognition"
	recognitionVersion    = 1
	contextCredentials    = "https://www.w3.org/ns/credentials/v2"
	contextUndefinedTerms = "https://www.w3.org/ns/credentials/undefined-terms/v2"
)

// Bounds of a recognition list.
const (
	MaxEntities   = 20_000
	MaxEntityKeys = 256 // two keys rotated every month for ten years
)

// Recognition is a recognition list: a VC that says who may issue what, since
// when, until when, with which keys in which state.
type Recognition struct {
	Issuer     string // DID of the authority
	Name       string
	ValidFrom  time.Time
	ValidUntil time.Time
	Entities   []schema.Entity
}

type recognitionJSON struct {
	Context           []string        `json:"@context"`
	Type              []string        `json:"type"`
	Issuer            recogniserJSON  `json:"issuer"`
	ValidFrom         string          `json:"validFrom"`
	ValidUntil        string          `json:"validUntil"`
	Version           int             `json:"passportRecognition"`
	CredentialSubject json.RawMessage `json:"credentialSubject"`
}

type recogniserJSON struct {
	ID   string `json:"id"`
	Type string `json:"type"`
	Name string `json:"name,omitempty"`
}

// Sign makes the list's token (vc+jwt). kid is the signing key's DID URL.
func (r Recognition) Sign(ctx context.Context, kid string, key crypto.Signer) (string, error) {
	subjects := make([]entityJSON, 0, len(r.Entities))
	for _, e := range r.Entities {
		s, err := writeEntity(r.Issuer, e)
		if err != nil {
			return "", err
		}
		subjects = append(subjects, s)
	}
	list, err := marshal(subjects)
	if err != nil {
		return "", err
	}
	payload, err := marshal(recognitionJSON{
		Context:           []string{contextCredentials, contextUndefinedTerms},
		Type:              []string{"VerifiableCredential", typeRecognition, typePassport},
		Issuer:            recogniserJSON{ID: r.Issuer, Type: "RecognizedIssuer", Name: r.Name},
		ValidFrom:         r.ValidFrom.UTC().Format(time.RFC3339),
		ValidUntil:        r.ValidUntil.UTC().Format(time.RFC3339),
		Version:           recognitionVersion,
		CredentialSubject: list,
	})
	if err != nil {
		return "", err
	}
	return jose.Sign(ctx, jose.TypeVC, kid, key, payload)
}

// readRecognition verifies one list of a bundle. It must speak for the bundle's
// authority, by a key of the chain that was alive when it was signed, and hold
// for the bundle's whole life.
func readRecognition(token string, c *chain, p *payload) (*Recognition, *grant, []entityJSON, error) {
	var list recognitionJSON
	var by *grant
	_, _, err := jose.VerifyWithin(context.Background(), jose.MaxSigned, jose.TypeVC, token,
		func(_ context.Context, h jose.Header, unverified []byte) (key crypto.PublicKey, err error) {
			// The bytes decoded here are the ones that the signature is then
			// checked over; nothing of them is used before it is.
			if err := strictjson.UnmarshalChecked(unverified, &list); err != nil {
				return nil, refuse(CodeFormat, "recognition list").because(err)
			}
			signed, err := time.Parse(time.RFC3339, list.ValidFrom)
			if err != nil {
				return nil, refuse(CodeDates, "validFrom").because(err)
			}
			if by, err = c.signer(h.Kid, signed); err != nil {
				return nil, err
			}
			return by.Key, nil
		})
	if err != nil {
		return nil, nil, nil, signatureError(err)
	}
	r, err := list.check(p)
	if err != nil {
		return nil, nil, nil, err
	}
	subjects, err := list.subjects()
	return r, by, subjects, err
}

func (list *recognitionJSON) check(p *payload) (*Recognition, error) {
	if !slices.Contains(list.Type, typeRecognition) || !slices.Contains(list.Type, typePassport) || list.Version != recognitionVersion {
		return nil, refuse(CodeType, "not a recognition list of version %d", recognitionVersion)
	}
	if list.Issuer.ID != p.Iss {
		return nil, refuse(CodeIssuer, "%q in a bundle of %q", list.Issuer.ID, p.Iss)
	}
	from, err := time.Parse(time.RFC3339, list.ValidFrom)
	if err != nil {
		return nil, refuse(CodeDates, "validFrom").because(err)
	}
	until, err := time.Parse(time.RFC3339, list.ValidUntil)
	if err != nil {
		return nil, refuse(CodeDates, "validUntil").because(err)
	}
	if from.After(unix(p.Iat)) || until.Before(unix(p.Exp)) {
		return nil, refuse(CodeDates, "valid from %s until %s, which is not the bundle's whole life", list.ValidFrom, list.ValidUntil)
	}
	return &Recognition{Issuer: list.Issuer.ID, Name: list.Issuer.Name, ValidFrom: from, ValidUntil: until}, nil
}

// subjects reads the entities; VCDM 2.0 allows one object or an array.
func (list *recognitionJSON) subjects() ([]entityJSON, error) {
	var many []entityJSON
	if len(list.CredentialSubject) > 0 && list.CredentialSubject[0] == '{' {
		many = make([]entityJSON, 1)
		if err := strictjson.UnmarshalChecked(list.CredentialSubject, &many[0]); err != nil {
			return nil, refuse(CodeFormat, "credentialSubject").because(err)
		}
		return many, nil
	}
	if err := strictjson.UnmarshalChecked(list.CredentialSubject, &many); err != nil {
		return nil, refuse(CodeFormat, "credentialSubject").because(err)
	}
	if len(many) > MaxEntities {
		return nil, refuse(CodeSize, "%d entities", len(many))
	}
	return many, nil
}
