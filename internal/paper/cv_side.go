package paper

import (
	"strconv"
	"time"

	"github.com/employment-passport/passport/internal/i18n"
)

// beginPlain opens an A4 side without the frame of a certificate, for papers
// that are no document of a person: a curriculum, a letter, a receipt.
func (p *page) beginPlain(t tongues) *a4 {
	p.sheet(a4Width, a4Height)
	a := &a4{page: p, tongue: t, first: p.side(), y: margin, top: margin}
	a.bottom = a4Height - margin - lineHeight - 2
	a.rest = a.bottom
	return a
}

// finishPlain writes the foot of every side: what it is, and which of how many.
func (a *a4) finishPlain(foot string) {
	total := a.side() - a.first + 1
	for n := 1; n <= total; n++ {
		a.back(a.first + n - 1)
		at := box{margin, a4Height - margin - lineHeight, a4Column, lineHeight}
		a.text(box{at.x, at.y, at.w - 22, at.h}, foot, style{ink: soft})
		if total > 1 {
			a.text(box{at.x + at.w - 20, at.y, 20, at.h}, strconv.Itoa(n)+"/"+strconv.Itoa(total), style{ink: soft, align: 'R'})
		}
	}
}

// momentOf is a day with its time in UTC, which it says.
func momentOf(lang string, t time.Time) string {
	return i18n.Day(lang, t) + t.UTC().Format(", 15:04 UTC")
}

// dated is a text of the catalogue with a day in it.
func dated(lang, key string, t time.Time) string {
	return i18n.T(lang, key, map[string]string{"date": i18n.Day(lang, t)})
}
