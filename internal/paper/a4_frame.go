package paper

import (
	"strconv"
	"strings"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/schema"
)

const (
	lineHeight = minSize * 1.25 * mmPerPoint
	logoHeight = 13.0
)

// headerHeight: two lines and a rule, more where there is a logo or a number
// that takes several lines. The sides after the first bear the title too.
func (a *a4) headerHeight(first bool) float64 {
	high := 2 * lineHeight
	if len(a.logo) > 0 {
		high = logoHeight
	}
	high = max(high, a.number().height+lineHeight)
	if !first {
		high += lineHeight
	}
	return high + 2
}

// numberWidth is the room of the number and of the side's, at the right.
const numberWidth = 56.0

// number is the document's, over as many lines as it needs: whoever asks the
// body about a paper has nothing else to name it by.
func (a *a4) number() fit {
	number := a.sheet.Credential.View().DocumentNumber
	if number == "" {
		return fit{}
	}
	return measure(a.tongue.words("paper.number", "number", number)[0], numberWidth, style{align: 'R', code: true})
}

// header stands on every side, so that a loose one is known by it: whose, of
// which body, which side of how many.
func (a *a4) header(n, total int) error {
	c := a.sheet.Credential
	left := margin
	if len(a.logo) > 0 {
		at, err := a.image(box{margin, margin, 40, logoHeight}, a.logo)
		if err != nil {
			return err
		}
		left += at.w + 4
	}
	w := a4Width - margin - numberWidth - 4 - left
	a.text(box{left, margin, w, lineHeight}, c.Issuer.Name, style{face: bold, size: 13})
	below := a.placeOf()
	if n > 1 {
		below = nameOf(c)
	}
	a.text(box{left, margin + lineHeight, w, lineHeight}, below, style{ink: soft})
	number := a.number()
	at := box{a4Width - margin - numberWidth, margin, numberWidth, number.height}
	a.draw(at, number, style{align: 'R', code: true})
	at.y, at.h = at.y+max(at.h, lineHeight), lineHeight
	a.text(at, a.tongue.words("paper.page", "n", strconv.Itoa(n), "total", strconv.Itoa(total))[0], style{align: 'R', ink: soft})
	y := margin + a.headerHeight(n == 1)
	if n > 1 {
		a.text(box{margin, y - 2 - lineHeight, a4Column, lineHeight}, c.View().Title, style{face: bold})
	}
	a.line(margin, y, a4Width-margin, y, edge)
	return nil
}

// placeOf names the region and country of the issuer.
func (a *a4) placeOf() string {
	i := a.sheet.Credential.Issuer
	var parts []string
	if i.Region != "" {
		parts = append(parts, schema.RegionName(i.Region, a.tongue[0]))
	}
	if i.Country != "" {
		parts = append(parts, schema.CountryName(i.Country, a.tongue[0]))
	}
	return strings.Join(parts, ", ")
}

// foot are the sentences at the end of a side: on the first all of them, on
// the others how to check.
func (a *a4) foot(first bool) []twice {
	lines := []twice{a.howToCheck()}
	if !first {
		return lines
	}
	if a.sheet.StatusAsOf.IsZero() {
		lines = append(lines, a.tongue.words("paper.revocation"))
	} else {
		lines = append(lines, a.tongue.each(func(lang string) string {
			return tongues{lang}.words("paper.status_as_of", "date", i18n.Day(lang, a.sheet.StatusAsOf))[0]
		}))
	}
	lines = append(lines, a.legal()...)
	if a.sheet.PublicAdministration && a.sheet.Credential.Issuer.Country == "IT" {
		lines = append(lines, once(a.profile().PublicBodyNotice("it"))) // the words of the law, not ours
	}
	return lines
}

// howToCheck names the page that checks, and where there is none the program and
// the body: an address that nobody answers at is worse than no address.
func (a *a4) howToCheck() twice {
	link := strings.TrimPrefix(a.sheet.VerifyBase, "https://")
	nobody := isOrganisations(a.kind) // whose name an ID shows
	switch {
	case link == "" && nobody:
		return a.tongue.words("paper.verify_organisation_ask")
	case link == "":
		return a.tongue.words("paper.verify_ask")
	case nobody:
		return a.tongue.words("paper.verify_organisation", "link", link)
	}
	return a.tongue.words("paper.verify", "link", link)
}

// legal says what the document is worth, in the words of the issuer's country.
func (a *a4) legal() (lines []twice) {
	value := a.sheet.Credential.View().LegalValue
	inFirst := a.profile().LegalNotices(a.kind, value, a.tongue[0])
	inSecond := a.profile().LegalNotices(a.kind, value, a.tongue[1])
	for i, text := range inFirst {
		line := twice{text}
		if a.tongue[1] != "" {
			line[1] = inSecond[i]
		}
		lines = append(lines, line)
	}
	switch {
	case len(lines) > 0:
		return lines
	case value == "atto-privato":
		return []twice{a.tongue.words("paper.private")}
	case i18n.Has("label.legal." + value):
		return []twice{a.tongue.each(func(lang string) string {
			return i18n.T(lang, "paper.legal", map[string]string{"value": i18n.T(lang, "label.legal."+value, nil)})
		})}
	}
	return []twice{a.tongue.words("paper.legal_none")}
}

func (a *a4) footHeight(first bool) float64 {
	h := 2.0
	for _, line := range a.foot(first) {
		h += heightOf(line, a4Column, style{}) + 0.8
	}
	if first && a.sheet.KeyFingerprint != "" {
		h += a.keyLine().height
	}
	return h
}

// keyLine is the fingerprint of the key, in one line where it fits.
func (a *a4) keyLine() fit {
	return measure(a.keyText(), a4Column, style{code: true})
}

func (a *a4) keyText() string {
	return a.tongue.words("paper.issuer_key").oneLine() + ": " + a.sheet.KeyFingerprint
}

// finish writes the headers and feet: how many sides there are is known now.
func (a *a4) finish() error {
	total := a.side() - a.first + 1
	for n := 1; n <= total; n++ {
		a.back(a.first + n - 1)
		if err := a.header(n, total); err != nil {
			return err
		}
		a.y, a.bottom = a4Height-margin-a.footHeight(n == 1), a4Height-margin
		a.line(margin, a.y, a4Width-margin, a.y, edge)
		a.y += 2
		for _, line := range a.foot(n == 1) {
			a.both(margin, a4Column, line, style{})
			a.y += 0.8
		}
		if n == 1 && a.sheet.KeyFingerprint != "" {
			a.write(margin, a4Column, a.keyText(), style{code: true})
		}
	}
	return nil
}

// isOrganisations tells the documents that no person holds.
func isOrganisations(kind string) bool {
	return kind == schema.KindNetworkMembership || kind == schema.KindTrainingProviderAccreditation
}

// signHeight is the room of a line to sign on, with who signs above it.
const signHeight = 22.0

// closing writes the last particulars, and after them the lines to sign on. A
// row at least goes to the next side with the lines: signatures below nothing
// could be put under anything.
func (a *a4) closing(last []field, who ...twice) {
	a.space(gap)
	keep := min(2, len(last)) // a row has two, where no code stands beside it
	a.fields(last[:len(last)-keep])
	w, high := (a4Column-gutter)/2, 0.0
	for _, f := range last[len(last)-keep:] {
		high += f.height(min(w, a.width())) + 1.8
	}
	a.need(high + gap + signHeight)
	a.fields(last[len(last)-keep:])
	a.sign(who...)
}

// sign draws a line to write on for each of those who sign by hand.
func (a *a4) sign(who ...twice) {
	const high = signHeight
	a.space(gap)
	a.need(high)
	w := (a4Column - gutter*float64(len(who)-1)) / float64(len(who))
	y := a.y
	for i, name := range who {
		x := margin + float64(i)*(w+gutter)
		a.y = y
		a.both(x, w, name, style{})
		a.line(x, y+high-1, x+w, y+high-1, 0.2)
	}
	a.y = y + high
}
