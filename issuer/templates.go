package issuer

import (
	"context"

	"github.com/employment-passport/passport/schema"
)

// AddTemplate keeps a template under its own name, or replaces it; what was
// issued from the old one is untouched. qrVersion is the QR version that a
// credential made from it will need, as whoever prints it has found out.
func (i *Issuer) AddTemplate(ctx context.Context, by Actor, body []byte, qrVersion int) (TemplateRecord, error) {
	t, err := schema.ParseTemplate(body)
	if err != nil {
		return TemplateRecord{}, err
	}
	if err := t.Check().Err(); err != nil {
		return TemplateRecord{}, err
	}
	if err := judgeTemplate(t); err != nil {
		return TemplateRecord{}, refuse("template_refused", "template", t.Name).because(err)
	}
	r := TemplateRecord{Name: t.Name, Title: t.Title(), QRVersion: qrVersion, Body: body}
	err = i.update(ctx, by, func(a *act) error {
		r.AddedAt = a.at
		if err := a.PutTemplate(r); err != nil {
			return err
		}
		return a.log("template.add", r.Name, r.Title)
	})
	return r, err
}

// Template returns a template by name.
func (i *Issuer) Template(ctx context.Context, name string) (t TemplateRecord, err error) {
	err = i.store.View(ctx, func(tx Tx) error {
		t, err = tx.Template(name)
		return unknown(err, "template_unknown", "template", name)
	})
	return t, err
}

// Templates returns all templates by name.
func (i *Issuer) Templates(ctx context.Context) (all []TemplateRecord, err error) {
	err = i.store.View(ctx, func(tx Tx) error {
		all, err = tx.AllTemplates()
		return err
	})
	return all, err
}
