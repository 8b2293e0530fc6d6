package report

import (
	"strconv"
	"strings"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/schema"
)

func (c *contents) membership(m *schema.Membership) {
	c.line("content.network", m.Network.Name)
	c.line("content.network_level", c.term("content.level", m.Network.Level))
	c.line("content.territory", schema.PlaceName(m.Network.Territory, c.lang))
	c.line("content.coordinator", profileName(m.Network.Coordinator))
	c.line("content.role", c.term("content.role", m.Role))
	c.line("content.since", i18n.Date(c.lang, m.Since))
	c.line("content.until", i18n.Date(c.lang, m.Until))
	c.line("content.themes", i18n.List(c.lang, m.Themes...))
}

func (c *contents) accreditation(a *schema.Accreditation) {
	c.line("content.scheme", a.Scheme)
	c.line("content.act", a.Act)
	if a.Type != "" {
		c.line("content.quality", Label(c.lang, a.Type))
	}
	var scopes []string
	for _, s := range a.Scopes {
		scopes = append(scopes, c.scope(s))
	}
	c.list("content.scopes", scopes)
	c.line("content.repertories", i18n.List(c.lang, a.Repertories...))
	c.line("content.decided", i18n.Date(c.lang, a.DecidedOn))
	c.line("content.since", i18n.Date(c.lang, a.From))
	c.line("content.review", i18n.Date(c.lang, a.ReviewOn))
	c.line("content.until", i18n.Date(c.lang, a.Until))
	var levels []string
	for _, n := range a.LimitEQF {
		levels = append(levels, strconv.Itoa(n))
	}
	c.line("content.limit_eqf", i18n.List(c.lang, levels...))
	var fields []string
	for _, code := range a.LimitFields {
		fields = append(fields, Label(c.lang, schema.FieldOfStudy(code)))
	}
	c.line("content.limit_fields", i18n.List(c.lang, fields...))
	var regions []string
	for _, code := range a.LimitRegions {
		regions = append(regions, schema.PlaceName(code, c.lang))
	}
	c.line("content.territory", i18n.List(c.lang, regions...))
	c.line("content.certificate", a.QACertificate)
}

// scope words one scope of an accreditation: a regional one, a document, or
// what a document may be worth.
func (c *contents) scope(s string) string {
	what, issues := strings.CutPrefix(s, "issue:")
	if !issues {
		return c.term("content.scope", s)
	}
	for _, key := range []string{"label.legal." + what, "paper.kind." + what} {
		if i18n.Has(key) {
			what = c.word(key)
			break
		}
	}
	return c.word("content.scope.issue", "document", what)
}
