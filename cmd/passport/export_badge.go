package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"regexp"
	"sync"

	"github.com/employment-passport/passport/internal/export"
	"github.com/employment-passport/passport/internal/qr/scan"
	"github.com/employment-passport/passport/verifier"
)

// badgeToken takes the token out of a baked picture: a PNG that holds none is
// left to the reader of codes, an SVG is read in no other way.
func badgeToken(file string, data []byte) (token string, problem *failure) {
	token, err := export.ReadPNG(data)
	svg := export.IsSVG(data)
	if svg {
		token, err = export.ReadSVG(data)
	}
	switch {
	case err == nil:
		return token, nil
	case errors.Is(err, export.ErrNoBadge) && !svg:
		return "", nil
	case errors.Is(err, export.ErrNoBadge):
		return "", fail(exitUsage, "badge_none", "file", file)
	}
	return "", fail(exitUsage, "badge_unreadable", "file", file).wrap(err)
}

// isTwoKinds tells a picture that a viewer would open as a PDF: which of both
// the person sees, nobody knows.
func isTwoKinds(data []byte) bool {
	return (scan.IsPicture(data) || export.IsSVG(data)) && bytes.Contains(data, []byte("%PDF-"))
}

// badgeTokens judges a badge together with the codes that its picture shows, as
// a PDF with what is attached to it: the badge of one person may be put into the
// picture of another's code.
func (a *app) badgeTokens(ctx context.Context, s *verifySetup, name string, data []byte, token string) (read taken) {
	var shown pictured
	pictures, unread := [][]byte{data}, 0
	if export.IsSVG(data) {
		pictures, unread = picturesInSVG(data)
	}
	for _, picture := range pictures {
		sight, err := scan.Read(ctx, picture, s.dictionaries...)
		if err != nil && !errors.Is(err, scan.ErrNoCode) {
			unread++
		}
		shown.broken += sight.Unread
		shown.decode(sight.Texts, s.dictionaries)
	}
	badge := []string{token}
	read.tokens, read.bases = inOrder(badge, shown.tokens), shown.bases
	read.unread(verifier.CodeCodeUnread, shown.broken)
	read.unread(verifier.CodePartUnread, unread)
	if shown.differs(badge) {
		read.told = append(read.told, verifier.Check{Code: verifier.CodeShownOther, Outcome: verifier.Undecided})
	} else {
		a.remark("verify.badge_inside", map[string]string{"file": name})
	}
	return read
}

// maxSVGPictures is how many pictures inside a drawing are looked at.
const maxSVGPictures = 8

// foreignParts are what an SVG shows besides its own lines and letters: pictures
// inside it, and what stands elsewhere or is another language.
var foreignParts = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)data:image/(?:png|jpe?g);base64,([A-Za-z0-9+/=\s]+)|<(?:[a-z]+:)?(?:image|feImage|foreignObject|script|use)\b`)
})

// picturesInSVG gives the pictures inside a drawing, and how many of its parts
// cannot be read. What is drawn with lines is not read, as on the page of a PDF.
func picturesInSVG(data []byte) (pictures [][]byte, unread int) {
	for _, m := range foreignParts().FindAllSubmatch(data, -1) {
		if m[1] == nil {
			unread++
			continue
		}
		picture, err := base64.StdEncoding.DecodeString(string(bytes.Join(bytes.Fields(m[1]), nil)))
		if err != nil || !scan.IsPicture(picture) || len(pictures) == maxSVGPictures {
			continue // its element stays unread
		}
		pictures, unread = append(pictures, picture), unread-1
	}
	return pictures, max(unread, 0)
}
