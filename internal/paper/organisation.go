package paper

import (
	"strconv"
	"strings"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/schema"
)

// membership says that an organisation belongs to a network.
func (a *a4) membership(v schema.View) {
	t := a.tongue
	a.title()
	a.person()
	d := v.Membership
	if d == nil {
		return
	}
	a.space(gap)
	a.fields(rows(
		field{t.words("paper.network"), once(d.Network.Name)},
		field{t.words("paper.member_role"), t.code("paper.member_role.", d.Role)},
		field{t.words("paper.network_level"), t.code("paper.network_level.", d.Network.Level)},
		field{t.words("paper.where"), t.each(func(lang string) string { return schema.PlaceName(d.Network.Territory, lang) })},
		field{t.words("paper.since"), t.day(d.Since)},
		field{t.words("paper.until"), t.day(d.Until)},
		field{t.words("paper.coordinator"), once(nameOfProfile(d.Network.Coordinator))},
		field{t.words("paper.issued"), t.day(v.IssuedOn)},
		field{t.words("paper.more"), once(v.Note)},
	))
	a.items("paper.themes", d.Themes)
}

// accreditation says what a training body may do, and until when.
func (a *a4) accreditation(v schema.View) {
	t := a.tongue
	a.title()
	a.person()
	d := v.Accreditation
	if d == nil {
		return
	}
	a.heading(colon(t.words("paper.scopes")), 8)
	a.list(each(d.Scopes, a.scope))
	a.space(gap)
	a.fields(rows(
		field{t.words("paper.since"), t.day(d.From)},
		field{t.words("paper.until"), t.day(d.Until)},
		field{t.words("paper.scheme"), once(d.Scheme)},
		field{t.words("paper.act"), once(d.Act)},
		field{t.words("paper.quality"), t.term(d.Type)},
		field{t.words("paper.decided_on"), t.day(d.DecidedOn)},
		field{t.words("paper.review_on"), t.day(d.ReviewOn)},
		field{t.words("paper.repertories"), once(strings.Join(d.Repertories, ", "))},
		field{t.words("paper.limits"), t.each(func(lang string) string { return limits(d, lang) })},
		field{t.words("paper.awarding"), a.awarding(v)},
		field{t.words("paper.issued"), t.day(v.IssuedOn)},
		field{t.words("paper.more"), once(joined(d.QACertificate, v.Note))},
	))
}

// scope says a permission in words: issue:MicroCredential is "issues: …".
func (a *a4) scope(code string) string {
	lang := a.tongue[0]
	kind, issues := strings.CutPrefix(code, "issue:")
	for _, area := range []string{"paper.kind.", "paper.scope."} {
		if i18n.Has(area + kind) {
			kind = i18n.T(lang, area+kind, nil)
			break
		}
	}
	if !issues {
		return kind
	}
	return i18n.T(lang, "paper.may_issue", map[string]string{"kind": kind})
}

func limits(d *schema.Accreditation, lang string) string {
	var parts []string
	for _, level := range d.LimitEQF {
		parts = append(parts, "EQF "+strconv.Itoa(level))
	}
	for _, region := range d.LimitRegions {
		parts = append(parts, schema.PlaceName(region, lang))
	}
	for _, field := range d.LimitFields {
		if label := schema.Label(schema.FieldOfStudy(field), lang); label != "" {
			field = label + " (ISCED-F " + field + ")"
		}
		parts = append(parts, field)
	}
	return joined(parts...)
}
