package report

import (
	"slices"
	"strings"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/schema"
)

// contents words what only one kind of document says, a line or a list each.
// Values may be a stranger's: whoever prints them makes them neutral.
type contents struct {
	lang  string
	parts Parts
	lines []Line
}

// Parts words a component of a passport, "" where it is not known.
type Parts func(schema.DefinitionRef, schema.Component) string

// Line is a label with a value, or with a list. Values may be a stranger's:
// whoever prints them makes them neutral.
type Line struct {
	Key   string // of the catalogue
	Value string
	Items []Item
}

// Item is an entry of a list. What a person says of themselves, and
// nobody has checked, is shown fainter than the rest.
type Item struct {
	Text     string
	Declared bool
}

// Contents gives the lines of a document's own kind; none for a
// micro-credential, which has nothing but what all of them share. Parts, which may
// be nil, names the components of a passport.
func Contents(lang string, v schema.View, parts Parts) []Line {
	c := &contents{lang: lang, parts: parts}
	switch {
	case v.Attendance != nil:
		c.attendance(v)
	case v.Internship != nil:
		c.internship(v.Internship)
	case v.Assessed != nil:
		c.assessment(v.Assessed)
	case v.Competence != nil:
		c.competence(v.Competence)
	case v.Membership != nil:
		c.membership(v.Membership)
	case v.Accreditation != nil:
		c.accreditation(v.Accreditation)
	case v.Passport != nil:
		c.passport(v.Passport)
	}
	if v.InternshipHours > 0 {
		c.line("content.internship_hours", i18n.Number(c.lang, v.InternshipHours))
	}
	return c.lines
}

func (c *contents) line(key, value string) {
	if value != "" {
		c.lines = append(c.lines, Line{Key: key, Value: value})
	}
}

// undoubled takes the label off a value that begins with it: an agreement is
// often called "Convenzione n. 41".
func undoubled(label, value string) string {
	if n := len(label); len(value) > n && strings.EqualFold(value[:n], label) && value[n] == ' ' {
		return strings.TrimSpace(value[n:])
	}
	return value
}

func (c *contents) list(key string, items []string) {
	if len(items) == 0 {
		return
	}
	l := Line{Key: key}
	for _, text := range items {
		l.Items = append(l.Items, Item{Text: text})
	}
	c.lines = append(c.lines, l)
}

// word is a sentence of the catalogue; args are name, value pairs.
func (c *contents) word(key string, args ...string) string {
	values := map[string]string{}
	for i := 0; i+1 < len(args); i += 2 {
		values[args[i]] = args[i+1]
	}
	return i18n.T(c.lang, key, values)
}

// term words a value of a closed set, and shows any other as it is.
func (c *contents) term(set, value string) string {
	if value == "" || !i18n.Has(set+"."+value) {
		return value
	}
	return c.word(set + "." + value)
}

func (c *contents) attendance(v schema.View) {
	a := v.Attendance
	c.line("content.hours", c.hours(a.HoursAttended, a.HoursPlanned, a.Percent()))
	if a.MinimumAttendance > 0 {
		c.line("content.minimum", i18n.Number(c.lang, a.MinimumAttendance)+" %")
	}
	if v.Activity != "" {
		c.line("content.activity", Label(c.lang, v.Activity))
	}
	c.line("content.no_test", c.word("content.no_test.none"))
	c.line("content.programme", a.Programme)
	c.line("content.partners", i18n.List(c.lang, a.Partners...))
	c.list("content.topics", a.Topics)
	c.line("content.funding", c.term("content.funding", a.Funding))
}

func (c *contents) hours(attended, planned, percent float64) string {
	return c.word("content.hours.of", "attended", i18n.Number(c.lang, attended), "planned", i18n.Number(c.lang, planned), "percent", i18n.Number(c.lang, percent))
}

func (c *contents) internship(i *schema.Internship) {
	c.line("content.internship", c.term("content.internship", i.Type))
	c.line("content.hours", c.hours(i.HoursAttended, i.HoursPlanned, i.Percent()))
	c.line("content.working_hours", i.WorkingHours)
	c.line("content.promoter", profileName(i.Promoter))
	c.line("content.promoter_tutor", i.PromoterTutor.Name)
	c.line("content.host", profileName(i.Host))
	c.line("content.host_tutor", i.HostTutor.Name)
	c.line("content.place", i.Place)
	if i.Sector != "" {
		c.line("content.sector", schema.SectorName(i.Sector, c.lang))
	}
	c.line("content.course", i.PartOfCourse)
	c.line("content.agreement", undoubled(c.word("content.agreement"), i.AgreementRef))
	c.line("content.plan_ref", undoubled(c.word("content.plan_ref"), i.PlanRef))
	var done []string
	for _, a := range i.Activities {
		done = append(done, a.Description+": "+a.Rating)
	}
	c.list("content.activities", done)
	var can []string
	for _, k := range i.Competences {
		can = append(can, k.Name)
	}
	c.list("content.competences", can)
}

func profileName(p *schema.Profile) string {
	if p == nil {
		return ""
	}
	return p.Name
}

func (c *contents) passport(p *schema.Passport) {
	c.line("content.passport", p.Definition.ID+" ("+p.Definition.Version+")")
	var parts []string
	for _, k := range p.Components {
		text := k.Requirement
		if c.parts != nil {
			if name := c.parts(p.Definition, k); name != "" {
				text = name + " (" + k.Requirement + ")"
			}
		}
		parts = append(parts, text)
	}
	slices.Sort(parts)
	c.list("content.components", parts)
}
