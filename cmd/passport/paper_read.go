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
// is drawn on a page and is no picture is never read; a note says so.
func (a *app) pdfTokens(ctx context.Context, s *verifySetup, name string, data []byte) (tokens, bases []string, problem *failure) {
	file, err := pdf.Read(ctx, data)
	if err != nil {
		return nil, nil, pdfFailure(name, err)
	}
	attached := attachedTokens(file.Attachments)
	shown := a.picturedTokens(ctx, s, name, file)
	if len(attached)+len(shown.tokens) == 0 {
		if shown.problem != nil {
			return nil, nil, shown.problem
		}
		return nil, nil, fail(exitUsage, "pdf_empty", "file", name)
	}
	switch {
	case len(attached) > 0 && shown.differs(attached):
		a.remark("verify.pdf_more", map[string]string{"file": name})
	case len(attached) > 0:
		a.remark("verify.pdf_attached", map[string]string{"file": name})
	}
	if unread := file.Unread + shown.unread; unread > 0 {
		a.remark("verify.pdf_unread", map[string]string{"file": name, "count": fmt.Sprint(unread)})
	}
	tokens = inOrder(attached, shown.tokens)
	if n := documentsAmong(tokens); n > verifier.MaxCredentials { // printed for a whole class: no verdict, not a bad one
		return nil, nil, fail(exitUsage, "pdf_many", "file", name, "count", fmt.Sprint(n), "max", fmt.Sprint(verifier.MaxCredentials))
	}
	return tokens, shown.bases, nil
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
	tokens, bases []string
	unread        int
	problem       *failure // with a code of ours that could not be read
}

func (a *app) picturedTokens(ctx context.Context, s *verifySetup, name string, file *pdf.File) (p pictured) {
	var texts []string
	for _, picture := range file.Pictures {
		found, err := scan.Read(ctx, picture, s.dictionaries...)
		if err != nil && !errors.Is(err, scan.ErrNoCode) {
			p.unread++
			continue
		}
		texts = append(texts, found...)
	}
	var ours []string
	for _, text := range texts {
		if _, err := qr.DecodeText(text, s.dictionaries...); !errors.Is(err, qr.ErrNotPassport) {
			ours = append(ours, text) // other codes, a link say, are no document
		}
	}
	if len(ours) == 0 {
		return p
	}
	if p.tokens, p.bases, p.problem = s.codeTokens(name, ours); p.problem != nil {
		p.unread++
	}
	return p
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
