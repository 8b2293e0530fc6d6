package main

import (
	"context"
	"errors"
	"os"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/schema"
	"github.com/employment-passport/passport/verifier"
	"github.com/employment-passport/passport/verifier/intake"
	"github.com/employment-passport/passport/verifier/report"
)

// broughtPiece is a credential out of a file, judged.
type broughtPiece struct {
	input string
	piece issuer.Piece
	stale bool   // valid, by an answer that is not fresh
	words string // why it does not count
}

// readBrought reads and judges everything in the files, each credential by
// itself: a bad one does not spoil the others.
func (a *app) readBrought(ctx context.Context, s *verifySetup, args []string, acceptStale bool) (all []broughtPiece, err error) {
	if len(args) == 0 {
		return nil, nil
	}
	inputs, _, err := a.verifyInputs(args)
	if err != nil {
		return nil, err
	}
	for _, in := range inputs {
		read, problem := a.readVerifyInput(ctx, s, in)
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if problem != nil && len(inputs) == 1 {
			return nil, problem
		}
		if problem != nil {
			a.warn("award.not_read", "file", in.name, "why", a.failureWords(problem))
			continue
		}
		a.remarkUnread(read)
		credentials, assertions := credentialTokens(read.Tokens)
		for _, token := range credentials {
			one, err := a.judgePiece(ctx, s, in.name, token, assertions, acceptStale)
			if err != nil {
				return nil, err
			}
			all = append(all, one)
		}
	}
	return all, nil
}

// credentialTokens takes the credentials out of presentations. Who showed them
// does not matter here: whose they are is compared with the holder.
func credentialTokens(tokens []string) (credentials, assertions []string) {
	for _, token := range tokens {
		switch h, payload, err := jose.ParseUnverified(token); {
		case err == nil && h.Typ == string(jose.TypeStatusAssertion):
			assertions = append(assertions, token)
		case err == nil && h.Typ == string(jose.TypeVP):
			if p, err := schema.ParsePresentation(payload); err == nil {
				credentials = append(credentials, p.Tokens...)
			}
		default:
			credentials = append(credentials, token)
		}
	}
	return credentials, assertions
}

// judgePiece judges one credential as "passport verify" does. An answer that is
// not fresh is not good enough to sign by, unless whoever signs accepts it.
func (a *app) judgePiece(ctx context.Context, s *verifySetup, input, token string, assertions []string, acceptStale bool) (broughtPiece, error) {
	one := broughtPiece{input: input, piece: issuer.Piece{Token: token}}
	found, err := s.verify(ctx, append([]string{token}, assertions...))
	if err != nil {
		return one, err
	}
	if all := found.Credentials(); len(all) == 1 {
		one.piece.Credential = all[0].Document
	}
	valid := found.Verdict == verifier.Valid && one.piece.Credential != nil
	one.stale = valid && found.Amber
	one.piece.Good = valid && (!found.Amber || acceptStale)
	if because, ok := found.Because(0); ok {
		one.words = report.Words(i18n.Match(a.lang), because)
	}
	if one.stale {
		one.words = i18n.T(a.lang, "award.stale", map[string]string{"why": one.words})
	}
	return one, nil
}

// awardPieces gives what counts: what was brought, or without files what the
// home has issued to the holder. Of the home's own credentials its register
// knows more than any list that has been published.
func (a *app) awardPieces(ctx context.Context, s *verifySetup, i *issuer.Issuer, of schema.Learner, brought []broughtPiece, o awardOptions, files bool) ([]issuer.Piece, error) {
	if !files {
		held, err := i.Holdings(ctx, of)
		if err != nil {
			return nil, err
		}
		for _, p := range held {
			one, err := a.judgePiece(ctx, s, p.Credential.ID, p.Token, nil, o.acceptStale)
			if err != nil {
				return nil, err
			}
			brought = append(brought, one)
		}
	}
	var pieces []issuer.Piece
	for _, b := range brought {
		if err := a.askRegister(ctx, i, &b, s.bundle != nil); err != nil {
			return nil, err
		}
		if !b.piece.Good {
			a.warn("award.not_counted", "file", b.input, "why", b.words)
		}
		pieces = append(pieces, b.piece)
	}
	return pieces, nil
}

// askRegister lets the home's own register speak of a credential of the home.
// Without a bundle it is the only one that can.
func (a *app) askRegister(ctx context.Context, i *issuer.Issuer, b *broughtPiece, bundle bool) error {
	_, payload, err := jose.ParseUnverified(b.piece.Token)
	if err != nil {
		return nil //nolint:nilerr // judged already
	}
	c, err := schema.ParseCredential(payload)
	if err != nil {
		return nil //nolint:nilerr // judged already
	}
	ours, inForce, err := i.Registered(ctx, c.ID, b.piece.Token)
	switch {
	case err != nil || !ours:
	case !inForce:
		b.piece.Good, b.words = false, a.word("award.ended_here")
	case b.stale:
		b.piece.Good = true // the register is as fresh as can be
	case !bundle && !issuer.Counts(c, a.now()):
		b.piece.Good, b.words = false, a.word("award.not_today")
	case !bundle:
		b.piece.Good, b.piece.Credential = true, c
	}
	return err
}

// awardDefinition finds the signed definition: in this home, in a file or in
// the bundle. One that this home has not signed must be judged valid.
func (a *app) awardDefinition(ctx context.Context, s *verifySetup, i *issuer.Issuer, ref string, acceptStale bool) (string, error) {
	tokens := []string{ref}
	if _, err := os.Stat(ref); err == nil || looksLikeText(ref) {
		in := verifyInput{name: ref}
		if err != nil {
			in = verifyInput{name: intake.FirstRunes(ref, 24), text: ref}
		}
		read, problem := a.readVerifyInput(ctx, s, in)
		if problem != nil {
			return "", a.unsignedDefinition(ref, problem)
		}
		if len(read.Told) > 0 || len(read.Tokens) != 1 { // which of them is meant, nobody can say
			a.remarkUnread(read)
			return "", fail(exitUsage, "award_definition_file", "file", in.name)
		}
		tokens = read.Tokens
	}
	token, err := i.SignedDefinition(ctx, tokens[0])
	var refused *issuer.Error
	if err == nil || !errors.As(err, &refused) {
		return token, err
	}
	if refused.Code != "award_definition_unknown" {
		return "", err
	}
	if tokens[0] == ref && !intake.IsToken(ref) {
		chosen := a.definitionsOfBundle(ctx, s, ref)
		if len(chosen) > 1 {
			return "", fail(exitUsage, "award_definition_several", "definition", ref)
		} else if len(chosen) == 0 {
			return "", err
		}
		tokens = []string{chosen[0].Token}
	}
	one, failed := a.judgePiece(ctx, s, ref, tokens[0], nil, acceptStale)
	if failed != nil {
		return "", failed
	}
	if !one.piece.Good {
		return "", fail(exitInvalid, "award_definition_doubt", "definition", intake.FirstRunes(ref, 60), "why", one.words)
	}
	return tokens[0], nil
}

// definitionOf reads a definition that nobody has judged yet.
func definitionOf(token string) *schema.PassportDefinition {
	_, payload, err := jose.ParseUnverified(token)
	if err != nil {
		return nil
	}
	c, err := schema.ParseCredential(payload)
	if err != nil {
		return nil
	}
	d, _ := c.Definition()
	return d
}

// unsignedDefinition says of a definition that nobody has signed what is missing;
// of any other file that could not be read the problem stays as it is.
func (a *app) unsignedDefinition(file string, problem error) error {
	data, err := a.readJSON(file)
	if err == nil {
		_, err = schema.ParseDefinition(data)
	}
	if err != nil {
		return problem
	}
	return fail(exitUsage, "award_definition_unsigned", "file", file)
}
