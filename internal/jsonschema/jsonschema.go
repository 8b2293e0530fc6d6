// Package jsonschema judges documents by JSON Schemas of others and of ours
// (drafts 2020-12, 2019-09 and 7), for what is issued and for foreign
// credentialSchema entries; the everyday verification uses typed rules.
//
// It opens no file and no connection: every schema comes from the caller, and
// a $ref to anything else is an error. Against whoever wrote a schema or a
// document it is bounded: sizes, nesting, and the work that references can
// multiply; patterns run in linear time.
package jsonschema

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"sync"

	engine "github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/employment-passport/passport/internal/strictjson"
)

// Sentinels that a caller can act on.
var (
	ErrUnknownSchema = errors.New("schema is not at hand")
	ErrUnsupported   = errors.New("schema is of a kind that we do not check")
	ErrBadSchema     = errors.New("schema is not a usable JSON Schema")
)

// Mismatch tells where a document does not obey a schema.
type Mismatch struct {
	Places []Place // at least one
}

// Place is one disagreement.
type Place struct {
	Pointer string // RFC 6901, into the document
	Keyword string // the keyword of the schema that said no
}

func (m *Mismatch) Error() string {
	all := make([]string, len(m.Places))
	for i, p := range m.Places {
		all[i] = p.Keyword + " at " + p.Pointer
	}
	return "document does not match its schema: " + strings.Join(all, "; ")
}

const (
	maxSchema    = 256 << 10 // bytes
	maxPlaces    = 20
	draft7       = "http://json-schema.org/draft-07/schema"
	draft7secure = "https://json-schema.org/draft-07/schema"
	draft2019    = "https://json-schema.org/draft/2019-09/schema"
	draft2020    = "https://json-schema.org/draft/2020-12/schema"
	typeSchema   = "JsonSchema"
	typeVC       = "JsonSchemaCredential"
)

// Engine compiles schemas once and keeps them. It may be used from many
// goroutines.
type Engine struct {
	documents map[string][]byte

	mu       sync.Mutex
	compiled map[string]*compiled
}

type compiled struct {
	schema *engine.Schema
	depth  int // of documents that may be judged; 0 for any that strictjson passes
	err    error
}

// New makes an engine that knows the documents given by URL: JSON Schemas, and
// credentials that carry one (JsonSchemaCredential).
func New(documents map[string][]byte) *Engine {
	return &Engine{documents: documents, compiled: map[string]*compiled{}}
}

// Validate judges a document by the JSON Schema known as id. The error is a
// *Mismatch when the document disobeys.
func (e *Engine) Validate(id string, document []byte) error {
	e.mu.Lock()
	c, ok := e.compiled[id]
	if !ok {
		c = e.compile(id)
		e.compiled[id] = c
	}
	e.mu.Unlock()
	if c.err != nil {
		return fmt.Errorf("schema %s: %w", id, c.err)
	}
	return c.validate(document)
}

func (e *Engine) compile(id string) *compiled {
	data, ok := e.documents[id]
	if !ok {
		return &compiled{err: ErrUnknownSchema}
	}
	return compile(id, data, e.documents)
}

// compile reads the schema in data, known as id; others may be referred to.
func compile(id string, data []byte, others map[string][]byte) *compiled {
	root, err := parse(data)
	if err != nil {
		return &compiled{err: fmt.Errorf("%w: %w", ErrBadSchema, err)}
	}
	if err := checkDialect(root); err != nil {
		return &compiled{err: err}
	}
	depth, err := bound(root)
	if err != nil {
		return &compiled{err: err}
	}
	c := engine.NewCompiler()
	c.AssertFormat()
	c.UseLoader(loader(others))
	if err := c.AddResource(id, root); err != nil {
		return &compiled{err: fmt.Errorf("%w: %w", ErrBadSchema, err)}
	}
	schema, err := c.Compile(id)
	if err != nil {
		return &compiled{err: fmt.Errorf("%w: %w", ErrBadSchema, err)}
	}
	return &compiled{schema: schema, depth: depth}
}

// checkDialect demands $schema (VC JSON Schema section 3): without it the same
// words mean different things to different readers.
func checkDialect(root any) error {
	object, ok := root.(map[string]any)
	if !ok {
		return fmt.Errorf("%w: not an object", ErrBadSchema)
	}
	switch dialect, _ := object["$schema"].(string); strings.TrimSuffix(dialect, "#") {
	case draft7, draft2019, draft2020:
		return nil
	case draft7secure: // so spelled by many, by the W3C's suite too
		object["$schema"] = draft7
		return nil
	case "":
		return fmt.Errorf("%w: no $schema", ErrBadSchema)
	default:
		return fmt.Errorf("%w: dialect of $schema", ErrUnsupported)
	}
}

// loader hands out what the caller gave and nothing else.
type loader map[string][]byte

func (l loader) Load(url string) (any, error) {
	data, ok := l[url]
	if !ok {
		return nil, ErrUnknownSchema
	}
	return parse(data)
}

func parse(data []byte) (any, error) {
	if len(data) > maxSchema {
		return nil, errors.New("too large")
	}
	if err := strictjson.Check(data); err != nil {
		return nil, err
	}
	return engine.UnmarshalJSON(bytes.NewReader(data))
}

func (c *compiled) validate(document []byte) error {
	value, err := parse(document)
	if err != nil {
		return err
	}
	if c.depth > 0 && deeper(value, c.depth) {
		return fmt.Errorf("%w: document too deep for a recursive schema", ErrUnsupported)
	}
	var invalid *engine.ValidationError
	if err := c.schema.Validate(value); errors.As(err, &invalid) {
		m := &Mismatch{}
		m.collect(invalid)
		return m
	} else if err != nil {
		return fmt.Errorf("validate: %w", err)
	}
	return nil
}

// collect gathers the innermost disagreements, which are those that help.
func (m *Mismatch) collect(e *engine.ValidationError) {
	for _, cause := range e.Causes {
		m.collect(cause)
	}
	if len(e.Causes) > 0 || len(m.Places) == maxPlaces {
		return
	}
	p := Place{Keyword: strings.Join(e.ErrorKind.KeywordPath(), "/")}
	for _, token := range e.InstanceLocation {
		p.Pointer += "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(token)
	}
	m.Places = append(m.Places, p)
}
