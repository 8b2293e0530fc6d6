package did

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/employment-passport/passport/internal/jose"
)

// Types of a verification method. VC-JOSE-COSE section 4.3 requires
// JsonWebKey; some wallets still know only the older name.
const (
	TypeJSONWebKey     = "JsonWebKey"
	TypeJSONWebKey2020 = "JsonWebKey2020"
)

// Document is a DID document as far as signatures go.
type Document struct {
	ID             string
	Methods        []VerificationMethod
	Assertion      []string // ids of the keys that sign credentials
	Authentication []string // ids of the keys that prove control

	unusable map[string]error // keys that were read and are not taken, by id
}

// VerificationMethod is a key of a document. ID is an absolute DID URL.
type VerificationMethod struct {
	ID         string
	Type       string // TypeJSONWebKey where empty
	Controller string // the document's DID where empty
	Key        jose.JWK
}

// AssertionKey returns the key that kid, an absolute DID URL, names, if the
// document lists it for assertions. Codes: kid, purpose, key.
func (d *Document) AssertionKey(kid string) (jose.JWK, error) { return d.key(kid, d.Assertion) }

// AuthenticationKey is AssertionKey for proofs of control.
func (d *Document) AuthenticationKey(kid string) (jose.JWK, error) {
	return d.key(kid, d.Authentication)
}

func (d *Document) key(kid string, purpose []string) (jose.JWK, error) {
	if owner, _, ok := strings.Cut(kid, "#"); !ok || owner != d.ID { // B10
		return jose.JWK{}, refuse(CodeKid, "the key id is not one of %s", d.ID)
	}
	i := slices.IndexFunc(d.Methods, func(m VerificationMethod) bool { return m.ID == kid })
	err, unusable := d.unusable[kid]
	switch {
	case i < 0 && !unusable:
		return jose.JWK{}, refuse(CodeKid, "%s has no such key", d.ID)
	case !slices.Contains(purpose, kid): // B08
		return jose.JWK{}, refuse(CodePurpose, "%s lists the key for other purposes", d.ID)
	case unusable:
		return jose.JWK{}, &Error{Code: CodeKey, Err: err}
	}
	return d.Methods[i].Key, nil
}

// The contexts that define the terms of a document we write.
const (
	contextDID     = "https://www.w3.org/ns/did/v1"
	contextJWK     = "https://w3id.org/security/jwk/v1"
	contextJWK2020 = "https://w3id.org/security/suites/jws-2020/v1"
)

type writtenMethod struct {
	ID         string   `json:"id"`
	Type       string   `json:"type"`
	Controller string   `json:"controller"`
	Key        jose.JWK `json:"publicKeyJwk"`
}

type writtenDocument struct {
	Context        []string        `json:"@context"`
	ID             string          `json:"id"`
	Methods        []writtenMethod `json:"verificationMethod"`
	Assertion      []string        `json:"assertionMethod,omitempty"`
	Authentication []string        `json:"authentication,omitempty"`
}

// MarshalJSON writes the document as ParseDocument reads it.
func (d *Document) MarshalJSON() ([]byte, error) {
	out := writtenDocument{
		Context: []string{contextDID}, ID: d.ID, Methods: []writtenMethod{},
		Assertion: d.Assertion, Authentication: d.Authentication,
	}
	for _, m := range d.Methods {
		w := writtenMethod(m)
		if w.Type == "" {
			w.Type = TypeJSONWebKey
		}
		if w.Controller == "" {
			w.Controller = d.ID
		}
		context := contextJWK
		if w.Type == TypeJSONWebKey2020 {
			context = contextJWK2020
		}
		if !slices.Contains(out.Context, context) {
			out.Context = append(out.Context, context)
		}
		out.Methods = append(out.Methods, w)
	}
	return json.Marshal(out)
}
