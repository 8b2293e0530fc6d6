package export

import (
	"strings"

	"github.com/employment-passport/passport/schema"
)

func moment(date string) *stamp {
	if date == "" {
		return nil
	}
	return &stamp{date}
}

func (c *curriculum) employment() *employment {
	if len(c.work) == 0 {
		return nil
	}
	all := &employment{}
	for _, r := range c.work {
		all.Employers = append(all.Employers, employer{Organisation: r.body, Position: position{
			Title:       positionTitle{Type: "FREETEXT", Value: c.role(r)},
			Period:      workPeriod{Start: moment(r.from), End: moment(r.until), Current: r.until == ""},
			Description: c.describe(r), City: r.place, Country: strings.ToLower(r.nation),
		}})
	}
	return all
}

// role says of an internship that it was one, unless its title does.
func (c *curriculum) role(r record) string {
	if word := c.t("export.internship"); r.view.Internship != nil && !strings.Contains(strings.ToLower(r.title), strings.ToLower(word)) {
		return word + ": " + r.title
	}
	return r.title
}

// attended is there also when it is empty: its cardinality is 1.
func (c *curriculum) attended() education {
	all := education{}
	for _, r := range c.education {
		all.Attended = append(all.Attended, attended{
			Organisation: r.body, Programme: r.title,
			Period: schoolPeriod{Start: moment(r.from), End: moment(r.until), Description: c.describe(r), Ongoing: r.until == ""},
		})
	}
	return all
}

func (c *curriculum) certified() *certifications {
	if len(c.certificates) == 0 {
		return nil
	}
	all := &certifications{}
	for _, r := range c.certificates {
		all.Certificates = append(all.Certificates, certification{
			Type: firstOf(r.view.Kind, "Certificate"), Name: r.title, Issued: moment(r.view.IssuedOn),
			Authority: &authority{r.body}, Description: c.describe(r),
		})
	}
	return all
}

// qualifications are the skills, each with the word that says how it is known,
// and the languages with their five levels.
func (c *curriculum) qualifications() *qualifications {
	var all qualifications
	for _, s := range c.skills {
		all.Competences = append(all.Competences, competence{
			ID: coded{Value: firstOf(s.uri, s.name)}, Taxonomy: "other", Name: s.name + " (" + c.known(s) + ")",
		})
	}
	for _, l := range c.languages {
		code := iso639(l.Language)
		if code == "" || l.Mother {
			continue // a mother tongue has its own element
		}
		all.Competences = append(all.Competences, competence{
			ID: coded{Value: code}, Taxonomy: "language",
			Name: schema.LanguageName(l.Language, c.Language) + " (" + c.standing(l.line) + ")", Dimensions: dimensions(l.KnownLanguage),
		})
	}
	if len(all.Competences) == 0 {
		return nil
	}
	return &all
}

func dimensions(l schema.KnownLanguage) (all []dimension) {
	for _, d := range []struct{ code, level string }{
		{"CEF-Understanding-Listening", l.Listening}, {"CEF-Understanding-Reading", l.Reading},
		{"CEF-Speaking-Interaction", l.Interaction}, {"CEF-Speaking-Production", l.Production},
		{"CEF-Writing-Production", l.Writing},
	} {
		if d.level != "" {
			all = append(all, dimension{d.code, score{d.level}})
		}
	}
	return all
}

func (c *curriculum) events() *seminars {
	if len(c.seminars) == 0 {
		return nil
	}
	all := &seminars{}
	for _, r := range c.seminars {
		all.Seminars = append(all.Seminars, event{
			Title: r.title, Date: period{moment(r.from), moment(r.until)}, Description: c.describe(r), Location: r.body,
		})
	}
	return all
}

// others says which documents stand behind the curriculum, skills assessments
// among them, and how to check them.
func (c *curriculum) others() *others {
	var all []other
	for _, r := range c.all() {
		if r.line != nil {
			all = append(all, other{Title: r.title, Description: c.standing(r.line) + " · " + c.reference(r)})
		}
	}
	if len(all) == 0 {
		return nil
	}
	return &others{Title: c.t("export.documents"), Others: all}
}

// all are the records of every section, in the order in which they are shown.
func (c *curriculum) all() (all []record) {
	for _, section := range [][]record{c.certificates, c.work, c.education, c.seminars, c.assessments} {
		all = append(all, section...)
	}
	return all
}

func firstOf(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}
