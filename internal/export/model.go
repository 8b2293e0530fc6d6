package export

import (
	"slices"
	"strings"

	"github.com/employment-passport/passport/schema"
)

// curriculum is a CV sorted into the sections that all forms have. Each form
// writes it in its own words; none looks at a credential again.
type curriculum struct {
	CV
	work, education, seminars, certificates, assessments []record
	skills                                               []skill
	languages                                            []language
}

// record is one thing done: from a credential, or from the holder when line is
// nil.
type record struct {
	line                       *Line
	view                       schema.View
	title, body, place, nation string // nation is ISO 3166-1 alpha-2
	from, until                string // partial dates
	text                       string
	outcomes                   []string
}

// skill is what the person can do and how that is known: one of the words of
// schema.Evidence…, or empty for the holder's own word.
type skill struct {
	line                      *Line
	name, uri, evidence, from string // from names the document
	level                     int    // 1 to 4, 0 when not stated
}

type language struct {
	line *Line
	schema.KnownLanguage
}

// workshop is the activity that Europass lists under seminars.
const workshop = "http://data.europa.eu/snb/learning-activity/efff75e10a"

func sorted(cv CV) *curriculum {
	c := &curriculum{CV: cv}
	for i := range cv.Lines {
		c.add(&cv.Lines[i])
	}
	for _, e := range cv.Own.Experiences {
		c.work = append(c.work, ownRecord(e))
	}
	for _, e := range cv.Own.Education {
		c.education = append(c.education, ownRecord(e))
	}
	for _, l := range cv.Own.Languages {
		c.languages = append(c.languages, language{nil, l})
	}
	for _, s := range cv.Own.Skills {
		c.skill(skill{name: s})
	}
	return c
}

func ownRecord(e Episode) record {
	return record{title: e.Title, body: e.Organisation, place: e.Place, nation: e.Country, from: e.From, until: e.Until, text: e.Description}
}

func (c *curriculum) add(line *Line) {
	v := line.Credential.View()
	if !schema.IsPersonal(v.Kind) {
		return
	}
	r := record{
		line: line, view: v, title: v.Title, body: v.AwardingBody, nation: line.Credential.Issuer.Country,
		from: v.StartedOn, until: v.CompletedOn, text: v.Description, outcomes: v.Outcomes,
	}
	if r.until == "" {
		r.until = v.IssuedOn
	}
	switch {
	case v.Internship != nil:
		c.work = append(c.work, internship(r, v.Internship))
	case v.Attendance != nil && v.Activity == workshop:
		c.seminars = append(c.seminars, attendance(r, v.Attendance))
	case v.Attendance != nil:
		c.education = append(c.education, attendance(r, v.Attendance))
	case v.Assessed != nil:
		c.assessments = append(c.assessments, r)
		for _, l := range v.Assessed.Known {
			c.languages = append(c.languages, language{line, l})
		}
	default:
		if v.Competence != nil {
			r.outcomes = append([]string{v.Competence.Competence.Name}, v.Competence.Abilities...)
		}
		c.certificates = append(c.certificates, r)
	}
	c.skillsOf(line, v)
}

// internship is work at the host. Who signed it is the promoter or the issuer.
func internship(r record, i *schema.Internship) record {
	r.place = i.Place
	if i.Host != nil {
		r.body = i.Host.Name
		if i.Host.Country != "" {
			r.nation = i.Host.Country
		}
	}
	for _, a := range i.Activities {
		r.outcomes = append(r.outcomes, a.Description)
	}
	for _, a := range i.Competences {
		r.outcomes = append(r.outcomes, a.Name)
	}
	return r
}

// attendance has topics, which nobody has tested, in place of outcomes.
func attendance(r record, a *schema.Attendance) record {
	r.outcomes = a.Topics
	return r
}

// occupations are frameworks of jobs, which nobody "can do".
var occupations = []string{"ISCO-08", "CP-ISTAT"}

// skillsOf takes the skills that a document names. One that was assessed for a
// certificate says so; a skills assessment says for each how it is known, and
// an attendance proves none.
func (c *curriculum) skillsOf(line *Line, v schema.View) {
	switch {
	case v.Attendance != nil:
	case v.Assessed != nil:
		for _, s := range v.Assessed.Skills {
			c.skill(skill{line: line, name: s.Name, uri: s.URL, evidence: s.Evidence, from: v.Title, level: s.Level})
		}
	default:
		evidence := schema.EvidenceAssessed
		if v.Internship != nil {
			evidence = schema.EvidenceObserved
		}
		for _, s := range v.Skills {
			if slices.Contains(occupations, s.Framework) {
				continue
			}
			c.skill(skill{line: line, name: skillName(s.URI, c.Language, s.Name), uri: s.URI, evidence: evidence, from: v.Title})
		}
	}
}

// ranks of evidence, weakest first; the holder's own word is below them all.
var ranks = []string{"", schema.EvidenceDeclared, schema.EvidenceDocumented, schema.EvidenceObserved, schema.EvidenceAssessed}

func (s skill) rank() int {
	rank := slices.Index(ranks, s.evidence) * 2
	if s.line != nil && s.line.Verified {
		rank++
	}
	return rank
}

// skill keeps of two that mean the same the one that is better known.
func (c *curriculum) skill(s skill) {
	for i, old := range c.skills {
		if s.uri != "" && s.uri == old.uri || strings.EqualFold(s.name, old.name) {
			if s.rank() > old.rank() {
				c.skills[i] = s
			}
			return
		}
	}
	c.skills = append(c.skills, s)
}
