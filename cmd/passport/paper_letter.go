package main

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/internal/paper"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/schema"
)

// printLetters is print --layout revocation: a letter for each credential of
// this home that was revoked.
func (a *app) printLetters(ctx context.Context, o printOptions, refs []string, options paper.Options) error {
	out, err := a.openTarget(o.out)
	if err != nil {
		return err
	}
	defer out.drop()
	var letters []paper.RevocationLetter
	err = a.withIssuer(ctx, false, func(i *issuer.Issuer) error {
		for _, ref := range refs {
			l, err := letterOf(ctx, i, o, ref)
			if err != nil {
				return err
			}
			letters = append(letters, l)
		}
		return nil
	})
	if err != nil {
		return err
	}
	var pdf bytes.Buffer
	if err := paper.Letter(&pdf, letters, options); err != nil {
		return paperFailure(o.layout, err)
	}
	if err := out.write(pdf.Bytes()); err != nil || o.out == "-" {
		return err
	}
	_, err = fmt.Fprintln(a.out, o.out)
	return err
}

// letterOf reads what a letter says from the register.
func letterOf(ctx context.Context, i *issuer.Issuer, o printOptions, ref string) (l paper.RevocationLetter, err error) {
	row, err := i.Find(ctx, ref)
	if err != nil {
		return l, err
	}
	if !row.Ended() {
		return l, fail(exitInvalid, "letter_not_revoked", "id", row.ID, "number", row.DocumentNumber)
	}
	_, payload, err := jose.ParseUnverified(row.Token)
	if err != nil {
		return l, fmt.Errorf("read the token of %s: %w", row.ID, err)
	}
	c, err := schema.ParseCredential(payload)
	if err != nil {
		return l, fmt.Errorf("read the document of %s: %w", row.ID, err)
	}
	v := c.View()
	l = paper.RevocationLetter{
		Name: row.LearnerName, Title: v.Title, DocumentNumber: v.DocumentNumber, IssuedOn: v.IssuedOn,
		RevokedOn: row.ChangedAt, Reason: schema.Reason(row.Reason), Issuer: c.Issuer,
		Contact: o.more.contact, Days: o.more.days, Languages: [2]string{v.Language, o.holder},
	}
	if v.Passport != nil {
		l.Passport, l.Component = true, fallenPart(ctx, i, v, row)
	}
	if row.State == issuer.StateSuperseded {
		l.Reason = schema.Superseded
	}
	if row.SupersededBy != "" {
		if next, err := i.Find(ctx, row.SupersededBy); err == nil {
			l.Successor = next.DocumentNumber
		}
	}
	return l, nil
}

// fallenPart tells what a composite fell with, from the note of its row: a
// document of this home by its own words, another body's by the requirement that
// it met. It is nil for a composite that was revoked for itself.
func fallenPart(ctx context.Context, i *issuer.Issuer, v schema.View, row issuer.Issuance) *paper.Piece {
	id, fell := strings.CutPrefix(row.Note, "component ")
	if !fell {
		return nil
	}
	if part, err := i.Find(ctx, id); err == nil && part.ID == id {
		if c, err := credentialOf(part.Token); err == nil {
			return &paper.Piece{Title: c.View().Title, Number: part.DocumentNumber, Issuer: c.Issuer.Name}
		}
	}
	d := homeDefinition(ctx, i, v.Passport.Definition)
	for _, c := range v.Passport.Components {
		if c.ID != id {
			continue
		}
		if d != nil {
			if r, ok := d.Requirement(c.Requirement); ok {
				return &paper.Piece{Title: d.In(r.Label, v.Language)}
			}
		}
		return &paper.Piece{Title: c.Requirement}
	}
	return &paper.Piece{Title: id}
}

// homeDefinition is the definition that a passport names, where this home has
// signed that very version.
func homeDefinition(ctx context.Context, i *issuer.Issuer, ref schema.DefinitionRef) *schema.PassportDefinition {
	token, err := i.SignedDefinition(ctx, ref.ID)
	if err != nil {
		return nil
	}
	if d := definitionOf(token); d != nil && d.ID == ref.ID && d.Version == ref.Version {
		return d
	}
	return nil
}
