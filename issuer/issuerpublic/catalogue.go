package issuerpublic

import (
	"bytes"
	_ "embed"
	"errors"
	"html/template"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/employment-passport/passport/internal/httpkit"
	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/schema"
)

//go:embed catalogue.css
var style string

//go:embed catalogue.html
var pageText string

// page is the frame of both pages. It has no script, and nothing of it comes
// from anywhere else.
var page = template.Must(template.New("catalogue").Funcs(template.FuncMap{
	"style": func() template.CSS { return template.CSS(style) }, //nolint:gosec // our own file
}).Parse(pageText))

var pagePolicy = httpkit.PolicyOfStyle(style)

// frame is what both pages are drawn from.
type frame struct {
	Lang    string
	Title   string
	Read    string // "read in"
	Tongues []i18n.Tongue
	List    *listing
	Course  *course
	Front   *front
	Status  int // zero is 200
}

type listing struct {
	Lead, Empty string
	Courses     []line
}

type line struct{ Name, Title, Lang, Kind string }

// catalogue lists what can be learned.
func (p *Public) catalogue(w http.ResponseWriter, r *http.Request) {
	all, err := p.c.Issuer.Templates(r.Context())
	if err != nil {
		p.broken(w, r, err)
		return
	}
	f := newFrame(r)
	f.Title = i18n.T(f.Lang, "catalogue.title", nil)
	f.List = &listing{Lead: i18n.T(f.Lang, "catalogue.lead", nil), Empty: i18n.T(f.Lang, "catalogue.empty", nil)}
	for _, record := range all {
		t, ok := shownTemplate(record)
		if !ok {
			continue
		}
		f.List.Courses = append(f.List.Courses, line{record.Name, t.Title(), t.Language(), i18n.T(f.Lang, "paper.kind."+t.Type, nil)})
	}
	f.write(w, r)
}

// templateName is what a template can be called.
var templateName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,63}$`)

// template shows one course.
func (p *Public) template(w http.ResponseWriter, r *http.Request) {
	name := httpkit.Param(r, "template")
	if !templateName.MatchString(name) {
		p.nothing(w, r)
		return
	}
	record, err := p.c.Issuer.Template(r.Context(), name)
	if errors.Is(err, issuer.ErrNotFound) {
		p.nothing(w, r)
		return
	}
	if err != nil {
		p.broken(w, r, err)
		return
	}
	t, ok := shownTemplate(record)
	if !ok {
		p.nothing(w, r)
		return
	}
	f := newFrame(r)
	f.Title = t.Title()
	f.Course = newCourse(f.Lang, t, p.bodiesOf(record))
	f.write(w, r)
}

// shownTemplate reads a template that may be shown: one whose texts hold
// something personal is nobody's to see.
func shownTemplate(record issuer.TemplateRecord) (*schema.Template, bool) {
	t, err := schema.ParseTemplate(record.Body)
	if err != nil || len(t.Check()) > 0 {
		return nil, false
	}
	return t, true
}

// bodiesOf names who issues from a template. Of one that several bodies share
// nobody is named: that a body may is no promise that it teaches it.
func (p *Public) bodiesOf(record issuer.TemplateRecord) (names []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, b := range p.world.bodies {
		if record.Issuer == "" && len(p.world.bodies) == 1 || record.Issuer == b.Name {
			names = append(names, b.Title)
		}
	}
	return names
}

func newFrame(r *http.Request) *frame {
	lang := httpkit.Language(r)
	return &frame{Lang: lang, Read: i18n.T(lang, "catalogue.languages", nil), Tongues: i18n.Tongues}
}

// write draws the page for everybody alike: what differs is its language.
func (f *frame) write(w http.ResponseWriter, r *http.Request) {
	var drawn bytes.Buffer
	if err := page.Execute(&drawn, f); err != nil {
		panic(err) // a page of ours over a struct of ours
	}
	h := w.Header()
	h.Set("Content-Security-Policy", pagePolicy)
	h.Set("Content-Language", f.Lang)
	h.Add("Vary", "Accept-Language")
	if f.Status != 0 {
		h.Set("Content-Type", "text/html; charset=utf-8")
		h.Set("Cache-Control", "no-store")
		w.WriteHeader(f.Status)
		_, _ = w.Write(drawn.Bytes()) // the reader may have gone
		return
	}
	file := fileOf(drawn.Bytes(), "text/html; charset=utf-8", time.Time{}, time.Minute)
	httpkit.ServeBytes(w, r, *file)
}

func (p *Public) broken(w http.ResponseWriter, r *http.Request, err error) {
	httpkit.Logger(r.Context()).Error("catalogue", "error", err.Error())
	httpkit.WriteProblem(w, r, httpkit.Problem{Status: http.StatusInternalServerError, Code: "internal"})
}

func joined(parts ...string) string {
	var there []string
	for _, part := range parts {
		if part != "" {
			there = append(there, part)
		}
	}
	return strings.Join(there, ", ")
}
