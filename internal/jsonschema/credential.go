package jsonschema

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"

	"github.com/employment-passport/passport/internal/strictjson"
)

// Reference is a member of credentialSchema.
type Reference struct{ ID, Type string }

// Judge judges a credential by one member of its credentialSchema, as the W3C's
// VC JSON Schema specification (REC 2025) asks. The schema, or the credential
// that carries it, is looked up among the engine's documents: whoever wants it
// fresh fetches it first, and whoever wants a carried one trusted verifies the
// carrier's signature first.
//
// nil means the credential obeys; *Mismatch that it does not; ErrBadSchema
// that the schema itself is unfit; ErrUnsupported and ErrUnknownSchema that
// nothing could be checked.
func (e *Engine) Judge(credential []byte, ref Reference) error {
	switch ref.Type {
	case typeSchema:
		if err := e.named(ref.ID, e.documents[ref.ID]); err != nil {
			return fmt.Errorf("schema %s: %w", ref.ID, err)
		}
		return e.Validate(ref.ID, credential)
	case typeVC:
		return e.judgeCarried(credential, ref.ID)
	default:
		return fmt.Errorf("schema of type %q: %w", ref.Type, ErrUnsupported)
	}
}

// named demands that a schema bears the id by which it is known (section
// 3.1: $id, absolute and the same).
func (e *Engine) named(id string, data []byte) error {
	if data == nil {
		return ErrUnknownSchema
	}
	var head struct {
		ID *string `json:"$id"`
	}
	if err := strictjson.Unmarshal(data, &head); err != nil {
		return fmt.Errorf("%w: %w", ErrBadSchema, err)
	}
	if head.ID == nil || !absolute(*head.ID) || *head.ID != id {
		return fmt.Errorf("%w: $id missing or another", ErrBadSchema)
	}
	return nil
}

// carrier is a JsonSchemaCredential (section 3.2).
type carrier struct {
	ID      string `json:"id"`
	Schemas struct {
		ID   string `json:"id"`
		Type string `json:"type"`
	} `json:"credentialSchema"`
	Subject struct {
		ID     string          `json:"id"`
		Type   string          `json:"type"`
		Schema json.RawMessage `json:"jsonSchema"`
	} `json:"credentialSubject"`
}

// metaSchema is the schema that every carrier names as its own.
const metaSchema = "https://www.w3.org/2022/credentials/v2/json-schema-credential-schema.json"

func (e *Engine) judgeCarried(credential []byte, id string) error {
	data, ok := e.documents[id]
	if !ok {
		return fmt.Errorf("schema credential %s: %w", id, ErrUnknownSchema)
	}
	var c carrier
	if err := strictjson.Unmarshal(data, &c); err != nil {
		return fmt.Errorf("schema credential %s: %w: %w", id, ErrBadSchema, err)
	}
	if err := e.checkCarrier(c, id); err != nil {
		return fmt.Errorf("schema credential %s: %w", id, err)
	}
	schema := compile(c.Subject.ID, c.Subject.Schema, e.documents)
	if schema.err != nil {
		return fmt.Errorf("schema credential %s: %w", id, schema.err)
	}
	return schema.validate(credential)
}

func (e *Engine) checkCarrier(c carrier, id string) error {
	bad := func(what string) error { return fmt.Errorf("%w: %s", ErrBadSchema, what) }
	switch {
	case c.ID != id:
		return bad("id is another")
	case c.Schemas.ID != metaSchema || c.Schemas.Type != typeSchema:
		return bad("credentialSchema does not name the W3C's schema")
	case c.Subject.Type != typeSchema:
		return bad("credentialSubject.type is not JsonSchema")
	case len(c.Subject.Schema) == 0:
		return bad("no jsonSchema")
	}
	err := e.named(c.Subject.ID, c.Subject.Schema)
	if errors.Is(err, ErrUnknownSchema) {
		return bad("no jsonSchema")
	}
	return err
}

func absolute(id string) bool {
	u, err := url.Parse(id)
	return err == nil && u.IsAbs()
}
