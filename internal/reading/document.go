package reading

import (
	"bytes"
	"context"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/employment-passport/passport/internal/pdf"
	"github.com/employment-passport/passport/internal/qr"
	"github.com/employment-passport/passport/internal/qr/scan"
	"github.com/employment-passport/passport/verifier"
	"github.com/employment-passport/passport/verifier/intake"
)

// document takes a PDF apart: what is attached to it, and the codes in the
// pictures on its pages. What is drawn on a page and is no picture is never
// read; a remark says so.
func document(ctx context.Context, name string, data []byte, more []qr.Dictionary) (f Found, unreadable *intake.Problem) {
	f.Kind = PDF
	file, err := pdf.Read(ctx, data, func(ctx context.Context, picture []byte) bool {
		sight, ok := sightOf(ctx, picture, more)
		f.Texts, f.Codes = append(f.Texts, sight.Texts...), f.Codes+sight.Unread
		return ok
	})
	if err != nil {
		return Found{}, pdfProblem(name, err)
	}
	f.Inside, f.Parts = attachedTokens(file.Attachments)
	f.Parts += file.Unread
	return f, nil
}

// takeDocument judges attachments and pictures alike, and the worst counts:
// a good document may be attached to a page that shows somebody else's code.
func (f Found) takeDocument(src intake.Source) (taken intake.Taken, remark string, unreadable *intake.Problem) {
	taken, differs := f.both(src)
	if len(taken.Tokens) == 0 {
		return intake.Taken{}, "", f.nothing(src)
	}
	if len(f.Inside) > 0 && !differs {
		remark = "verify.pdf_attached"
	}
	if n := intake.Documents(taken.Tokens); n > verifier.MaxCredentials { // printed for a whole class: no verdict, not a bad one
		return intake.Taken{}, remark, problem(nil, "pdf_many", "file", src.Name, "count", strconv.Itoa(n), "max", strconv.Itoa(verifier.MaxCredentials))
	}
	return taken, remark, nil
}

// nothing says why a PDF gave no token.
func (f Found) nothing(src intake.Source) *intake.Problem {
	var shown intake.Shown
	shown.Decode(f.Texts, src.Dictionaries)
	switch {
	case shown.Err != nil:
		return src.Unreadable(shown.Err)
	case f.Parts > 0:
		return problem(nil, "pdf_unread", "file", src.Name)
	}
	return problem(nil, "pdf_empty", "file", src.Name)
}

// sightOf looks at one picture and leaves it when its time is over, which one
// pass of a reader may not notice for a while.
func sightOf(ctx context.Context, picture []byte, more []qr.Dictionary) (scan.Sight, bool) {
	type looked struct {
		scan.Sight
		ok bool
	}
	done := make(chan looked, 1)
	go func() {
		sight, err := scan.Read(ctx, picture, more...)
		done <- looked{sight, err == nil || errors.Is(err, scan.ErrNoCode)}
	}()
	select {
	case l := <-done:
		return l.Sight, l.ok
	case <-ctx.Done():
		return scan.Sight{}, false
	}
}

// attachedTokens are the attachments that are tokens, one a line, or the JSON
// that other commands print; a PDF may have any other attachment, an invoice
// say. One that holds a token among other things is odd: it is not judged, and
// may be what speaks against the rest.
func attachedTokens(all []pdf.Attachment) (tokens []string, odd int) {
	for _, one := range all {
		fields := strings.Fields(string(one.Data))
		switch {
		case len(fields) > 0 && len(fields) <= qr.MaxTokens && !slices.ContainsFunc(fields, func(f string) bool { return !intake.IsToken(f) }):
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

// pdfProblem gives the errors of pdf their words.
func pdfProblem(name string, err error) *intake.Problem {
	code := "pdf_unreadable"
	switch {
	case errors.Is(err, pdf.ErrLocked):
		code = "pdf_locked"
	case errors.Is(err, pdf.ErrTooLarge):
		code = "pdf_large"
	}
	return problem(err, code, "file", name)
}
