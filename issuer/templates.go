package issuer

import (
	"context"
	"errors"

	"github.com/employment-passport/passport/schema"
)

// AddTemplate keeps a template under its own name, or replaces it; what was
// issued from the old one is untouched. qrVersion is the QR version that a
// credential made from it will need, as whoever prints it has found out. A new
// one is for every body of the home; one that is a body's own stays so.
func (i *Issuer) AddTemplate(ctx context.Context, by Actor, body []byte, qrVersion int) (TemplateRecord, error) {
	return i.addTemplate(ctx, by, body, qrVersion, func(known TemplateRecord) (string, error) { return known.Issuer, nil })
}

// AddOwnTemplate is AddTemplate for a template that one body alone issues from.
// A name that another body has, or all of them, is refused with "template_taken".
func (i *Issuer) AddOwnTemplate(ctx context.Context, by Actor, issuer string, body []byte, qrVersion int) (TemplateRecord, error) {
	return i.addTemplate(ctx, by, body, qrVersion, func(known TemplateRecord) (string, error) {
		if known.Name != "" && known.Issuer != issuer {
			return "", refuse("template_taken", "template", known.Name)
		}
		return issuer, nil
	})
}

// addTemplate asks owner whose it is, with what is there by that name.
func (i *Issuer) addTemplate(ctx context.Context, by Actor, body []byte, qrVersion int, owner func(TemplateRecord) (string, error)) (TemplateRecord, error) {
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
		known, err := a.Template(r.Name)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
		if r.Issuer, err = owner(known); err != nil {
			return err
		}
		if r.Issuer != "" {
			if _, err := a.Issuer(r.Issuer); err != nil {
				return unknown(err, "issuer_unknown", "issuer", r.Issuer)
			}
		}
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
