package export

import (
	"strconv"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/schema"
)

// t says something in the curriculum's language; args are name, value pairs.
func (c *curriculum) t(key string, args ...string) string { return say(c.Language, key, args...) }

func say(lang, key string, args ...string) string {
	values := map[string]string{}
	for i := 0; i+1 < len(args); i += 2 {
		values[args[i]] = args[i+1]
	}
	return i18n.T(lang, key, values)
}

// standing says what a thing rests on: a credential judged valid on a day, one
// that nobody has checked, or the holder's own words.
func (c *curriculum) standing(line *Line) string {
	switch {
	case line == nil:
		return c.t("export.own")
	case line.Verified && !line.AsOf.IsZero():
		return c.t("export.verified_on", "date", i18n.Day(c.Language, line.AsOf))
	case line.Verified:
		return c.t("export.verified")
	}
	return c.t("export.unchecked")
}

// known says how a skill is known. That of a document nobody has checked is not
// more than unchecked, whatever the document says.
func (c *curriculum) known(s skill) string {
	switch {
	case s.line == nil:
		return c.t("export.own")
	case !s.line.Verified:
		return c.t("export.unchecked")
	}
	return c.evidence(s.evidence)
}

func (c *curriculum) evidence(word string) string {
	switch word {
	case schema.EvidenceDeclared, schema.EvidenceDocumented, schema.EvidenceObserved, schema.EvidenceAssessed:
		return c.t("export.evidence." + word)
	}
	return c.t("export.unchecked")
}

// period writes two partial dates as people read them.
func (c *curriculum) period(from, until string) string {
	from, until = i18n.Date(c.Language, from), i18n.Date(c.Language, until)
	switch {
	case from == "" || from == until:
		return until
	case until == "":
		return c.t("export.since", "date", from)
	}
	return from + " – " + until
}

// skillName is a skill's name in the reader's language where we have it.
func skillName(uri, lang, name string) string {
	if label := schema.Label(uri, lang); label != "" {
		return label
	}
	return name
}

// number is written with as few digits as it has.
func number(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }
