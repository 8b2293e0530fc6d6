package issuerpublic

import (
	"strconv"
	"strings"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/schema"
)

// course is what a person learns, in the order in which people ask.
type course struct {
	Lang        string // of its own texts
	Back        string
	Description string
	Can         labelled
	Skills      labelled
	Criteria    labelled
	Rows        []labelled
}

// labelled is a label with a value or a list. Own says that the value is in the
// course's language, not in the reader's.
type labelled struct {
	Label string
	Value string
	Items []string
	Own   bool
}

func newCourse(lang string, t *schema.Template, bodies []string) *course {
	v := t.View()
	c := &course{Lang: t.Language(), Back: i18n.T(lang, "catalogue.back", nil), Description: v.Description}
	word := func(key string) string { return i18n.T(lang, key, nil) }
	c.Can = labelled{Label: word("paper.outcomes"), Items: v.Outcomes, Own: true}
	c.Criteria = labelled{Label: word("catalogue.criteria"), Value: v.Criteria, Own: true}
	c.Skills = labelled{Label: word("label.skills"), Items: skillsOf(v), Own: true}
	assessed := termsOf(lang, v.Assessment)
	if v.Attendance != nil {
		assessed = word("paper.no_exam")
	}
	for _, row := range []labelled{
		{Label: word("catalogue.document"), Value: word("paper.kind." + t.Type)},
		{Label: word("catalogue.bodies"), Value: joined(bodies...)},
		{Label: word("paper.provider"), Value: v.Provider, Own: true},
		{Label: word("paper.length"), Value: lengthOf(lang, v)},
		{Label: word("paper.level"), Value: levelOf(lang, v)},
		{Label: word("paper.test"), Value: assessed},
		{Label: word("paper.participation"), Value: termsOf(lang, []string{v.Participation})},
		{Label: word("paper.supervision"), Value: termsOf(lang, []string{v.Supervision})},
		{Label: word("paper.quality"), Value: joined(termsOf(lang, []string{v.Quality.Type}), v.Quality.Body, v.Quality.Reference)},
		{Label: word("paper.entry"), Value: strings.Join(v.EntryRequirements, "; "), Own: true},
		{Label: word("label.legal_value"), Value: legalOf(lang, v)},
		{Label: word("catalogue.taught_in"), Value: schema.LanguageName(t.Language(), lang)},
		{Label: word("paper.funded_by"), Value: v.FundedBy, Own: true},
	} {
		if row.Value != "" {
			c.Rows = append(c.Rows, row)
		}
	}
	return c
}

func skillsOf(v schema.View) (names []string) {
	for _, s := range v.Skills {
		name := s.Name
		if s.Framework != "" {
			name += " (" + s.Framework + ")"
		}
		names = append(names, name)
	}
	return names
}

// termsOf words values of the vocabularies.
func termsOf(lang string, uris []string) string {
	var terms []string
	for _, uri := range uris {
		if words := schema.Label(uri, lang); words != "" {
			terms = append(terms, words)
		}
	}
	return strings.Join(terms, ", ")
}

func lengthOf(lang string, v schema.View) string {
	count := func(key string, n float64) string {
		if n <= 0 {
			return ""
		}
		return i18n.T(lang, key, map[string]string{"count": i18n.Number(lang, n)})
	}
	key := "paper.hour_count"
	if v.Workload.Unit == "ECTS" {
		key = "paper.ects_count"
	}
	return joined(count(key, v.Workload.Value), count("paper.ects_count", v.Credits))
}

func levelOf(lang string, v schema.View) string {
	switch {
	case v.Level > 0:
		return i18n.T(lang, "paper.level_eqf", map[string]string{"level": strconv.Itoa(v.Level)})
	case v.LevelNotApplicable:
		return i18n.T(lang, "paper.level_none", nil)
	}
	return ""
}

func legalOf(lang string, v schema.View) string {
	if key := "label.legal." + v.LegalValue; v.LegalValue != "" && i18n.Has(key) {
		return i18n.T(lang, key, nil)
	}
	return v.LegalValue
}
