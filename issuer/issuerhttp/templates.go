package issuerhttp

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"

	"github.com/employment-passport/passport/internal/httpkit"
	"github.com/employment-passport/passport/internal/qr"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/access"
	"github.com/employment-passport/passport/schema"
)

// templateBody adds a template: of one body, or of all where it names none.
type templateBody struct {
	Issuer     string          `json:"issuer"`
	Template   json.RawMessage `json:"template"`
	AllowLarge bool            `json:"allowLarge"` // take a code that is too large for paper
}

// templateView is a template as a program reads it.
type templateView struct {
	Name      string          `json:"name"`
	Title     string          `json:"title"`
	Issuer    string          `json:"issuer,omitempty"` // empty is every body
	QRVersion int             `json:"qrVersion"`
	AddedAt   string          `json:"addedAt"`
	Template  json.RawMessage `json:"template,omitempty"`
}

func viewTemplate(t issuer.TemplateRecord) templateView {
	return templateView{Name: t.Name, Title: t.Title, Issuer: t.Issuer, QRVersion: t.QRVersion, AddedAt: moment(t.AddedAt)}
}

// sees tells whether a principal may know of a template: one of its bodies', or
// of all.
func sees(p access.Principal, t issuer.TemplateRecord) error {
	if t.Issuer != "" {
		return p.May(access.ActRead, t.Issuer)
	}
	if names, all := p.Issuers(access.ActRead); !all && len(names) == 0 {
		return access.ErrForbidden
	}
	return nil
}

// addTemplate checks a template, its printed code included, and keeps it.
func (a *API) addTemplate(w http.ResponseWriter, r *http.Request) error {
	var b templateBody
	ctx, err := a.act(w, r, &b)
	if err != nil {
		return err
	}
	p := principal(r)
	if err := p.May(access.ActTemplates, b.Issuer); err != nil {
		return hidden(err, "issuer_unknown", "issuer", b.Issuer)
	}
	if len(b.Template) == 0 {
		return fault("missing", "/template", "member", "template")
	}
	version, err := a.budget(b)
	if err != nil {
		return under("/template", err)
	}
	var t issuer.TemplateRecord
	if b.Issuer == "" {
		t, err = a.Issuer.AddTemplate(ctx, p.Actor, b.Template, version)
	} else {
		t, err = a.Issuer.AddOwnTemplate(ctx, p.Actor, b.Issuer, b.Template, version)
	}
	if err != nil {
		return under("/template", err)
	}
	w.Header().Set("Location", a.url("/api/v1/templates/"+t.Name))
	httpkit.WriteJSON(w, http.StatusCreated, viewTemplate(t))
	return nil
}

// budget returns the QR version that a credential of the template will need, and
// refuses what does not fit on paper.
func (a *API) budget(b templateBody) (version int, err error) {
	t, err := schema.ParseTemplate(b.Template)
	if err != nil {
		return 0, err
	}
	if err := t.Check().Err(); err != nil || a.Budget == nil {
		return 0, err
	}
	budget, err := a.Budget(t)
	if err != nil {
		return 0, err
	}
	if budget.Version == 0 || !budget.OnPaper && !b.AllowLarge {
		return 0, refuse("template_large", "bytes", strconv.Itoa(budget.Frame), "cap", strconv.Itoa(qr.Cap(qr.LevelM)))
	}
	return budget.Version, nil
}

// templates lists those that the principal may know of.
func (a *API) templates(w http.ResponseWriter, r *http.Request) error {
	if err := known(r.URL.Query()); err != nil {
		return err
	}
	p := principal(r)
	if err := sees(p, issuer.TemplateRecord{}); err != nil {
		return err
	}
	all, err := a.Issuer.Templates(r.Context())
	if err != nil {
		return err
	}
	views := []templateView{}
	for _, t := range all {
		if sees(p, t) == nil {
			views = append(views, viewTemplate(t))
		}
	}
	return writeListing(w, r, map[string]any{"templates": views})
}

// template shows one with its file.
func (a *API) template(w http.ResponseWriter, r *http.Request) error {
	name, err := param(r, "name", nameForm)
	if err != nil {
		return err
	}
	t, err := a.Issuer.Template(r.Context(), name)
	if err == nil {
		err = sees(principal(r), t)
	}
	if errors.Is(err, access.ErrNotHere) {
		return refuse("template_unknown", "template", name)
	}
	if err != nil {
		return err
	}
	v := viewTemplate(t)
	v.Template = t.Body
	return writeListing(w, r, v)
}
