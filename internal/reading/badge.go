package reading

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"regexp"
	"sync"

	"github.com/employment-passport/passport/internal/export"
	"github.com/employment-passport/passport/internal/qr"
	"github.com/employment-passport/passport/internal/qr/scan"
	"github.com/employment-passport/passport/verifier/intake"
)

// badgeToken takes the token out of a baked picture: a PNG that holds none is
// left to the reader of codes, an SVG is read in no other way.
func badgeToken(name string, data []byte) (token string, unreadable *intake.Problem) {
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
		return "", problem(nil, "badge_none", "file", name)
	}
	return "", problem(err, "badge_unreadable", "file", name)
}

// badge looks for the codes that the picture of a badge shows.
func badge(ctx context.Context, data []byte, token string, more []qr.Dictionary) Found {
	f := Found{Kind: Badge, Inside: []string{token}}
	pictures := [][]byte{data}
	if export.IsSVG(data) {
		pictures, f.Parts = picturesInSVG(data)
	}
	for _, picture := range pictures {
		sight, err := scan.Read(ctx, picture, more...)
		if err != nil && !errors.Is(err, scan.ErrNoCode) {
			f.Parts++
		}
		f.Codes += sight.Unread
		f.Texts = append(f.Texts, sight.Texts...)
	}
	return f
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
