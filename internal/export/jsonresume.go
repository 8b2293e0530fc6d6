package export

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/employment-passport/passport/schema"
)

// JSONResume writes the curriculum in JSON Resume 1.3.1. What a thing rests on
// stands in a member of our own, "verification", which the format allows, and
// in words where its readers look.
func JSONResume(w io.Writer, cv CV, o Options) error {
	c := sorted(cv)
	doc := resume{
		Schema: "https://raw.githubusercontent.com/jsonresume/resume-schema/v1.0.0/schema.json",
		Basics: resumeBasics{
			Name: cv.Person.Full(), Email: cv.Own.Contact.Email, Phone: cv.Own.Contact.Phone, Summary: c.ownText(cv.Own.Summary),
		},
		Work: c.resumeWork(), Education: c.resumeEducation(), Certificates: c.resumeCertificates(),
		Skills: c.resumeSkills(), Languages: c.resumeLanguages(),
		Meta: resumeMeta{Version: "v1.3.1", Modified: o.Now.UTC().Format("2006-01-02T15:04:05")},
	}
	if k := cv.Own.Contact; k.City != "" || k.Country != "" {
		doc.Basics.Location = &resumeLocation{k.City, k.Country}
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(doc); err != nil {
		return fmt.Errorf("write JSON Resume: %w", err)
	}
	return nil
}

type resume struct {
	Schema       string              `json:"$schema"`
	Basics       resumeBasics        `json:"basics"`
	Work         []resumeWork        `json:"work,omitempty"`
	Education    []resumeEducation   `json:"education,omitempty"`
	Certificates []resumeCertificate `json:"certificates,omitempty"`
	Skills       []resumeSkill       `json:"skills,omitempty"`
	Languages    []resumeLanguage    `json:"languages,omitempty"`
	Meta         resumeMeta          `json:"meta"`
}

type resumeBasics struct {
	Name     string          `json:"name"`
	Email    string          `json:"email,omitempty"`
	Phone    string          `json:"phone,omitempty"`
	Summary  string          `json:"summary,omitempty"`
	Location *resumeLocation `json:"location,omitempty"`
}

type resumeLocation struct {
	City    string `json:"city,omitempty"`
	Country string `json:"countryCode,omitempty"`
}

// verification says what an entry rests on. Verified is true for a credential
// that was judged valid, with a status of the day AsOf.
type verification struct {
	Verified bool   `json:"verified"`
	Standing string `json:"standing"` // for people
	AsOf     string `json:"asOf,omitempty"`
	Document string `json:"document,omitempty"`
	Issuer   string `json:"issuer,omitempty"`
}

type resumeWork struct {
	Name         string       `json:"name,omitempty"`
	Location     string       `json:"location,omitempty"`
	Position     string       `json:"position"`
	Start        string       `json:"startDate,omitempty"`
	End          string       `json:"endDate,omitempty"`
	Summary      string       `json:"summary,omitempty"`
	Highlights   []string     `json:"highlights,omitempty"`
	Verification verification `json:"verification"`
}

type resumeEducation struct {
	Institution  string       `json:"institution,omitempty"`
	Area         string       `json:"area"`
	Type         string       `json:"studyType,omitempty"`
	Start        string       `json:"startDate,omitempty"`
	End          string       `json:"endDate,omitempty"`
	Courses      []string     `json:"courses,omitempty"`
	Verification verification `json:"verification"`
}

type resumeCertificate struct {
	Name         string       `json:"name"`
	Date         string       `json:"date,omitempty"`
	Issuer       string       `json:"issuer"`
	Verification verification `json:"verification"`
}

type resumeSkill struct {
	Name     string   `json:"name"`
	Level    string   `json:"level"` // how it is known, in words
	Keywords []string `json:"keywords,omitempty"`
}

type resumeLanguage struct {
	Language     string       `json:"language"`
	Fluency      string       `json:"fluency,omitempty"`
	Verification verification `json:"verification"`
}

type resumeMeta struct {
	Version  string `json:"version"`
	Modified string `json:"lastModified"`
}

func (c *curriculum) verification(line *Line) verification {
	v := verification{Standing: c.standing(line)}
	if line == nil {
		return v
	}
	v.Verified, v.Issuer = line.Verified, issuerName(line.Credential)
	v.Document = firstOf(line.Credential.View().DocumentNumber, line.Credential.ID)
	if line.Verified && !line.AsOf.IsZero() {
		v.AsOf = line.AsOf.UTC().Format(time.DateOnly)
	}
	return v
}

func (c *curriculum) resumeWork() (all []resumeWork) {
	for _, r := range c.work {
		place := r.place
		if r.nation != "" {
			place = strings.TrimPrefix(place+", "+schema.CountryName(r.nation, c.Language), ", ")
		}
		all = append(all, resumeWork{
			Name: r.body, Location: place, Position: c.role(r), Start: r.from, End: r.until,
			Summary: strings.TrimSpace(r.text + "\n(" + c.standing(r.line) + ")"), Highlights: r.outcomes, Verification: c.verification(r.line),
		})
	}
	return all
}

func (c *curriculum) resumeEducation() (all []resumeEducation) {
	for _, r := range append(c.education[:len(c.education):len(c.education)], c.seminars...) {
		kind := c.standing(r.line)
		if r.line != nil {
			kind = c.t("export.attendance") + " · " + kind
		}
		all = append(all, resumeEducation{
			Institution: r.body, Area: r.title, Type: kind, Start: r.from, End: r.until, Courses: r.outcomes, Verification: c.verification(r.line),
		})
	}
	return all
}

func (c *curriculum) resumeCertificates() (all []resumeCertificate) {
	for _, r := range append(c.certificates[:len(c.certificates):len(c.certificates)], c.assessments...) {
		all = append(all, resumeCertificate{Name: r.title, Date: r.view.IssuedOn, Issuer: r.body, Verification: c.verification(r.line)})
	}
	return all
}

func (c *curriculum) resumeSkills() (all []resumeSkill) {
	for _, s := range c.skills {
		one := resumeSkill{Name: s.name, Level: c.known(s)}
		for _, word := range []string{s.from, s.uri} {
			if word != "" {
				one.Keywords = append(one.Keywords, word)
			}
		}
		all = append(all, one)
	}
	return all
}

func (c *curriculum) resumeLanguages() (all []resumeLanguage) {
	for _, l := range c.languages {
		all = append(all, resumeLanguage{
			Language: schema.LanguageName(l.Language, c.Language), Fluency: c.fluency(l.KnownLanguage), Verification: c.verification(l.line),
		})
	}
	return all
}

// fluency names the levels, or says that it is the mother tongue.
func (c *curriculum) fluency(l schema.KnownLanguage) string {
	if l.Mother {
		return c.t("export.mother_tongue")
	}
	var parts []string
	for _, p := range []struct{ key, level string }{
		{"listening", l.Listening}, {"reading", l.Reading}, {"interaction", l.Interaction}, {"production", l.Production}, {"writing", l.Writing},
	} {
		if p.level != "" {
			parts = append(parts, c.t("export.language."+p.key)+" "+p.level)
		}
	}
	return strings.Join(parts, " · ")
}
