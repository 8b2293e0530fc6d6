package did

import (
	"errors"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/internal/strictjson"
)

// readDocument is a DID document on the wire. Single values where the DID
// specification allows them beside arrays are not: it wants sets.
type readDocument struct {
	ID             string           `json:"id"`
	Controller     jsontext.Value   `json:"controller"`
	Methods        []jsontext.Value `json:"verificationMethod"`
	Assertion      []jsontext.Value `json:"assertionMethod"`
	Authentication []jsontext.Value `json:"authentication"`
}

type readMethod struct {
	ID         string         `json:"id"`
	Type       string         `json:"type"`
	Controller string         `json:"controller"`
	Key        jsontext.Value `json:"publicKeyJwk"`
	Private    jsontext.Value `json:"privateKeyJwk"`
	Secret     jsontext.Value `json:"secretKeyJwk"`
}

// ParseDocument reads the document of did. A document of another DID, or with
// another controller anywhere, is refused whole (B13); so is one with two keys
// under one id, or with a private key in it (B04, B16). A key of a kind that
// we do not use stays without harm to the others: only asking for it fails.
func ParseDocument(data []byte, did string) (*Document, error) {
	if len(data) > MaxDocument {
		return nil, refuse(CodeSize, "longer than %d bytes", MaxDocument)
	}
	var read readDocument
	if err := strictjson.Unmarshal(data, &read); err != nil {
		return nil, &Error{Code: CodeDID, Err: err}
	}
	if read.ID != did || did == "" {
		return nil, refuse(CodeDID, "the document is not the one of this DID")
	}
	if !controls(read.Controller, did) {
		return nil, refuse(CodeDID, "another DID controls the document")
	}
	if len(read.Methods)+len(read.Assertion)+len(read.Authentication) > 3*MaxMethods || len(read.Methods) > MaxMethods {
		return nil, refuse(CodeSize, "more than %d keys", MaxMethods)
	}
	d := &Document{ID: did, unusable: map[string]error{}}
	for _, raw := range read.Methods {
		if _, err := d.addMethod(raw); err != nil {
			return nil, err
		}
	}
	var err error
	if d.Assertion, err = d.purpose(read.Assertion); err != nil {
		return nil, err
	}
	if d.Authentication, err = d.purpose(read.Authentication); err != nil {
		return nil, err
	}
	return d, nil
}

// controls tells whether nobody but did stands as controller.
func controls(controller jsontext.Value, did string) bool {
	switch controller.Kind() {
	case jsontext.KindInvalid: // absent
		return true
	case jsontext.KindString:
		var one string
		return strictjson.UnmarshalChecked(controller, &one) == nil && one == did
	default:
		var all []string
		return strictjson.UnmarshalChecked(controller, &all) == nil && len(all) == 1 && all[0] == did
	}
}

// addMethod reads one verification method and returns its id.
func (d *Document) addMethod(raw jsontext.Value) (string, error) {
	var read readMethod
	if err := strictjson.UnmarshalChecked(raw, &read); err != nil {
		return "", &Error{Code: CodeDID, Err: err}
	}
	id, err := d.absolute(read.ID)
	switch {
	case err != nil:
		return "", err
	case read.Controller != "" && read.Controller != d.ID:
		return "", refuse(CodeDID, "another DID controls a key of the document")
	case d.has(id):
		return "", refuse(CodeKey, "two keys under one id")
	case read.Private != nil || read.Secret != nil:
		return "", &Error{Code: CodeKey, Err: jose.ErrPrivateKey}
	case read.Key == nil || read.Type != TypeJSONWebKey && read.Type != TypeJSONWebKey2020:
		d.unusable[id] = refuse(CodeKey, "a key that is not a JsonWebKey")
		return id, nil
	}
	key, err := jose.ParseJWK(read.Key)
	if errors.Is(err, jose.ErrPrivateKey) {
		return "", &Error{Code: CodeKey, Err: err}
	}
	if err != nil {
		d.unusable[id] = err
		return id, nil //nolint:nilerr // told to whoever asks for this key; the others serve
	}
	d.Methods = append(d.Methods, VerificationMethod{ID: id, Type: read.Type, Controller: d.ID, Key: key})
	return id, nil
}

func (d *Document) has(id string) bool {
	for _, m := range d.Methods {
		if m.ID == id {
			return true
		}
	}
	_, unusable := d.unusable[id]
	return unusable
}

// absolute completes the id of a key: DID core section 3.2 allows "#key-1"
// beside the whole DID URL.
func (d *Document) absolute(id string) (string, error) {
	if strings.HasPrefix(id, "#") {
		id = d.ID + id
	}
	fragment, ok := strings.CutPrefix(id, d.ID+"#")
	if !ok || fragment == "" || len(id) > MaxDID+128 || !only(strings.ToLower(fragment), "-._~:") {
		return "", refuse(CodeDID, "a key id that is not one of this DID")
	}
	return id, nil
}

// purpose reads the list of a verification relationship: ids, or whole methods
// that stand there and nowhere else.
func (d *Document) purpose(list []jsontext.Value) ([]string, error) {
	var ids []string
	for _, raw := range list {
		var id string
		var err error
		if raw.Kind() == jsontext.KindBeginObject {
			id, err = d.addMethod(raw)
		} else if err = strictjson.UnmarshalChecked(raw, &id); err == nil {
			if strings.HasPrefix(id, "#") {
				id = d.ID + id
			}
		} else {
			err = &Error{Code: CodeDID, Err: err}
		}
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, nil
}
