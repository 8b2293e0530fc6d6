package did

import (
	"strings"

	"github.com/employment-passport/passport/internal/jose"
)

// Method returns the method of a DID, "key", "jwk" or "web", after reading the
// whole of it strictly. DID URLs (with path, query or fragment) are refused.
func Method(did string) (string, error) {
	method, _, err := parse(did)
	return method, err
}

// parse returns the method and, for key and jwk, the key inside.
func parse(did string) (method string, key jose.JWK, err error) {
	if len(did) > MaxDID {
		return "", key, refuse(CodeDID, "longer than %d bytes", MaxDID)
	}
	rest, ok := strings.CutPrefix(did, "did:")
	method, name, named := strings.Cut(rest, ":")
	if !ok || !named {
		return "", key, refuse(CodeDID, "not a DID")
	}
	switch method {
	case "key":
		key, err = parseKey(name)
	case "jwk":
		key, err = parseJWK(name)
	case "web":
		_, _, err = parseWeb(name)
	default:
		err = refuse(CodeDID, "not one of did:key, did:jwk and did:web")
	}
	return method, key, err
}

// Resolve makes the document of a did:key or did:jwk out of the identifier
// itself. The one key in it asserts and authenticates.
func Resolve(did string) (*Document, error) {
	method, key, err := parse(did)
	if err != nil {
		return nil, err
	}
	fragment := "#0" // did:jwk section 2.1
	switch method {
	case "key":
		fragment = "#" + strings.TrimPrefix(did, "did:key:")
	case "web":
		return nil, refuse(CodeDID, "did:web says nothing without its document")
	}
	id := did + fragment
	return &Document{
		ID:             did,
		Methods:        []VerificationMethod{{ID: id, Type: TypeJSONWebKey, Controller: did, Key: key}},
		Assertion:      []string{id},
		Authentication: []string{id},
	}, nil
}
