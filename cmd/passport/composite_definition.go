package main

import (
	"bytes"
	"context"
	"os"
	"strings"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/internal/trust"
	"github.com/employment-passport/passport/schema"
	"github.com/employment-passport/passport/verifier"
	"github.com/employment-passport/passport/verifier/intake"
	"github.com/employment-passport/passport/verifier/report"
)

// usedDefinition is what a wallet counts by.
type usedDefinition struct {
	*schema.PassportDefinition
	signed bool // and believed
}

// progressDefinition finds the definition: a file, or one of the bundle's by
// its id, or the bundle's only one.
func (a *app) progressDefinition(ctx context.Context, s *verifySetup, ref string) (usedDefinition, error) {
	if _, err := os.Stat(ref); ref != "" && err == nil {
		return a.definitionFile(ctx, s, ref)
	}
	if intake.IsToken(ref) {
		return a.definitionToken(ctx, s, intake.FirstRunes(ref, 24), ref)
	}
	switch chosen := a.definitionsOfBundle(ctx, s, ref); len(chosen) {
	case 0:
		return usedDefinition{}, fail(exitUsage, "definition_none")
	case 1:
		return usedDefinition{chosen[0].Passport, true}, nil
	default:
		var ids []string
		for _, d := range chosen {
			ids = append(ids, d.Passport.ID+" ("+firstOf(d.Passport.Owner.Name, d.Passport.Owner.ID)+")")
		}
		return usedDefinition{}, fail(exitUsage, "definition_several", "ids", strings.Join(ids, ", "))
	}
}

// definitionsOfBundle gives of each definition in the bundle, or of the one with
// that id, the version that counts today, as the desk chooses among its own. One
// that was withdrawn does not count.
func (a *app) definitionsOfBundle(ctx context.Context, s *verifySetup, id string) (chosen []trust.Definition) {
	if s.bundle == nil {
		return nil
	}
	known := map[string]trust.Definition{}
	var signed []*schema.Credential
	for _, d := range s.bundle.Definitions() {
		if id != "" && d.Passport.ID != id || a.withdrawn(ctx, s, d.Token) {
			continue
		}
		if _, payload, err := jose.ParseUnverified(d.Token); err == nil {
			if c, err := schema.ParseCredential(payload); err == nil {
				known[c.ID], signed = d, append(signed, c)
			}
		}
	}
	for _, c := range schema.DefinitionsInForce(signed, a.now()) {
		chosen = append(chosen, known[c.ID])
	}
	return chosen
}

// withdrawn tells whether a definition of the bundle is not to be counted by any
// more; that nobody can say so today does not spoil it.
func (a *app) withdrawn(ctx context.Context, s *verifySetup, token string) bool {
	found, err := s.v.VerifyCredential(ctx, token)
	return err != nil || found.Verdict == verifier.Invalid
}

// definitionFile reads a definition from a file: signed, or as its author wrote
// it, which is told.
func (a *app) definitionFile(ctx context.Context, s *verifySetup, file string) (usedDefinition, error) {
	data, err := a.readQRInput(file)
	if err != nil {
		return usedDefinition{}, err
	}
	if text := bytes.TrimSpace(data); bytes.HasPrefix(text, []byte("{")) {
		if tokens := intake.TokensInJSON(data); len(tokens) == 1 {
			return a.definitionToken(ctx, s, file, tokens[0])
		}
		d, err := schema.ParseDefinition(data)
		if err != nil {
			return usedDefinition{}, a.issuerFailure(err)
		}
		a.tell("progress.unsigned")
		return usedDefinition{d, false}, nil
	}
	return a.definitionToken(ctx, s, file, strings.TrimSpace(string(data)))
}

// definitionToken takes a signed definition; with a bundle it must be judged
// valid, without one it is told that nobody did.
func (a *app) definitionToken(ctx context.Context, s *verifySetup, name, token string) (usedDefinition, error) {
	none := fail(exitUsage, "definition_file", "file", name)
	if s.bundle == nil {
		_, payload, err := jose.ParseUnverified(token)
		if err != nil {
			return usedDefinition{}, none.wrap(err)
		}
		c, err := schema.ParseCredential(payload)
		if err != nil {
			return usedDefinition{}, none.wrap(err)
		}
		d, ok := c.Definition()
		if !ok {
			return usedDefinition{}, none
		}
		if err := c.Rules(a.now()).Err(); err != nil {
			return usedDefinition{}, a.issuerFailure(err)
		}
		a.tell("progress.unchecked_definition")
		return usedDefinition{d, false}, nil
	}
	found, err := s.v.VerifyCredential(ctx, token)
	if err != nil {
		return usedDefinition{}, err
	}
	if found.Verdict == verifier.Valid {
		if d, ok := found.Credentials()[0].Document.Definition(); ok {
			return usedDefinition{d, true}, nil
		}
		return usedDefinition{}, none
	}
	because, _ := found.Because(0)
	return usedDefinition{}, fail(exitInvalid, "definition_doubt", "why", report.Sentence(i18n.Match(a.lang), because))
}
