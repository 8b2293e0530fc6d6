package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

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
	var shown pictured
	var texts []string
	file, err := pdf.Read(ctx, data, func(ctx context.Context, picture []byte) bool {
		sight, ok := sightOf(ctx, s, picture)
		texts, shown.broken = append(texts, sight.Texts...), shown.broken+sight.Unread
		return ok
	})
	if err != nil {
		return read, pdfFailure(name, err)
	}
	attached, odd := attachedTokens(file.Attachments)
	shown.decode(texts, s.dictionaries)
	if len(attached)+len(shown.tokens) == 0 {
		if shown.err != nil {
			return read, asFailure(qrFailure(name, shown.err))
		}
		if file.Unread+odd > 0 {
			return read, fail(exitUsage, "pdf_unread", "file", name)
		}
		return read, fail(exitUsage, "pdf_empty", "file", name)
	}
	read.unread(verifier.CodeCodeUnread, shown.broken)
	read.unread(verifier.CodePartUnread, file.Unread+odd)
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

// sightOf looks at one picture and leaves it when its time is over, which one
// pass of a reader may not notice for a while.
func sightOf(ctx context.Context, s *verifySetup, picture []byte) (scan.Sight, bool) {
	type looked struct {
		scan.Sight
		ok bool
	}
	done := make(chan looked, 1)
	go func() {
		sight, err := scan.Read(ctx, picture, s.dictionaries...)
		done <- looked{sight, err == nil || errors.Is(err, scan.ErrNoCode)}
	}()
	select {
	case l := <-done:
		return l.Sight, l.ok
	case <-ctx.Done():
		return scan.Sight{}, false
	}
}

func documentsAmong(tokens []string) (n int) {
	for _, t := range tokens {
		if !isAssertion(t) {
			n++
		}
	}
	return n
}

// attachedTokens are the attachments that are tokens, one a line, or the JSON
// that other commands print; a PDF may have any other attachment, an invoice
// say. One that holds a token among other things is odd: it is not judged, and
// may be what speaks against the rest.
func attachedTokens(all []pdf.Attachment) (tokens []string, odd int) {
	for _, one := range all {
		fields := strings.Fields(string(one.Data))
		switch {
		case len(fields) > 0 && len(fields) <= qr.MaxTokens && !slices.ContainsFunc(fields, func(f string) bool { return !isTokenLike(f) }):
			tokens = append(tokens, fields...)
		case holdsToken(one.Data):
			odd++
		}
	}
	return tokens, odd
}

// someToken finds what looks like a compact token (RFC 7515) or the text of a
// code, wherever it stands.
var someToken = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`ey[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}|#[0-9]{200,}`)
})

// holdsToken looks at the bytes as they are and as UTF-16 has them.
func holdsToken(data []byte) bool {
	return someToken().Match(data) || someToken().Match(bytes.ReplaceAll(data, []byte{0}, nil))
}

// pictured is what the pictures of a PDF showed.
type pictured struct {
	taken
	broken int   // codes of ours that could not be read
	err    error // of those
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
