package trust

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/employment-passport/passport/internal/did"
	"github.com/employment-passport/passport/schema"
)

// entityJSON is a RecognizedEntity of the W3C draft with our additions: the
// windows, scopes, state, keys, statusDelegate and verifyBases.
type entityJSON struct {
	ID             string           `json:"id"`
	Type           string           `json:"type"`
	Name           string           `json:"name"`
	Country        string           `json:"country"`
	RecognizedTo   []permissionJSON `json:"recognizedTo"`
	State          string           `json:"state"`
	StatusDelegate string           `json:"statusDelegate,omitempty"`
	VerifyBases    []string         `json:"verifyBases,omitempty"`
	Keys           []keyJSON        `json:"keys"`
}

// permissionJSON is a RecognizedAction of the W3C draft with our additions.
type permissionJSON struct {
	Type             string       `json:"type"`
	Action           string       `json:"action"`
	RecognizedBy     string       `json:"recognizedBy"`
	OutputValidation *outputsJSON `json:"outputValidation,omitempty"`
	Schema           string       `json:"schema"`
	Scopes           []string     `json:"scopes,omitempty"`
	From             string       `json:"from,omitempty"`
	Until            string       `json:"until,omitempty"`
}

type outputsJSON struct {
	ID   string `json:"id"`
	Type string `json:"type"`
}

type keyJSON struct {
	Kid           string          `json:"kid"`
	JWK           json.RawMessage `json:"jwk"`
	Use           string          `json:"use"`
	From          string          `json:"from,omitempty"`
	Until         string          `json:"until,omitempty"`
	State         string          `json:"state"`
	CompromisedAt string          `json:"compromisedAt,omitempty"`
}

func writeEntity(recogniser string, e schema.Entity) (entityJSON, error) {
	w := entityJSON{
		ID: e.DID, Type: "RecognizedEntity", Name: e.Name, Country: e.Country,
		RecognizedTo: []permissionJSON{}, Keys: []keyJSON{},
		State: string(e.State), StatusDelegate: e.StatusDelegate, VerifyBases: e.VerifyBases,
	}
	for _, p := range e.RecognizedTo {
		a := permissionJSON{
			Type: "RecognizedAction", Action: "issue", RecognizedBy: recogniser,
			Schema: p.Schema, Scopes: p.Scopes, From: day(p.From), Until: day(p.Until),
		}
		if id := schemaID(p.Schema); id != "" {
			a.OutputValidation = &outputsJSON{ID: id, Type: "JsonSchema"}
		}
		w.RecognizedTo = append(w.RecognizedTo, a)
	}
	for _, k := range e.Keys {
		jwk, err := publicJWK(k.Public)
		if err != nil {
			return entityJSON{}, err
		}
		key := keyJSON{
			Kid: k.KID, JWK: mustMarshal(jwk), Use: string(k.Use),
			From: day(k.From), Until: day(k.Until), State: string(k.State),
		}
		if !k.CompromisedAt.IsZero() {
			key.CompromisedAt = k.CompromisedAt.UTC().Format(time.RFC3339)
		}
		w.Keys = append(w.Keys, key)
	}
	return w, nil
}

// readEntity takes one entity as far as the delegation of its list allows. Its
// keys are read apart (readKeys): a bad one costs that key, not the entity.
func readEntity(w entityJSON, by *grant) (*schema.Entity, error) {
	if _, err := did.Method(w.ID); err != nil {
		return nil, refuse(CodeIssuer, "%q is not a DID we know", w.ID).because(err)
	}
	state := schema.EntityState(w.State)
	switch state {
	case schema.EntityRecognised, schema.EntityLapsed, schema.EntityClosed, schema.EntityWithdrawn:
	default:
		return nil, refuse(CodeState, "entity state %q", w.State)
	}
	if !by.isFor(w.Country) {
		return nil, refuse(CodeLimit, "the delegation is not for country %q", w.Country)
	}
	e := &schema.Entity{
		DID: w.ID, Name: w.Name, Country: w.Country, State: state,
		StatusDelegate: w.StatusDelegate, VerifyBases: w.VerifyBases,
	}
	for _, a := range w.RecognizedTo {
		p, err := readPermission(a)
		if err != nil {
			return nil, err
		}
		if a.Action == "issue" && by.allows(p.Schema) {
			e.RecognizedTo = append(e.RecognizedTo, p)
		}
	}
	return e, nil
}

func readPermission(a permissionJSON) (schema.Permission, error) {
	from, err := parseDay(a.From)
	if err != nil {
		return schema.Permission{}, err
	}
	until, err := parseDay(a.Until)
	if err != nil {
		return schema.Permission{}, err
	}
	if a.Schema == "" {
		return schema.Permission{}, refuse(CodeFormat, "recognised for no document")
	}
	return schema.Permission{Schema: a.Schema, Scopes: a.Scopes, From: from, Until: until}, nil
}

// isFor tells whether the delegation lets a key speak of bodies of a country.
func (g *grant) isFor(country string) bool {
	return len(g.Countries) == 0 || slices.Contains(g.Countries, country)
}

// allows tells whether the delegation lets a key recognise for that document.
func (g *grant) allows(document string) bool {
	return len(g.Schemas) == 0 || slices.ContainsFunc(g.Schemas, func(s string) bool {
		return s == document || schemaID(s) != "" && schemaID(s) == schemaID(document)
	})
}

// schemaID gives the schema id of a document that may be named either way; ""
// when it is a name that this version has no schema for.
func schemaID(document string) string {
	if strings.Contains(document, "://") {
		return document
	}
	return schema.SchemaOf(document)
}
