package issuer

import "github.com/employment-passport/passport/schema"

// judgeTemplate composes a specimen of what a template makes and judges it by
// the rules.
func (i *Issuer) judgeTemplate(t *schema.Template) error {
	if t == nil {
		return nil
	}
	_, err := t.Compose(schema.Specimen(t))
	return err
}
