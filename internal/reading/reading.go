package reading

import (
	"bytes"
	"context"
	"errors"

	"github.com/employment-passport/passport/internal/export"
	"github.com/employment-passport/passport/internal/pdf"
	"github.com/employment-passport/passport/internal/qr"
	"github.com/employment-passport/passport/internal/qr/scan"
	"github.com/employment-passport/passport/verifier"
	"github.com/employment-passport/passport/verifier/intake"
)

// Kind is what a file is.
type Kind string

// Kinds of files.
const (
	Text    Kind = "text"
	Picture Kind = "picture"
	PDF     Kind = "pdf"
	Badge   Kind = "badge"
)

// Found is what a file holds, before anything of it is decoded.
type Found struct {
	Kind   Kind
	Data   []byte   // of a Text
	Texts  []string // of the codes in its pictures
	Inside []string // tokens attached or baked in, which its pictures need not show
	Codes  int      // seen beside Texts and not read
	Parts  int      // further parts of the file that could not be read
}

// Look takes a file apart. It stops when ctx does. More are the dictionaries of
// a trust bundle.
func Look(ctx context.Context, name string, data []byte, more ...qr.Dictionary) (Found, *intake.Problem) {
	if isTwoKinds(data) {
		return Found{}, problem(nil, "file_two_kinds", "file", name)
	}
	token, unreadable := badgeToken(name, data)
	switch {
	case unreadable != nil:
		return Found{}, unreadable
	case token != "":
		return badge(ctx, data, token, more), nil
	case scan.IsPicture(data):
		sight, err := scan.Read(ctx, data, more...)
		if err != nil {
			return Found{}, Unreadable(name, err)
		}
		return Found{Kind: Picture, Texts: sight.Texts, Codes: sight.Unread}, nil
	case pdf.IsPDF(data):
		return document(ctx, name, data, more)
	}
	return Found{Kind: Text, Data: data}, nil
}

// Take decodes what was found by the rules of intake. remark is the key of a
// sentence for the person about what counts, "" where there is nothing to say.
func (f Found) Take(src intake.Source) (taken intake.Taken, remark string, unreadable *intake.Problem) {
	switch f.Kind {
	case Picture:
		taken, unreadable = src.Sight(f.Texts, f.Codes)
		return taken, "", unreadable
	case PDF:
		return f.takeDocument(src)
	case Badge:
		taken, differs := f.both(src)
		if !differs {
			remark = "verify.badge_inside"
		}
		return taken, remark, nil
	}
	taken, unreadable = src.Text(f.Data)
	return taken, "", unreadable
}

// both joins what is inside with what the pictures show.
func (f Found) both(src intake.Source) (taken intake.Taken, differs bool) {
	taken, differs = src.Inside(f.Inside, f.Texts, f.Codes)
	taken.Unread(verifier.CodePartUnread, f.Parts)
	return taken, differs
}

// Unreadable gives an error of qr and scan its Problem.
func Unreadable(name string, err error) *intake.Problem {
	for _, known := range []struct {
		err  error
		code string
	}{
		{scan.ErrNoCode, "qr_none"},
		{scan.ErrPicture, "qr_picture"},
		{scan.ErrTooLarge, "qr_picture_large"},
	} {
		if errors.Is(err, known.err) {
			return problem(err, known.code, "file", name, "text", "", "detail", err.Error())
		}
	}
	return intake.Source{Name: name}.Unreadable(err)
}

func problem(cause error, code string, args ...string) *intake.Problem {
	p := &intake.Problem{Code: code, Args: map[string]string{}, Err: cause}
	for i := 0; i+1 < len(args); i += 2 {
		p.Args[args[i]] = args[i+1]
	}
	return p
}

// isTwoKinds tells a picture that a viewer would open as a PDF: which of both
// the person sees, nobody knows.
func isTwoKinds(data []byte) bool {
	return (scan.IsPicture(data) || export.IsSVG(data)) && bytes.Contains(data, []byte("%PDF-"))
}
