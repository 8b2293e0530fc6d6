package issuer

import (
	"github.com/employment-passport/passport/internal/jsonschema"
	"github.com/employment-passport/passport/schema"
)

// published judges by the JSON Schemas that we publish. It costs as much as a
// signature, so that it judges what a template makes once, and the typed rules,
// which say the same, judge every document.
var published = jsonschema.New(schema.Schemas())

// judgeTemplate composes a specimen of what a template makes and judges it by
// the typed rules and by the published JSON Schema.
func judgeTemplate(t *schema.Template) error {
	if t == nil {
		return nil
	}
	document, err := t.Compose(schema.Specimen(t))
	if err != nil {
		return err
	}
	return published.Validate(schema.SchemaOf(t.Type), document)
}
