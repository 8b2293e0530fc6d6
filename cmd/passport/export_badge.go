package main

import (
	"errors"

	"github.com/employment-passport/passport/internal/export"
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
