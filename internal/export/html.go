package export

import (
	"crypto/sha256"
	_ "embed" // the page and its style
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"strings"
	"sync"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/internal/qr"
	"github.com/employment-passport/passport/schema"
)

//go:embed cv.html
var cvPage string

//go:embed cv.css
var cvStyle string

// cvStyleHash lets the page's policy allow its one style and nothing else.
var cvStyleHash = sync.OnceValue(func() string {
	sum := sha256.Sum256([]byte(cvStyle))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
})

// HTML writes the curriculum as one page that needs nothing else: no script, no
// network, no picture beside it, and its own policy forbids them. Verified
// lines are marked by a word, a sign and a colour, each with its code; the
// holder's own words stand apart, and those nobody has checked say so.
func HTML(w io.Writer, cv CV, o Options) error {
	c := sorted(cv)
	page, err := template.New("cv").Funcs(template.FuncMap{"t": func(key string) string { return c.t(key) }}).Parse(cvPage)
	if err != nil {
		return fmt.Errorf("read page: %w", err)
	}
	view, err := c.page(o)
	if err != nil {
		return err
	}
	if err := page.Execute(w, view); err != nil {
		return fmt.Errorf("write page: %w", err)
	}
	return nil
}

// cvView is what the page shows.
type cvView struct {
	Language, Direction, Name, Original, Made, StyleHash string
	Style                                                template.CSS
	AnyVerified, AnyUnchecked, AnyCode                   bool
	Sections                                             []cvSection
	Skills                                               []cvSkill
	Languages                                            []cvLanguage
	Own                                                  *cvOwn
}

type cvSection struct {
	Title   string
	Records []cvRecord
}

type cvRecord struct {
	Title, Where, When, Text, Extra, Mark, Class, Reference string
	Can                                                     []string
	Code                                                    template.HTML
}

type cvSkill struct {
	Name, Known, From, Dots, Level string
	Weak                           bool
}

type cvLanguage struct{ Name, Fluency, Mark string }

type cvOwn struct {
	Summary         string
	Contact, Skills []string
	Work, Education []cvRecord
	Languages       []cvLanguage
}

func (c *curriculum) page(o Options) (cvView, error) {
	v := cvView{
		Language: c.Language, Direction: direction(c.Language), Name: c.Person.Full(), Original: c.Person.OriginalScript,
		Made: c.t("export.cv.made", "date", i18n.Day(c.Language, o.Now)), StyleHash: cvStyleHash(),
		Style: template.CSS(cvStyle), // #nosec G203 -- our own file
	}
	for _, s := range []struct {
		key     string
		records []record
	}{
		{"certificates", c.certificates}, {"work", c.work}, {"education", c.education}, {"seminars", c.seminars}, {"assessments", c.assessments},
	} {
		section := cvSection{Title: c.t("export.cv." + s.key)}
		for _, r := range s.records {
			if r.line == nil {
				continue
			}
			shown, err := c.shown(r)
			if err != nil {
				return v, err
			}
			v.AnyVerified, v.AnyUnchecked = v.AnyVerified || r.line.Verified, v.AnyUnchecked || !r.line.Verified
			v.AnyCode = v.AnyCode || shown.Code != ""
			section.Records = append(section.Records, shown)
		}
		if section.Records != nil {
			v.Sections = append(v.Sections, section)
		}
	}
	c.pageSkills(&v)
	if !c.Own.empty() {
		v.Own = c.pageOwn()
	}
	return v, nil
}

// shown is one record that somebody signed.
func (c *curriculum) shown(r record) (cvRecord, error) {
	s := cvRecord{
		Title: r.title, Where: c.where(r), When: c.period(r.from, r.until), Text: r.text, Can: r.outcomes, Extra: c.extra(r),
		Mark: c.standing(r.line), Class: "none", Reference: c.reference(r),
	}
	if r.line.Verified {
		s.Class = "good"
	}
	if r.line.QR == "" {
		return s, nil
	}
	svg, err := qr.SVG(r.line.QR, qr.LevelM, qr.ModuleMM)
	if err != nil {
		return s, fmt.Errorf("draw code: %w", err)
	}
	label := template.HTMLEscapeString(c.t("export.cv.code", "title", r.title))
	drawn := strings.Replace(string(svg), "<svg ", `<svg role="img" aria-label="`+label+`" `, 1)
	s.Code = template.HTML(drawn) // #nosec G203 -- drawn here from squares, the label escaped
	return s, nil
}

// extra is the rest in one line: hours, level, result.
func (c *curriculum) extra(r record) string {
	var parts []string
	if r.view.Attendance != nil {
		parts = append(parts, c.t("export.attendance"))
	}
	if hours := c.hours(r.view); hours != "" {
		parts = append(parts, hours)
	}
	if r.view.Level > 0 {
		parts = append(parts, c.t("export.eqf", "level", number(float64(r.view.Level))))
	}
	if r.view.Result != "" {
		parts = append(parts, r.view.Result)
	}
	return strings.Join(parts, " · ")
}

// where is the body and the place.
func (c *curriculum) where(r record) string {
	var parts []string
	for _, p := range []string{r.body, r.place} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	if r.nation != "" {
		parts = append(parts, schema.CountryName(r.nation, c.Language))
	}
	return strings.Join(parts, " · ")
}

func (c *curriculum) pageSkills(v *cvView) {
	for _, s := range c.skills {
		if s.line == nil {
			continue
		}
		one := cvSkill{Name: s.name, Known: c.known(s), From: s.from, Weak: s.evidence == schema.EvidenceDeclared || !s.line.Verified}
		if s.level > 0 && s.level <= 4 {
			one.Dots, one.Level = strings.Repeat("●", s.level)+strings.Repeat("○", 4-s.level), c.t("export.level_of_4", "level", number(float64(s.level)))
		}
		v.Skills = append(v.Skills, one)
	}
	for _, l := range c.languages {
		if l.line != nil {
			v.Languages = append(v.Languages, c.pageLanguage(l))
		}
	}
}

func (c *curriculum) pageLanguage(l language) cvLanguage {
	return cvLanguage{schema.LanguageName(l.Language, c.Language), c.fluency(l.KnownLanguage), c.standing(l.line)}
}

func (c *curriculum) pageOwn() *cvOwn {
	k := c.Own.Contact
	own := &cvOwn{Summary: c.Own.Summary}
	for _, one := range []string{k.Email, k.Phone, k.City} {
		if one != "" {
			own.Contact = append(own.Contact, one)
		}
	}
	if k.Country != "" {
		own.Contact = append(own.Contact, schema.CountryName(k.Country, c.Language))
	}
	episodes := func(records []record) (all []cvRecord) {
		for _, r := range records {
			if r.line == nil {
				all = append(all, cvRecord{Title: r.title, Where: c.where(r), When: c.period(r.from, r.until), Text: r.text})
			}
		}
		return all
	}
	own.Work, own.Education = episodes(c.work), episodes(c.education)
	for _, l := range c.languages {
		if l.line == nil {
			own.Languages = append(own.Languages, c.pageLanguage(l))
		}
	}
	for _, s := range c.skills {
		if s.line == nil {
			own.Skills = append(own.Skills, s.name)
		}
	}
	return own
}

// direction of a language's script.
func direction(lang string) string {
	switch lang {
	case "ar", "fa", "he", "ps", "ur":
		return "rtl"
	}
	return "ltr"
}
