package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/internal/pdf"
	"github.com/employment-passport/passport/internal/qr"
	"github.com/employment-passport/passport/internal/qr/scan"
	"github.com/employment-passport/passport/verifier"
)

// pdfTokens takes the tokens out of a PDF: those attached to it, and those in
// the pictures on its pages. Both are judged and the worst counts, because a
// good document may be attached to a page that shows somebody else's code. What
// of both cannot be read takes a VALID away. What is drawn on a page and is no
// picture is never read; a note says so.
func (a *app) pdfTokens(ctx context.Context, s *verifySetup, name string, data []byte) (read taken, problem *failure) {
	file, err := pdf.Read(ctx, data)
	if err != nil {
		return read, pdfFailure(name, err)
	}
	attached := attachedTokens(file.Attachments)
	shown := picturedTokens(ctx, s, file)
	if len(attached)+len(shown.tokens) == 0 {
		if shown.err != nil {
			return read, asFailure(qrFailure(name, shown.err))
		}
		return read, fail(exitUsage, "pdf_empty", "file", name)
	}
	read.unread(verifier.CodeCodeUnread, shown.broken)
	read.unread(verifier.CodePartUnread, file.Unread+shown.unread)
	switch {
	case len(attached) > 0 && shown.differs(attached):
		read.told = append(read.told, verifier.Check{Code: verifier.CodeShownOther, Outcome: verifier.Undecided})
	case len(attached) > 0:
		a.remark("verify.pdf_attached", map[string]string{"file": name})
	}
	read.tokens, read.bases = inOrder(attached, shown.tokens), shown.bases
	if n := documentsAmong(read.tokens); n > verifier.MaxCredentials { // printed for a whole class: no verdict, not a bad one
		return taken{}, fail(exitUsage, "pdf_many", "file", name, "count", fmt.Sprint(n), "max", fmt.Sprint(verifier.MaxCredentials))
	}
	return read, nil
}

func documentsAmong(tokens []string) (n int) {
	for _, t := range tokens {
		if !isAssertion(t) {
			n++
		}
	}
	return n
}

// attachedTokens are the attachments that are tokens, one a line; a PDF may have
// any other attachment, an invoice say.
func attachedTokens(all []pdf.Attachment) (tokens []string) {
	for _, one := range all {
		fields := strings.Fields(string(one.Data))
		if len(fields) > 0 && len(fields) <= qr.MaxTokens && !slices.ContainsFunc(fields, func(f string) bool { return !isTokenLike(f) }) {
			tokens = append(tokens, fields...)
		}
	}
	return tokens
}

// pictured is what the pictures of a PDF showed.
type pictured struct {
	taken
	unread int   // pictures that could not be looked at
	broken int   // codes of ours that could not be read
	err    error // of the first of those
}

func picturedTokens(ctx context.Context, s *verifySetup, file *pdf.File) (p pictured) {
	var texts []string
	for _, picture := range file.Pictures {
		found, err := scan.Read(ctx, picture, s.dictionaries...)
		if err != nil && !errors.Is(err, scan.ErrNoCode) {
			p.unread++
			continue
		}
		texts = append(texts, found.Texts...)
		p.broken += found.Unread
	}
	p.decode(texts, s.dictionaries)
	return p
}

// decode reads code by code, so that a broken one hides none of the others.
// Other codes, a link say, are no document and no matter.
func (p *pictured) decode(texts []string, dictionaries []qr.Dictionary) {
	var parts []string
	take := func(m qr.Message, err error) {
		if err != nil {
			p.broken++
			p.err = errors.Join(p.err, err)
			return
		}
		p.tokens, p.bases = append(p.tokens, m.Tokens...), append(p.bases, m.Base)
	}
	for _, text := range texts {
		m, err := qr.DecodeText(text, dictionaries...)
		switch {
		case errors.Is(err, qr.ErrNotPassport):
		case errors.Is(err, qr.ErrChunk):
			if !slices.Contains(parts, text) {
				parts = append(parts, text)
			}
		default:
			take(m, err)
		}
	}
	if parts != nil {
		take(qr.Collect(parts, dictionaries...))
	}
}

// differs tells whether the pictures show a credential that is not attached.
func (p pictured) differs(attached []string) bool {
	return slices.ContainsFunc(p.tokens, func(t string) bool {
		return assertedHash(t) == "" && !slices.Contains(attached, t)
	})
}

// inOrder joins both without doubles: documents first, then status assertions,
// as the verifier takes them.
func inOrder(lists ...[]string) (tokens []string) {
	for _, assertions := range []bool{false, true} {
		for _, list := range lists {
			for _, t := range list {
				if isAssertion(t) == assertions && !slices.Contains(tokens, t) {
					tokens = append(tokens, t)
				}
			}
		}
	}
	return tokens
}

func isAssertion(token string) bool {
	h, _, err := jose.ParseUnverified(token)
	return err == nil && h.Type() == jose.TypeStatusAssertion
}

// pdfFailure gives the errors of pdf their words.
func pdfFailure(name string, err error) *failure {
	code := "pdf_unreadable"
	switch {
	case errors.Is(err, pdf.ErrLocked):
		code = "pdf_locked"
	case errors.Is(err, pdf.ErrTooLarge):
		code = "pdf_large"
	}
	return fail(exitUsage, code, "file", name).wrap(err)
}
