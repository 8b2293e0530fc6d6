package main

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
	c.line("content.since", isoDay(c.lang, m.Since))
	c.line("content.until", isoDay(c.lang, m.Until))
	c.line("content.themes", strings.Join(m.Themes, ", "))
}

func (c *contents) accreditation(a *schema.Accreditation) {
	c.line("content.scheme", a.Scheme)
	c.line("content.act", a.Act)
	if a.Type != "" {
		c.line("content.quality", label(c.lang, a.Type))
	}
	var scopes []string
	for _, s := range a.Scopes {
		scopes = append(scopes, c.scope(s))
	}
	c.list("content.scopes", scopes)
	c.line("content.repertories", strings.Join(a.Repertories, ", "))
	c.line("content.decided", isoDay(c.lang, a.DecidedOn))
	c.line("content.since", isoDay(c.lang, a.From))
	c.line("content.review", isoDay(c.lang, a.ReviewOn))
	c.line("content.until", isoDay(c.lang, a.Until))
	var levels []string
	for _, n := range a.LimitEQF {
		levels = append(levels, strconv.Itoa(n))
	}
	c.line("content.limit_eqf", strings.Join(levels, ", "))
	var fields []string
	for _, code := range a.LimitFields {
		fields = append(fields, label(c.lang, schema.FieldOfStudy(code)))
	}
	c.line("content.limit_fields", strings.Join(fields, ", "))
	var regions []string
	for _, code := range a.LimitRegions {
		regions = append(regions, schema.PlaceName(code, c.lang))
	}
	c.line("content.territory", strings.Join(regions, ", "))
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
